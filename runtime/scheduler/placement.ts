import type { Pod } from '../../generated/core/v1/types.ts';
import type { Random } from '../base/index.ts';
import type { ClusterState } from './cluster-state.ts';
import { runnerFor } from './inspection.ts';
import { NO_NODES, unschedulableMessage } from './messages.ts';
import { shapeOf } from './pod-shape.ts';
import { preemptionOutlook } from './preemption-outlook.ts';
import { placePod, type SchedulingView } from './view.ts';

/** Where a pod would go, or what its condition would say. */
export interface Placement {
  readonly node?: string;
  readonly reason?: 'Unschedulable' | 'SchedulerError';
  readonly message?: string;
}

/** Schedules one pod over a view, changing nothing in it. A pod that names its node is there already. */
export function placementOf(
  pod: Pod,
  view: SchedulingView,
  { cursor, random }: { readonly cursor: { start: number }; readonly random: Random },
): Placement {
  if (pod.spec?.nodeName) return { node: pod.spec.nodeName };
  const runner = runnerFor(pod, view);
  if (!runner) return {};
  const { state, traits } = view;
  const shape = shapeOf(pod);
  const outcome = runner.schedule(shape, state, cursor, random);
  switch (outcome.kind) {
    case 'fits':
      return { node: outcome.nodeName };
    case 'error':
      return { reason: 'SchedulerError', message: outcome.message };
    case 'noNodes':
      return { reason: 'Unschedulable', message: NO_NODES };
    case 'unschedulable': {
      const outlook = preemptionOutlook(shape, outcome.diagnosis, state, runner.profile);
      const message = unschedulableMessage(outcome.diagnosis, traits, outlook);
      return { reason: 'Unschedulable', message };
    }
  }
}

/** Puts a pod on a node of the snapshot. */
export function assignPod(state: ClusterState, pod: Pod, nodeName: string): void {
  placePod(state, { ...pod, spec: { ...pod.spec, nodeName } } as Pod);
}

/** By node: each plugin's weighted score and the total. */
export function scoreTable(pod: Pod, view: SchedulingView): Record<string, Record<string, number>> {
  const table: Record<string, Record<string, number>> = {};
  const runner = runnerFor(pod, view);
  for (const { plugin, scores } of runner?.scores(shapeOf(pod), view.state) ?? []) {
    for (const [node, score] of scores) {
      table[node] ??= {};
      table[node][plugin] = score;
    }
  }
  return table;
}
