import type { ContainerTarget, ProcessEnd } from '../../client/index.ts';
import type { Target } from './action.ts';
import { chosen, chosenRow } from './lists.ts';
import type { Message } from './message.ts';
import type { PodLike } from './pages/containers.ts';
import { commandOf, keptAfter } from './shell-command.ts';
import { currentView, flashed, pushView, replaceView, type State } from './state.ts';
import { keepEnd, type Line, span, widthOf, withoutSequences, wrapped } from './text.ts';
import type { Next } from './update.ts';
import { pageView, type ShellLine, type ShellView, type View } from './view.ts';
import { objectAt, type World } from './world.ts';

/** Lines that are kept, and lines typed that can be had again. */
const LINES_MAX = 2000;
const TYPED_MAX = 100;

/** What a shell asks of whoever is connected with pods. Processes that no view runs any more are left by themselves. */
export type ShellEffect =
  | {
      readonly type: 'process';
      /** By `processId`. */
      readonly id: string;
      readonly target: ContainerTarget;
      /** Of the process to run; the container's own when absent. */
      readonly command?: readonly string[];
    }
  | { readonly type: 'process-input'; readonly id: string; readonly text: string }
  | { readonly type: 'process-input-end'; readonly id: string };

export function isOfShell(effect: { readonly type: string }): effect is ShellEffect {
  return effect.type.startsWith('process');
}

/** Opens a shell in the chosen container, or what its own process writes. Of a pod with several, the container is chosen first. */
export function openShell(state: State, door: 'exec' | 'attach', world: World): Next {
  if (!world.pods())
    return { state: flashed(state, unreachable(state, 'reach the pods of'), 'error') };
  const found = containerChosen(state, world);
  if (typeof found === 'string') return { state: flashed(state, found, 'error') };
  if (found.container === undefined) {
    const several = pushView(state, pageView('containers', found.pod));
    return { state: flashed(several, 'choose a container first') };
  }
  const [namespace = '', name = ''] = found.pod.key.split('/');
  const target = { namespace, name, container: found.container };
  const view: ShellView = {
    type: 'shell',
    id: String(state.shells + 1),
    door,
    target,
    lines: [{ text: GREETING[door], tone: 'dim' }],
    isOpen: false,
    input: '',
    typed: [],
    typedAt: 0,
    kept: [],
    runs: door === 'attach' ? 1 : 0,
    isRunning: door === 'attach',
    isLeaving: false,
    offset: 0,
    column: 0,
    search: '',
  };
  const opened = pushView({ ...state, shells: state.shells + 1 }, view);
  if (door === 'exec') return { state: opened };
  return { state: opened, effect: { type: 'process', id: processId(view), target } };
}

const GREETING = {
  exec: 'each line is run in the container: by its programs, or as a Behaviour says (exec)',
  attach: 'what the container writes from now on',
};

/** Why the cluster's API is of no use at this moment to who wants to do something with it. */
export function unreachable({ copy }: State, what: string): string {
  return copy === undefined
    ? 'the API is not open yet: try again'
    : `nobody can ${what} a copy: :now goes back`;
}

/** The container under the cursor, or the only one of the pod; without one where there are several. */
export function containerChosen(
  state: State,
  world: World,
): { readonly pod: Target; readonly container?: string } | string {
  const view = currentView(state);
  const pod = chosen(state, world);
  if (pod?.resource !== 'pods' || pod.key === '') return 'choose a pod or a container first';
  if (view.type === 'page' && view.page === 'containers') {
    const container = chosenRow(state, view, world);
    return container === undefined ? 'choose a container first' : { pod, container };
  }
  const { containers = [] } = (objectAt(world, 'pods', pod.key) as PodLike | undefined)?.spec ?? {};
  const [only] = containers;
  return containers.length === 1 && only ? { pod, container: only.name } : { pod };
}

export function processId({ id, runs }: ShellView): string {
  return `${id}.${runs}`;
}

/** The processes that somebody still waits for. */
export function runningProcesses({ views }: State): ReadonlySet<string> {
  return new Set(
    views.flatMap((view) => (view.type === 'shell' && view.isRunning ? [processId(view)] : [])),
  );
}

/** A key while a shell is shown. */
export function shellKey(
  state: State,
  view: ShellView,
  message: Extract<Message, { type: 'shell-key' | 'typed' | 'erase' | 'clear-prompt' }>,
): Next {
  const stays = { ...view, isLeaving: false, offset: 0 };
  const shown = (next: Partial<ShellView>): Next => ({
    state: replaceView(state, () => ({ ...stays, ...next })),
  });
  switch (message.type) {
    case 'typed':
      return shown({ input: view.input + message.text.replace(/\s/g, ' ') });
    case 'erase':
      return shown({ input: [...view.input].slice(0, -1).join('') });
    case 'clear-prompt':
      return shown({ input: '' });
    case 'shell-key':
      break;
  }
  switch (message.key) {
    case 'enter':
      return entered(state, stays);
    case 'end':
      if (!view.isRunning || view.door === 'attach') return left(state);
      return { ...shown({}), effect: { type: 'process-input-end', id: processId(view) } };
    case 'interrupt':
      return shown({
        ...appended(stays, '^C\n', 'dim'),
        input: '',
        isRunning: view.door === 'attach',
      });
    case 'leave':
      return view.isLeaving ? left(state) : shown({ input: '', isLeaving: true });
    case 'clear':
      return shown({ lines: [], isOpen: false });
    case 'before':
    case 'after': {
      const by = message.key === 'before' ? -1 : 1;
      const typedAt = Math.max(0, Math.min(view.typed.length, view.typedAt + by));
      return shown({ typedAt, input: view.typed[typedAt] ?? '' });
    }
  }
}

