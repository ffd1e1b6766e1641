import type { PodSpec } from '../../../generated/core/v1/types.ts';
import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  type Quantity,
  ZERO,
} from '../../../generator/model/quantity.ts';

/** How much of each resource. */
export type Amounts = ReadonlyMap<string, Quantity>;

type Side = 'requests' | 'limits';
type List = Readonly<Record<string, unknown>>;

const AT_POD_LEVEL = /^(cpu|memory|hugepages-.+)$/;

/**
 * What a pod asks for, or may use at most: the sum over containers and sidecars, but at least what one init container needs beside
 * the sidecars before it; what the pod says of itself instead; and the overhead of its runtime class on top.
 */
export function podAmounts(spec: PodSpec, side: Side): Amounts {
  const totals = new Map(containerAmounts(spec, side));
  for (const [name, own] of entriesOf(spec.resources?.[side]))
    if (AT_POD_LEVEL.test(name)) totals.set(name, own);
  for (const [name, extra] of entriesOf(spec.overhead)) {
    const before = totals.get(name);
    if (before) totals.set(name, addQuantities(before, extra));
    else if (side === 'requests') totals.set(name, extra);
  }
  return totals;
}

/** The same, of the containers alone. */
export function containerAmounts(
  { containers = [], initContainers = [] }: PodSpec,
  side: Side,
): Amounts {
  const running = new Map<string, Quantity>();
  for (const { resources } of containers) add(running, resources?.[side]);
  const sidecars = new Map<string, Quantity>();
  const starting = new Map<string, Quantity>();
  for (const { resources, restartPolicy } of initContainers) {
    const isSidecar = restartPolicy === 'Always';
    if (isSidecar) for (const totals of [running, sidecars]) add(totals, resources?.[side]);
    const now = new Map(sidecars);
    if (!isSidecar) add(now, resources?.[side]);
    raise(starting, now);
  }
  raise(running, starting);
  return running;
}

/** Whether a pod says of itself how much of something it asks for. */
export function isAtPodLevel(list: List | undefined): boolean {
  return Object.keys(list ?? {}).some((name) => AT_POD_LEVEL.test(name));
}

function entriesOf(list: List = {}): [string, Quantity][] {
  return Object.entries(list).map(([name, text]) => [name, parseQuantity(String(text)) ?? ZERO]);
}

function add(totals: Map<string, Quantity>, list: List | undefined): void {
  for (const [name, own] of entriesOf(list)) {
    const before = totals.get(name);
    totals.set(name, before ? addQuantities(before, own) : own);
  }
}

function raise(totals: Map<string, Quantity>, least: Amounts): void {
  for (const [name, quantity] of least) {
    const before = totals.get(name);
    if (!before || compareQuantities(before, quantity) < 0) totals.set(name, quantity);
  }
}
