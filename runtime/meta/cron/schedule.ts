import { parseDuration } from '../../base/index.ts';

/** When something is due: at moments whose parts are all in these sets, or again and again after the same time. */
export type CronSchedule =
  | { readonly everyMs: number }
  | {
      readonly minutes: ReadonlySet<number>;
      readonly hours: ReadonlySet<number>;
      readonly daysOfMonth: ReadonlySet<number>;
      readonly months: ReadonlySet<number>;
      readonly daysOfWeek: ReadonlySet<number>;
      /** Both kinds of days are restricted: then a day that fits either of them fits. */
      readonly isEitherDay: boolean;
    };

/** Why a text is no schedule. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
] as const satisfies readonly Bounds[];

const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const EVERY = '@every ';

/** Reads a schedule without a time zone; throws a `ScheduleError`. */
export function parseSchedule(text: string): CronSchedule {
  if (text === '') throw new ScheduleError('empty spec string');
  if (text.startsWith(EVERY)) return { everyMs: interval(text) };
  if (text.startsWith('@') && !NAMED[text])
    throw new ScheduleError(`unrecognized descriptor: ${text}`);
  const fields = (NAMED[text] ?? text).split(/\s+/).filter((field) => field !== '');
  if (fields.length !== FIELDS.length)
    throw new ScheduleError(
      `expected exactly ${FIELDS.length} fields, found ${fields.length}: [${fields.join(' ')}]`,
    );
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = FIELDS.map((bounds, at) =>
    numbersOf(fields[at]!, bounds),
  ) as [Numbers, Numbers, Numbers, Numbers, Numbers];
  return {
    minutes: minutes.values,
    hours: hours.values,
    daysOfMonth: daysOfMonth.values,
    months: months.values,
    daysOfWeek: daysOfWeek.values,
    isEitherDay: !daysOfMonth.isAny && !daysOfWeek.isAny,
  };
}

interface Numbers {
  readonly values: ReadonlySet<number>;
  /** Has a plain `*` or `?`. */
  readonly isAny: boolean;
}

function numbersOf(field: string, bounds: Bounds): Numbers {
  const values = new Set<number>();
  let isAny = false;
  for (const range of field.split(',').filter((part) => part !== '')) {
    const { first, last, step, isStar } = rangeOf(range, bounds);
    for (let value = first; value <= last; value += step) values.add(value);
    isAny ||= isStar && step === 1;
  }
  return { values, isAny };
}

interface Range {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly isStar: boolean;
}

/** `*`, `5`, `1-5`, each with `/step`; a single number with a step goes on to the end. */
function rangeOf(text: string, bounds: Bounds): Range {
  const [span = '', stepText, ...more] = text.split('/');
  const [low = '', high, ...rest] = span.split('-');
  if (rest.length > 0) throw new ScheduleError(`too many hyphens: ${text}`);
  if (more.length > 0) throw new ScheduleError(`too many slashes: ${text}`);
  const isStar = low === '*' || low === '?';
  const first = isStar ? bounds.min : numberOf(low, bounds.names);
  const end = isStar ? bounds.max : high === undefined ? first : numberOf(high, bounds.names);
  const step = stepText === undefined ? 1 : numberOf(stepText);
  const last = stepText !== undefined && high === undefined ? bounds.max : end;
  const { min, max } = bounds;
  if (first < min)
    throw new ScheduleError(`beginning of range (${first}) below minimum (${min}): ${text}`);
  if (last > max) throw new ScheduleError(`end of range (${last}) above maximum (${max}): ${text}`);
  if (first > last)
    throw new ScheduleError(`beginning of range (${first}) beyond end of range (${last}): ${text}`);
  if (step === 0) throw new ScheduleError(`step of range should be a positive number: ${text}`);
  return { first, last, step, isStar };
}

function numberOf(text: string, names?: readonly string[]): number {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return names === MONTHS ? named + 1 : named;
  if (!/^[+-]?\d+$/.test(text))
    throw new ScheduleError(
      `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  const number = Number(text);
  if (number < 0) throw new ScheduleError(`negative number (${number}) not allowed: ${text}`);
  return number;
}

/** The time between two moments, in whole seconds and at least one. Days are no unit here. */
function interval(text: string): number {
  const duration = text.slice(EVERY.length);
  const total = duration.includes('d') ? undefined : parseDuration(duration);
  if (total === undefined)
    throw new ScheduleError(
      `failed to parse duration ${text}: time: invalid duration ${JSON.stringify(duration)}`,
    );
  return Math.max(1000, Math.floor(total / 1000) * 1000);
}
