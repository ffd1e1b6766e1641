import type { Pod } from '../../generated/core/v1/types.ts';
import type { Random } from '../base/index.ts';
import type { ClusterState } from './cluster-state.ts';
import { incomingOf } from './cycle.ts';
import { runnerFor } from './inspection.ts';
import { NO_NODES, unschedulableMessage } from './messages.ts';
import { volumePlan } from './plugins/volume-binding.ts';
import { shapeOf } from './pod-shape.ts';
import { postFilter } from './preemption/index.ts';
import { placePod, type SchedulingView } from './view.ts';

/** Where a pod would go, or what its condition would say. */
export interface Placement {
  readonly node?: string;
  /** Claims that would be bound on the way there, by name: to which volume, or by provisioning for the node. */
  readonly claims?: Readonly<Record<string, { readonly volume?: string }>>;
  readonly reason?: 'Unschedulable' | 'SchedulerError';
  readonly message?: string;
  /** Where preemption would make room, and the names of the pods that would have to go. */
  readonly nominatedNodeName?: string;
  readonly victims?: readonly string[];
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
  const { state, traits, budgets } = view;
  const outcome = runner.schedule(incomingOf(pod), state, cursor, random);
  switch (outcome.kind) {
    case 'fits':
      return { node: outcome.nodeName, ...claimsFor(pod, outcome.slot, view) };
    case 'error':
      return { reason: 'SchedulerError', message: outcome.message };
    case 'noNodes':
      return { reason: 'Unschedulable', message: NO_NODES };
    case 'unschedulable': {
      const { reply, candidate } = postFilter(outcome, { budgets, random });
      const message = unschedulableMessage(outcome.diagnosis, traits, reply);
      const victims = candidate?.victims.map((victim) => victim.pod.metadata?.name ?? '');
      return {
        reason: 'Unschedulable',
        message,
        ...(candidate ? { nominatedNodeName: candidate.nodeName, victims: victims! } : {}),
      };
    }
  }
}

function claimsFor(
  pod: Pod,
  slot: number,
  { state, storage }: SchedulingView,
): Pick<Placement, 'claims'> {
  const plan = volumePlan(shapeOf(pod), state.at(slot)!, storage, state.assumed);
  if (!plan || plan.bindings.length + plan.provisions.length === 0) return {};
  const bound = plan.bindings.map(
    ({ claim, volume }) => [claim.metadata.name, { volume: volume.metadata.name }] as const,
  );
  const asked = plan.provisions.map(({ metadata }) => [metadata.name, {}] as const);
  return { claims: Object.fromEntries([...bound, ...asked]) };
}

/** Puts a pod on a node of the snapshot. */
export function assignPod(state: ClusterState, pod: Pod, nodeName: string): void {
  placePod(state, { ...pod, spec: { ...pod.spec, nodeName } } as Pod);
}

/** By node: each plugin's weighted score and the total. */
export function scoreTable(pod: Pod, view: SchedulingView): Record<string, Record<string, number>> {
  const table: Record<string, Record<string, number>> = {};
  const runner = runnerFor(pod, view);
  for (const { plugin, scores } of runner?.scores(incomingOf(pod), view.state) ?? []) {
    for (const [node, score] of scores) {
      table[node] ??= {};
      table[node][plugin] = score;
    }
  }
  return table;
}
