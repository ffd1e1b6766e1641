import type {
  Container,
  NodeSelectorTerm,
  PodSpec,
  Volume,
} from '../../../../generated/core/v1/types.ts';
import { parseQuantity } from '../../../meta/index.ts';

const known = new WeakMap<PodSpec, readonly string[]>();

/** What is to be said about a pod's spec, from `spec` on. Remembered: the pods of a template share theirs. */
export function podSpecWarnings(spec: PodSpec): readonly string[] {
  let found = known.get(spec);
  if (!found) {
    found = [
      ...placementWarnings(spec),
      ...aliasWarnings(spec),
      ...(spec.volumes ?? []).flatMap(volumeWarnings),
      ...secretWarnings(spec),
      ...containersOf(spec).flatMap(([container, path]) => containerWarnings(container, path)),
      ...graceWarnings(spec),
      ...amountWarnings(spec.overhead, 'spec.overhead'),
    ];
    known.set(spec, found);
  }
  return found;
}

/** Labels of nodes that have other names today, since when, and which. */
const FORMER_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region':
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone':
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type':
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

function placementWarnings({ nodeSelector, affinity, topologySpreadConstraints }: PodSpec) {
  const { requiredDuringSchedulingIgnoredDuringExecution: required } = affinity?.nodeAffinity ?? {};
  const { preferredDuringSchedulingIgnoredDuringExecution: preferred = [] } =
    affinity?.nodeAffinity ?? {};
  const path = 'spec.affinity.nodeAffinity';
  return [
    ...labelWarnings(
      Object.keys(nodeSelector ?? {}).map((key) => [key, `spec.nodeSelector[${key}]`]),
    ),
    ...(required?.nodeSelectorTerms ?? []).flatMap((term, at) =>
      termWarnings(
        term,
        `${path}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${at}]`,
      ),
    ),
    ...preferred.flatMap(({ preference }, at) =>
      termWarnings(
        preference,
        `${path}.preferredDuringSchedulingIgnoredDuringExecution[${at}].preference`,
      ),
    ),
    ...labelWarnings(
      (topologySpreadConstraints ?? []).map(({ topologyKey }, at) => [
        topologyKey,
        `spec.topologySpreadConstraints[${at}].topologyKey`,
      ]),
    ),
  ];
}

function termWarnings({ matchExpressions = [] }: NodeSelectorTerm, path: string): string[] {
  return labelWarnings(
    matchExpressions.map(({ key }, at) => [key, `${path}.matchExpressions[${at}].key`]),
  );
}

function labelWarnings(labels: readonly (readonly [key: string, path: string])[]): string[] {
  return labels.flatMap(([key, path]) => {
    const what = FORMER_LABELS[key];
    if (what === undefined) return [];
    return [
      path.endsWith('key') || path.endsWith('Key')
        ? `${path}: ${key} is ${what}`
        : `${path}: ${what}`,
    ];
  });
}

function aliasWarnings({ hostAliases = [] }: PodSpec): string[] {
  const seen = new Set<string>();
  return hostAliases.flatMap(({ ip }, at) => {
    const isRepeat = seen.has(ip);
    seen.add(ip);
    return isRepeat ? [`spec.hostAliases[${at}].ip: duplicate ip ${JSON.stringify(ip)}`] : [];
  });
}

/** Sorts of volumes that went out of use. */
const FORMER_VOLUMES: Readonly<Partial<Record<keyof Volume, string>>> = {
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
};

function volumeWarnings(volume: Volume, at: number): string[] {
  const sort = Object.keys(volume).find((key) => key in FORMER_VOLUMES) as keyof Volume | undefined;
  return sort ? [`spec.volumes[${at}].${sort}: ${FORMER_VOLUMES[sort]}`] : [];
}

function secretWarnings({ imagePullSecrets = [] }: PodSpec): string[] {
  return imagePullSecrets.flatMap(({ name }, at) =>
    name ? [] : [`spec.imagePullSecrets[${at}].name: invalid empty name ""`],
  );
}

function graceWarnings({ terminationGracePeriodSeconds: seconds = 0 }: PodSpec): string[] {
  if (seconds >= 0) return [];
  return [
    'spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
  ];
}

function containersOf(spec: PodSpec): [Container, string][] {
  const { initContainers = [], containers = [] } = spec;
  return [
    ...initContainers.map((each, at): [Container, string] => [each, `spec.initContainers[${at}]`]),
    ...containers.map((each, at): [Container, string] => [each, `spec.containers[${at}]`]),
  ];
}

function containerWarnings({ resources, env = [], ports = [] }: Container, path: string): string[] {
  return [
    ...amountWarnings(resources?.limits, `${path}.resources.limits`),
    ...amountWarnings(resources?.requests, `${path}.resources.requests`),
    ...envWarnings(env, path),
    ...portWarnings(ports, path),
  ];
}

/** Amounts of bytes come in whole bytes. */
function amountWarnings(
  amounts: Readonly<Record<string, string | number>> | undefined,
  path: string,
): string[] {
  return ['memory', 'ephemeral-storage'].flatMap((name) => {
    const text = String(amounts?.[name] ?? '0');
    if (!isFractional(text)) return [];
    return [
      `${path}[${name}]: fractional byte value ${JSON.stringify(text)} is invalid, must be an integer`,
    ];
  });
}

function isFractional(text: string): boolean {
  const amount = parseQuantity(text);
  return amount !== undefined && text.endsWith('m') && Number(text.slice(0, -1)) % 1000 !== 0;
}

function envWarnings(env: NonNullable<Container['env']>, path: string): string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name, value }, at) => {
    const isHiding = seen.has(name) && !value?.includes(`$(${name})`);
    seen.add(name);
    if (!isHiding) return [];
    const what = `hides previous definition of ${JSON.stringify(name)}`;
    return [`${path}.env[${at}]: ${what}, which may be dropped when using apply`];
  });
}

function portWarnings(ports: NonNullable<Container['ports']>, path: string): string[] {
  const seen = new Map<string, number>();
  return ports.flatMap(({ containerPort, protocol = 'TCP', hostPort = 0, hostIP = '' }, at) => {
    const key = `${protocol}/${containerPort}/${hostIP}/${hostPort}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, at);
      return [];
    }
    return [`${path}.ports[${at}]: duplicate port definition with ${path}.ports[${first}]`];
  });
}
