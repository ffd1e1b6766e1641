import type { LabelSelector } from '../../../generated/meta/v1/types.ts';
import type { PodRecord } from '../node-info.ts';
import { compileLabelSelector, type PodSelector } from '../selectors.ts';

/** What preemption reads of a PodDisruptionBudget. */
export interface DisruptionBudgetObject {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: { readonly selector?: LabelSelector };
  readonly status?: {
    readonly disruptionsAllowed?: number;
    readonly disruptedPods?: Readonly<Record<string, unknown>>;
  };
}

export interface DisruptionBudget {
  readonly namespace: string;
  readonly selector: PodSelector;
  readonly allowed: number;
  /** Names of pods whose disruption the API server has granted already. */
  readonly disrupted: ReadonlySet<string>;
}

/** A budget whose selector states nothing protects no pods here. */
export function disruptionBudget({
  metadata,
  spec,
  status,
}: DisruptionBudgetObject): DisruptionBudget {
  return {
    namespace: metadata?.namespace ?? '',
    selector: compileLabelSelector(spec?.selector),
    allowed: status?.disruptionsAllowed ?? 0,
    disrupted: new Set(Object.keys(status?.disruptedPods ?? {})),
  };
}

/** Splits pods by whether losing them, in this order, would break a budget. The order stays. */
export function splitByBudgets(
  records: readonly PodRecord[],
  budgets: readonly DisruptionBudget[],
): { readonly violating: readonly PodRecord[]; readonly others: readonly PodRecord[] } {
  if (budgets.length === 0) return { violating: [], others: records };
  const left = budgets.map(({ allowed }) => allowed);
  const violating: PodRecord[] = [];
  const others: PodRecord[] = [];
  for (const record of records) {
    let violates = false;
    for (let at = 0; at < budgets.length; at++) {
      if (!protects(budgets[at]!, record)) continue;
      left[at]!--;
      if (left[at]! < 0) violates = true;
    }
    (violates ? violating : others).push(record);
  }
  return { violating, others };
}

function protects(
  { namespace, selector, disrupted }: DisruptionBudget,
  record: PodRecord,
): boolean {
  const { shape, pod } = record;
  if (namespace !== shape.namespace || selector.empty) return false;
  if (Object.keys(shape.labels).length === 0) return false;
  return selector.matches(shape.labels) && !disrupted.has(pod.metadata?.name ?? '');
}
