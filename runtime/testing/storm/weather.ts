import { DaemonSet, Deployment, StatefulSet } from '../../../generated/apps/v1/index.ts';
import { Job } from '../../../generated/batch/v1/index.ts';
import { ResourceQuota, Service } from '../../../generated/core/v1/index.ts';
import { PodDisruptionBudget } from '../../../generated/policy/v1/index.ts';
import { createCluster } from '../index.ts';
import { deeds } from './deeds.ts';
import { type Reckoning, reckoning } from './reckoning.ts';

export interface Outcome {
  readonly end: Reckoning;
  /** What was broken on the way, or does not come to rest. */
  readonly problem?: string;
}

const NODES = Object.fromEntries(
  Array.from({ length: 6 }, (_, at) => [
    `n${at}`,
    { zone: 'abc'[at % 3]!, cpu: '2', memory: '4Gi' },
  ]),
);
const BUSY = { requests: { cpu: '250m', memory: '128Mi' } } as const;
const probe = { httpGet: { port: 80 }, periodSeconds: 5, failureThreshold: 2 };

function template(app: string, container: object, spec: object = {}) {
  return {
    metadata: { labels: { app } },
    spec: {
      terminationGracePeriodSeconds: 5,
      containers: [{ name: 'main', image: `${app}:1`, resources: BUSY, ...container }],
      ...spec,
    },
  };
}

/** A Deployment, a StatefulSet, a DaemonSet and a Job, with a Service, a disruption budget and a quota. */
const WORKLOADS = [
  new ResourceQuota({
    metadata: { name: 'all' },
    spec: { hard: { pods: '24', 'requests.cpu': '6', 'requests.memory': '4Gi' } },
  }),
  new Service({
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  }),
  new PodDisruptionBudget({
    metadata: { name: 'web' },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
  }),
  new Deployment({
    metadata: { name: 'web' },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'web' } },
      template: template('web', { readinessProbe: probe, livenessProbe: probe }),
    },
  }),
  new StatefulSet({
    metadata: { name: 'db' },
    spec: {
      serviceName: 'db',
      replicas: 2,
      selector: { matchLabels: { app: 'db' } },
      template: template('db', { readinessProbe: probe }),
    },
  }),
  new DaemonSet({
    metadata: { name: 'log' },
    spec: { selector: { matchLabels: { app: 'log' } }, template: template('log', {}) },
  }),
  new Job({
    metadata: { name: 'sum' },
    spec: {
      completions: 4,
      parallelism: 2,
      backoffLimit: 100,
      template: template('sum', {}, { restartPolicy: 'OnFailure' }),
    },
  }),
] as const;

const SUM = {
  apiVersion: 'cluster.slipway.dev/v1',
  kind: 'Behaviour',
  metadata: { name: 'sum', namespace: 'default' },
  spec: { image: 'sum:1', exit: [{ after: '20s', code: 0 }] },
};

/** When people begin to do things, and what time passes after the last was at its goal. */
const FIRST_DEED = '20s';
const REST = '30s';

/** Plays a storm: the workloads come with its beginning and people do this and that in the middle of it; then time passes until all is quiet. */
export async function weather(
  seed: number,
  faults: readonly string[],
  freeze = false,
): Promise<Outcome> {
  const cluster = await createCluster({ seed, nodes: NODES, faults, invariants: true, freeze });
  try {
    await cluster.create(SUM, ...WORKLOADS);
    await cluster.advance(FIRST_DEED);
    await deeds(cluster, seed);
    const { converged, unconverged } = await cluster.settle('1h');
    // A taint goes with the next look at a node that is ready again.
    await cluster.advance(REST);
    const end = reckoning(cluster);
    if (converged) return { end };
    const waiting = unconverged.map(
      ({ kind, name, waitingFor }) => `${kind} ${name}: ${waitingFor}`,
    );
    return { end, problem: `does not come to rest: ${waiting.join('; ')}` };
  } catch (error) {
    return { end: [], problem: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause =
    error.cause === undefined ? '' : `: ${messageOf(error.cause)}\n${stackOf(error.cause)}`;
  return `${error.message}${cause}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '') : '';
}

/** How a person plays a storm again. */
export function commandOf(seed: number, faults: readonly string[]): string {
  return `STORM_SEED=${seed} STORM_FAULTS='${faults.join(' ')}' npx vitest run runtime/testing/storm/storm.sim.test.ts`;
}
