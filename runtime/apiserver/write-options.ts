import { type ApiRequest, invalidObject, type StatusCause } from '../meta/index.ts';

const MANAGER_BYTES_MAX = 128;
const APPLY = 'application/apply-patch+yaml';
const KINDS: Readonly<Partial<Record<ApiRequest['verb'], string>>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
};

/** Managers that were looked at and are fine: the same few names come with every write. */
const known = new Set<string>();
const KNOWN_MAX = 4096;

/** Refuses a write whose options cannot be: with the 422 of the options' kind. */
export function checkWriteOptions({ verb, patchType, options }: ApiRequest): void {
  const { fieldManager = '', force, propagationPolicy } = options ?? {};
  if (propagationPolicy !== undefined) checkPolicy(propagationPolicy);
  if (force === undefined && known.has(fieldManager)) return;
  const kind = KINDS[verb];
  if (!kind) return;
  const causes = [...managerCauses(fieldManager), ...patchCauses(verb, patchType, options)];
  if (causes.length > 0)
    throw invalidObject({ group: 'meta.k8s.io', resource: kind, name: '' }, causes);
  if (fieldManager !== '' && known.size < KNOWN_MAX) known.add(fieldManager);
}

const POLICIES: readonly string[] = ['Background', 'Foreground', 'Orphan'];

/** What a client says becomes of dependents; from a body it may be any text. */
function checkPolicy(policy: string): void {
  if (POLICIES.includes(policy)) return;
  const all = [...POLICIES, 'nil'].map((each) => JSON.stringify(each)).join(', ');
  throw invalidObject({ group: 'meta.k8s.io', resource: 'DeleteOptions', name: '' }, [
    {
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(policy)}: supported values: ${all}`,
      field: 'propagationPolicy',
    },
  ]);
}

function managerCauses(manager: string): StatusCause[] {
  const field = 'fieldManager';
  if (Buffer.byteLength(manager) > MANAGER_BYTES_MAX) {
    const message = `Too long: may not be more than ${MANAGER_BYTES_MAX} bytes`;
    return [{ reason: 'FieldValueTooLong', message, field }];
  }
  if (!UNPRINTABLE.test(manager)) return [];
  const message = `Invalid value: ${JSON.stringify(manager)}: should only contain printable characters`;
  return [{ reason: 'FieldValueInvalid', message, field }];
}

const UNPRINTABLE = /[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

function patchCauses(
  verb: ApiRequest['verb'],
  patchType: ApiRequest['patchType'],
  { fieldManager, force }: NonNullable<ApiRequest['options']> = {},
): StatusCause[] {
  if (verb !== 'patch') return [];
  if (patchType === APPLY)
    return fieldManager
      ? []
      : [
          {
            reason: 'FieldValueRequired',
            message: 'Required value: is required for apply patch',
            field: 'fieldManager',
          },
        ];
  if (force === undefined) return [];
  const message = 'Forbidden: may not be specified for non-apply patch';
  return [{ reason: 'FieldValueForbidden', message, field: 'force' }];
}
