import type { Pod } from '../../generated/core/v1/types.ts';
import type { Rejection, SlotFilter } from './framework.ts';
import { isRejection } from './framework.ts';
import { shapeOf } from './pod-shape.ts';
import type { ProfileRunner } from './profile-runner.ts';
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
    const rejection = filter(slot);
    verdicts[view.state.factsAt(slot).name] = rejection ? verdictOf(rejection) : SUCCESS;
  }
  return verdicts;
}

/** The filter of one plugin of the pod's profile; one that refuses nothing when the profile has no such filter. */
export function filterOf(pod: Pod, name: string, { state, ...view }: SchedulingView): SlotFilter {
  const shape = shapeOf(pod);
  const profile = runnerFor(pod, { state, ...view })?.profile;
  const local = profile?.localFilters.find((plugin) => plugin.name === name);
  if (local) {
    const confined = local.preFilter?.(shape.requirements);
    if (isRejection(confined)) return () => confined;
    return (slot) => local.filter?.(shape.requirements, state.at(slot)!);
  }
  const cluster = profile?.clusterFilters.find((plugin) => plugin.name === name);
  return cluster?.preFilter?.(shape, state) ?? (() => undefined);
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

export function runnerFor(pod: Pod, { runners }: SchedulingView): ProfileRunner | undefined {
  return runners.get(pod.spec?.schedulerName || 'default-scheduler');
}

function verdictOf({ code, reasons }: Rejection): PluginVerdict {
  return { code, reasons: [...reasons].sort() };
}
