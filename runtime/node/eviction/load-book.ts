import { type Pressure, pressureOn } from '../ailments.ts';
import type { Amounts } from '../amounts.ts';
import type { FleetMember } from '../fleet.ts';
import type { Kubelets } from '../kubelets.ts';
import type { NodeRecord } from '../state.ts';
import { exchanged, type Load, NO_LOAD } from './load.ts';
import { isAtRisk, type Machine, machineOf, pressed } from './machine.ts';
import type { EvictionSettings } from './settings.ts';
import { placedOn } from './survey.ts';

/** Puts `after` in the place of `before` in what may be used of a node, and has it looked at where that could matter. */
export function changeLoad(kubelets: Kubelets, node: string, before: Load, after: Load): void {
  const { loads } = kubelets.state;
  const sum = loads.get(node);
  if (!sum) return;
  const next = exchanged(sum, before, after);
  if (next === sum) return;
  loads.set(node, next);
  noteLoad(kubelets, node);
}

/** Adds up the load of a node whose kubelet starts. */
export function openLoads(kubelets: Kubelets, node: string): void {
  const { state } = kubelets;
  let sum: Load = NO_LOAD;
  for (const { record } of placedOn(kubelets, node))
    sum = exchanged(sum, NO_LOAD, record.load ?? NO_LOAD);
  for (const { sizeBytes } of state.images.withPrefix(`${node}\0`))
    sum = { ...sum, imageBytes: sum.imageBytes + sizeBytes };
  state.loads.set(node, sum);
}

/** Has a node looked at that is, or could come, under pressure; for any other this is all that is done. */
export function noteLoad(kubelets: Kubelets, name: string): void {
  const { state } = kubelets;
  const node = state.nodes.get(name);
  const load = state.loads.get(name);
  if (!node || !load) return;
  const { eviction } = kubelets.settings();
  if (state.evictions.get(name) || isAtRisk(load, machineFor(kubelets, node), eviction))
    state.queue.add(`eviction/${name}`);
}

interface Known {
  readonly member: FleetMember | undefined;
  readonly settings: EvictionSettings;
  readonly machine: Machine;
}

/** A cache of a pure function. */
const machines = new WeakMap<Amounts, Known>();

export function machineFor(kubelets: Kubelets, { name, capacity }: NodeRecord): Machine {
  const { state } = kubelets;
  const { eviction } = kubelets.settings();
  const machine = wellMachine(capacity, state.fleet.get(name), eviction);
  if (state.ailments.length === 0) return machine;
  const pressure = pressureOn(kubelets, name);
  return isNothing(pressure) ? machine : pressed(machine, pressure, eviction);
}

function wellMachine(
  capacity: Amounts,
  member: FleetMember | undefined,
  settings: EvictionSettings,
): Machine {
  const known = machines.get(capacity);
  if (known && known.member === member && known.settings === settings) return known.machine;
  const machine = machineOf(capacity, member, settings);
  machines.set(capacity, { member, settings, machine });
  return machine;
}

function isNothing(pressure: Pressure): boolean {
  return Object.keys(pressure).length === 0;
}
