import type { KubeObject } from '../../meta/index.ts';
import type { Action, ActionVerb, Target } from './action.ts';
import { dependents } from './dependents.ts';
import { chosen, targets } from './lists.ts';
import { currentView, type Dialog, type DialogField, flashed, type State } from './state.ts';
import {
  CONTAINER_TRAITS,
  FAULT_TRAITS,
  FILE_TRAITS,
  FORWARD_TRAITS,
  NO_TRAITS,
  TILE_TRAITS,
  type Trait,
  traitsOf,
} from './traits.ts';
import type { Next } from './update.ts';
import { isTiled, isTree } from './view.ts';
import { kindById, objectAt, shortName, type World } from './world.ts';

/** What kinds an action is for, and how those are called where it is for no other. */
const FOR: Readonly<Record<ActionVerb, readonly [Trait, string]>> = {
  delete: ['deletable', 'what can be deleted'],
  kill: ['pod', 'pods'],
  scale: ['scalable', 'what has replicas'],
  restart: ['template', 'deployments, stateful sets and daemon sets'],
  image: ['template', 'deployments, stateful sets and daemon sets'],
  rollback: ['revision', 'replica sets'],
  cordon: ['node', 'nodes'],
  uncordon: ['node', 'nodes'],
  drain: ['node', 'nodes'],
  suspend: ['cron', 'cron jobs'],
  trigger: ['cron', 'cron jobs'],
  forward: ['forward', 'what has pods'],
};

/** Begins an action on what is marked, or else on what is chosen: at once, after a question, or after asking for a value. */
export function begin(state: State, verb: ActionVerb, world: World): Next {
  const wanted = targets(state, world).filter(({ resource, key }) =>
    objectAt(world, resource, key),
  );
  const [first] = wanted;
  if (!first) return { state: flashed(state, 'choose an object first') };
  const kind = kindById(world, first.resource);
  const [trait, words] = FOR[verb];
  if (!kind || !traitsOf(kind).has(trait))
    return { state: flashed(state, `${verb} is for ${words}`, 'error') };
  const action: Action = { verb, targets: wanted, options: {} };
  if (verb === 'scale' || verb === 'image') return { state: ask(state, action, world) };
  if (verb === 'kill' || verb === 'cordon' || verb === 'uncordon' || verb === 'suspend')
    return { state, effect: { type: 'act', action } };
  return { state: { ...state, dialog: dialogFor(action, world) } };
}

/** What is asked in the line at the bottom, beginning with how it is now. */
function ask(state: State, action: Action, world: World): State {
  const { verb } = action;
  const { resource, key } = action.targets[0]!;
  const object = objectAt(world, resource, key) as Workload | undefined;
  const name = named(action.targets, world);
  const text = verb === 'scale' ? String(object?.spec?.replicas ?? 1) : imageText(object);
  const label = verb === 'scale' ? `replicas of ${name}` : `container=image of ${name}`;
  return { ...state, prompt: { kind: 'value', text, suggestion: 0, asks: { label, action } } };
}

interface Workload extends KubeObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: {
      readonly spec?: { readonly containers?: readonly { name: string; image?: string }[] };
    };
  };
}

function imageText(object: Workload | undefined): string {
  const [first] = object?.spec?.template?.spec?.containers ?? [];
  return first ? `${first.name}=${first.image ?? ''}` : '';
}

/** What is wrong with a value before the server is asked. */
export function complaint({ verb }: Action, value: string): string | undefined {
  if (verb === 'scale')
    return /^\d{1,9}$/.test(value) ? undefined : `${value} is no number of replicas`;
  return /^[^\s=]+=\S+$/.test(value) ? undefined : 'say container=image';
}

function dialogFor(action: Action, world: World): Dialog {
  const { verb } = action;
  const name = named(action.targets, world);
  const question = `${verb[0]!.toUpperCase()}${verb.slice(1)} ${name}?`;
  const base = { verb, question, action, focus: 'cancel' } as const;
  return { ...base, fields: fieldsOf(verb), notes: notesOf(action, world) };
}

const field = (option: string, label: string, ...choices: readonly string[]): DialogField => ({
  option,
  label,
  choices,
  at: 0,
});

function fieldsOf(verb: ActionVerb): readonly DialogField[] {
  if (verb === 'delete')
    return [
      field('propagationPolicy', 'dependents', 'Background', 'Foreground', 'Orphan'),
      field('gracePeriodSeconds', 'grace', "the object's own", '0 s', '1 s', '30 s', '300 s'),
    ];
  if (verb !== 'drain') return [];
  return [
    field('gracePeriodSeconds', 'grace', "each pod's own", '0 s', '1 s', '30 s', '300 s'),
    field('ignoreDaemonSets', 'pods of daemon sets', 'leave', 'refuse'),
    field('deleteEmptyDirData', 'pods with emptyDir', 'refuse', 'evict'),
    field('force', 'pods without controller', 'refuse', 'evict'),
  ];
}

function notesOf({ verb, targets: all }: Action, world: World): readonly string[] {
  switch (verb) {
    case 'delete': {
      const taken = dependents(all, world);
      return taken.length > 0 ? [`with it go ${taken.join(', ')}`] : [];
    }
    case 'restart':
      return ['its pods are made anew, as its strategy has it'];
    case 'rollback':
      return ['its deployment gets the template of this replica set'];
    case 'drain':
      return ['it is cordoned, its pods are evicted'];
    case 'trigger':
      return ['a job is made of its template now'];
    default:
      return [];
  }
}

/** `pod shop/web-1`, or `3 pods`. */
function named(all: readonly Target[], world: World): string {
  const { resource, key } = all[0]!;
  const kind = kindById(world, resource);
  if (all.length > 1) return `${all.length} ${kind?.descriptor.plural ?? resource}`;
  return `${kind?.descriptor.singular ?? resource} ${key}`;
}

/** `po/web-1 is being deleted`: what there is to say when an action is through. */
export function done({ verb, targets: all, options }: Action, world: World): string {
  const kind = kindById(world, all[0]!.resource);
  const what =
    all.length > 1
      ? `${all.length} ${kind?.descriptor.plural ?? ''}`
      : `${kind ? shortName(kind) : ''}/${all[0]!.key.replace(/^.*\//, '')}`;
  const words: Readonly<Record<ActionVerb, string>> = {
    delete: 'being deleted',
    kill: 'killed',
    scale: `scaled to ${options.value}`,
    restart: 'restarting',
    image: `set to ${options.value}`,
    rollback: 'what its deployment rolls back to',
    cordon: 'cordoned',
    uncordon: 'uncordoned',
    drain: 'drained',
    suspend: options.resumed === 'true' ? 'resumed' : 'suspended',
    trigger: 'triggered',
    forward: 'forwarded to',
  };
  return `${what} ${all.length > 1 ? 'are' : 'is'} ${words[verb]}`;
}

/** Traits of what the keys would act on. */
export function traitsAt(state: State, world: World): ReadonlySet<Trait> {
  const view = currentView(state);
  if (view.type === 'page' && view.page === 'containers') return CONTAINER_TRAITS;
  if (view.type === 'page' && view.page === 'faults') return FAULT_TRAITS;
  if (view.type === 'page' && view.page === 'forwards') return FORWARD_TRAITS;
  if (view.type === 'page' && view.page === 'dir') return FILE_TRAITS;
  if (isTiled(view)) return TILE_TRAITS;
  const target = chosen(state, world);
  const kind = target && target.key !== '' && kindById(world, target.resource);
  const traits = kind ? traitsOf(kind) : NO_TRAITS;
  return isTree(view) ? new Set([...traits, 'tree']) : traits;
}
