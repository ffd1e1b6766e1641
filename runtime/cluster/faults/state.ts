import type { FaultSpec } from '../../../generated/cluster/v1/types.ts';
import { parseDuration, type Random } from '../../base/index.ts';
import type { FaultState } from '../../client/index.ts';
import type { FaultKind } from './kind.ts';
import { faultIn, faultText } from './text.ts';
import type { ViewState } from './view.ts';

/** A fault that a cluster was given. Its fields are its state: plain data, but for the stream of its own randomness. */
export interface Entry extends FaultState {
  readonly kind: FaultKind;
  readonly value: never;
  readonly phase: FaultState['phase'];
  /** Until when what it did may still have effects to come. */
  readonly quietMs: number;
  readonly random: Random;
  /** Nodes that it reached as it began; absent where it is not about nodes. */
  readonly reach?: number;
}

/** All that the faults of a cluster are, for a fork. */
export interface FaultsState {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly views: ReadonlyMap<string, ViewState>;
  /** Components that are dead, with the fault that keeps them so, if one does. */
  readonly dead: ReadonlyMap<string, string>;
  readonly nextId: number;
}

/** How many faults that have ended are remembered. */
export const ENDED_MAX = 256;

export function newEntry(
  id: string,
  spec: FaultSpec,
  fromMs: number,
  streamOf: (name: string) => Random,
): Entry {
  const { kind, value } = faultIn(spec);
  const text = faultText(spec);
  const beginMs = fromMs + milliseconds(spec.at);
  const lasts = spec.duration !== undefined && !kind.momentary;
  const endMs = lasts ? beginMs + milliseconds(spec.duration) : undefined;
  return {
    id,
    text,
    spec,
    kind,
    value,
    phase: 'waiting',
    beginMs,
    ...(endMs === undefined ? {} : { endMs }),
    quietMs: (endMs ?? beginMs) + (kind.aftermathMs ?? 0),
    record: 0,
    strikes: 0,
    random: streamOf(`${id}/${text}`),
  };
}

export function cloned(entry: Entry): Entry {
  return { ...entry, random: entry.random.clone() };
}

function milliseconds(duration: string | undefined): number {
  return duration === undefined ? 0 : (parseDuration(duration) ?? 0);
}
