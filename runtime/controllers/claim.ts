import type { Client } from '../client/index.ts';
import {
  conflict,
  controllerOf,
  isDeleting,
  isNotFound,
  type KubeObject,
  labelMatcher,
  ownerReference,
  type ResourceRef,
} from '../meta/index.ts';
import type { Owner } from './dependents.ts';

/** Who is whose, and what has to be written for it. */
export interface Claims<D> {
  /** Controlled by the owner and selected by it. */
  readonly owned: readonly D[];
  /** Selected by the owner and controlled by nobody. */
  readonly adopt: readonly D[];
  /** Controlled by the owner, which selects them no more. */
  readonly release: readonly D[];
}

/**
 * Which of `dependents` (those that name the owner as their controller) stay, and which of `orphans` (those that it
 * selects) it takes. An owner that is being deleted changes nothing; an orphan that is, is left alone. Whatever
 * `belongs` refuses is treated like what the selector does not meet.
 */
export function decideClaims<D extends KubeObject>(
  owner: Owner,
  dependents: readonly D[],
  orphans: readonly D[],
  belongs: (dependent: D) => boolean = () => true,
): Claims<D> {
  const matches = labelMatcher(owner.spec?.selector);
  const isSelected = (each: D): boolean => matches(each.metadata.labels ?? {}) && belongs(each);
  const keepsAll = dependents.every(isSelected);
  if (keepsAll && orphans.length === 0) return { owned: dependents, adopt: [], release: [] };
  const leaving = isDeleting(owner);
  return {
    owned: keepsAll ? dependents : dependents.filter(isSelected),
    adopt: leaving ? [] : orphans.filter((each) => !isDeleting(each) && belongs(each)),
    release: leaving || keepsAll ? [] : dependents.filter((each) => !isSelected(each)),
  };
}

interface Claimant<O> {
  readonly ref: ResourceRef<O>;
  readonly object: O;
  /** What all that it owns carries: put on with the owner reference, and taken off with it. */
  readonly finalizer?: string;
}

/** Writes what `claims` asks for; returns all that the owner holds afterwards. */
export async function performClaims<O extends Owner, D extends KubeObject>(
  client: Client,
  owner: Claimant<O>,
  ref: ResourceRef<D>,
  claims: Claims<D>,
): Promise<readonly D[]> {
  const { owned, adopt, release } = claims;
  for (const each of release) await releaseOne(client, owner, ref, each);
  if (adopt.length === 0) return owned;
  await assertAlive(client, owner);
  const adopted: D[] = [];
  for (const each of adopt) {
    const taken = await adoptOne(client, owner, ref, each);
    if (taken) adopted.push(taken);
  }
  return [...owned, ...adopted];
}

/** An owner that went away since it was read must not take what its successor or the garbage collector deals with. */
async function assertAlive<O extends Owner>(
  client: Client,
  { ref, object }: Claimant<O>,
): Promise<void> {
  const { name = '', namespace, uid } = object.metadata;
  const live = await client.get(ref, name, namespace);
  if (live.metadata.uid === uid && !isDeleting(live)) return;
  throw conflict(
    { group: ref.group, resource: ref.resource, name },
    'it is going away and adopts nothing',
  );
}

async function adoptOne<D extends KubeObject>(
  client: Client,
  { object, finalizer }: Claimant<Owner>,
  ref: ResourceRef<D>,
  { metadata }: D,
): Promise<D | undefined> {
  const ownerReferences = [ownerReference(object)];
  const finalizers = finalizer ? { finalizers: [finalizer] } : {};
  const patch = { metadata: { uid: metadata.uid, ownerReferences, ...finalizers } };
  return orGone(
    client.patch(ref, { name: metadata.name ?? '', namespace: metadata.namespace }, patch),
  );
}

async function releaseOne<D extends KubeObject>(
  client: Client,
  { object: owner, finalizer }: Claimant<Owner>,
  ref: ResourceRef<D>,
  dependent: D,
): Promise<void> {
  const { name = '', namespace, uid } = dependent.metadata;
  const reference = { $patch: 'delete', uid: controllerOf(dependent)?.uid ?? owner.metadata.uid };
  const finalizers = finalizer ? { '$deleteFromPrimitiveList/finalizers': [finalizer] } : {};
  const patch = { metadata: { uid, ownerReferences: [reference], ...finalizers } };
  await orGone(client.patch(ref, { name, namespace }, patch));
}

async function orGone<T>(patched: Promise<T>): Promise<T | undefined> {
  try {
    return await patched;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
