import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type { Node, Pod, Service } from '../../../generated/core/v1/types.ts';
import {
  createView,
  type PluginVerdict,
  pluginScores,
  pluginVerdicts,
  preEnqueue,
  type SchedulerConfig,
  type SchedulingView,
} from '../../scheduler/index.ts';
import { type AreaResult, type Mismatch, sameJson } from './report.ts';

interface Row {
  readonly id: string;
  readonly plugin: string;
  readonly phase: string;
  readonly pluginArgs?: object;
  readonly pod: Pod;
  readonly nodes: readonly Node[];
  readonly existingPods: readonly Pod[];
  /** In the cluster, but refused by some filter: they count and are not scored. */
  readonly failedNodes?: readonly Node[];
  readonly features?: Readonly<Record<string, boolean>>;
  readonly objects?: readonly { readonly $type: string; readonly object: unknown }[];
  readonly expect: Expectation;
}

interface Expectation {
  readonly preFilter?: PluginVerdict;
  readonly preEnqueue?: PluginVerdict;
  readonly filter?: Readonly<Record<string, PluginVerdict>>;
  readonly scores?: Readonly<Record<string, number>>;
}

const FILES = [
  'node-misc',
  'nodeaffinity',
  'noderesources-fit-filter',
  'noderesources-score',
  'podtopologyspread',
  'tainttoleration',
];

/** Runs the recorded plugin tables of the plugins that exist: filters and scores, node by node. */
export async function run(vectorsDir: string): Promise<AreaResult> {
  const mismatches: Mismatch[] = [];
  let total = 0;
  for (const file of FILES) {
    const text = await readFile(join(vectorsDir, 'scheduler', `${file}.json`), 'utf8');
    for (const row of JSON.parse(text) as readonly Row[]) {
      total++;
      const mismatch = compare(row);
      if (mismatch) mismatches.push(mismatch);
    }
  }
  return { area: 'scheduler', matched: total - mismatches.length, total, mismatches };
}

function compare(row: Row): Mismatch | undefined {
  const view = viewOf(row);
  const { expect } = row;
  const pod = podOf(row);
  const names = row.nodes.map(({ metadata }) => metadata.name ?? '');
  const differ = (expected: unknown, actual: unknown): Mismatch | undefined =>
    sameJson(expected, actual) ? undefined : { id: row.id, expected, actual };
  if (expect.preEnqueue) return differ(expect.preEnqueue, preEnqueue(pod, view));
  if (expect.scores) {
    const scores = pluginScores(pod, row.plugin, view, names);
    const wanted = Object.keys(expect.scores);
    return differ(expect.scores, Object.fromEntries(wanted.map((node) => [node, scores[node]])));
  }
  const actual = pluginVerdicts(pod, row.plugin, view);
  const wanted = expectedVerdicts(row);
  const shown = Object.fromEntries(
    Object.entries(actual).map(([node, { code, reasons }]) => [
      node,
      wanted[node]?.reasons && reasons ? { code, reasons } : { code },
    ]),
  );
  return differ(wanted, shown);
}

/** By node. What PreFilter refuses is refused for all; its Skip and Success let all pass to the filter. */
function expectedVerdicts({ expect, nodes }: Row): Record<string, PluginVerdict> {
  const { preFilter } = expect;
  const forAll =
    preFilter && preFilter.code !== 'Skip' && preFilter.code !== 'Success' ? preFilter : undefined;
  return Object.fromEntries(
    nodes.map(({ metadata }) => {
      const name = metadata.name ?? '';
      const { code, reasons } = forAll ?? expect.filter?.[name] ?? { code: 'Success' };
      return [name, reasons?.length ? { code, reasons: [...reasons].sort() } : { code }];
    }),
  );
}

/** Without the fields that a feature gate of the row turns off. */
function podOf({ pod, features }: Row): Pod {
  const { spec } = pod;
  if (features?.MatchLabelKeysInPodTopologySpread !== false || !spec) return pod;
  const topologySpreadConstraints = spec.topologySpreadConstraints?.map(
    ({ matchLabelKeys: _, ...constraint }) => constraint,
  );
  return {
    ...pod,
    spec: { ...spec, ...(topologySpreadConstraints ? { topologySpreadConstraints } : {}) },
  };
}

function viewOf(row: Row): SchedulingView {
  const config: SchedulerConfig = {
    kubernetesVersion: '1.28',
    profiles: [{ pluginConfig: [{ name: row.plugin, args: row.pluginArgs ?? {} }] }],
  };
  const ofType = <T>(type: string): T[] =>
    (row.objects ?? []).filter(({ $type }) => $type === type).map(({ object }) => object as T);
  const pods = row.existingPods.map((pod, at) => ({
    ...pod,
    metadata: { uid: String(at), ...pod.metadata },
  }));
  return createView(
    {
      nodes: [...row.nodes, ...(row.failedNodes ?? [])],
      pods,
      services: ofType<Service>('v1.Service'),
      replicaSets: ofType<ReplicaSet>('v1.ReplicaSet'),
    },
    config,
  );
}
