import type { Endpoint } from '../../../generated/discovery/v1/types.ts';
import { leastFor, type ZoneShares } from './topology.ts';

/** An Event about the service. */
export interface Notice {
  readonly type: 'Normal' | 'Warning';
  readonly reason: 'TopologyAwareHintsEnabled' | 'TopologyAwareHintsDisabled';
  readonly message: string;
}

/** The endpoints of a slice; those that are not written may keep the hints that they have. */
export interface HintedSlice {
  readonly endpoints: readonly Endpoint[];
  readonly isWritten: boolean;
}

/** The endpoints of each slice with hints, or without any where that is not possible. */
export interface Hinting {
  /** In the order of the slices; the very same list where nothing changes. */
  readonly endpoints: readonly (readonly Endpoint[])[];
  readonly notice?: Notice;
}

/** How many endpoints a zone should have, and how many it may have. */
interface Allocation {
  readonly desired: number;
  readonly most: number;
}

const PROBLEMS = {
  nodes:
    'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes',
  few: 'Insufficient number of endpoints',
  least:
    'Unable to allocate minimum required endpoints to each zone without exceeding overload threshold',
  zoneless: 'One or more endpoints do not have a zone specified',
  none: 'No hints allocated for zones',
} as const;

/**
 * Gives ready endpoints to zones in proportion to the CPU that these have: each to its own zone at first, then some of zones
 * with too many to those with too few. Slices that need no write keep their hints as long as these still make sense.
 */
export function hinted(
  slices: readonly HintedSlice[],
  shares: ZoneShares | undefined,
  wasEnabled: boolean,
): Hinting {
  const ready = slices.flatMap(({ endpoints }) => endpoints.filter(isReady)).length;
  const allocations = allocate(ready, shares);
  if (typeof allocations === 'string') return withoutHints(slices, allocations);
  const given = new Map<string, number>();
  const kept = slices.map(
    ({ endpoints, isWritten }) => !isWritten && keepHints(endpoints, given, allocations),
  );
  const open = slices.filter((_, at) => !kept[at]).flatMap(({ endpoints }) => endpoints);
  if (open.some((each) => isReady(each) && !each.zone))
    return withoutHints(slices, PROBLEMS.zoneless);
  for (const { zone } of open.filter(isReady)) add(given, zone ?? '', 1);
  if (given.size === 0) return withoutHints(slices, PROBLEMS.none);
  const moves = movesBetween(allocations, given);
  const endpoints = slices.map((slice, at) =>
    kept[at] ? slice.endpoints : slice.endpoints.map((each) => withHint(each, moves)),
  );
  if (wasEnabled) return { endpoints };
  const message = 'Topology Aware Hints has been enabled';
  return { endpoints, notice: { type: 'Normal', reason: 'TopologyAwareHintsEnabled', message } };
}

/** What each zone should have of `ready` endpoints; or why they cannot be shared out. */
function allocate(
  ready: number,
  shares: ZoneShares | undefined,
): ReadonlyMap<string, Allocation> | string {
  if (!shares) return PROBLEMS.nodes;
  const counted = `(${ready} endpoints, ${shares.size} zones)`;
  if (shares.size > ready) return `${PROBLEMS.few} ${counted}`;
  const least = new Map([...shares].map(([zone, share]) => [zone, leastFor(share * ready)]));
  const sum = [...least.values()].reduce((a, b) => a + b, 0);
  if (sum > ready) return `${PROBLEMS.least} ${counted}`;
  return new Map(
    [...shares].map(([zone, share]) => {
      const atLeast = least.get(zone)!;
      return [zone, { desired: Math.max(share * ready, atLeast), most: atLeast + ready - sum }];
    }),
  );
}

function withoutHints(slices: readonly HintedSlice[], problem: string): Hinting {
  const endpoints = slices.map(({ endpoints: each }) =>
    each.some(({ hints }) => hints) ? each.map(bare) : each,
  );
  return {
    endpoints,
    notice: { type: 'Warning', reason: 'TopologyAwareHintsDisabled', message: problem },
  };
}

/** Whether the hints of a slice may stay; then they are added to what is `given`. */
function keepHints(
  endpoints: readonly Endpoint[],
  given: Map<string, number>,
  allocations: ReadonlyMap<string, Allocation>,
): boolean {
  const own = new Map<string, number>();
  for (const { hints } of endpoints.filter(isReady)) {
    const zones = hints?.forZones ?? [];
    if (zones.length === 0) return false;
    for (const { name } of zones) add(own, name, 1);
  }
  for (const [zone, count] of own) {
    const allocation = allocations.get(zone);
    if (!allocation || count + (given.get(zone) ?? 0) > allocation.most) return false;
  }
  for (const [zone, count] of own) add(given, zone, count);
  return true;
}

interface Moves {
  /** By zone: endpoints that it gives away, or gets from others. */
  readonly giving: Map<string, number>;
  readonly receiving: Map<string, number>;
}

/** From the zone with most to spare to the one that lacks most, while it is worth it. */
function movesBetween(
  allocations: ReadonlyMap<string, Allocation>,
  given: ReadonlyMap<string, number>,
): Moves {
  const spare = new Map<string, number>();
  const lack = new Map<string, number>();
  for (const [zone, { desired }] of allocations) {
    const surplus = (given.get(zone) ?? 0) - desired;
    if (surplus > 0) spare.set(zone, surplus);
    else if (surplus < 0) lack.set(zone, -surplus);
  }
  const moves: Moves = { giving: new Map(), receiving: new Map() };
  for (;;) {
    const [from, most] = greatest(spare);
    const [to, need] = greatest(lack);
    const isWorthIt = Math.min(most, need) >= 0.5 && Math.max(most, need) >= 1;
    if (from === undefined || to === undefined || !isWorthIt) return moves;
    add(moves.giving, from, 1);
    add(moves.receiving, to, 1);
    add(spare, from, -1);
    add(lack, to, -1);
  }
}

function greatest(zones: ReadonlyMap<string, number>): [zone: string | undefined, amount: number] {
  let found: [string | undefined, number] = [undefined, 0];
  for (const each of zones) if (each[1] > found[1]) found = each;
  return found;
}

/** The endpoint for its own zone, or for one that is still to get some. */
function withHint(endpoint: Endpoint, { giving, receiving }: Moves): Endpoint {
  if (!isReady(endpoint)) return endpoint.hints ? bare(endpoint) : endpoint;
  const { zone = '' } = endpoint;
  const [to] = (giving.get(zone) ?? 0) > 0 ? ([...receiving].find(([, n]) => n > 0) ?? []) : [];
  if (to !== undefined) {
    add(giving, zone, -1);
    add(receiving, to, -1);
  }
  return { ...endpoint, hints: { forZones: [{ name: to ?? zone }] } };
}

function bare({ hints: _, ...endpoint }: Endpoint): Endpoint {
  return endpoint;
}

function isReady({ conditions }: Endpoint): boolean {
  return conditions?.ready === true;
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
