import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type { Container, Node, Pod, Service } from '../../../generated/core/v1/types.ts';
import { Random } from '../../base/index.ts';
import {
  assignPod,
  createView,
  type Placement,
  placementOf,
  type SchedulerConfig,
  type SchedulerProfile,
  scoreTable,
} from '../../scheduler/index.ts';
import type { AreaResult, Mismatch } from './report.ts';

interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

interface Case {
  readonly id: string;
  readonly covers: readonly string[];
  readonly inputs: {
    readonly objects: readonly KubeObject[];
    readonly steps: readonly (KubeObject | object)[];
    readonly profile?: string;
  };
  readonly expected: {
    readonly pods: Readonly<Record<string, ExpectedPod>>;
    readonly first?: Readonly<Record<string, ExpectedPod>>;
    readonly scores?: Readonly<Record<string, Scores>>;
  };
}

interface ExpectedPod {
  readonly node?: string;
  readonly condition?: { readonly reason?: string; readonly message?: string };
}

type Scores = Readonly<Record<string, Readonly<Record<string, number>>>>;

const COVERED = new Set([
  'ImageLocality',
  'LeastAllocated',
  'MostAllocated',
  'NodeAffinity',
  'NodeName',
  'NodePorts',
  'NodeResourcesBalancedAllocation',
  'NodeResourcesFit',
  'NodeUnschedulable',
  'PodTopologySpread',
  'RequestedToCapacityRatio',
  'SchedulerName',
  'TaintToleration',
]);

/** Plays the recorded cases that only need plugins that exist, without a cluster: pod by pod over one snapshot. */
export async function run(oracleDir: string): Promise<AreaResult> {
  const profiles = parse(await readFile(join(oracleDir, 'profiles.yaml'), 'utf8')) as {
    readonly profiles: readonly SchedulerProfile[];
  };
  const config: SchedulerConfig = { kubernetesVersion: '1.28', profiles: profiles.profiles };
  const mismatches: Mismatch[] = [];
  let total = 0;
  for (const file of (await readdir(join(oracleDir, 'cases'))).sort()) {
    const each = JSON.parse(await readFile(join(oracleDir, 'cases', file), 'utf8')) as Case;
    if (!isPlayable(each)) continue;
    total++;
    const mismatch = play(each, config);
    if (mismatch) mismatches.push(mismatch);
  }
  return { area: 'scheduler-oracle', matched: total - mismatches.length, total, mismatches };
}

/** Covered plugins only, and nothing but pods in its steps: changes need a cluster. */
function isPlayable({ covers, inputs }: Case): boolean {
  return (
    covers.every((plugin) => COVERED.has(plugin)) &&
    inputs.steps.every((step) => (step as KubeObject).kind === 'Pod')
  );
}

function play({ id, inputs, expected }: Case, config: SchedulerConfig): Mismatch | undefined {
  const ofKind = <T>(kind: string): T[] =>
    inputs.objects.filter((object) => object.kind === kind) as unknown as T[];
  const classes = ofKind<RuntimeClass>('RuntimeClass');
  const view = createView(
    {
      nodes: ofKind<Node>('Node'),
      pods: ofKind<Pod>('Pod').map((pod) => admitted(pod, classes)),
      services: ofKind<Service>('Service'),
      replicaSets: ofKind<ReplicaSet>('ReplicaSet'),
    },
    config,
  );
  const random = Random.seeded(1);
  const cursor = { start: 0 };
  for (const step of inputs.steps) {
    const pod = withProfile(admitted(step as Pod, classes), inputs.profile);
    const name = pod.metadata?.name ?? '';
    const wanted = expected.first?.[name] ?? expected.pods[name];
    const scores = expected.scores?.[name];
    if (scores) {
      const actual = scoreTable(pod, view);
      if (!sameScores(scores, actual)) return { id, expected: scores, actual };
    }
    const placement = placementOf(pod, view, { cursor, random });
    if (!wanted || !agrees(wanted, placement)) return { id, expected: wanted, actual: placement };
    if (placement.node !== undefined) assignPod(view.state, pod, placement.node);
  }
  return undefined;
}

function agrees(wanted: ExpectedPod, actual: Placement): boolean {
  if (wanted.node !== undefined) return wanted.node === actual.node;
  return wanted.condition?.message === actual.message && wanted.condition?.reason === actual.reason;
}

/** Plugins that had nothing to score have no entry and add nothing. */
function sameScores(wanted: Scores, actual: Scores): boolean {
  return Object.entries(wanted).every(([node, scores]) =>
    Object.entries(scores).every(
      ([plugin, score]) => NOT_BUILT.has(plugin) || (actual[node]?.[plugin] ?? 0) === score,
    ),
  );
}

/** Score plugins without an implementation yet; in the cases played they score nothing. */
const NOT_BUILT = new Set(['InterPodAffinity', 'VolumeBinding']);

interface RuntimeClass extends KubeObject {
  readonly overhead?: { readonly podFixed?: object };
  readonly scheduling?: {
    readonly nodeSelector?: object;
    readonly tolerations?: readonly object[];
  };
}

const DEFAULT_TOLERATIONS = ['not-ready', 'unreachable'].map((name) => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/**
 * What admission and defaulting do to a pod before the scheduler sees it, as far as it matters here: requests from
 * limits, host ports on the host's network, overhead and place of its runtime class, default tolerations.
 */
function admitted(pod: Pod, classes: readonly RuntimeClass[]): Pod {
  const { spec } = pod;
  const runtime = classes.find(({ metadata }) => metadata.name === spec?.runtimeClassName);
  const container = (each: Container): object => ({
    ...each,
    ...(spec?.hostNetwork && each.ports
      ? { ports: each.ports.map((port) => ({ ...port, hostPort: port.containerPort })) }
      : {}),
    resources: {
      ...each.resources,
      requests: { ...each.resources?.limits, ...each.resources?.requests },
    },
  });
  return {
    ...pod,
    metadata: { uid: pod.metadata.name, namespace: 'default', ...pod.metadata },
    spec: {
      ...spec,
      containers: (spec?.containers ?? []).map(container),
      ...(spec?.initContainers ? { initContainers: spec.initContainers.map(container) } : {}),
      ...(runtime?.overhead ? { overhead: runtime.overhead.podFixed } : {}),
      ...(runtime?.scheduling?.nodeSelector
        ? { nodeSelector: { ...runtime.scheduling.nodeSelector, ...spec?.nodeSelector } }
        : {}),
      tolerations: [
        ...(spec?.tolerations ?? []),
        ...(runtime?.scheduling?.tolerations ?? []),
        ...DEFAULT_TOLERATIONS,
      ],
    },
  } as Pod;
}

function withProfile(pod: Pod, profile: string | undefined): Pod {
  if (profile === undefined || pod.spec?.schedulerName) return pod;
  return { ...pod, spec: { ...pod.spec, schedulerName: profile } } as Pod;
}
