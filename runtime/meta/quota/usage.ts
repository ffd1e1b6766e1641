import type { PersistentVolumeClaim, Pod, Service } from '../../../generated/core/v1/types.ts';
import {
  compareQuantities,
  parseQuantity,
  type Quantity,
  quantityOf,
  roundUpQuantity,
} from '../../../generator/model/quantity.ts';
import type { WatchEvent } from '../api.ts';
import type { KubeObject } from '../object.ts';
import { countedSpec, resizeState } from '../pod-resources.ts';
import { storageClassOf } from '../storage-cells.ts';
import { parseTime } from '../time.ts';
import { isExtendedResource } from './names.ts';
import { type Amounts, isAtPodLevel, podAmounts } from './pod-amounts.ts';

/** How the objects of one resource are counted. */
interface Evaluator {
  /** The names, of those that a quota limits, that objects of the resource use. */
  matches(name: string): boolean;
  usage(object: KubeObject, nowMs: number): [string, Quantity][];
  /** Whether a change of an object may change what it uses. */
  readonly changes?: boolean;
  /** Whether a change may have left an object with less. */
  frees?(object: KubeObject, previous: KubeObject): boolean;
}

const ONE = quantityOf(1);
const STORAGE_CLASS = '.storageclass.storage.k8s.io/';
/** Counted under their plain name too. */
const PLAIN = new Set(['configmaps', 'replicationcontrollers', 'resourcequotas', 'secrets']);

/** Whether an operation on an object of the resource is charged for. */
export function isCharged(
  resource: string,
  operation: string,
  subresource: string | undefined,
): boolean {
  if (operation === 'CREATE') return subresource === undefined && resource !== 'events';
  if (operation !== 'UPDATE') return false;
  if (subresource === 'resize') return resource === 'pods';
  if (!EVALUATORS[resource]?.changes) return false;
  return subresource === undefined || (subresource === 'status' && resource !== 'services');
}

/** Whether what happened may have left a quota with more than before: something went, ended or shrank. */
export function freesQuota(resource: string, event: WatchEvent<KubeObject>): boolean {
  const { type, object, previous } = event;
  if (type === 'DELETED') return true;
  return previous !== undefined && (EVALUATORS[resource]?.frees?.(object, previous) ?? false);
}

/** How much of everything an object uses. `resource` is its id, `deployments.apps`. */
export function quotaUsage(resource: string, object: KubeObject, nowMs: number): Amounts {
  const own = EVALUATORS[resource]?.usage(object, nowMs) ?? plainUsage(resource);
  return new Map([[`count/${resource}`, ONE], ...own]);
}

const plainUsage = (resource: string): [string, Quantity][] =>
  PLAIN.has(resource) ? [[resource, ONE]] : [];

/** Of the names that a quota limits, those that objects of the resource use. */
export function resourcesFor(resource: string, names: readonly string[]): string[] {
  const evaluator = EVALUATORS[resource];
  return names.filter(
    (name) =>
      name === `count/${resource}` ||
      (evaluator ? evaluator.matches(name) : PLAIN.has(resource) && name === resource),
  );
}

/**
 * Compute that a quota limits and that some container of a pod does not ask for, with the containers' names. None of a pod
 * that says itself what it asks for.
 */
export function missingAmounts(
  resource: string,
  object: KubeObject,
  limited: readonly string[],
): Map<string, string[]> {
  const missing = new Map<string, string[]>();
  if (resource !== 'pods') return missing;
  const {
    containers = [],
    initContainers = [],
    resources: own,
  } = (object as Pod & KubeObject).spec ?? {};
  if (isAtPodLevel(own?.requests) || isAtPodLevel(own?.limits)) return missing;
  for (const name of limited.filter((each) => MANDATORY.has(each)).sort()) {
    const [side, compute] = name.startsWith('limits.')
      ? (['limits', name.slice('limits.'.length)] as const)
      : (['requests', name.replace('requests.', '')] as const);
    const without = [...containers, ...initContainers].filter(
      ({ resources }) => !(compute in (resources?.[side] ?? {})),
    );
    if (without.length > 0) missing.set(name, without.map((each) => each.name).sort());
  }
  return missing;
}

const MANDATORY = new Set(
  ['cpu', 'memory'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
);

const OF_PODS = new Set(
  ['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => [
    name,
    `requests.${name}`,
    `limits.${name}`,
  ]),
);
const OF_SERVICES = new Set(['services', 'services.nodeports', 'services.loadbalancers']);
const OF_CLAIMS = ['persistentvolumeclaims', 'requests.storage'];

