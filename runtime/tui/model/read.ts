import { boxColumns, boxRows } from './layout.ts';
import { shownLog } from './log.ts';
import type { Message } from './message.ts';
import { errorLines, errorText, readingLines } from './reading.ts';
import { shellLines } from './shell.ts';
import { currentView, flashed, mayChange, replaceView, type State } from './state.ts';
import { type Line, plain } from './text.ts';
import { isList, type ReadView } from './view.ts';
import type { World } from './world.ts';

const PAN_CELLS = 8;

export type Distance = Extract<Message, { type: 'move' }>['by'];

/** Where a movement leads from `at`, of what begins at 0 and ends at `last`. */
export function moved(at: number, last: number, by: Distance, page: number): number {
  if (by === 'top') return 0;
  if (by === 'bottom') return last;
  const step = by === 'page-down' ? page : by === 'page-up' ? -page : by;
  return Math.min(last, Math.max(0, at + step));
}

/** The lines of the text that a view shows. */
export function linesOf(state: State, view: ReadView, world: World): readonly Line[] {
  if (view.type === 'log') return shownLog(state, view, world);
  if (view.type === 'shell') return shellLines(view, boxColumns(state));
  if (view.type === 'object' && view.held) return view.held;
  return readingLines(view, world, state.glyphs, boxColumns(state), mayChange(state));
}

/** Whether there are mistakes that were not waved away: they cover the view. */
export function coveredByErrors(state: State, world: World): boolean {
  const view = currentView(state);
  if (view.type === 'shell' || (view.type === 'text' && view.page === 'errors')) return false;
  const text = errorText(world);
  return text !== '' && text !== state.errors.dismissed;
}

export function dismissed(state: State, world: World): State {
  return { ...state, errors: { ...state.errors, dismissed: errorText(world) } };
}

/** Mistakes that are new begin at their top; when there are none, the next ones show again, whatever they are. */
export function noticed(state: State, world: World): State {
  const seen = errorText(world);
  if (seen === state.errors.seen) return state;
  const { dismissed: before } = state.errors;
  return { ...state, errors: { seen, dismissed: seen === '' ? '' : before, offset: 0 } };
}

export function scrollErrors(state: State, by: Distance, world: World): State {
  const page = boxRows(state);
  const last = Math.max(0, errorLines(world, boxColumns(state)).length - page);
  const offset = moved(state.errors.offset, last, by, page);
  return { ...state, errors: { ...state.errors, offset } };
}

export function scroll(state: State, by: Distance, world: World): State {
  const view = currentView(state);
  if (isList(view)) return state;
  const page = boxRows(state);
  const last = Math.max(0, linesOf(state, view, world).length - page);
  if (view.type === 'shell') {
    // Its end stays where it is: what is new is what is looked at.
    const back = last - moved(Math.max(0, last - view.offset), last, by, page);
    return replaceView(state, () => ({ ...view, offset: back }));
  }
  const at = view.type === 'log' && view.follows ? last : Math.min(view.offset, last);
  const offset = moved(at, last, by, page);
  const follows = by === 'bottom' || (offset === last && at === last);
  return replaceView(state, () =>
    view.type === 'log' ? { ...view, offset, follows } : { ...view, offset },
  );
}

/** Another part of the log, or another way to show it. Who stops following stays where they are. */
export function changeLog(
  state: State,
  message: Extract<
    Message,
    { type: 'log-range' | 'log-switch' | 'log-clear' | 'log-mark' | 'log-all' }
  >,
  world: World,
): State {
  const view = currentView(state);
  if (view.type !== 'log') return state;
  const last = Math.max(0, linesOf(state, view, world).length - boxRows(state));
  const at = view.follows ? last : view.offset;
  switch (message.type) {
    case 'log-range': {
      const { range } = message;
      return replaceView(state, () => ({ ...view, range, follows: range !== 'head', offset: 0 }));
    }
    case 'log-switch':
      return replaceView(state, () => ({
        ...view,
        offset: at,
        [message.what]: !view[message.what],
      }));
    case 'log-mark': {
      const { nowMs } = world.control.clock();
      return replaceView(state, () => ({ ...view, marks: [...(view.marks ?? []), nowMs] }));
    }
    case 'log-all':
      return replaceView(state, () => ({
        ...view,
        title: view.title.split('/').slice(0, 2).join('/'),
        pods: view.pods.map(({ key }) => ({ key })),
      }));
    case 'log-clear':
      return replaceView(state, () => ({ ...view, clearedMs: world.control.clock().nowMs }));
  }
}

export function pan(state: State, by: -1 | 1): State {
  const view = currentView(state);
  if (isList(view)) return state;
  const column = Math.max(0, view.column + by * PAN_CELLS);
  return replaceView(state, () => ({ ...view, column }));
}

/** Scrolls to where the next part of the text begins, or the one before: a line at the margin with others below it. */
export function toPart(state: State, by: -1 | 1, world: World): State {
  const view = currentView(state);
  if (isList(view) || view.type === 'shell') return state;
  const texts = linesOf(state, view, world).map(plain);
  const last = Math.max(0, texts.length - boxRows(state));
  const at = Math.min(view.offset, last);
  const begins = texts.flatMap((text, line) =>
    isPartAt(texts, line) && text !== '' ? [line] : [],
  );
  const found =
    by > 0 ? begins.find((line) => line > at) : (begins.findLast((line) => line < at) ?? 0);
  return replaceView(state, () => ({ ...view, offset: Math.min(last, found ?? last) }));
}

function isPartAt(texts: readonly string[], at: number): boolean {
  const isAtMargin = /^\S/.test(texts[at] ?? '');
  return isAtMargin && (texts[at - 1] === '' || /^\s/.test(texts[at + 1] ?? ''));
}

/** Scrolls to the next line that has what is searched for; with `fromHere`, the first visible line counts too. */
export function search(state: State, by: -1 | 1, world: World, fromHere = false): State {
  const view = currentView(state);
  if (isList(view) || view.type === 'log' || view.search === '') return state;
  const lines = linesOf(state, view, world);
  const count = lines.length;
  const first = fromHere ? 0 : 1;
  for (let step = first; step < count + first; step++) {
    const at = (((view.offset + by * step) % count) + count) % count;
    if (matches(lines[at] ?? [], view.search))
      return replaceView(state, () => ({ ...view, offset: at }));
  }
  return flashed(state, `no line has ${view.search}`);
}

export function matches(line: Line, text: string): boolean {
  return text !== '' && plain(line).toLowerCase().includes(text.toLowerCase());
}
