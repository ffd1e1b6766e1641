import type { Load, LoadPoint, Usage, UsagePoint } from '../../generated/cluster/v1/types.ts';
import { milliUnits, parseTime, wholeUnits } from '../meta/index.ts';
import type { CompiledBehaviour } from './behaviour-match.ts';
import { type Course, courseOf, NOTHING } from './course.ts';
import { milliseconds } from './durations.ts';

/** Processor time in thousandths of a processor, and memory in bytes, over time. */
interface Amounts {
  readonly cpu: Course;
  readonly memory: Course;
}

/** What a container uses: by itself, from the start of its run, and as its part of a load. */
export interface Uses extends Amounts {
  readonly load?: SharedLoad;
}

/** Work that the containers of a behaviour share, from the behaviour's creation. One value for all of them. */
export interface SharedLoad extends Amounts {
  /** Where the pods are that share it. */
  readonly namespace: string;
  /** Name of the service that they must be pods of; absent: none. */
  readonly service?: string;
  readonly sinceMs: number;
}

export const USES_NOTHING: Uses = { cpu: NOTHING, memory: NOTHING };

const loads = new WeakMap<CompiledBehaviour, SharedLoad>();

/** What a container uses of which this is the strongest behaviour that says so. */
export function usesOf(behaviour: CompiledBehaviour | undefined): Uses {
  const usage = behaviour?.spec.usage;
  if (!behaviour || !usage) return USES_NOTHING;
  const { load } = usage;
  return { ...amountsOf(usage), ...(load ? { load: sharedLoad(behaviour, load) } : {}) };
}

/** One value a behaviour: by that its sharers are found. */
function sharedLoad(behaviour: CompiledBehaviour, load: Load): SharedLoad {
  const known = loads.get(behaviour);
  if (known) return known;
  const { namespace = '', createdAt } = behaviour;
  const shared: SharedLoad = {
    ...amountsOf(load),
    namespace,
    ...(load.service === undefined ? {} : { service: load.service }),
    sinceMs: parseTime(createdAt),
  };
  loads.set(behaviour, shared);
  return shared;
}

function amountsOf({ cpu, memory, curve = [] }: Usage | Load): Amounts {
  const points = [...curve]
    .map((point: UsagePoint | LoadPoint) => ({ ...point, atMs: milliseconds(point.at, 0) }))
    .sort((a, b) => a.atMs - b.atMs);
  const course = (
    initial: Usage['cpu'],
    pick: 'cpu' | 'memory',
    read: (quantity: Usage['cpu']) => number,
  ): Course =>
    courseOf(
      initial === undefined ? undefined : read(initial),
      points.map(({ atMs, [pick]: value }) => ({
        atMs,
        value: value === undefined ? undefined : read(value),
      })),
    );
  return { cpu: course(cpu, 'cpu', milliUnits), memory: course(memory, 'memory', wholeUnits) };
}
