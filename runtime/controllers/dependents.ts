import type { LabelSelector } from '../../generated/meta/v1/types.ts';
import type { ControllerDeps, Lister } from '../client/index.ts';
import {
  controllerOf,
  type KubeObject,
  keyOf,
  labelMatcher,
  type ResourceRef,
  type WatchEvent,
} from '../meta/index.ts';
import { anyLabel, labelValue, Selecting, selectorLabel } from './selecting.ts';

/** An object that owns others by selector: ReplicaSet, Deployment, Job. */
export interface Owner extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector };
}

const BY_CONTROLLER = 'controller-uid';
const ORPHANS = 'orphan-labels';

/** Finds the objects of a resource by the uid of their controller, whatever kind that is. */
export function indexByController<T extends KubeObject>(
  transport: ControllerDeps['transport'],
  ref: ResourceRef<T>,
): (uid: string) => readonly T[] {
  transport.addIndex(ref, BY_CONTROLLER, controllerUids);
  const lister = transport.lister(ref);
  return (uid) => lister.byIndex(BY_CONTROLLER, uid);
}

/**
 * The objects of one resource that owners of another hold by owner reference and selector. Three indexes make every
 * question cost what it answers: dependents by their controller's uid, orphans by each of their labels, owners by the
 * first label of their selector.
 */
export class Dependents<O extends Owner, D extends KubeObject> {
  readonly #ownerKind: string;
  readonly #owners: Selecting<O>;
  readonly #dependents: Lister<D>;

  constructor(
    transport: ControllerDeps['transport'],
    owners: ResourceRef<O>,
    dependents: ResourceRef<D>,
  ) {
    this.#ownerKind = owners.kind;
    transport.addIndex(dependents, BY_CONTROLLER, controllerUids);
    transport.addIndex(dependents, ORPHANS, orphanLabels);
    this.#owners = new Selecting(transport, owners);
    this.#dependents = transport.lister(dependents);
  }

  /** What names `uid` as its controller. */
  of(uid: string): readonly D[] {
    return this.#dependents.byIndex(BY_CONTROLLER, uid);
  }

  countOf(uid: string): number {
    return this.#dependents.countIndex(BY_CONTROLLER, uid);
  }

  /** What nothing controls and `owner` selects. */
  orphansFor(owner: O): readonly D[] {
    const candidates = this.#dependents.byIndex(ORPHANS, selectorLabel(owner));
    if (candidates.length === 0) return candidates;
    const matches = labelMatcher(owner.spec?.selector);
    return candidates.filter(({ metadata }) => matches(metadata.labels ?? {}));
  }

  /** Keys of the owners that a change of a dependent touches: its controller, before and after, or whoever selects the orphan. */
  keys({ type, object, previous }: WatchEvent<D>): readonly string[] {
    const { namespace, ownerReferences, labels } = object.metadata;
    const own = this.#controllerKey(object);
    const moved = previous !== undefined && previous.metadata.ownerReferences !== ownerReferences;
    const before = moved ? this.#controllerKey(previous) : undefined;
    if (own !== undefined) return before === undefined || before === own ? [own] : [before, own];
    const found = before === undefined ? [] : [before];
    const isNews = type === 'ADDED' || moved || previous?.metadata.labels !== labels;
    if (type === 'DELETED' || !isNews || controllerOf(object)) return found;
    return [...found, ...this.#owners.of(namespace ?? '', labels ?? {}).map(keyOf)];
  }

  #controllerKey(object: D): string | undefined {
    const controller = controllerOf(object);
    if (controller?.kind !== this.#ownerKind) return undefined;
    return `${object.metadata.namespace}/${controller.name}`;
  }
}

function controllerUids(object: KubeObject): readonly string[] {
  const controller = controllerOf(object);
  return controller ? [controller.uid] : NONE;
}

function orphanLabels(object: KubeObject): readonly string[] {
  if (controllerOf(object)) return NONE;
  const { namespace = '', labels = {} } = object.metadata;
  const values = [anyLabel(namespace)];
  for (const key in labels) values.push(labelValue(namespace, key, labels[key]!));
  return values;
}

const NONE: readonly string[] = [];
