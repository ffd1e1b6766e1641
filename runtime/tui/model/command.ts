import { resourceId } from '../../meta/index.ts';
import { COMMANDS } from './command-names.ts';
import { plainName } from './custom-columns.ts';
import type { Message } from './message.ts';
import { flashed, pushView, type State } from './state.ts';
import { tableView } from './view.ts';
import { kindByName, listedKinds, namespaces, type World } from './world.ts';

const HISTORY_MAX = 50;
const ALL = new Set(['all', '*', '-']);

/** What a command comes to: a state, and the message that it stands for, if it is one of a key's. */
export interface Outcome {
  readonly state: State;
  readonly message?: Message;
}

/**
 * Runs what was typed after `:`, in k9s' grammar: a command, or a kind by any of its names, then in any order a namespace
 * (`-n` before it or not), `/filter`, `key=value` and `@context`.
 */
export function runCommand(state: State, text: string, world: World): Outcome {
  const [typed = '', ...words] = text.trim().split(/\s+/);
  if (typed === '') return { state };
  const meant = world.settings?.aliases[typed]?.trim().split(/\s+/) ?? [typed];
  const rest = [...meant.slice(1), ...words];
  const name = knownName(plainName(meant[0]!), world);
  const remembered = remembering(state, [name, ...rest].join(' '));
  const command = COMMANDS.find(({ names }) => names.includes(name));
  if (command) {
    const message = command.message(rest, world);
    return typeof message === 'string'
      ? { state: flashed(remembered, message, 'error') }
      : { state: remembered, message };
  }
  const kind = kindByName(world, name);
  if (!kind)
    return {
      state: flashed(
        state,
        world.kinds.length === 0
          ? 'there is no cluster yet: it comes with the first save that has no errors'
          : `no kind or command is called ${name}; ? lists them`,
        'error',
      ),
    };
  const { namespace = state.namespace, filter, context } = argumentsOf(rest);
  const message = wayTo(context, state);
  if (typeof message === 'string') return { state: flashed(remembered, message, 'error') };
  if (namespace !== '' && kind.ref.namespaced && !namespaces(world).includes(namespace))
    return { state: flashed(remembered, `there is no namespace ${namespace}`, 'error') };
  const view = tableView(resourceId(kind.ref), kind.ref.namespaced ? namespace : '');
  const next = pushView({ ...remembered, namespace }, { ...view, filter });
  return { state: next, ...(message ? { message } : {}) };
}

/** The name itself when it is one, else the first that begins with it. */
function knownName(typed: string, world: World): string {
  const name = typed.toLowerCase();
  // Before there is a cluster, what begins a kind's name begins no other.
  if (world.kinds.length === 0) return name;
  const known = COMMANDS.some(({ names }) => names.includes(name)) || kindByName(world, name);
  return known ? name : (suggestions(name, world)[0] ?? name);
}

interface Arguments {
  readonly namespace?: string;
  readonly context?: string;
  readonly filter: string;
}

function argumentsOf(words: readonly string[]): Arguments {
  const found: { namespace?: string; context?: string } = {};
  for (const [at, word] of words.entries()) {
    if (word.startsWith('/')) return { ...found, filter: words.slice(at).join(' ').slice(1) };
    if (word.startsWith('@')) found.context = word.slice(1);
    else if (word.includes('='))
      return { ...found, ...contextIn(words.slice(at)), filter: `-l ${labelsIn(words.slice(at))}` };
    else if (word !== '-n') found.namespace = ALL.has(word) ? '' : word;
  }
  return { ...found, filter: '' };
}

/** After labels there may still be a context. */
function contextIn(words: readonly string[]): { context?: string } {
  const found = words.find((word) => word.startsWith('@'));
  return found === undefined ? {} : { context: found.slice(1) };
}

function labelsIn(words: readonly string[]): string {
  return words.filter((word) => !word.startsWith('@')).join(' ');
}

const CONTEXTS = ['cluster', 'copy'];

/** What leads to a context: nothing where it is looked at already, a sentence where there is no such. */
function wayTo(context: string | undefined, { copy }: State): Message | string | undefined {
  const here = copy === undefined ? 'cluster' : 'copy';
  if (context === undefined || context === here) return undefined;
  if (!CONTEXTS.includes(context)) return `there is no context ${context}: ${CONTEXTS.join(', ')}`;
  return context === 'cluster' ? { type: 'now' } : { type: 'copy-of', of: 'now' };
}

function remembering(state: State, text: string): State {
  const history = [...state.history.filter((each) => each !== text), text].slice(-HISTORY_MAX);
  return { ...state, history, historyAt: history.length - 1 };
}

/** What the text may become, the likeliest first: names of commands and kinds, then namespaces. */
export function suggestions(text: string, world: World): readonly string[] {
  const [name = '', ...rest] = text.split(' ');
  if (rest.length > 1 || text === '') return [];
  if (rest.length === 1) return namespaceSuggestions(name, rest[0]!, world);
  const wanted = name.toLowerCase();
  const names = [
    ...Object.keys(world.settings?.aliases ?? {}),
    ...COMMANDS.flatMap((command) => command.names),
    ...listedKinds(world).flatMap(({ descriptor }) => [
      descriptor.plural,
      ...descriptor.shortNames,
    ]),
  ];
  return [...new Set(names)]
    .filter((each) => each.startsWith(wanted))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

function namespaceSuggestions(name: string, start: string, world: World): readonly string[] {
  const kind = kindByName(world, plainName(world.settings?.aliases[name] ?? name));
  if (kind && start.startsWith('@'))
    return CONTEXTS.map((each) => `@${each}`)
      .filter((each) => each.startsWith(start))
      .map((each) => `${name} ${each}`);
  if (!kind?.ref.namespaced) return [];
  return namespaces(world)
    .filter((each) => each.startsWith(start))
    .map((each) => `${name} ${each}`);
}

/** The text with the suggestion taken. */
export function completed(text: string, suggestion: number, world: World): string {
  return suggestions(text, world)[suggestion] ?? text;
}
