import { resourceId } from '../../meta/index.ts';
import { HOME, type State, type View } from './state.ts';
import { type Next, pushView } from './update.ts';
import { kindByName, type World } from './world.ts';

const PAGES: Readonly<Record<string, View>> = {
  conv: HOME,
  convergence: HOME,
  help: { type: 'help', offset: 0, search: '' },
  aliases: { type: 'help', offset: 0, search: '' },
  sleepers: { type: 'sleepers', offset: 0, search: '' },
  queues: { type: 'queues', offset: 0, search: '' },
  wq: { type: 'queues', offset: 0, search: '' },
  errors: { type: 'errors', offset: 0, search: '' },
};

const QUIT = new Set(['q', 'q!', 'qa', 'quit', 'exit']);

/** Runs what was typed after `:`: a page, a kind by any of its names with a namespace and a filter, or quit. */
export function runCommand(state: State, text: string, world: World): Next {
  const [name = '', ...rest] = text.trim().split(/\s+/);
  if (name === '') return { state };
  if (QUIT.has(name)) return { state, effect: 'quit' };
  const remembered = { ...state, commandHistory: [...state.commandHistory, text].slice(-50) };
  const page = PAGES[name];
  if (page) return { state: pushView(remembered, page) };
  const kind = kindByName(world, name);
  if (!kind) {
    const complaint = `no kind or page is called ${name}; ? lists them`;
    return { state: { ...remembered, flash: { text: complaint, tone: 'error' } } };
  }
  const filter = rest.find((word) => word.startsWith('/'))?.slice(1) ?? '';
  const namespace = rest.find((word) => !word.startsWith('/')) ?? '';
  return {
    state: pushView(remembered, {
      type: 'table',
      resource: resourceId(kind.ref),
      namespace,
      filter,
      cursor: { offset: 0 },
    }),
  };
}

/** Names that begin with what was typed, shortest first. */
export function suggestions(text: string, world: World): string[] {
  if (text === '' || text.includes(' ')) return [];
  const names = [
    ...Object.keys(PAGES),
    'quit',
    ...world.kinds.flatMap(({ descriptor }) => [descriptor.plural, ...descriptor.shortNames]),
  ];
  return names
    .filter((name) => name.startsWith(text.toLowerCase()))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

export function completed(text: string, world: World): string {
  return suggestions(text, world)[0] ?? text;
}
