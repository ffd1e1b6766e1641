import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type {
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Service,
} from '../../../generated/core/v1/types.ts';
import type { StorageClass } from '../../../generated/storage/v1/types.ts';
import {
  comesFirst,
  createView,
  type PluginVerdict,
  pluginScores,
  pluginVerdicts,
  preEnqueue,
  type SchedulerConfig,
  type SchedulingObjects,
  type SchedulingView,
} from '../../scheduler/index.ts';
import { type AreaResult, type Mismatch, sameJson } from './report.ts';
import { comparePreemption } from './scheduler-preemption.ts';

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
  readonly objects?: readonly {
    readonly $type?: string;
    readonly kind?: string;
    readonly object?: unknown;
  }[];
  readonly expect: Expectation;
}

interface Expectation {
  readonly preFilter?: PluginVerdict;
  readonly preEnqueue?: PluginVerdict;
  readonly filter?: Readonly<Record<string, PluginVerdict>>;
  readonly scores?: Readonly<Record<string, number>>;
}

const FILES = [
  'interpodaffinity',
  'node-misc',
  'nodeaffinity',
  'noderesources-fit-filter',
  'noderesources-score',
  'podtopologyspread',
  'preemption',
  'queuesort-gates',
  'tainttoleration',
  'volumebinding',
  'volumerestrictions',
];

/** Runs the recorded tables: filters and scores of plugins, node by node, and what preemption decides. */
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
  if (row.plugin === 'DefaultPreemption') return comparePreemption(row as never);
  if (row.phase === 'less') return compareOrder(row as never);
  const view = viewOf(row);
  const { expect } = row;
  const pod = podOf(row);
  const names = row.nodes.map(({ metadata }) => metadata.name ?? '');
  const differ = (expected: unknown, actual: unknown): Mismatch | undefined =>
    sameJson(expected, actual) ? undefined : { id: row.id, expected, actual };
  if (row.phase === 'filter+score') return compareVolumes(row, view);
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

/** Both at once: of nodes that are refused the score is not looked at. */
function compareVolumes(row: Row, view: SchedulingView): Mismatch | undefined {
  const wanted = expectedVerdicts(row);
  const actual = pluginVerdicts(row.pod, row.plugin, view);
  if (!sameJson(wanted, actual)) return { id: row.id, expected: wanted, actual };
  const fitting = Object.keys(wanted).filter((node) => wanted[node]!.code === 'Success');
  const scores = pluginScores(row.pod, row.plugin, view, fitting);
  const { expect } = row;
  const expected = Object.fromEntries(fitting.map((node) => [node, expect.scores?.[node] ?? 0]));
  return sameJson(expected, scores) ? undefined : { id: row.id, expected, actual: scores };
}

interface OrderRow {
  readonly id: string;
  readonly p1: QueuedRow;
  readonly p2: QueuedRow;
  readonly expect: { readonly less: boolean };
}

interface QueuedRow {
  readonly Timestamp?: string;
  readonly PodInfo: { readonly Pod: Pod };
}

/** Which of two pods that came one after the other is taken first. */
function compareOrder({ id, p1, p2, expect }: OrderRow): Mismatch | undefined {
  const actual = comesFirst(p1.PodInfo.Pod, p2.PodInfo.Pod);
  return actual === expect.less ? undefined : { id, expected: expect.less, actual };
}

/** By node. What PreFilter refuses is refused for all; its Skip and Success let all pass to the filter. */
function expectedVerdicts({ expect, nodes }: Row): Record<string, PluginVerdict> {
  const { preFilter } = expect;
  const forAll =
    preFilter && preFilter.code !== 'Skip' && preFilter.code !== 'Success' ? preFilter : undefined;
  // One row calls its only node otherwise in what it expects.
  const only = nodes.length === 1 ? Object.values(expect.filter ?? {})[0] : undefined;
  return Object.fromEntries(
    nodes.map(({ metadata }) => {
      const name = metadata.name ?? '';
      const { code, reasons } = forAll ?? expect.filter?.[name] ?? only ?? { code: 'Success' };
      return [name, reasons?.length ? { code, reasons: [...reasons].sort() } : { code }];
    }),
  );
}

/** The shape that the feature brings. */
const USED_SHARE = [
  { utilization: 0, score: 0 },
  { utilization: 100, score: 10 },
];

/** The rows name classes without giving them, and tell claims from volumes only by their namespace. */
function storageOf({ objects = [] }: Row): NonNullable<SchedulingObjects['storage']> {
  const named = objects.filter((each) => 'metadata' in each) as unknown as PersistentVolume[];
  const storageClass = (name: string, volumeBindingMode: StorageClass['volumeBindingMode']) =>
    ({ metadata: { name }, volumeBindingMode }) as StorageClass;
  return {
    claims: named.filter(
      ({ metadata }) => metadata.namespace !== undefined,
    ) as unknown as PersistentVolumeClaim[],
    volumes: named.filter(({ metadata }) => metadata.namespace === undefined),
    storageClasses: [
      storageClass('immediate-sc', 'Immediate'),
      storageClass('wait-sc', 'WaitForFirstConsumer'),
      storageClass('wait-hdd-sc', 'WaitForFirstConsumer'),
    ],
  };
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
  const args = {
    ...(row.features?.['EnableVolumeCapacityPriority'] ? { shape: USED_SHARE } : {}),
    ...row.pluginArgs,
  };
  const config: SchedulerConfig = {
    kubernetesVersion: '1.28',
    profiles: [{ pluginConfig: [{ name: row.plugin, args }] }],
  };
  const ofType = <T>(type: string): T[] =>
    (row.objects ?? []).filter(({ $type }) => $type === type).map(({ object }) => object as T);
  const ofKind = <T>(kind: string): T[] =>
    (row.objects ?? []).filter((object) => object.kind === kind) as unknown as T[];
  const pods = row.existingPods.map((pod, at) => ({
    ...pod,
    metadata: { uid: String(at), ...pod.metadata },
  }));
  return createView(
    {
      nodes: [...row.nodes, ...(row.failedNodes ?? [])],
      pods,
      namespaces: ofKind<Namespace>('Namespace'),
      storage: storageOf(row),
      services: ofType<Service>('v1.Service'),
      replicaSets: ofType<ReplicaSet>('v1.ReplicaSet'),
    },
    config,
  );
}