function left(state: State): Next {
  return { state: { ...state, views: state.views.slice(0, -1) } };
}

/** The line that was typed: input of what runs, or a command. */
function entered(state: State, view: ShellView): Next {
  const { input, door } = view;
  const line = input.trim();
  if (door === 'exec' && !view.isRunning && /^(exit|logout)(\s|$)/.test(line)) return left(state);
  const echoed = appended(view, `${view.isRunning ? '' : PROMPT}${input}\n`, 'dim');
  const typed = line === '' ? view.typed : [...view.typed, input].slice(-TYPED_MAX);
  const next: ShellView = { ...view, ...echoed, input: '', typed, typedAt: typed.length };
  const shown = (changed: ShellView): State => replaceView(state, () => changed);
  if (view.isRunning)
    return {
      state: shown(next),
      effect: { type: 'process-input', id: processId(view), text: `${input}\n` },
    };
  if (line === '') return { state: shown(next) };
  const running = { ...next, runs: view.runs + 1, isRunning: true, running: line };
  return {
    state: shown(running),
    effect: {
      type: 'process',
      id: processId(running),
      target: view.target,
      command: commandOf(line, view.kept),
    },
  };
}

/** What a process said, or that it is over; nothing where its view is gone or runs another. */
export function heard(
  state: State,
  message: Extract<Message, { type: 'process-output' | 'process-ended' }>,
): State {
  const views = state.views.map((view): View => {
    if (view.type !== 'shell' || processId(view) !== message.id || !view.isRunning) return view;
    if (message.type === 'process-output')
      return {
        ...view,
        ...appended(view, message.text, message.stream === 'stderr' ? 'pending' : 'normal'),
      };
    const ended = { ...view, isRunning: false, kept: keptOf(view, message.end) };
    const words = endText(message.end, view);
    return words === '' ? ended : { ...ended, ...appended(onNewLine(view), `${words}\n`, 'error') };
  });
  return { ...state, views };
}

/** What a line did to its shell holds for the next ones where it went well. */
function keptOf({ running, kept }: ShellView, end: ProcessEnd): readonly string[] {
  const wentWell = 'code' in end && end.code === 0;
  return wentWell && running !== undefined ? keptAfter(running, kept) : kept;
}

function endText(end: ProcessEnd, { door }: ShellView): string {
  if ('code' in end) {
    if (door === 'attach') return 'the container has ended';
    return end.code === 0 ? '' : `exit code ${end.code}`;
  }
  const missing = /exec: ("[^"]*"): (.*?)(: unknown)?$/.exec(end.error);
  return missing ? `${missing[1]}: ${missing[2]}` : end.error;
}

type Written = Pick<ShellView, 'lines' | 'isOpen'>;

function onNewLine(view: ShellView): ShellView {
  return { ...view, isOpen: false };
}

/** The lines with more written to them. A line goes on until it is ended; what returns to its beginning begins it anew. */
function appended({ lines, isOpen }: Written, text: string, tone: ShellLine['tone']): Written {
  const parts = withoutSequences(text).replace(/\r+\n/g, '\n').split('\n');
  const next = [...lines];
  parts.forEach((part, at) => {
    const goesOn = at === 0 && isOpen;
    if (part === '' && at === parts.length - 1) return;
    const before = goesOn ? next.pop() : undefined;
    const whole = (before?.text ?? '') + part;
    next.push({ text: whole.slice(whole.lastIndexOf('\r') + 1), tone: before?.tone ?? tone });
  });
  const ends = parts.at(-1) === '';
  return { lines: next.slice(-LINES_MAX), isOpen: !ends };
}

const PROMPT = '$ ';

/** All lines of a shell, the one that is typed last. */
export function shellLines(view: ShellView, columns: number): readonly Line[] {
  const { lines, isOpen, isRunning, input, door, isLeaving } = view;
  const past = isOpen ? lines.slice(0, -1) : lines;
  const shown = past.flatMap(({ text, tone }): Line[] =>
    wrapped(text.replaceAll('\t', '    '), columns, 0).map((piece) => [span(piece, tone)]),
  );
  const open = isOpen ? lines.at(-1) : undefined;
  const before = open ? widthOf(open.text) : PROMPT.length;
  const typing: Line = [
    ...(open ? [span(open.text, open.tone)] : []),
    ...(isRunning ? [] : [span(door === 'exec' ? PROMPT : '', 'key')]),
    span(keepEnd(input, Math.max(8, columns - before - 20)), 'title'),
    span(' ', 'selected'),
    ...(isLeaving ? [span('  esc again leaves', 'dim')] : []),
  ];
  return [...shown, typing];
}

export function shellTitle({ door, target }: ShellView): string {
  const { namespace, name, container } = target;
  return `${door === 'exec' ? 'shell' : 'attached to'} ${namespace}/${name}/${container}`;
}
