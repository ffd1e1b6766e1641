import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { poddisruptionbudgets } from '../../../generated/policy/v1/resources.ts';
import type { PodDisruptionBudget } from '../../../generated/policy/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type EventRecorder,
  listerOf,
  watch,
} from '../../client/index.ts';
import { isNotFound, keyOf, type WatchEvent } from '../../meta/index.ts';
import { isPodReady } from '../pods.ts';
import { PodsByLabel } from '../pods-by-label.ts';
import { Selecting } from '../selecting.ts';
import { selectorText } from '../selector-text.ts';
import { type BudgetDecision, decideBudget } from './decide.ts';
import { type ScalableKind, Scales } from './scales.ts';

export interface DisruptionConfig {
  /** Every kind that may control pods, and where its scale is. */
  readonly kinds: readonly ScalableKind[];
}

/** Keeps the status of disruption budgets. Key: a budget. */
export function createDisruptionController(deps: ControllerDeps<DisruptionConfig>): Controller {
  const { transport, config } = deps;
  const budgets = listerOf(deps, poddisruptionbudgets);
  const selecting = new Selecting<PodDisruptionBudget>(transport, poddisruptionbudgets);
  const podsByLabel = new PodsByLabel(deps);
  const scales = new Scales(transport, config.kinds);
  const budgetsOf = ({ metadata }: Pod) =>
    selecting.of(metadata.namespace ?? '', metadata.labels ?? {});
  return {
    name: 'disruption',
    watches: [
      watch(poddisruptionbudgets, ({ type, object }) =>
        type === 'DELETED' ? [] : [keyOf(object)],
      ),
      watch(
        pods,
        ({ object, previous }) => {
          const now = budgetsOf(object).map(keyOf);
          if (!previous || previous.metadata.labels === object.metadata.labels) return now;
          return new Set([...now, ...budgetsOf(previous).map(keyOf)]);
        },
        (event) => budgets.size > 0 && concernsBudgets(event),
      ),
    ],
    async reconcile(key, { client, events, now }) {
      const budget = budgets.byKey(key);
      if (!budget) return;
      const { namespace = '' } = budget.metadata;
      const selected = podsByLabel.selected(namespace, budget.spec?.selector);
      const scaleOf = (pod: Pod) => scales.of(pod);
      const nowMs = now();
      const decision = decideBudget({ budget, pods: selected, scaleOf, nowMs });
      tell(events, budget, selected, decision);
      if (budgets.list(namespace).length > 1) tellOfSharedPods(events, budget, selected, budgetsOf);
      const { status, recheckMs } = decision;
      if (status && status !== budget.status)
        try {
          await client.updateStatus(poddisruptionbudgets, { ...budget, status });
        } catch (error) {
          if (!isNotFound(error)) throw error;
        }
      return {
        decision: { disruptionsAllowed: status?.disruptionsAllowed ?? 0 },
        ...(recheckMs === undefined ? {} : { requeueAfterMs: recheckMs - nowMs }),
      };
    },
  };
}

/** Whether a change of a pod can mean anything to its budgets. */
function concernsBudgets({ type, object, previous }: WatchEvent<Pod>): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  const [now, before] = [object.metadata, previous.metadata];
  return (
    now.labels !== before.labels ||
    now.ownerReferences !== before.ownerReferences ||
    now.deletionTimestamp !== before.deletionTimestamp ||
    isPodReady(object) !== isPodReady(previous)
  );
}

function tell(
  events: EventRecorder,
  budget: PodDisruptionBudget,
  selected: readonly Pod[],
  { failure, hasUnmanaged, notDeleted }: BudgetDecision,
): void {
  const { namespace } = budget.metadata;
  if (selected.length === 0) events.event(budget, 'Normal', 'NoPods', 'No matching pods found');
  if (failure !== undefined)
    events.event(
      budget,
      'Warning',
      'CalculateExpectedPodCountFailed',
      `Failed to calculate the number of expected pods: ${failure}`,
    );
  if (hasUnmanaged)
    events.event(
      budget,
      'Warning',
      'UnmanagedPods',
      `Pods selected by this PodDisruptionBudget (selector: ${selectorText(budget.spec?.selector)}) were found ` +
        'to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in ' +
        'undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an ' +
        'integer value.',
    );
  // Upstream names the namespace twice, and not the budget.
  for (const pod of notDeleted)
    events.event(
      pod,
      'Warning',
      'NotDeleted',
      `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`,
    );
}

/** A pod of several budgets cannot be evicted: the first of them says so. */
function tellOfSharedPods(
  events: EventRecorder,
  budget: PodDisruptionBudget,
  selected: readonly Pod[],
  budgetsOf: (pod: Pod) => readonly PodDisruptionBudget[],
): void {
  for (const pod of selected) {
    const names = budgetsOf(pod).map(({ metadata }) => metadata.name ?? '');
    const [first, ...others] = names.sort();
    if (others.length === 0 || first !== budget.metadata.name) continue;
    const { namespace, name } = pod.metadata;
    events.event(
      pod,
      'Warning',
      'MultiplePodDisruptionBudgets',
      `Pod "${namespace}"/"${name}" matches multiple PodDisruptionBudgets.  Chose "${first}" arbitrarily.`,
    );
  }
}
