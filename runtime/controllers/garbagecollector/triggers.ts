import {
  isDeleting,
  type KubeObject,
  type OwnerReference,
  type WatchEvent,
} from '../../meta/index.ts';
import { isOrphaning, isWaiting } from './decide.ts';
import { type Member, type OwnerGraph, workKey } from './graph.ts';

/** Before a key: one of its references did not resolve when it was made. */
export const EXAMINE = '?';

const NOTHING: readonly string[] = [];
const NO_REFERENCES: readonly OwnerReference[] = [];

/** Whether a change can make work: not if an object that stays has the references that it had. */
export function concerns({ type, object, previous }: WatchEvent<KubeObject>): boolean {
  if (type === 'DELETED' || previous === undefined) return true;
  const { ownerReferences } = object.metadata;
  return ownerReferences !== previous.metadata.ownerReferences || isDeleting(object);
}

/** The work that one change makes. Most changes touch neither owners nor finalizers and make none. */
export function touchedBy(
  graph: OwnerGraph,
  member: Member,
  event: WatchEvent<KubeObject>,
): readonly string[] {
  if (!concerns(event)) return NOTHING;
  const { type, object, previous } = event;
  const references = object.metadata.ownerReferences ?? NO_REFERENCES;
  if (type === 'DELETED')
    return [...dependentKeys(graph, object), ...waitingOwners(graph, object, references)];
  const before = previous?.metadata.ownerReferences ?? NO_REFERENCES;
  const keys: string[] = [];
  if (references !== before) {
    const removed = before.filter((each) => !blocksStill(references, each));
    keys.push(...waitingOwners(graph, object, removed));
    if (references.some((each) => !resolves(graph, object, each)))
      keys.push(EXAMINE + workKey(member, object));
    else if (references.some((each) => waits(graph, object, each)))
      keys.push(workKey(member, object));
  }
  if (startsToGo(object, previous)) keys.push(workKey(member, object));
  return keys;
}

function dependentKeys(graph: OwnerGraph, { metadata: { uid } }: KubeObject): string[] {
  if (uid === undefined) return [];
  return graph.dependentsOf(uid).map(({ member, object }) => workKey(member, object));
}

/** Owners among `references` that wait for the last dependent to go. */
function waitingOwners(
  graph: OwnerGraph,
  { metadata }: KubeObject,
  references: readonly OwnerReference[],
): string[] {
  return references.flatMap((reference) => {
    const owner = graph.named(reference, metadata.namespace);
    const waits = owner?.object.metadata.uid === reference.uid && isWaiting(owner.object);
    return waits ? [workKey(owner.member, owner.object)] : [];
  });
}

function blocksStill(references: readonly OwnerReference[], before: OwnerReference): boolean {
  return references.some(
    ({ uid, blockOwnerDeletion }) =>
      uid === before.uid && (blockOwnerDeletion === true || before.blockOwnerDeletion !== true),
  );
}

function resolves(graph: OwnerGraph, { metadata }: KubeObject, reference: OwnerReference): boolean {
  return graph.named(reference, metadata.namespace)?.object.metadata.uid === reference.uid;
}

function waits(graph: OwnerGraph, { metadata }: KubeObject, reference: OwnerReference): boolean {
  const owner = graph.named(reference, metadata.namespace)?.object;
  return owner !== undefined && isWaiting(owner);
}

/** The deletion has begun, or a finalizer of the collector has come onto it since. */
function startsToGo(object: KubeObject, previous: KubeObject | undefined): boolean {
  const mine = isWaiting(object) || isOrphaning(object);
  const before = previous !== undefined && (isWaiting(previous) || isOrphaning(previous));
  return mine && !before;
}
