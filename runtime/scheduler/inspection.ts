import type { Pod } from '../../generated/core/v1/types.ts';
import { Random } from '../base/index.ts';
import { incomingOf } from './cycle.ts';
import {
  type Diagnosis,
  isRejection,
  type Rejection,
  type RejectionCode,
  type SlotFilter,
} from './framework.ts';
import { shapeOf } from './pod-shape.ts';
import {
  type Candidate,
  candidatesWanted,
  type DefaultPreemptionArgs,
  dryRun,
  postFilter,
  whyIneligible,
} from './preemption/index.ts';
import type { ProfileRunner } from './profile-runner.ts';
import { SchedulingQueue } from './queue.ts';
import type { SchedulingView } from './view.ts';

/** What one extension point of one plugin says, in upstream's words. */
export interface PluginVerdict {
  readonly code: string;
  readonly reasons?: readonly string[];
}

const SUCCESS: PluginVerdict = { code: 'Success' };

/** What the gates of the pod's profile say. */
export function preEnqueue(pod: Pod, view: SchedulingView): PluginVerdict {
  for (const gate of runnerFor(pod, view)?.profile.gates ?? []) {
    const rejection = gate.preEnqueue?.(pod);
    if (rejection) return verdictOf(rejection);
  }
  return SUCCESS;
}

/** What one plugin's filter alone says of each node. */
export function pluginVerdicts(
  pod: Pod,
  name: string,
  view: SchedulingView,
): Record<string, PluginVerdict> {
  const filter = filterOf(pod, name, view);
  const verdicts: Record<string, PluginVerdict> = {};
  for (const slot of view.state.order()) {
    const rejection = filter(slot, view.state.at(slot)!);
    verdicts[view.state.factsAt(slot).name] = rejection ? verdictOf(rejection) : SUCCESS;
  }
  return verdicts;
}

/** The filter of one plugin of the pod's profile; one that refuses nothing when the profile has no such filter. */
export function filterOf(pod: Pod, name: string, view: SchedulingView): SlotFilter {
  const shape = shapeOf(pod);
  const profile = runnerFor(pod, view)?.profile;
  const local = profile?.localFilters.find((plugin) => plugin.name === name);
  if (local) {
    const confined = local.preFilter?.(shape.requirements);
    if (isRejection(confined)) return () => confined;
    return (_, node) => local.filter?.(shape.requirements, node);
  }
  const cluster = profile?.clusterFilters.find((plugin) => plugin.name === name);
  const filter = cluster?.preFilter?.(shape, view.state);
  if (isRejection(filter)) return () => filter;
  return filter ?? (() => undefined);
}

/** One plugin's normalized scores of the named nodes, without its weight; zeros when it has nothing to score. */
export function pluginScores(
  pod: Pod,
  name: string,
  view: SchedulingView,
  nodeNames: readonly string[],
): Record<string, number> {
  const { state } = view;
  const runner = runnerFor(pod, view)!;
  const { localScores, clusterScores } = runner.profile;
  const weight = [...localScores, ...clusterScores].find(
    ({ plugin }) => plugin.name === name,
  )?.weight;
  const slots = nodeNames.map((node) => state.find(node)!.slot);
  const all = runner.scoresOf(shapeOf(pod), state, Int32Array.from(slots));
  const ofPlugin = all.find(({ plugin }) => plugin === name);
  return Object.fromEntries(
    nodeNames.map((node) => [node, (ofPlugin?.scores.get(node) ?? 0) / (weight ?? 1)]),
  );
}

/** Whether the queue hands out `first` before `second`, which came right after it. */
export function comesFirst(first: Pod, second: Pod): boolean {
  const options = { initialBackoffMs: 1000, maxBackoffMs: 1000, popsFromBackoff: false };
  const queue = new SchedulingQueue(options);
  for (const [key, pod] of [first, second].entries())
    queue.add(pod, shapeOf(pod), String(key), { nowMs: key, gated: false, trigger: 0 });
  return queue.pop(1)?.pod === first;
}

/** Why a pod that fits nowhere may not preempt others; undefined when it may. */
export function whyNotPreempting(pod: Pod, view: SchedulingView): string | undefined {
  const outcome = judge(pod, view);
  return outcome.kind === 'unschedulable' || outcome.kind === 'ready'
    ? whyIneligible(outcome.cycle, 'diagnosis' in outcome ? outcome.diagnosis : NOTHING)
    : undefined;
}

const NOTHING: Diagnosis = { total: 0, slots: [], rejections: [] };

/** What PostFilter says of a pod that the named nodes refuse with these codes, and the others as removable. */
export function postFilterReply(
  pod: Pod,
  view: SchedulingView,
  codes: Readonly<Record<string, RejectionCode>>,
): string | undefined {
  const prepared = judge(pod, view);
  if (prepared.kind !== 'ready') return undefined;
  const slots = [...view.state.order()];
  const rejections = slots.map((slot) => ({
    plugin: '',
    code: codes[view.state.factsAt(slot).name] ?? 'Unschedulable',
    reasons: [],
  }));
  const diagnosis = { total: slots.length, slots, rejections };
  const options = { budgets: view.budgets, random: Random.seeded(1) };
  return postFilter({ cycle: prepared.cycle, diagnosis }, options).reply;
}

/** The nodes that preemption would make room on, trying all from the `offset`-th on until there are enough. */
export function dryRunPreemption(
  pod: Pod,
  view: SchedulingView,
  { offset = 0, args }: { readonly offset?: number; readonly args?: DefaultPreemptionArgs } = {},
): readonly Candidate[] {
  const outcome = judge(pod, view);
  if (outcome.kind !== 'ready') return [];
  const slots = [...outcome.candidates.order];
  const wanted = args ? candidatesWanted(slots.length, args) : slots.length;
  return dryRun(outcome.cycle, slots, { budgets: view.budgets, wanted, offset }).candidates;
}

function judge(pod: Pod, view: SchedulingView): ReturnType<ProfileRunner['prepare']> {
  return runnerFor(pod, view)!.prepare(incomingOf(pod), view.state);
}

export function runnerFor(pod: Pod, { runners }: SchedulingView): ProfileRunner | undefined {
  return runners.get(pod.spec?.schedulerName || 'default-scheduler');
}

function verdictOf({ code, reasons }: Rejection): PluginVerdict {
  return { code, reasons: [...reasons].sort() };
}
