import { pods } from '../../generated/core/v1/resources.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import type { LabelSelector } from '../../generated/meta/v1/types.ts';
import type { ControllerDeps, Lister } from '../client/index.ts';
import { hasLabels, type KubeObject, type Labels, labelMatcher } from '../meta/index.ts';
import { labelValue } from './selecting.ts';

const BY_LABEL = 'label';

/** Finds pods through the rarest of the labels that they must have: one index entry a label of a pod. */
export class PodsByLabel {
  readonly #pods: Lister<Pod>;

  constructor({ transport }: Pick<ControllerDeps, 'transport'>) {
    transport.addIndex<Pod>(pods, BY_LABEL, labelValues);
    this.#pods = transport.lister(pods);
  }

  /** The pods of a namespace that carry all of `labels`. */
  having(namespace: string, labels: Labels): readonly Pod[] {
    const values = Object.keys(labels).map((key) => labelValue(namespace, key, labels[key]!));
    if (values.length === 0) return this.#pods.list(namespace);
    const rarest = values.reduce((a, b) => (this.#count(b) < this.#count(a) ? b : a));
    const found = this.#pods.byIndex(BY_LABEL, rarest);
    return values.length === 1
      ? found
      : found.filter(({ metadata }) => hasLabels(metadata.labels, labels));
  }

  selected(namespace: string, selector: LabelSelector | undefined): readonly Pod[] {
    if (!selector) return [];
    const candidates = this.having(namespace, selector.matchLabels ?? {});
    if (!selector.matchExpressions?.length) return candidates;
    const matches = labelMatcher(selector);
    return candidates.filter(({ metadata }) => matches(metadata.labels ?? {}));
  }

  #count(value: string): number {
    return this.#pods.countIndex(BY_LABEL, value);
  }
}

const byLabels = new WeakMap<Labels, { namespace: string; values: readonly string[] }>();

/** Pods of one template share their labels, and so the values. */
function labelValues({ metadata }: KubeObject): readonly string[] {
  const { labels, namespace = '' } = metadata;
  if (!labels) return NONE;
  let known = byLabels.get(labels);
  if (known?.namespace !== namespace) {
    const values = Object.keys(labels).map((key) => labelValue(namespace, key, labels[key]!));
    known = { namespace, values };
    byLabels.set(labels, known);
  }
  return known.values;
}

const NONE: readonly string[] = [];
