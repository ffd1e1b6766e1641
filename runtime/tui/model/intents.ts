import type { Progress } from '../../client/index.ts';
import { controllerOf, type KubeObject, keyOf, resourceId } from '../../meta/index.ts';
import { isBroken } from './tones.ts';
import { kindOf, objectAt, remember, type World } from './world.ts';

/** Something that somebody wants, and what keeps it from its goal. */
export interface Intent {
  readonly root: Progress;
  /** What is behind below it, itself excluded. */
  readonly behind: readonly Progress[];
  /** The deepest of those, and of these one that is broken: where to look first. */
  readonly culprit?: Progress;
}

/** Everything that has a goal and that nobody owns, those not at it first, each with what is behind below it. */
export function intents(world: World): readonly Intent[] {
  return remember(world, 'intents', () => {
    const all = progressOf(world);
    const ids = new Set(all.map(progressId));
    const climb = climber(ids, world);
    const below = new Map<string, { progress: Progress; depth: number }[]>();
    const roots: Progress[] = [];
    for (const progress of all) {
      const { root, depth } = climb(progressId(progress));
      if (depth === 0) roots.push(progress);
      else push(below, root, { progress, depth });
    }
    const found = roots.map((root) => intentOf(root, below.get(progressId(root)) ?? []));
    return [...found.filter(isBehind), ...found.filter((each) => !isBehind(each))];
  });
}

/** Whether it, or anything below it, has still somewhere to go. */
export function isBehind({ root, behind }: Intent): boolean {
  return !root.atGoal || behind.length > 0;
}

/** How many objects of a resource are not at their goal. */
export function behindCount(world: World, resource: string): number {
  const counts = remember(world, 'behind', () => {
    const found = new Map<string, number>();
    for (const each of progressOf(world))
      if (!each.atGoal) found.set(each.resource, (found.get(each.resource) ?? 0) + 1);
    return found;
  });
  return counts.get(resource) ?? 0;
}

/** Whether anything is not at its goal. */
export function isAnyBehind(world: World): boolean {
  return progressOf(world)[0]?.atGoal === false;
}

function progressOf(world: World): readonly Progress[] {
  return remember(world, 'progress', () => world.control.progress());
}

export function progressKey({ namespace, name }: Progress): string {
  return namespace ? `${namespace}/${name}` : name;
}

const knownIds = new WeakMap<Progress, string>();

/** Worked out once for what the tracker hands out again and again while it does not move. */
function progressId(progress: Progress): string {
  let id = knownIds.get(progress);
  if (id === undefined) {
    id = `${progress.resource} ${progressKey(progress)}`;
    knownIds.set(progress, id);
  }
  return id;
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

interface Place {
  /** Id of the topmost owner that has a goal. */
  readonly root: string;
  readonly depth: number;
}

/** Climbs from an object to its topmost owner; each owner is climbed from once. */
function climber(ids: ReadonlySet<string>, world: World): (id: string) => Place {
  const known = new Map<string, Place>();
  const climb = (id: string): Place => {
    const before = known.get(id);
    if (before) return before;
    const self: Place = { root: id, depth: 0 };
    known.set(id, self);
    const owner = ownerId(id, world);
    if (owner === undefined) return self;
    const above = climb(owner);
    const place = ids.has(above.root) ? { root: above.root, depth: above.depth + 1 } : self;
    known.set(id, place);
    return place;
  };
  return climb;
}

const NOBODY = '';
const knownOwners = new WeakMap<KubeObject, string>();

function ownerId(id: string, world: World): string | undefined {
  const at = id.indexOf(' ');
  const object = objectAt(world, id.slice(0, at), id.slice(at + 1));
  if (!object) return undefined;
  let owner = knownOwners.get(object);
  if (owner === undefined) {
    owner = foundOwnerId(object, world);
    knownOwners.set(object, owner);
  }
  return owner === NOBODY ? undefined : owner;
}

function foundOwnerId(object: KubeObject, world: World): string {
  const owner = controllerOf(object);
  const kind = owner && kindOf(world, owner.apiVersion, owner.kind);
  if (!owner || !kind) return NOBODY;
  const { namespace } = object.metadata;
  const metadata = kind.ref.namespaced && namespace ? { name: owner.name, namespace } : owner;
  return `${resourceId(kind.ref)} ${keyOf({ metadata })}`;
}

function intentOf(root: Progress, below: readonly { progress: Progress; depth: number }[]): Intent {
  let culprit: { progress: Progress; depth: number } | undefined;
  for (const each of below) if (!culprit || weight(each) > weight(culprit)) culprit = each;
  return {
    root,
    behind: below.map(({ progress }) => progress),
    ...(culprit ? { culprit: culprit.progress } : {}),
  };
}

function weight({ progress, depth }: { progress: Progress; depth: number }): number {
  return depth * 2 + Number(isBroken(progress.waitingFor ?? ''));
}
