import type { Cycle } from '../cycle.ts';
import type { Rejection } from '../framework.ts';
import type { LocalCache } from '../local-cache.ts';
import type { PodRecord } from '../node-info.ts';
import { WhatIf } from '../what-if.ts';
import { type DisruptionBudget, splitByBudgets } from './budgets.ts';
import { byImportance } from './importance.ts';

/** A node on which the pod fits once the victims are gone. */
export interface Candidate {
  readonly slot: number;
  readonly nodeName: string;
  /** The most important first. */
  readonly victims: readonly PodRecord[];
  /** Victims whose loss breaks a disruption budget. */
  readonly violations: number;
}

const PLUGIN = 'DefaultPreemption';

export const NO_VICTIMS: Rejection = {
  plugin: PLUGIN,
  code: 'UnschedulableAndUnresolvable',
  reasons: ['No preemption victims found for incoming pod'],
};

/** What was found on a node, good until it or one of its pods changes. */
interface Kept {
  readonly generation: number;
  readonly refreshes: number;
  readonly found: Candidate | Rejection;
}

/** By what the pod asks for and what surrounds it, then by priority and slot. */
const kept = new WeakMap<LocalCache, Map<number, Map<number, Kept>>>();

/**
 * `victimsOn`, remembered for pods that ask the same with the same priority while only the node and its pods decide: no
 * filter over the cluster, no budget, nobody else nominated for the node.
 */
export function victimsOnOnce(
  slot: number,
  cycle: Cycle,
  budgets: readonly DisruptionBudget[],
): Candidate | Rejection {
  const { cache, filters, incoming, state } = cycle;
  const { priority } = incoming.shape;
  const { name, refreshes } = state.at(slot)!;
  if (filters.length > 0 || budgets.length > 0 || state.nominations.on(name).length > 0)
    return victimsOn(slot, cycle, budgets);
  const byPriority = entry(kept, cache, newMap<number, Map<number, Kept>>);
  const ofPriority = entry(byPriority, priority, newMap<number, Kept>);
  const generation = state.generations[slot]!;
  const known = ofPriority.get(slot);
  if (known?.generation === generation && known.refreshes === refreshes) return known.found;
  const found = victimsOn(slot, cycle, budgets);
  ofPriority.set(slot, { generation, refreshes, found });
  return found;
}

const newMap = <K, V>(): Map<K, V> => new Map();

function entry<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/**
 * The fewest and least important pods that must leave a node so that the cycle's pod fits: all of lower priority go, then
 * as many as still fit come back, those with a budget to break first and the more important before the less. Or why the pod
 * does not fit even without all of them. No victims: it fits as it is.
 */
export function victimsOn(
  slot: number,
  cycle: Cycle,
  budgets: readonly DisruptionBudget[],
): Candidate | Rejection {
  const { incoming, state } = cycle;
  const node = state.at(slot)!;
  const lower = node.pods.filter(({ shape }) => shape.priority < incoming.shape.priority);
  if (lower.length === 0) return NO_VICTIMS;
  const whatIf = new WhatIf(state, slot);
  try {
    for (const record of lower) whatIf.remove(record);
    const rejection = cycle.rejectionIf(whatIf);
    if (rejection) return rejection;
    return {
      slot,
      nodeName: node.name,
      ...reprieve(lower.sort(byImportance), whatIf, cycle, budgets),
    };
  } finally {
    whatIf.end();
  }
}

function reprieve(
  lower: readonly PodRecord[],
  whatIf: WhatIf,
  cycle: Cycle,
  budgets: readonly DisruptionBudget[],
): Pick<Candidate, 'victims' | 'violations'> {
  const { violating, others } = splitByBudgets(lower, budgets);
  const victims: PodRecord[] = [];
  let violations = 0;
  const isSpared = (record: PodRecord): boolean => {
    whatIf.add(record);
    if (!cycle.rejectionIf(whatIf)) return true;
    whatIf.remove(record);
    victims.push(record);
    return false;
  };
  for (const record of violating) if (!isSpared(record)) violations++;
  for (const record of others) isSpared(record);
  if (violating.length > 0 && others.length > 0) victims.sort(byImportance);
  return { victims, violations };
}

export function isCandidate(found: Candidate | Rejection): found is Candidate {
  return 'victims' in found;
}
