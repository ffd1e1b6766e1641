import type { ForwardWish } from '../../client/index.ts';
import type { Action, Target } from './action.ts';
import { podScope } from './drill.ts';
import { kindListing } from './kind-list.ts';
import { chosen, chosenRow } from './lists.ts';
import type { PodLike } from './pages/containers.ts';
import { containerChosen, unreachable } from './shell.ts';
import { currentView, type Dialog, type DialogField, flashed, type State } from './state.ts';
import type { Next } from './update.ts';
import { isList, tableView } from './view.ts';
import { kindById, objectAt, type World } from './world.ts';

const PORT_MAX = 65_535;
/** Pods of a workload or service that are looked at for one that runs. */
const PODS_MAX = 200;

/** Asks which port of the chosen pod, container, workload or service is to be reached, and from where. */
export function askForForward(state: State, world: World): Next {
  if (!world.pods())
    return { state: flashed(state, unreachable(state, 'reach the pods of'), 'error') };
  const pod = podBehind(state, world);
  if (!pod) return { state: flashed(state, 'it has no pod that runs', 'error') };
  const found = containerChosen(state, world);
  const named = typeof found === 'object' ? found.container : undefined;
  const all = portsOf(pod, world).filter(({ container }) => !named || container === named);
  const [first] = all;
  const container = named ?? first?.container ?? '';
  const action: Action = { verb: 'forward', targets: [pod], options: { container } };
  const port = String(first?.port ?? '');
  const dialog: Dialog = {
    verb: 'forward',
    question: `Forward a port to pod ${pod.key}?`,
    notes: [
      all.length === 0
        ? 'it declares no ports'
        : `it has ${all.map((each) => `${each.container} ${each.port}${each.name}`).join(', ')}`,
    ],
    fields: [
      textField('port', 'port of the pod', port),
      textField('localPort', 'port of this machine', port),
      textField('address', 'address', 'localhost'),
    ],
    focus: 0,
    action,
  };
  return { state: { ...state, dialog } };
}

function textField(option: string, label: string, text: string): DialogField {
  return { option, label, choices: [], at: 0, text };
}

/** The chosen pod, or the first that runs of a workload's or service's. */
function podBehind(state: State, world: World): Target | undefined {
  const target = chosen(state, world);
  const kind = target && kindById(world, target.resource);
  const object = target && objectAt(world, target.resource, target.key);
  if (!kind || !object) return undefined;
  if (target.resource === 'pods') return target;
  const scope = podScope(kind, object);
  if (!scope?.scope) return undefined;
  const listing = kindListing(tableView('pods', scope.namespace, scope.scope), world);
  for (let at = 0; at < Math.min(PODS_MAX, listing.count); at++) {
    const key = listing.keyAt(at)!;
    const pod = objectAt(world, 'pods', key) as
      | (PodLike & { status?: { phase?: string } })
      | undefined;
    if (pod?.status?.phase === 'Running') return { resource: 'pods', key };
  }
  return undefined;
}

interface NamedPort {
  readonly container: string;
  readonly port: number;
  /** ` http`, or nothing. */
  readonly name: string;
}

function portsOf({ key }: Target, world: World): readonly NamedPort[] {
  const { containers = [] } = (objectAt(world, 'pods', key) as PodLike | undefined)?.spec ?? {};
  return containers.flatMap(({ name: container, ports = [] }) =>
    ports
      .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
      .map(({ containerPort, name }) => ({
        container,
        port: containerPort,
        name: name ? ` ${name}` : '',
      })),
  );
}

/** What is wrong with a forward as it was filled in. */
export function forwardComplaint({
  port = '',
  localPort = '',
  address = '',
}: Action['options']): string | undefined {
  if (!isPort(port) || Number(port) === 0) return `${port || 'nothing'} is no port of a pod`;
  if (localPort !== '' && !isPort(localPort)) return `${localPort} is no port of this machine`;
  return /^[\w.:-]+$/.test(address) ? undefined : `${address || 'nothing'} is no address`;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= PORT_MAX;
}

/** The forward that an action asks for. */
export function wishOf({ targets, options }: Action): ForwardWish {
  const [namespace = '', name = ''] = targets[0]!.key.split('/');
  const { container = '', port, localPort, address = 'localhost' } = options;
  return {
    namespace,
    name,
    container,
    port: Number(port),
    localPort: Number(localPort || 0),
    address,
  };
}

/** Ends the forward under the cursor. */
export function stopForward(state: State, world: World): Next {
  const view = currentView(state);
  const id = isList(view) ? chosenRow(state, view, world) : undefined;
  return id === undefined ? { state } : { state, effect: { type: 'stop-forward', id } };
}
