import {
  badRequest,
  invalidObject,
  type RequestOptions,
  type StatusCause,
  tooLargeResourceVersion,
} from '../meta/index.ts';

/** Which state of the world a list shows. */
export type ListMoment =
  | { readonly kind: 'now' }
  | { readonly kind: 'exact'; readonly revision: number };

/**
 * What `resourceVersion` and `resourceVersionMatch` of a list ask for. Everything that may be newer is answered with the present;
 * a revision that has not come yet is a 504, as it would be for a server that waits for it in vain.
 */
export function momentOf(options: RequestOptions, current: number): ListMoment {
  const { resourceVersion = '', resourceVersionMatch, limit } = options;
  checkMatch(options);
  const revision = revisionOf(resourceVersion);
  if (options.continue !== undefined) {
    if (revision > 0)
      throw badRequest('specifying resource version is not allowed when using continue');
    return NOW;
  }
  if (revision > current) throw tooLargeResourceVersion(revision, current);
  // Without a match, a page of a given revision is of just that one.
  const isExact =
    resourceVersionMatch === 'Exact' || (!resourceVersionMatch && limit && revision > 0);
  return isExact ? { kind: 'exact', revision } : NOW;
}

const NOW: ListMoment = { kind: 'now' };

/** A GET of one object may ask for one that is not older than a revision. */
export function checkFreshness({ resourceVersion }: RequestOptions = {}, current: number): void {
  if (!resourceVersion) return;
  const revision = revisionOf(resourceVersion);
  if (revision > current) throw tooLargeResourceVersion(revision, current);
}

function revisionOf(text: string): number {
  if (text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const why = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw badRequest(`resourceVersion: Invalid value: ${JSON.stringify(text)}: ${why}`);
}

function checkMatch(options: RequestOptions): void {
  const { resourceVersionMatch: match, resourceVersion = '' } = options;
  if (match === undefined) return;
  const causes: StatusCause[] = [];
  const forbid = (why: string): void => {
    causes.push({
      reason: 'FieldValueForbidden',
      message: `Forbidden: ${why}`,
      field: 'resourceVersionMatch',
    });
  };
  if (resourceVersion === '')
    forbid('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (options.continue) forbid('resourceVersionMatch is forbidden when continue is provided');
  if (match === 'Exact' && resourceVersion === '0')
    forbid('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  if (causes.length > 0)
    throw invalidObject({ group: 'meta.k8s.io', resource: 'ListOptions', name: '' }, causes);
}
