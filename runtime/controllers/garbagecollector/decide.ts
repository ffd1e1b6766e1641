import {
  isDeleting,
  type KubeObject,
  type OwnerReference,
  type PropagationPolicy,
} from '../../meta/index.ts';

export const FOREGROUND = 'foregroundDeletion';
export const ORPHAN = 'orphan';

/** What became of an owner: there, gone (or another object of that name), or there and waiting for its dependents. */
export type OwnerState = 'solid' | 'absent' | 'waiting';

/** What the collector does with one object. */
export type Verdict =
  | { readonly kind: 'keep' }
  /** Take these references off: their owners are gone, or wait for an object that others still own. */
  | { readonly kind: 'disown'; readonly uids: ReadonlySet<string> }
  | {
      readonly kind: 'delete';
      readonly propagationPolicy: PropagationPolicy;
      /** Break a circle first: its references stop blocking its owners. */
      readonly unblock: boolean;
    };

export interface Dependents {
  readonly count: number;
  /** One of them waits for its own dependents: there may be a circle. */
  readonly waiting: boolean;
}

const KEEP: Verdict = { kind: 'keep' };

/** Judges an object that is not being deleted itself. `states[i]` is the state of its i-th owner. */
export function judge(
  object: KubeObject,
  states: readonly OwnerState[],
  dependents: () => Dependents,
): Verdict {
  const references = object.metadata.ownerReferences ?? [];
  if (references.length === 0) return KEEP;
  const uids = (...wanted: OwnerState[]): Set<string> =>
    new Set(references.filter((_, at) => wanted.includes(states[at]!)).map(({ uid }) => uid));
  if (states.includes('solid')) {
    const lost = uids('absent', 'waiting');
    return lost.size === 0 ? KEEP : { kind: 'disown', uids: lost };
  }
  if (states.includes('waiting')) {
    const { count, waiting } = dependents();
    if (count > 0) return { kind: 'delete', propagationPolicy: 'Foreground', unblock: waiting };
  }
  return { kind: 'delete', propagationPolicy: policyOf(object), unblock: false };
}

/** A finalizer that somebody has put on already is honoured. */
function policyOf({ metadata }: KubeObject): PropagationPolicy {
  if (metadata.finalizers?.includes(ORPHAN)) return 'Orphan';
  return metadata.finalizers?.includes(FOREGROUND) ? 'Foreground' : 'Background';
}

export function isWaiting(object: KubeObject): boolean {
  return isDeleting(object) && (object.metadata.finalizers?.includes(FOREGROUND) ?? false);
}

export function isOrphaning(object: KubeObject): boolean {
  return isDeleting(object) && (object.metadata.finalizers?.includes(ORPHAN) ?? false);
}

/** Whether `owner` may not go before `dependent` has gone. */
export function blocks(dependent: KubeObject, owner: KubeObject): boolean {
  return (dependent.metadata.ownerReferences ?? []).some(
    ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
  );
}

export function withoutOwners<T extends KubeObject>(object: T, uids: ReadonlySet<string>): T {
  const { ownerReferences = [], ...rest } = object.metadata;
  const left = ownerReferences.filter(({ uid }) => !uids.has(uid));
  return { ...object, metadata: left.length > 0 ? { ...rest, ownerReferences: left } : rest };
}

export function withoutFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const { finalizers = [], ...rest } = object.metadata;
  const left = finalizers.filter((each) => each !== finalizer);
  return { ...object, metadata: left.length > 0 ? { ...rest, finalizers: left } : rest };
}

export function unblocking<T extends KubeObject>(object: T): T {
  const ownerReferences = object.metadata.ownerReferences?.map((reference) =>
    reference.blockOwnerDeletion ? { ...reference, blockOwnerDeletion: false } : reference,
  );
  return {
    ...object,
    metadata: { ...object.metadata, ...(ownerReferences ? { ownerReferences } : {}) },
  };
}

export function invalidNamespaceMessage(object: KubeObject, reference: OwnerReference): string {
  const { apiVersion, kind, name, uid } = reference;
  const { namespace = '' } = object.metadata;
  const identity = `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;
  return `ownerRef ${identity} does not exist in namespace "${namespace}"`;
}
