import { resourceId } from '../../meta/index.ts';
import { SKINS } from '../settings/index.ts';
import type { Message, SubjectPage } from './message.ts';
import { kindByName, namespaces, type World } from './world.ts';

export interface Command {
  readonly names: readonly string[];
  readonly does: string;
  /** What may follow the name, as shown in the help. */
  readonly takes?: string;
  /** What the command stands for, or what is wrong with the words that follow its name. */
  readonly message: (words: readonly string[], world: World) => Message | string;
}

type Fixed = readonly [names: string, does: string, message: Message];

/** Commands that take nothing: names, the first one first. */
const FIXED: readonly Fixed[] = [
  [
    'conv convergence home',
    'want, have and what is waited for',
    { type: 'list', page: 'convergence' },
  ],
  ['why', 'why the chosen object is as it is', { type: 'object', page: 'why' }],
  ['diff', 'manifest, store and status of it', { type: 'page', page: 'diff' }],
  ['pulses pu', 'how many of each kind are at their goal', { type: 'list', page: 'pulses' }],
  ['queues wq', 'work that waits, by component', { type: 'list', page: 'queues' }],
  ['watches', 'who follows what, and what is kept from them', { type: 'list', page: 'watches' }],
  ['ctx contexts', 'the cluster, and the copy of it', { type: 'list', page: 'contexts' }],
  [
    'portforwards pf portforward',
    'ports of this machine that lead to pods',
    { type: 'list', page: 'forwards' },
  ],
  ['sleepers', 'who wakes when', { type: 'list', page: 'sleepers' }],
  [
    'outcomes',
    'what came out otherwise than the manifests want',
    { type: 'list', page: 'outcomes' },
  ],
  ['errors', 'mistakes of the last save', { type: 'text', page: 'errors' }],
  ['kinds aliases a', 'all kinds', { type: 'list', page: 'kinds' }],
  ['help', 'keys and commands', { type: 'text', page: 'help' }],
  ['q quit q! qa exit', 'quit', { type: 'quit' }],
];

/** Pages about an object of one kind, which may be named. */
function about(page: SubjectPage, resource: string): Command['message'] {
  return ([name], world) => {
    if (name === undefined) return { type: 'page', page };
    const key = keyNamed(resource, name, world);
    return key === undefined
      ? `no ${resource} is called ${name}`
      : { type: 'page', page, argument: `${resource} ${key}` };
  };
}

/** Key of an object by `namespace/name`, or by its name alone, whatever its namespace. */
function keyNamed(resource: string, name: string, world: World): string | undefined {
  const kind = kindByName(world, resource);
  const lister = kind && world.lister(kind.ref);
  if (!lister) return undefined;
  if (lister.byKey(name)) return name;
  return namespaces(world)
    .map((namespace) => `${namespace}/${name}`)
    .find((key) => lister.byKey(key));
}

