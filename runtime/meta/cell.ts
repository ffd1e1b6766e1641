import type { KubeObject } from './object.ts';
import { humanDuration, parseTime } from './time.ts';

/** A cell that no path can express, computed from the object. Schemas name these functions in their printer columns. */
export type Cell = (object: KubeObject, nowMs: number) => string;

/** The cell of one kind as a cell of any: the schema that names it sees to the kind. */
export const cellOf =
  <T>(cell: (object: T, nowMs: number) => string): Cell =>
  (object, nowMs) =>
    cell(object as unknown as T, nowMs);

export const NONE = '<none>';

export const ago = (time: string | undefined, nowMs: number): string => {
  const at = parseTime(time);
  return Number.isNaN(at) ? '<unknown>' : humanDuration(nowMs - at);
};

/** Values in one cell, or that there are none. */
export const joined = (values: readonly (string | undefined)[] | undefined): string =>
  values && values.length > 0 ? values.join(',') : NONE;
