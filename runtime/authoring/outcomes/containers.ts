import { events, pods } from '../../../generated/core/v1/resources.ts';
import type { Container, ContainerStatus, Pod } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import { containerPath, type Origin, type OutcomeSources, originOf, podFieldOf } from './origin.ts';

/** What is wrong with a container, and in which field of it. */
interface Trouble {
  readonly container: string;
  readonly text: string;
  /** In the container: `image`; empty for all of it. */
  readonly field: string;
}

/** A trouble that all pods of one template share. */
interface Shared extends Trouble {
  readonly origin: Origin | undefined;
  readonly pods: Pod[];
}

const IMAGE: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
]);
const STUCK: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);
const PROBES = { Readiness: 'readinessProbe', Liveness: 'livenessProbe', Startup: 'startupProbe' };
type Probe = keyof typeof PROBES;
type ProbeOf = (pod: Pod, container: string) => Probe | undefined;
const UNHEALTHY = /^(Readiness|Liveness|Startup) probe (?:failed|errored)/;

/** Containers that cannot start, end again and again, or do not get ready; those of one template once. */
export function stuckContainers(sources: OutcomeSources): Finding[] {
  const shared = new Map<string, Shared>();
  const probeOf = failingProbes(sources);
  for (const pod of sources.transport.lister(pods).list()) {
    const troubles = isWell(pod) ? [] : troublesOf(pod, probeOf);
    if (troubles.length === 0) continue;
    const origin = originOf(sources, pod as unknown as KubeObject);
    const whose = origin ? labelOf(origin.resource.object) : labelOf(pod as unknown as KubeObject);
    for (const trouble of troubles) {
      const key = `${whose} ${trouble.container} ${trouble.field} ${trouble.text}`;
      const known = shared.get(key);
      if (known) known.pods.push(pod);
      else shared.set(key, { ...trouble, origin, pods: [pod] });
    }
  }
  return [...shared.values()].map(told);
}

function isWell({ status, metadata }: Pod): boolean {
  const { phase, conditions = [] } = status ?? {};
  const ready = conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  const over = phase === 'Succeeded' || phase === 'Failed';
  return ready || over || metadata.deletionTimestamp !== undefined;
}

function told({ container, text, field, origin, pods: all }: Shared): Finding {
  const [first] = all;
  const { namespace, name } = first!.metadata;
  const whose = all.length === 1 ? `pod ${namespace}/${name}` : `${all.length} pods`;
  const message = `container ${container} of ${whose} ${text}`;
  const path = origin && containerPath(origin, container);
  if (!origin || !path) return finding('E_OUTCOME_CONTAINER', message);
  return finding('E_OUTCOME_CONTAINER', message, {
    object: labelOf(origin.resource.object),
    ...podFieldOf(origin, field === '' ? path : `${path}.${field}`),
  });
}

function troublesOf(pod: Pod, probeOf: ProbeOf): Trouble[] {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const specs = new Map([...initContainers, ...containers].map((each) => [each.name, each]));
  return [...initContainerStatuses, ...containerStatuses].flatMap((status) => {
    const spec = specs.get(status.name);
    return (spec && troubleOf(spec, status, () => probeOf(pod, status.name))) ?? [];
  });
}

function troubleOf(
  spec: Container,
  { name, state, lastState, ready, restartCount = 0 }: ContainerStatus,
  failing: () => Probe | undefined,
): Trouble | undefined {
  const { reason = '', message = '' } = state?.waiting ?? {};
  if (IMAGE.has(reason)) return { container: name, field: 'image', text: waits(reason, message) };
  if (reason === 'CrashLoopBackOff') {
    const { exitCode = 0, reason: why = '' } = lastState?.terminated ?? {};
    const failed = failing();
    const isKilled = why !== 'OOMKilled' && failed !== 'Readiness';
    const probe = isKilled ? failed : undefined;
    const ended = `ends again and again, the last time with exit code ${exitCode} (${why}), started anew ${restartCount} times`;
    const text = probe ? `${ended}, as its ${probe.toLowerCase()} probe fails` : ended;
    const field = why === 'OOMKilled' ? 'resources.limits[memory]' : probe ? PROBES[probe] : '';
    return { container: name, field, text };
  }
  if (STUCK.has(reason))
    return { container: name, field: referenceIn(spec, message), text: waits(reason, message) };
  if (!state?.running || ready) return undefined;
  const probe = failing();
  if (!probe) return undefined;
  const field = PROBES[probe];
  return { container: name, field, text: `is not ready: its ${probe.toLowerCase()} probe fails` };
}

function waits(reason: string, message: string): string {
  return message === '' ? `waits: ${reason}` : `waits: ${reason}: ${message}`;
}

/** The name or the key, in the environment, of what is missing: `secret "x" not found`, `couldn't find key k in ConfigMap ns/x`. */
function referenceIn({ env = [], envFrom = [] }: Container, message: string): string {
  const [, whole, key, keyed] =
    /(?:secret|configmap) "([^"]+)" not found|key (\S+) in (?:Secret|ConfigMap) [^/\s]+\/(\S+)/i.exec(
      message,
    ) ?? [];
  const name = whole ?? keyed;
  if (name === undefined) return '';
  for (const [at, { valueFrom }] of env.entries())
    for (const sort of ['secretKeyRef', 'configMapKeyRef'] as const) {
      const ref = valueFrom?.[sort];
      if (ref?.name === name && (key === undefined || ref.key === key))
        return `env[${at}].valueFrom.${sort}.${key === undefined ? 'name' : 'key'}`;
    }
  for (const [at, each] of envFrom.entries())
    for (const sort of ['secretRef', 'configMapRef'] as const)
      if (each[sort]?.name === name) return `envFrom[${at}].${sort}.name`;
  return '';
}

/** By uid of the pod and name of the container, the probe that failed last. One look at all events, made when first asked. */
function failingProbes({ transport }: OutcomeSources): ProbeOf {
  let latest: Map<string, { readonly at: string; readonly probe: Probe }> | undefined;
  const look = (): NonNullable<typeof latest> => {
    const found: NonNullable<typeof latest> = new Map();
    for (const event of transport.lister(events).list()) {
      const { involvedObject, reason, message = '', lastTimestamp = '' } = event;
      const probe = reason === 'Unhealthy' ? UNHEALTHY.exec(message)?.[1] : undefined;
      const container = /\{(.*)\}/.exec(involvedObject.fieldPath ?? '')?.[1];
      if (probe === undefined || container === undefined) continue;
      const key = `${involvedObject.uid} ${container}`;
      if (lastTimestamp < (found.get(key)?.at ?? '')) continue;
      found.set(key, { at: lastTimestamp, probe: probe as Probe });
    }
    return found;
  };
  return ({ metadata }, container) => {
    latest ??= look();
    return latest.get(`${metadata.uid} ${container}`)?.probe;
  };
}
