import type { LabelSelector } from '../../generated/meta/v1/types.ts';
import type { ControllerDeps, Lister } from '../client/index.ts';
import {
  controllerOf,
  type KubeObject,
  labelMatcher,
  type ResourceRef,
  type WatchEvent,
} from '../meta/index.ts';

/** An object that owns others by selector: ReplicaSet, Deployment. */
export interface Owner extends KubeObject {
  readonly spec?: { readonly selector: LabelSelector };
}

const BY_CONTROLLER = 'controller-uid';
const ORPHANS = 'orphan-labels';
const BY_SELECTOR = 'selector-label';
/** Stands for any label in an index value; no label key holds it. */
const ANY = '*';

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
  readonly #owners: Lister<O>;
  readonly #dependents: Lister<D>;

  constructor(
    transport: ControllerDeps['transport'],
    owners: ResourceRef<O>,
    dependents: ResourceRef<D>,
  ) {
    this.#ownerKind = owners.kind;
    transport.addIndex(dependents, BY_CONTROLLER, controllerUids);
    transport.addIndex(dependents, ORPHANS, orphanLabels);
    transport.addIndex(owners, BY_SELECTOR, (owner) => [selectorLabel(owner)]);
    this.#owners = transport.lister(owners);
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
    return [...found, ...this.#selecting(namespace ?? '', labels ?? {})];
  }

  #controllerKey(object: D): string | undefined {
    const controller = controllerOf(object);
    if (controller?.kind !== this.#ownerKind) return undefined;
    return `${object.metadata.namespace}/${controller.name}`;
  }

  #selecting(namespace: string, labels: Readonly<Record<string, string>>): string[] {
    const found: string[] = [];
    const visit = (value: string): void => {
      for (const owner of this.#owners.byIndex(BY_SELECTOR, value))
        if (labelMatcher(owner.spec?.selector)(labels))
          found.push(`${namespace}/${owner.metadata.name}`);
    };
    for (const key in labels) visit(indexValue(namespace, key, labels[key]!));
    visit(indexValue(namespace, ANY, ''));
    return found;
  }
}

function controllerUids(object: KubeObject): readonly string[] {
  const controller = controllerOf(object);
  return controller ? [controller.uid] : NONE;
}

function orphanLabels(object: KubeObject): readonly string[] {
  if (controllerOf(object)) return NONE;
  const { namespace = '', labels = {} } = object.metadata;
  const values = [indexValue(namespace, ANY, '')];
  for (const key in labels) values.push(indexValue(namespace, key, labels[key]!));
  return values;
}

/** The label that whatever the owner selects must carry; `ANY` when the selector asks for none by value. */
function selectorLabel({ metadata, spec }: Owner): string {
  const wanted = spec?.selector.matchLabels ?? {};
  for (const key in wanted) return indexValue(metadata.namespace ?? '', key, wanted[key]!);
  return indexValue(metadata.namespace ?? '', ANY, '');
}

function indexValue(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}

const NONE: readonly string[] = [];
