import type { KubeObject } from '../../meta/index.ts';
import { whoOf } from './access.ts';
import type { Target } from './action.ts';
import { drillIn } from './drill.ts';
import { chosen, chosenRow } from './lists.ts';
import { logView } from './log.ts';
import type { ListPage, ObjectPage, SubjectPage, TextPage } from './message.ts';
import { currentView, flashed, pushView, replaceView, type State } from './state.ts';
import { isList, objectView, pageView, TOP, tableView, textView, type View } from './view.ts';
import { type Kind, kindById, kindByName, objectAt, type World } from './world.ts';

export function listPage({ refusals, copy }: State, page: ListPage): View {
  if (page === 'contexts')
    return pageView(page, copy === undefined ? undefined : { resource: 'copy', key: copy });
  const view = pageView(page);
  return page === 'outcomes' && refusals.length > 0 ? { ...view, refusals } : view;
}

/** Pages that enter leads from by what the row is, not by the object under the cursor. */
const LEADS: Partial<
  Record<ListPage, (key: string, view: View, state: State, world: World) => View | undefined>
> = {
  kinds: (key, _, { namespace }, world) => {
    const kind = kindById(world, key);
    return kind && tableView(key, kind.ref.namespaced ? namespace : '');
  },
  queues: (key) => ({ ...pageView('timeline'), filter: key }),
  faults: (id, _, __, { control }) => {
    const { record = 0 } = control.faults().find((each) => each.id === id) ?? {};
    return record > 0 ? causesView(String(record)) : undefined;
  },
  timeline: causesView,
  causes: causesView,
  outcomes: (outcome, _, { refusals }) => ({ ...textView('outcome'), outcome, refusals }),
  containers: (key, view, _, world) =>
    view.type === 'page' && view.subject ? logView(view.subject, false, world, key) : undefined,
};

/** The causes and effects of a record, with the cursor on it. */
function causesView(key: string): View {
  return { ...pageView('causes', { resource: 'journal', key }), cursor: { ...TOP, key } };
}

export function open(state: State, world: World): State {
  const view = currentView(state);
  if (!isList(view)) return state;
  const lead = view.type === 'page' ? LEADS[view.page] : undefined;
  if (lead) {
    const key = chosenRow(state, view, world);
    const next = key === undefined ? undefined : lead(key, view, state, world);
    return next ? pushView(state, next) : state;
  }
  const target = chosen(state, world);
  const kind = target && kindById(world, target.resource);
  if (target?.resource === 'outcome')
    return pushView(state, { ...textView('outcome'), outcome: chosenRow(state, view, world)! });
  if (!target || !kind) return state;
  if (target.key === '') return pushView(state, tableView(target.resource, ''));
  const object = objectAt(world, target.resource, target.key);
  return object ? pushView(state, drillIn(kind, object, world)) : state;
}

/** A page about the chosen object; the whole timeline, or all flows, where none is chosen. */
export function openPage(
  state: State,
  page: SubjectPage,
  argument: string | undefined,
  world: World,
): State {
  const subject = argument === undefined ? subjectOf(state, page, world) : named(argument);
  if (page === 'can') return openCan(state, subject);
  const standsAlone = page === 'timeline' || page === 'flows';
  if (!subject && !standsAlone) return flashed(state, 'choose an object first');
  return pushView(state, pageView(page, subject));
}

/** What somebody may do, by k9s' way to name them. */
function openCan(state: State, subject: Target | undefined): State {
  const key =
    subject?.resource === 'serviceaccounts'
      ? `s:${subject.key.replace('/', ':')}`
      : subject?.resource === 'subject'
        ? subject.key
        : '';
  return whoOf(key)
    ? pushView(state, pageView('can', { resource: 'subject', key }))
    : flashed(state, 'say who: u:NAME, g:GROUP or s:NAMESPACE:NAME', 'error');
}

function subjectOf(state: State, page: SubjectPage, world: World): Target | undefined {
  const target = chosen(state, world);
  if (!target || target.key === '') return undefined;
  if (page === 'flows' && target.resource !== 'services') return undefined;
  return target;
}

function named(argument: string): Target | undefined {
  const [resource = '', key = ''] = argument.split(' ');
  return resource === '' ? undefined : { resource, key };
}

/** The rules of the node that is named or chosen, or else of the first. */
export function openRules(state: State, name: string | undefined, world: World): State {
  const kind = kindByName(world, 'nodes');
  const lister = kind && world.lister(kind.ref);
  const target = chosen(state, world);
  const wanted = name ?? (target?.resource === 'nodes' ? target.key : undefined);
  const node = wanted ?? lister?.list()[0]?.metadata.name;
  if (node === undefined || !lister?.byKey(node))
    return flashed(state, wanted ? `no node is called ${wanted}` : 'there are no nodes', 'error');
  return pushView(state, objectView('rules', 'nodes', node));
}

/** The log of what is chosen; in a log, of the other run. */
export function openLog(state: State, previous: boolean, world: World): State {
  const view = currentView(state);
  if (view.type === 'log')
    return replaceView(state, () => ({ ...view, previous: !view.previous, offset: 0 }));
  const target = chosen(state, world);
  const container =
    view.type === 'page' && view.page === 'containers' ? chosenRow(state, view, world) : undefined;
  const next = target && logView(target, previous, world, container);
  if (!next || next.pods.length === 0) return flashed(state, 'it has no pods that could write');
  return pushView(state, next);
}

export function openText(state: State, page: TextPage): State {
  const view = currentView(state);
  if (view.type === 'text' && view.page === page) return state;
  return pushView(state, textView(page));
}

/** YAML, description or reasons; from one of them to another in its place, so that back leads to the list. */
export function openObject(state: State, page: ObjectPage, world: World): State {
  const target = chosen(state, world);
  if (!target || target.key === '') return flashed(state, 'choose an object first');
  const next = objectView(page, target.resource, target.key);
  return currentView(state).type === 'object'
    ? replaceView(state, () => next)
    : pushView(state, next);
}

export function follow(
  state: State,
  world: World,
  lead: (kind: Kind, object: KubeObject) => View | undefined,
  otherwise: string,
): State {
  const target = chosen(state, world);
  const kind = target && kindById(world, target.resource);
  const object = target && objectAt(world, target.resource, target.key);
  const next = kind && object && lead(kind, object);
  return next ? pushView(state, next) : flashed(state, otherwise);
}
