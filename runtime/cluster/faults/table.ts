import type { FaultKind, FaultName } from './kind.ts';
import { api } from './kinds/api.ts';
import { clock } from './kinds/clock.ts';
import { crash } from './kinds/crash.ts';
import { node } from './kinds/node.ts';
import { partition } from './kinds/partition.ts';
import { pressure } from './kinds/pressure.ts';
import { probe } from './kinds/probe.ts';
import { pull } from './kinds/pull.ts';
import { watch } from './kinds/watch.ts';
import { zone } from './kinds/zone.ts';

/** Every sort of fault, in the order of the help. */
export const FAULT_KINDS: readonly FaultKind[] = [
  node,
  zone,
  partition,
  watch,
  api,
  crash,
  pressure,
  pull,
  probe,
  clock,
] as unknown as readonly FaultKind[];

const byName = new Map<string, FaultKind>(FAULT_KINDS.map((kind) => [kind.name, kind]));

export function faultKind(name: FaultName | string): FaultKind | undefined {
  return byName.get(name);
}
