import { type KubeObject, parseTime, resourceId } from '../../meta/index.ts';
import type { Target } from './action.ts';
import { podScope } from './drill.ts';
import { parseFilter } from './filter.ts';
import { kindListing } from './kind-list.ts';
import { boxColumns } from './layout.ts';
import type { PodLike } from './pages/containers.ts';
import { currentView, type LogLine, type State } from './state.ts';
import { type Line, span, withoutSequences, wrapped } from './text.ts';
import { longTime } from './text-time.ts';
import { type LogView, tableView } from './view.ts';
import { kindById, objectAt, type World } from './world.ts';

/** Pods whose logs are shown together, and lines that are asked for of each container. */
const PODS_MAX = 20;
const LINES_MAX = 1000;

/** What has to be asked of the server for the log that is shown. */
export interface LogQuestion {
  /** The same question has the same id. */
  readonly id: string;
  readonly sources: readonly { readonly pod: string; readonly container: string }[];
  readonly previous: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
}

/** The log of an object: of a pod, or of all pods of a workload or service. */
export function logView(
  { resource, key }: Target,
  previous: boolean,
  world: World,
  container?: string,
): LogView | undefined {
  const kind = kindById(world, resource);
  const object = objectAt(world, resource, key);
  if (!kind || !object) return undefined;
  const isPod = resourceId(kind.ref) === 'pods';
  const pods = isPod ? [key] : podsOf(kind, object, world);
  const title = container === undefined ? key : `${key}/${container}`;
  return {
    type: 'log',
    title: isPod ? title : `${kind.descriptor.singular}/${key}`,
    pods: pods.map((each) => ({ key: each, ...(container === undefined ? {} : { container }) })),
    previous,
    range: 'tail',
    follows: true,
    timestamps: false,
    wraps: false,
    offset: 0,
    column: 0,
    search: '',
  };
}

function podsOf(
  kind: NonNullable<ReturnType<typeof kindById>>,
  object: KubeObject,
  world: World,
): readonly string[] {
  const found = podScope(kind, object);
  if (!found) return [];
  const listing = kindListing(tableView('pods', found.namespace, found.scope), world);
  const count = Math.min(PODS_MAX, listing.count);
  return Array.from({ length: count }, (_, at) => listing.keyAt(at)!);
}

/** What the state needs to be told to show a log; undefined when it shows none. */
export function logQuestion(state: State, world: World): LogQuestion | undefined {
  const view = currentView(state);
  if (view.type !== 'log') return undefined;
  const { previous, range } = view;
  const sources = view.pods.flatMap(({ key, container }) =>
    container === undefined
      ? containersOf(key, world).map((each) => ({ pod: key, container: each }))
      : [{ pod: key, container }],
  );
  const how =
    typeof range === 'number'
      ? { sinceSeconds: range }
      : range === 'tail'
        ? { tailLines: LINES_MAX }
        : {};
  return { id: JSON.stringify([sources, previous, range]), sources, previous, ...how };
}

function containersOf(podKey: string, world: World): readonly string[] {
  const pod = objectAt(world, 'pods', podKey) as PodLike | undefined;
  return (pod?.spec?.containers ?? []).map(({ name }) => name);
}

/** A text with a timestamp before every line, as the server gives it, in lines. */
export function logLines(text: string, source: string): readonly LogLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(withoutSequences)
    .map((line) => {
      const at = line.indexOf(' ');
      const atMs = parseTime(line.slice(0, at));
      return Number.isNaN(atMs)
        ? { atMs: 0, source, text: line }
        : { atMs, source, text: line.slice(at + 1) };
    });
}

/** Lines of several containers as one log, in the order in which they were written. */
export function mergedLines(logs: readonly (readonly LogLine[])[]): readonly LogLine[] {
  return logs.length === 1 ? logs[0]! : logs.flat().sort((a, b) => a.atMs - b.atMs);
}

/** The lines of a log as they are shown. */
export function shownLog(state: State, view: LogView, world: World): readonly Line[] {
  const { log } = state;
  if (!log || log.id !== logQuestion(state, world)?.id) return [[span('reading …', 'dim')]];
  const passes = parseFilter(view.search);
  const kept = log.lines.filter(
    ({ text, source, atMs }) =>
      atMs >= (view.clearedMs ?? 0) && passes({ text, name: source, labels: {} }),
  );
  const lines = view.range === 'head' ? kept.slice(0, LINES_MAX) : kept;
  if (lines.length === 0) return [[span(emptyText(view, log.lines.length > 0), 'dim')]];
  const sources = [...new Set(log.lines.map(({ source }) => source))];
  const columns = boxColumns(state);
  const marks = [...(view.marks ?? [])];
  const shown: Line[] = [];
  for (const line of lines) {
    while (marks[0] !== undefined && line.atMs > marks[0])
      shown.push(markLine(marks.shift()!, columns, state));
    shown.push(...linesFor(line, view, sources, columns));
  }
  return [...shown, ...marks.map((atMs) => markLine(atMs, columns, state))];
}

function markLine(atMs: number, columns: number, { glyphs }: State): Line {
  const words = ` ${longTime(atMs).slice(5, 25)} `;
  const rest = glyphs.horizontal.repeat(Math.max(2, columns - words.length - 4));
  return [span(glyphs.horizontal.repeat(4) + words + rest, 'key')];
}

function emptyText({ search, previous }: LogView, hasLines: boolean): string {
  if (hasLines) return search === '' ? 'nothing since it was cleared' : 'no line matches';
  return previous ? 'nothing was written in the run before' : 'nothing was written';
}

const SOURCE_TONES = ['info', 'key', 'ok', 'pending', 'title'] as const;

function linesFor(
  { atMs, source, text }: LogLine,
  { wraps, timestamps }: LogView,
  sources: readonly string[],
  columns: number,
): readonly Line[] {
  const several = sources.length > 1;
  const time = timestamps ? `${longTime(atMs).slice(5, 25)} ` : '';
  const who = several ? `${source} ` : '';
  const tone = SOURCE_TONES[sources.indexOf(source) % SOURCE_TONES.length]!;
  const room = Math.max(8, columns - time.length - who.length);
  const pieces = wraps ? wrapped(text, room, 0) : [text];
  return pieces.map(
    (piece): Line => [
      ...(time === '' ? [] : [span(time, 'dim')]),
      ...(who === '' ? [] : [span(who, tone)]),
      span(piece, /\b(error|fatal|panic)\b/i.test(piece) ? 'error' : 'normal'),
    ],
  );
}

/** The key of the object that a pod view is about: for titles. */
export function logTitle({ title, previous, range }: LogView): string {
  const how =
    typeof range === 'number' ? ` last ${range / 60} min` : range === 'head' ? ' head' : '';
  return `logs ${title}${previous ? ' previous' : ''}${how}`;
}
