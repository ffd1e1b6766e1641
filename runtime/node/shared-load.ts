import type { Load } from '../../generated/cluster/v1/types.ts';
import { milliUnits, parseTime, wholeUnits } from '../meta/index.ts';
import type { CompiledBehaviour } from './behaviour-match.ts';
import { type Course, courseOf, peakOf } from './course.ts';
import { milliseconds } from './durations.ts';

/** Work that the containers of a behaviour share, from the behaviour's creation. One value for all of them. */
export interface SharedLoad {
  /** Thousandths of a processor. */
  readonly cpu: Course;
  /** Bytes. */
  readonly memory: Course;
  /** The most memory that it comes to use. */
  readonly peakBytes: number;
  /** Where the pods are that share it. */
  readonly namespace: string;
  /** Name of the service that they must be pods of; absent: none. */
  readonly service?: string;
  readonly sinceMs: number;
}

const loads = new WeakMap<CompiledBehaviour, SharedLoad>();

/** One value a behaviour: by that its sharers are found. */
export function sharedLoad(behaviour: CompiledBehaviour, load: Load): SharedLoad {
  const known = loads.get(behaviour);
  if (known) return known;
  const { namespace = '', createdAt } = behaviour;
  const points = (load.curve ?? [])
    .map((point) => ({ ...point, atMs: milliseconds(point.at, 0) }))
    .sort((a, b) => a.atMs - b.atMs);
  const course = (of: 'cpu' | 'memory', read: (quantity: Load['cpu']) => number): Course => {
    const value = (quantity: Load['cpu']) => (quantity === undefined ? undefined : read(quantity));
    const changes = points.map(({ atMs, [of]: quantity }) => ({ atMs, value: value(quantity) }));
    return courseOf(value(load[of]), changes);
  };
  const memory = course('memory', wholeUnits);
  const shared: SharedLoad = {
    cpu: course('cpu', milliUnits),
    memory,
    peakBytes: peakOf(memory),
    namespace,
    ...(load.service === undefined ? {} : { service: load.service }),
    sinceMs: parseTime(createdAt),
  };
  loads.set(behaviour, shared);
  return shared;
}
