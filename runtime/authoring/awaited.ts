import { type ResourceRef, resourceId, type Status } from '../meta/index.ts';
import type { Plan } from './plan.ts';

interface Asked {
  readonly ref: ResourceRef;
}

const SERVICE_ACCOUNT = /error looking up service account ([^/\s]+)\/([^:\s]+): /;

/**
 * Whether a refusal only says that something is not there yet which will come by itself or by the same save: a namespace, a
 * service account, the kind of the object, or the end of a namespace that is going away.
 */
export function isAwaited(status: Status, { ref }: Asked, plan: Plan): boolean {
  const { details, message = '' } = status;
  if (status.code === 404 && details?.kind !== 'namespaces')
    return plan.defining.has(resourceId(ref));
  if (details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating')) return true;
  if (status.code === 404 && details?.kind === 'namespaces')
    return plan.created.has(`namespaces/${details.name}`);
  const [, namespace, account] = SERVICE_ACCOUNT.exec(message) ?? [];
  if (status.code !== 403 || namespace === undefined) return false;
  // The service account controller makes `default` in every namespace.
  return account === 'default' || plan.created.has(`serviceaccounts/${namespace}/${account}`);
}
