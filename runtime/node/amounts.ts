import type { Container, Node, Pod, ResourceRequirements } from '../../generated/core/v1/types.ts';
import {
  baseUnits,
  formatQuantity,
  parseQuantity,
  subtractQuantities,
  ZERO,
} from '../meta/index.ts';

/** An amount as objects carry it. */
export type Quantity = NonNullable<ResourceRequirements['requests']>[string];

/** Amounts of resources by name, in base units: cpu in thousandths, everything else in units or bytes. */
export type Amounts = Readonly<Record<string, number>>;

export const NO_AMOUNTS: Amounts = {};

/** Quantities by resource name, as objects carry them. */
export type ResourceList = Readonly<Record<string, Quantity>>;

export function amountsOf(list: ResourceList | undefined): Amounts {
  if (!list) return NO_AMOUNTS;
  const amounts: Record<string, number> = {};
  for (const [name, quantity] of Object.entries(list)) amounts[name] = baseUnits(name, quantity);
  return amounts;
}

export function plus(a: Amounts, b: Amounts): Amounts {
  const sum: Record<string, number> = { ...a };
  for (const name in b) sum[name] = (sum[name] ?? 0) + b[name]!;
  return sum;
}

export function minus(a: Amounts, b: Amounts): Amounts {
  const rest: Record<string, number> = { ...a };
  for (const name in b) rest[name] = Math.max(0, (rest[name] ?? 0) - b[name]!);
  return rest;
}

const ofLists = new WeakMap<ResourceList, Amounts>();

/** What a Node says that pods may use of it, whoever wrote it there; as the kubelet last reported it where there is no Node. */
export function offeredBy(node: Node | undefined, reported: Amounts): Amounts {
  const list = node?.status?.allocatable;
  if (!list) return reported;
  let amounts = ofLists.get(list);
  if (!amounts) {
    amounts = amountsOf(list);
    ofLists.set(list, amounts);
  }
  return amounts;
}

/** Capacity without what is reserved for the system, in the capacity's own units; what nothing is reserved of keeps its text. */
export function allocatableOf(
  capacity: ResourceList,
  reserved: ResourceList | undefined,
): ResourceList {
  const rest: Record<string, Quantity> = { ...capacity };
  for (const [name, quantity] of Object.entries(reserved ?? {})) {
    const whole = parseQuantity(String(capacity[name] ?? ''));
    const taken = parseQuantity(String(quantity));
    if (!whole || !taken) continue;
    const left = subtractQuantities(whole, taken);
    rest[name] = formatQuantity(left.nanos < 0n ? ZERO : left) as Quantity;
  }
  return rest;
}

const ofContainers = new WeakMap<readonly Container[], Amounts>();

/** What a pod takes of its node, itself counted in `pods`. The sum over containers is made once per template. */
export function podAmounts(pod: Pod): Amounts {
  const { containers = [], initContainers, overhead, resources } = pod.spec ?? { containers: [] };
  let amounts = ofContainers.get(containers);
  if (!amounts || initContainers || overhead || resources) {
    amounts = plus(sumOf(pod), amountsOf(overhead));
    if (resources?.requests) amounts = { ...amounts, ...amountsOf(resources.requests) };
    amounts = { ...amounts, pods: 1 };
    if (!initContainers && !overhead && !resources) ofContainers.set(containers, amounts);
  }
  return amounts;
}

/** Containers and sidecars together, or the largest init container with the sidecars before it, whichever is more. */
function sumOf(pod: Pod): Amounts {
  let sidecars = NO_AMOUNTS;
  const peaks: Amounts[] = [];
  for (const container of pod.spec?.initContainers ?? []) {
    const wants = amountsOf(container.resources?.requests);
    if (container.restartPolicy === 'Always') sidecars = plus(sidecars, wants);
    else peaks.push(plus(sidecars, wants));
  }
  let total = sidecars;
  for (const container of pod.spec?.containers ?? [])
    total = plus(total, amountsOf(container.resources?.requests));
  const most: Record<string, number> = { ...total };
  for (const peak of peaks)
    for (const name in peak) most[name] = Math.max(most[name] ?? 0, peak[name]!);
  return most;
}
