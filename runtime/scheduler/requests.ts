import type { Container, PodSpec } from '../../generated/core/v1/types.ts';
import { baseUnits } from '../meta/index.ts';

/** What scoring assumes for a container that requests nothing. */
export const NON_ZERO_MILLI_CPU = 100;
export const NON_ZERO_MEMORY = 200 * 1024 * 1024;

/** Amounts of resources: CPU in thousandths, all else in whole units. */
export interface ResourceAmounts {
  readonly milliCpu: number;
  readonly memory: number;
  readonly ephemeralStorage: number;
  /** Extended resources and huge pages; undefined when there are none. */
  readonly scalars: ReadonlyMap<string, number> | undefined;
}

/** A pod's requests, and what scoring takes where nothing is requested. */
export interface PodRequests extends ResourceAmounts {
  readonly nonZeroMilliCpu: number;
  readonly nonZeroMemory: number;
}

type Quantities = Readonly<Record<string, string | number>>;
type Amounts = Map<string, number>;

export function resourceAmounts(quantities: Quantities | undefined): ResourceAmounts {
  return toAmounts(parse(quantities));
}

/**
 * The pod's requests as the scheduler counts them: containers and sidecars add up, ordinary init containers count as a
 * maximum, pod-level requests replace the sum, overhead comes on top.
 */
export function podRequests(spec: PodSpec): PodRequests {
  const real = sumOf(spec, undefined);
  const nonZero = sumOf(spec, { cpu: NON_ZERO_MILLI_CPU, memory: NON_ZERO_MEMORY });
  return {
    ...toAmounts(real),
    nonZeroMilliCpu: nonZero.get('cpu') ?? 0,
    nonZeroMemory: nonZero.get('memory') ?? 0,
  };
}

function sumOf(spec: PodSpec, missing: { cpu: number; memory: number } | undefined): Amounts {
  const total: Amounts = new Map();
  for (const container of spec.containers ?? []) add(total, requestsOf(container, missing));
  const sidecars: Amounts = new Map();
  const peak: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const requests = requestsOf(container, missing);
    if (container.restartPolicy === 'Always') {
      add(total, requests);
      add(sidecars, requests);
      raise(peak, sidecars);
    } else {
      add(requests, sidecars);
      raise(peak, requests);
    }
  }
  raise(total, peak);
  for (const [name, amount] of parse(podLevel(spec))) total.set(name, amount);
  add(total, parse(spec.overhead as Quantities | undefined));
  return total;
}

function podLevel(spec: PodSpec): Quantities | undefined {
  return (spec as { resources?: { requests?: Quantities } }).resources?.requests;
}

function requestsOf(
  container: Container,
  missing: { cpu: number; memory: number } | undefined,
): Amounts {
  const amounts = parse(container.resources?.requests as Quantities | undefined);
  if (!missing) return amounts;
  if (!amounts.has('cpu')) amounts.set('cpu', missing.cpu);
  if (!amounts.has('memory')) amounts.set('memory', missing.memory);
  return amounts;
}

function parse(quantities: Quantities | undefined): Amounts {
  const amounts: Amounts = new Map();
  for (const name in quantities) amounts.set(name, baseUnits(name, quantities[name]));
  return amounts;
}

function add(total: Amounts, more: Amounts): void {
  for (const [name, amount] of more) total.set(name, (total.get(name) ?? 0) + amount);
}

function raise(total: Amounts, floor: Amounts): void {
  for (const [name, amount] of floor) if (amount > (total.get(name) ?? 0)) total.set(name, amount);
}

const BUILT_IN = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);

function toAmounts(amounts: Amounts): ResourceAmounts {
  let scalars: Map<string, number> | undefined;
  for (const [name, amount] of amounts) {
    if (BUILT_IN.has(name)) continue;
    scalars ??= new Map();
    scalars.set(name, amount);
  }
  return {
    milliCpu: amounts.get('cpu') ?? 0,
    memory: amounts.get('memory') ?? 0,
    ephemeralStorage: amounts.get('ephemeral-storage') ?? 0,
    scalars,
  };
}

/** Domain-prefixed names that are not Kubernetes' own. */
export function isExtendedResource(name: string): boolean {
  return name.includes('/') && !name.includes('kubernetes.io/') && !name.startsWith('requests.');
}

/** Resources that are only scored when the pod asks for them. */
export function isScalarResource(name: string): boolean {
  return (
    isExtendedResource(name) ||
    name.startsWith('hugepages-') ||
    name.startsWith('attachable-volumes-') ||
    name.includes('kubernetes.io/')
  );
}
