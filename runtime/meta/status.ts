import type { Status, StatusCause } from '../../generated/meta/v1/types.ts';

export type { Status, StatusCause };

/** What the server refuses with: a Kubernetes Status, thrown. `message` is the Status'. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Status;

  constructor(status: Status) {
    super(status.message ?? status.reason ?? 'unknown error');
    this.status = status;
  }

  get code(): number {
    return this.status.code ?? 500;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }

  get causes(): readonly StatusCause[] {
    return this.status.details?.causes ?? [];
  }
}

interface About {
  readonly group: string;
  /** Plural of the resource, or the kind for validation errors. */
  readonly resource: string;
  readonly name?: string;
}

function failure(
  code: number,
  reason: string,
  message: string,
  details?: Status['details'],
): ApiError {
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details ? { details } : {}),
    code,
  });
}

function detailsOf({ group, resource, name }: About): NonNullable<Status['details']> {
  const kind = resource ? { kind: resource } : {};
  return { ...(name ? { name } : {}), ...(group ? { group } : {}), ...kind };
}

const qualified = ({ group, resource }: About): string =>
  group ? `${resource}.${group}` : resource;

export const notFound = (about: About): ApiError =>
  failure(404, 'NotFound', `${qualified(about)} "${about.name ?? ''}" not found`, detailsOf(about));

export const alreadyExists = (about: About): ApiError =>
  failure(
    409,
    'AlreadyExists',
    `${qualified(about)} "${about.name ?? ''}" already exists`,
    detailsOf(about),
  );

/** No free name was found under a `generateName`: the client may try again. */
export const noFreeName = (about: About): ApiError =>
  failure(
    409,
    'AlreadyExists',
    `${qualified(about)} "${about.name ?? ''}" already exists, the server was not able to generate a unique name for the object`,
    { ...detailsOf(about), retryAfterSeconds: 1 },
  );

export const conflict = (about: About, why: string): ApiError =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(about)} "${about.name ?? ''}": ${why}`,
    detailsOf(about),
  );

export const MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again';

/** Apply met fields that others own. `who` is the other manager in the words of the message. */
export const applyConflict = (
  conflicts: readonly { readonly who: string; readonly field: string }[],
): ApiError => {
  const count = conflicts.length;
  const parts = [...new Set(conflicts.map(({ who }) => who))].sort().map((who) => {
    const fields = conflicts.filter((each) => each.who === who).map(({ field }) => field);
    const several = fields.length > 1;
    const list = several ? `\n- ${fields.join('\n- ')}` : ` ${fields[0]}`;
    return `conflict${several ? 's' : ''} with ${who}:${list}`;
  });
  const message = `Apply failed with ${count} conflict${count > 1 ? 's' : ''}: ${parts.join('\n')}`;
  const causes = conflicts.map(({ who, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${who}`,
    field,
  }));
  return failure(409, 'Conflict', message, { causes });
};

export const badRequest = (message: string, causes?: readonly StatusCause[]): ApiError =>
  failure(400, 'BadRequest', message, causes && { causes });

/** Something that is needed for an answer cannot be reached. */
export const unavailable = (message: string): ApiError =>
  failure(503, 'ServiceUnavailable', message);

/** `about.name` may be absent for what is done to a whole resource, and the resource for what is done to none. */
export const forbidden = (about: About, why: string, causes?: readonly StatusCause[]): ApiError => {
  const named = about.name ? `${qualified(about)} "${about.name}" is ` : `${qualified(about)} is `;
  const subject = about.resource === '' ? '' : named;
  return failure(403, 'Forbidden', `${subject}forbidden: ${why}`, {
    ...(about.resource === '' ? {} : detailsOf(about)),
    ...(causes ? { causes } : {}),
  });
};

/** Validation failed. `about.resource` is the kind here, as upstream words it. */
export const invalidObject = (about: About, causes: readonly StatusCause[]): ApiError => {
  const lines = causes.map(({ field, message }) => (field ? `${field}: ${message}` : `${message}`));
  const list = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return failure(422, 'Invalid', `${qualified(about)} "${about.name ?? ''}" is invalid: ${list}`, {
    ...detailsOf(about),
    causes,
  });
};

/** A patch that cannot be carried out on the object. Upstream leaves out what was wrong; we say it. */
export const unprocessable = (why: string): ApiError =>
  failure(
    422,
    'Invalid',
    `the server rejected our request due to an error in our request: ${why}`,
    {},
  );

/** What upstream answers with when an error is no answer of the API: it has a message and no reason. */
export const unknownError = (message: string): ApiError => failure(500, '', message);

export const methodNotAllowed = (about: About, verb: string): ApiError =>
  failure(
    405,
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind "${qualified(about)}"`,
    detailsOf(about),
  );

/** What nobody can do at a path, whatever is there. */
export const wrongMethod = (): ApiError =>
  failure(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

/** A client has seen a revision that this server has not, and may ask again. */
export const tooLargeResourceVersion = (wanted: number, current: number): ApiError =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

export const expired = (message: string): ApiError => failure(410, 'Expired', message);

export const timeout = (message: string): ApiError =>
  failure(504, 'Timeout', `Timeout: ${message}`);

/** Who asks cannot be told. */
export const unauthorized = (): ApiError => failure(401, 'Unauthorized', 'Unauthorized');

/** Not now. `retryAfterSeconds` is what the server advises, if it does. */
export const tooManyRequests = (
  message: string,
  causes: readonly StatusCause[],
  retryAfterSeconds?: number,
): ApiError =>
  failure(429, 'TooManyRequests', message, {
    causes,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });

export const unsupportedMediaType = (message: string): ApiError =>
  failure(415, 'UnsupportedMediaType', message);

export const internalError = (message: string): ApiError =>
  failure(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });

/** The answer to a deletion that leaves no object to return. */
export const success = (about: About & { readonly uid?: string }): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { ...detailsOf(about), ...(about.uid ? { uid: about.uid } : {}) },
});

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError;

const hasReason =
  (...reasons: string[]) =>
  (error: unknown): boolean =>
    isApiError(error) && reasons.includes(error.reason);

export const isNotFound = hasReason('NotFound');
export const isAlreadyExists = hasReason('AlreadyExists');
export const isConflict = hasReason('Conflict');
export const isInvalid = hasReason('Invalid');
export const isForbidden = hasReason('Forbidden');
export const isGone = hasReason('Expired', 'Gone');

/** The namespace is going away: creating in it is pointless. */
export const isNamespaceTerminating = (error: unknown): boolean =>
  isApiError(error) && error.causes.some(({ reason }) => reason === 'NamespaceTerminating');
