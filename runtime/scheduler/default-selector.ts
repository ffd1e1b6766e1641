import type { LabelSelector } from '../../generated/meta/v1/types.ts';
import type { PodShape } from './pod-shape.ts';
import {
  compileLabelSelector,
  type Labels,
  labelsToRequirements,
  type PodSelector,
  selectorOf,
} from './selectors.ts';

/** Where default spreading looks for the pods that belong together. */
export interface SelectorSources {
  /** Selectors of the services in the namespace that select pods with these labels. */
  serviceSelectors(namespace: string, labels: Labels): readonly Labels[];
  /** The selector of a controlling owner, such as a ReplicaSet; undefined when it has none or is gone. */
  ownerSelector(kind: string, namespace: string, name: string): LabelSelector | undefined;
}

interface Memo {
  readonly version: number;
  readonly selector: PodSelector | undefined;
}

/**
 * The selector that default topology spreading uses for a pod: the labels that its services select by, and its owner's
 * selector. Remembered by shape until a service or an owner in the namespace changes.
 */
export class DefaultSelectors {
  readonly #sources: SelectorSources | undefined;
  readonly #versions = new Map<string, number>();
  readonly #memo = new WeakMap<PodShape, Memo>();

  constructor(sources?: SelectorSources) {
    this.#sources = sources;
  }

  /** A service or an owner of pods in the namespace came, went or selects by something else. */
  invalidate(namespace: string): void {
    this.#versions.set(namespace, (this.#versions.get(namespace) ?? 0) + 1);
  }

  /** Undefined when nothing groups the pod with others. The same object until it changes. */
  get(shape: PodShape): PodSelector | undefined {
    if (!this.#sources) return undefined;
    const version = this.#versions.get(shape.namespace) ?? 0;
    const known = this.#memo.get(shape);
    if (known?.version === version) return known.selector;
    const made = this.#build(shape, this.#sources);
    const selector = made?.key === known?.selector?.key ? known?.selector : made;
    this.#memo.set(shape, { version, selector });
    return selector;
  }

  #build(
    { namespace, labels, owner }: PodShape,
    sources: SelectorSources,
  ): PodSelector | undefined {
    const merged = Object.assign({}, ...sources.serviceSelectors(namespace, labels)) as Labels;
    const requirements = labelsToRequirements(merged);
    const ofOwner = owner && sources.ownerSelector(owner.kind, namespace, owner.name);
    if (!ofOwner) return requirements.length > 0 ? selectorOf(requirements) : undefined;
    const compiled = compileLabelSelector(ofOwner);
    if (requirements.length === 0) return compiled.empty ? undefined : compiled;
    const byServices = selectorOf(requirements);
    return {
      matches: (candidate) => byServices.matches(candidate) && compiled.matches(candidate),
      empty: false,
      key: `${byServices.key}&${compiled.key}`,
      pair: compiled.pair ?? byServices.pair,
    };
  }
}
