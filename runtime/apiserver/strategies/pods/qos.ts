import type { PodSpec } from '../../../../generated/core/v1/types.ts';
import { addQuantities, compareQuantities, type Quantity, ZERO } from '../../../meta/index.ts';
import { amount } from '../pod-spec/index.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const classes = new WeakMap<PodSpec, QosClass>();

/** Guaranteed: asks for exactly its limits everywhere; BestEffort: asks for nothing; else Burstable. */
export function qosClassOf(spec: PodSpec): QosClass {
  let found = classes.get(spec);
  if (!found) {
    found = computeQos(spec);
    classes.set(spec, found);
  }
  return found;
}

const COMPUTE = ['cpu', 'memory'] as const;

/** What the pod says of itself counts before what its containers say. */
function computeQos({ resources, containers = [], initContainers = [] }: PodSpec): QosClass {
  const hasOwn = Object.keys({ ...resources?.requests, ...resources?.limits }).length > 0;
  const parts = hasOwn ? [resources ?? {}] : all([...containers, ...initContainers]);
  const requests = COMPUTE.map((name) => total(parts.map((part) => part.requests?.[name])));
  const limits = COMPUTE.map((name) => total(parts.map((part) => part.limits?.[name])));
  if ([...requests, ...limits].every((each) => each.nanos === 0n)) return 'BestEffort';
  const isLimited = parts.every((part) =>
    COMPUTE.every((name) => amount(part.limits?.[name] ?? '0').nanos > 0n),
  );
  const asksForLimits = limits.every((limit, at) => compareQuantities(limit, requests[at]!) === 0);
  return isLimited && asksForLimits ? 'Guaranteed' : 'Burstable';
}

function all(containers: PodSpec['containers']): NonNullable<PodSpec['resources']>[] {
  return containers.map(({ resources = {} }) => resources);
}

function total(amounts: readonly unknown[]): Quantity {
  return amounts.reduce<Quantity>((sum, each) => addQuantities(sum, amount(each ?? '0')), ZERO);
}
