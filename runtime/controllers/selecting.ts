import type { LabelSelector } from '../../generated/meta/v1/types.ts';
import type { ControllerDeps, Lister } from '../client/index.ts';
import { type KubeObject, type Labels, labelMatcher, type ResourceRef } from '../meta/index.ts';

/** An object that selects others of its namespace: ReplicaSet, PodDisruptionBudget. */
export interface Selector extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector | undefined };
}

const BY_SELECTOR = 'selector-label';
/** Stands for any label in an index value; no label key holds it. */
const ANY = '*';

/** Finds who selects given labels, through an index over the first label of each selector. Cost: those with that label. */
export class Selecting<S extends Selector> {
  readonly #lister: Lister<S>;

  constructor(transport: ControllerDeps['transport'], ref: ResourceRef<S>) {
    transport.addIndex(ref, BY_SELECTOR, selectorLabels);
    this.#lister = transport.lister(ref);
  }

  of(namespace: string, labels: Labels): S[] {
    const found: S[] = [];
    const visit = (value: string): void => {
      for (const each of this.#lister.byIndex(BY_SELECTOR, value))
        if (labelMatcher(each.spec?.selector)(labels)) found.push(each);
    };
    for (const key in labels) visit(labelValue(namespace, key, labels[key]!));
    visit(anyLabel(namespace));
    return found;
  }
}

/** The label that whatever the owner selects must carry; `anyLabel` when the selector asks for none by value. */
export function selectorLabel({ metadata, spec }: Selector): string {
  const { namespace = '' } = metadata;
  const wanted = spec?.selector?.matchLabels ?? {};
  for (const key in wanted) return labelValue(namespace, key, wanted[key]!);
  return anyLabel(namespace);
}

function selectorLabels(selector: Selector): readonly string[] {
  return selector.spec?.selector ? [selectorLabel(selector)] : NONE;
}

/** A label in a namespace, as indexes name it. */
export function labelValue(namespace: string, key: string, value: string): string {
  return `${namespace}/${key}=${value}`;
}

export function anyLabel(namespace: string): string {
  return labelValue(namespace, ANY, '');
}

const NONE: readonly string[] = [];
