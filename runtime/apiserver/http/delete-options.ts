import { badRequest, invalidObject, type RequestOptions, unknownError } from '../../meta/index.ts';
import { isDryRun } from './query.ts';

interface DeleteOptions {
  readonly kind?: string;
  readonly dryRun?: readonly string[];
  readonly gracePeriodSeconds?: number | null;
  readonly orphanDependents?: boolean | null;
  readonly propagationPolicy?: RequestOptions['propagationPolicy'] | null;
  readonly preconditions?: RequestOptions['preconditions'] | null;
}

/** What the body of a deletion says. */
export function deleteOptions(body: unknown): RequestOptions {
  if (body === undefined || body === null) return {};
  if (typeof body !== 'object' || Array.isArray(body))
    throw badRequest('the body of a deletion is no DeleteOptions');
  const given = body as DeleteOptions;
  if (given.kind !== undefined && given.kind !== 'DeleteOptions')
    throw unknownError('decoded object cannot be converted to DeleteOptions');
  const { dryRun, gracePeriodSeconds, orphanDependents, propagationPolicy, preconditions } = given;
  if (propagationPolicy && typeof orphanDependents === 'boolean') throw bothSaid(propagationPolicy);
  const policy = propagationPolicy ?? policyOf(orphanDependents);
  return {
    ...(dryRun?.length ? { dryRun: isDryRun(dryRun) } : {}),
    ...(typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {}),
    ...(policy ? { propagationPolicy: policy } : {}),
    ...(preconditions ? { preconditions } : {}),
  };
}

function bothSaid(policy: string): Error {
  const why = 'orphanDependents and deletionPropagation cannot be both set';
  const message = `Invalid value: ${JSON.stringify(policy)}: ${why}`;
  return invalidObject({ group: 'meta.k8s.io', resource: 'DeleteOptions', name: '' }, [
    { reason: 'FieldValueInvalid', message, field: 'propagationPolicy' },
  ]);
}

function policyOf(orphans: boolean | null | undefined): RequestOptions['propagationPolicy'] {
  if (typeof orphans !== 'boolean') return undefined;
  return orphans ? 'Orphan' : 'Background';
}
