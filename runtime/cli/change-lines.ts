import {
  controllerOf,
  evaluateGoal,
  type KindDescriptor,
  type KubeObject,
  keyOf,
  tableColumns,
  tableRow,
  type WatchEvent,
} from '../meta/index.ts';

/** Columns that say nothing about a change. */
const QUIET = new Set(['Name', 'Age', 'Last Seen']);

/** What one event of the watch means to a reader; nothing when no printed column moved. */
export function changeLines(
  descriptor: KindDescriptor,
  event: WatchEvent,
  nowMs: number,
): readonly string[] {
  const { object, previous } = event;
  if (descriptor.kind === 'Event') return warningLines(event);
  const name = `${descriptor.kind} ${keyOf(object)}`;
  const cells = visibleCells(descriptor, object, nowMs);
  if (event.type === 'ADDED') return [line('created', name, describe(cells)), ...goalLines()];
  if (event.type === 'DELETED') return [line('deleted', name, '')];
  const before = previous ? visibleCells(descriptor, previous, nowMs) : new Map();
  const moved = movements(before, cells);
  return [...(moved === '' ? [] : [line('changed', name, moved)]), ...goalLines()];

  function goalLines(): string[] {
    const { goal } = descriptor;
    if (!goal || controllerOf(object)) return [];
    const { atGoal, want, have } = evaluateGoal(goal, object);
    if (!atGoal || (previous && evaluateGoal(goal, previous).atGoal)) return [];
    return [line('at goal', name, want === undefined ? '' : `${have ?? want}/${want}`)];
  }
}

interface ApiEvent {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject?: {
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

/** Of Events only new warnings are news: the others tell what the objects' own lines tell. */
function warningLines({ type, object }: WatchEvent): readonly string[] {
  const event = object as KubeObject & ApiEvent;
  if (type !== 'ADDED' || event.type !== 'Warning') return [];
  const { kind = '', namespace, name = '' } = event.involvedObject ?? {};
  const about = `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
  return [line('warning', about, `${event.reason}: ${event.message}`)];
}

function visibleCells(
  descriptor: KindDescriptor,
  object: KubeObject,
  nowMs: number,
): ReadonlyMap<string, string> {
  const shown = tableColumns(descriptor).filter(
    ({ name, priority = 0, type }) => priority === 0 && type !== 'date' && !QUIET.has(name),
  );
  const cells = tableRow(descriptor, object, nowMs, shown);
  return new Map(shown.map(({ name }, at) => [name, cells[at] ?? '']));
}

function describe(cells: ReadonlyMap<string, string>): string {
  return [...cells]
    .filter(([, value]) => value !== '' && value !== '<none>')
    .map(([name, value]) => `${name.toLowerCase()} ${value}`)
    .join(', ');
}

function movements(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string {
  return [...after]
    .filter(([name, value]) => before.get(name) !== value)
    .map(([name, value]) => `${name.toLowerCase()} ${before.get(name) || '-'} → ${value || '-'}`)
    .join(', ');
}

function line(verb: string, name: string, details: string): string {
  return `${verb.padEnd(7)}  ${name}${details === '' ? '' : `  ${details}`}`;
}