function xray([name, namespace = '']: readonly string[], world: World): Message | string {
  const kind = kindByName(world, name ?? 'deployments');
  if (!kind) return `no kind is called ${name}`;
  return { type: 'page', page: 'xray', argument: `${resourceId(kind.ref)} ${namespace}` };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90s`, `10m`, `1h30m`, in milliseconds. */
export function durationMs(text: string): number | undefined {
  if (!/^(\d+[smhd])+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([smhd])/g))
    seconds += Number(amount) * SECONDS[unit!]!;
  return seconds * 1000;
}

/** A time as the header shows it, `t+00:03:12.4`, in milliseconds. */
function headerMs(text: string): number | undefined {
  const [, hours, minutes, seconds] = /^t\+(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  return Math.round(((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000);
}

function at([when = '', second = '']: readonly string[], { control }: World): Message | string {
  const revision = when === 'rev' ? second : when;
  if (/^\d+$/.test(revision)) return { type: 'copy-of', of: { revision: Number(revision) } };
  const ms = headerMs(when) ?? durationMs(when.replace(/^(-|t\+)/, ''));
  if (ms === undefined)
    return 'say a revision, a time as 2m or t+00:02:00, or -30s for so long ago';
  const { nowMs, elapsedMs } = control.clock();
  const atMs = when.startsWith('-') ? nowMs - ms : nowMs - elapsedMs + ms;
  return { type: 'copy-of', of: { atMs } };
}

function until(words: readonly string[], world: World): Message | string {
  const [first = 'converged', second = ''] = words;
  const afterMs = durationMs(first);
  if (afterMs !== undefined) return { type: 'until', until: { afterMs } };
  if (first === 'converged') return { type: 'until', until: 'converged' };
  if (first === 'rev') {
    const revision = Number(second);
    return Number.isInteger(revision) && second !== ''
      ? { type: 'until', until: { revision } }
      : 'say a revision, until rev 1842';
  }
  const [kindName = '', name = ''] = first.split('/');
  const kind = kindByName(world, kindName);
  const key = kind && name !== '' ? keyNamed(kindName, name, world) : undefined;
  if (!kind || key === undefined) return 'until converged, 10m, rev 1842, or deploy/web';
  return { type: 'until', until: { resource: resourceId(kind.ref), key } };
}

/** What may be typed after `:` beside the names of kinds. */
export const COMMANDS: readonly Command[] = [
  ...FIXED.map(
    ([names, does, message]): Command => ({
      names: names.split(' '),
      does,
      message: () => message,
    }),
  ),
  {
    names: ['dir', 'd', 'ls'],
    takes: '[PATH]',
    does: 'a folder of this machine, the manifests without a path',
    message: (words, { control }) => ({
      type: 'dir',
      path: words.join(' ') || (control.manifests()?.folder ?? '.'),
    }),
  },
  {
    names: ['skin'],
    takes: '[NAME]',
    does: 'other colours, until the screen is left',
    message: ([name = ''], world) => {
      const names = Object.keys({ ...SKINS, ...world.settings?.skins });
      return names.includes(name) ? { type: 'skin', name } : `there are ${names.join(', ')}`;
    },
  },
  {
    names: ['timeline', 'tl', 'journal'],
    does: 'what was done, newest first',
    message: () => ({ type: 'page', page: 'timeline', argument: '' }),
  },
  {
    names: ['xray', 'x', 'xr'],
    takes: 'KIND [NAMESPACE]',
    does: 'a kind with all that it owns and names, as a tree',
    message: xray,
  },
  {
    names: ['flows'],
    takes: '[SERVICE]',
    does: 'where connections to services go',
    message: about('flows', 'services'),
  },
  {
    names: ['faults', 'fault'],
    takes: '[FAULT]',
    does: 'what goes wrong; with zone=b+10m and the like, makes it go wrong',
    message: ([fault]) =>
      fault === undefined ? { type: 'list', page: 'faults' } : { type: 'inject', fault },
  },
  {
    names: ['whatif'],
    takes: '[FAULT]',
    does: 'a copy of the cluster to try things on, or what a fault would do',
    message: ([fault]) => ({
      ...{ type: 'copy-of', of: 'now' },
      ...(fault === undefined ? {} : { trial: { fault } }),
    }),
  },
  {
    names: ['at'],
    takes: 'REV | 2m | -30s',
    does: 'the cluster as it was: at a revision, a time, or so long ago',
    message: at,
  },
  {
    names: ['can'],
    takes: 'u:USER | g:GROUP | s:NAMESPACE:NAME',
    does: 'what somebody may do; without a name, the chosen service account',
    message: ([who]) => ({
      type: 'page',
      page: 'can',
      ...(who === undefined ? {} : { argument: `subject ${who}` }),
    }),
  },
  {
    names: ['now'],
    does: 'out of the copy, back to the cluster',
    message: () => ({ type: 'now' }),
  },
  {
    names: ['changes'],
    does: 'in a copy: what is different there',
    message: (_, world) =>
      world.other ? { type: 'list', page: 'changes' } : 'only a copy can differ: :whatif or :at',
  },
  {
    names: ['rules'],
    takes: '[NODE]',
    does: "what a node's proxy makes of the services",
    message: ([node]) => ({ type: 'rules', ...(node === undefined ? {} : { node }) }),
  },
  {
    names: ['until'],
    takes: 'converged | 10m | rev N | KIND/NAME',
    does: 'run until then, and stand still there',
    message: until,
  },
];