const EVALUATORS: Readonly<Record<string, Evaluator>> = {
  pods: {
    matches: (name) =>
      name === 'pods' ||
      OF_PODS.has(name) ||
      /^(requests\.)?hugepages-/.test(name) ||
      (name.startsWith('requests.') && isExtendedResource(name.slice('requests.'.length))),
    usage: (object, nowMs) => podUsage(object as Pod & KubeObject, nowMs),
    frees: (object, previous) => podFrees(object as Pod & KubeObject, previous as Pod & KubeObject),
  },
  services: {
    matches: (name) => OF_SERVICES.has(name),
    usage: (object) => serviceUsage(object as Service & KubeObject),
    changes: true,
    frees: (object, previous) => (object as Service).spec !== (previous as Service).spec,
  },
  persistentvolumeclaims: {
    matches: (name) =>
      OF_CLAIMS.some((each) => name === each || name.endsWith(`${STORAGE_CLASS}${each}`)),
    usage: (object) => claimUsage(object as PersistentVolumeClaim & KubeObject),
    changes: true,
    frees: (object, previous) => {
      const [now, before] = [object, previous] as PersistentVolumeClaim[];
      return now?.spec !== before?.spec || now?.status !== before?.status;
    },
  },
};

/** A pod that has ended, or is still there long after it should have gone, uses nothing any more. */
function podUsage(pod: Pod & KubeObject, nowMs: number): [string, Quantity][] {
  if (hasEnded(pod) || nowMs > stuckAtMs(pod)) return [];
  const spec = countedSpec(pod) ?? { containers: [] };
  return [
    ['pods', ONE],
    ...[...podAmounts(spec, 'requests')].flatMap(([name, own]) => requested(name, own)),
    ...[...podAmounts(spec, 'limits')].flatMap(([name, own]): [string, Quantity][] =>
      OF_PODS.has(name) ? [[`limits.${name}`, own]] : [],
    ),
  ];
}

/** It ended, or its node is further with the size that it is to have. */
function podFrees(pod: Pod, previous: Pod): boolean {
  if (hasEnded(pod)) return !hasEnded(previous);
  return pod.status !== previous.status && resizeState(pod) !== resizeState(previous);
}

/** The end of the grace, and as much again; never where nothing is said of a grace. */
function stuckAtMs({ metadata }: Pod): number {
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined)
    return Number.POSITIVE_INFINITY;
  return parseTime(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

function requested(name: string, own: Quantity): [string, Quantity][] {
  if (OF_PODS.has(name) || name.startsWith('hugepages-'))
    return [
      [name, own],
      [`requests.${name}`, own],
    ];
  return isExtendedResource(name) ? [[`requests.${name}`, own]] : [];
}

function serviceUsage({ spec }: Service): [string, Quantity][] {
  const ports = spec?.ports ?? [];
  const isBalanced = spec?.type === 'LoadBalancer';
  const isOpen = isBalanced || spec?.type === 'NodePort';
  const opensAll = isOpen && !(isBalanced && spec?.allocateLoadBalancerNodePorts === false);
  const open = opensAll ? ports : ports.filter(({ nodePort }) => isOpen && nodePort);
  return [
    ['services', ONE],
    ['services.nodeports', quantityOf(open.length)],
    ['services.loadbalancers', quantityOf(isBalanced ? 1 : 0)],
  ];
}

/** A claim that grows uses what is set aside for it already. */
function claimUsage(claim: PersistentVolumeClaim & KubeObject): [string, Quantity][] {
  const wanted = claim.spec?.resources?.requests?.storage;
  const set = claim.status?.allocatedResources?.storage;
  const own = wanted === undefined ? undefined : larger(bytes(wanted), set && bytes(set));
  const used: [string, Quantity][] = [
    ['persistentvolumeclaims', ONE],
    ...(own ? ([['requests.storage', own]] as [string, Quantity][]) : []),
  ];
  const name = storageClassOf(claim);
  const ofClass = used.map(([each, n]): [string, Quantity] => [
    `${name}${STORAGE_CLASS}${each}`,
    n,
  ]);
  return name === '' ? used : [...used, ...ofClass];
}

function bytes(text: string | number): Quantity {
  return roundUpQuantity(parseQuantity(String(text)) ?? quantityOf(0), 0).quantity;
}

function larger(a: Quantity, b: Quantity | undefined | '' | 0): Quantity {
  return b && compareQuantities(b, a) > 0 ? b : a;
}
