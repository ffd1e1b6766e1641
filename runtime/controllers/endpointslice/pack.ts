import type { Endpoint, EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { jsonEqual } from '../../meta/index.ts';
import { endpointId } from './endpoint.ts';

export const SLICE_MAX = 100;

/** Endpoints that are wanted, by id. */
export type EndpointSet = ReadonlyMap<string, Endpoint>;

/** Where the endpoints of one group of ports go. */
export interface Packing {
  /** New contents of slices that are there; those not named stay as they are. */
  readonly update: ReadonlyMap<EndpointSlice, readonly Endpoint[]>;
  readonly create: readonly (readonly Endpoint[])[];
  readonly remove: readonly EndpointSlice[];
  /** Endpoints that are new, or serve now and did not before, or the other way round. */
  readonly turned: readonly Endpoint[];
}

export interface PackOptions {
  /** Whether a slice has to be written whatever it holds. */
  readonly isStale: (slice: EndpointSlice) => boolean;
  /** Hints are given later, and are no reason to write a slice. */
  readonly ignoresHints?: boolean;
}

/**
 * Packs `wanted` into `slices`, all of one group of ports, with few writes. What is in a slice stays in it. Slices that have
 * to be written are filled up, the fullest first; what is left over goes into the slice it fills best, or into new ones.
 */
export function pack(
  slices: readonly EndpointSlice[],
  wanted: EndpointSet,
  { isStale, ignoresHints = false }: PackOptions,
): Packing {
  const left = new Map(wanted);
  const update = new Map<EndpointSlice, Endpoint[]>();
  const unchanged: EndpointSlice[] = [];
  const remove: EndpointSlice[] = [];
  const turned: Endpoint[] = [];
  for (const slice of slices) {
    const before = slice.endpoints ?? [];
    const kept = keep(before, left, turned, ignoresHints ? isSameBeyondHints : jsonEqual);
    if (kept.endpoints.length === 0 && before.length > 0) remove.push(slice);
    else if (kept.changed || isStale(slice)) update.set(slice, kept.endpoints);
    else unchanged.push(slice);
  }
  const rest = [...left.values()];
  turned.push(...rest);
  for (const endpoints of [...update.values()].sort((a, b) => b.length - a.length))
    endpoints.push(...rest.splice(0, SLICE_MAX - endpoints.length));
  const create = placeRest(rest, unchanged, update);
  return { update, create, remove, turned };
}

/** Takes what `slice` holds out of `left`. */
function keep(
  before: readonly Endpoint[],
  left: Map<string, Endpoint>,
  turned: Endpoint[],
  isSame: (a: Endpoint, b: Endpoint) => boolean,
): { endpoints: Endpoint[]; changed: boolean } {
  const endpoints: Endpoint[] = [];
  let changed = false;
  for (const old of before) {
    const id = endpointId(old);
    const now = left.get(id);
    if (!now) {
      changed = true;
      continue;
    }
    left.delete(id);
    endpoints.push(now);
    if (isSame(now, old)) continue;
    changed = true;
    if (now.conditions?.serving !== old.conditions?.serving) turned.push(now);
  }
  return { endpoints, changed };
}

function isSameBeyondHints({ hints: _, ...a }: Endpoint, { hints: __, ...b }: Endpoint): boolean {
  return jsonEqual(a, b);
}

/** Puts `rest` into the unchanged slice that has the least room for it, else into new slices. */
function placeRest(
  rest: Endpoint[],
  unchanged: readonly EndpointSlice[],
  update: Map<EndpointSlice, Endpoint[]>,
): Endpoint[][] {
  const create: Endpoint[][] = [];
  while (rest.length > 0) {
    const slice = rest.length < SLICE_MAX ? bestFit(unchanged, rest.length) : undefined;
    if (slice) {
      update.set(slice, [...(slice.endpoints ?? []), ...rest]);
      break;
    }
    create.push(rest.splice(0, SLICE_MAX));
  }
  return create;
}

function bestFit(slices: readonly EndpointSlice[], count: number): EndpointSlice | undefined {
  let best: EndpointSlice | undefined;
  let leastRoom = SLICE_MAX;
  for (const slice of slices) {
    const room = SLICE_MAX - (slice.endpoints?.length ?? 0) - count;
    if (room < 0 || room >= leastRoom) continue;
    best = slice;
    leastRoom = room;
  }
  return best;
}
