import type { HorizontalPodAutoscaler } from '../../../generated/autoscaling/v2/types.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { ControllerDeps, Lister } from '../../client/index.ts';
import {
  compileSelector,
  isApiError,
  keyOf,
  type Labels,
  parseRequirements,
} from '../../meta/index.ts';
import { PodsByLabel } from '../pods-by-label.ts';
import type { Histories } from './history.ts';

/** The pods of a target, or why they cannot be told. `isSelector`: whether the text is a selector at all. */
type Selected = { readonly isSelector: boolean } & (
  | { readonly pods: readonly Pod[] }
  | { readonly problem: { readonly reason: string; readonly message: string } }
);

/** Finds the pods that an autoscaler scales, and other autoscalers that scale the same ones. */
export class SelectedPods {
  readonly #pods: PodsByLabel;
  readonly #autoscalers: Lister<HorizontalPodAutoscaler>;
  readonly #histories: Histories;

  constructor(
    deps: Pick<ControllerDeps, 'transport'>,
    autoscalers: Lister<HorizontalPodAutoscaler>,
    histories: Histories,
  ) {
    this.#pods = new PodsByLabel(deps);
    this.#autoscalers = autoscalers;
    this.#histories = histories;
  }

  by(autoscaler: HorizontalPodAutoscaler, selector: string): Selected {
    if (selector === '')
      return {
        isSelector: false,
        problem: { reason: 'SelectorRequired', message: 'selector is required' },
      };
    const { namespace = '' } = autoscaler.metadata;
    let pods: readonly Pod[];
    try {
      pods = this.#select(namespace, selector);
    } catch (error) {
      if (!isApiError(error)) throw error;
      const message = `couldn't convert selector into a corresponding internal selector object: ${error.message}`;
      return { isSelector: false, problem: { reason: 'InvalidSelector', message } };
    }
    const rivals = this.#selecting(namespace, pods, keyOf(autoscaler));
    if (rivals.length < 2) return { isSelector: true, pods };
    const message = `pods by selector ${selector} are controlled by multiple HPAs: [${rivals.join(' ')}]`;
    return { isSelector: true, problem: { reason: 'AmbiguousSelector', message } };
  }

  #select(namespace: string, selector: string): readonly Pod[] {
    const exact: Record<string, string> = {};
    for (const { key, operator, values } of parseRequirements(selector))
      if (operator === '=') exact[key] = values[0]!;
    const matches = compileSelector(selector);
    return this.#pods
      .having(namespace, exact)
      .filter(({ metadata }) => matches(metadata.labels ?? {}));
  }

  /** Keys of the autoscalers of a namespace that scale any of the pods, as far as they have been looked at; `own` is one of them. */
  #selecting(namespace: string, pods: readonly Pod[], own: string): string[] {
    const labels = new Set<Labels>(pods.map(({ metadata }) => metadata.labels ?? {}));
    const all = this.#autoscalers.list(namespace).map(keyOf);
    return all.filter((key) => {
      if (key === own) return true;
      const selector = this.#histories.get(key)?.selector;
      if (selector === undefined) return false;
      const matches = compileSelector(selector);
      return [...labels].some(matches);
    });
  }
}
