import { type Ailment, isAt, isOff, isSilent, type Place } from './ailments.ts';
import { bootPod } from './boot.ts';
import { detach, dropCopies } from './copies.ts';
import { noteLoad } from './eviction/index.ts';
import { BY_NODE, type Kubelets } from './kubelets.ts';
import { uidOnNode } from './pod-source.ts';
import { podsOn, recordKeyOf } from './pods-on.ts';

/** For how long it is remembered how probes answered. A container that is younger was started after it. */
const PROBES_KEPT_MS = 600_000;

/** Puts an ailment into the state, and has those look at themselves whom it changes at once. */
export function befall(kubelets: Kubelets, ailment: Ailment): void {
  const { state, context } = kubelets;
  const nowMs = context.pace.now();
  const isKept = (each: Ailment): boolean =>
    each.kind !== 'probe' || each.untilMs === undefined || each.untilMs + PROBES_KEPT_MS > nowMs;
  if (ailment.kind === 'cut')
    for (const name of nodesAt(kubelets, ailment.place))
      if (!isSilent(kubelets, name)) detach(kubelets, name);
  state.ailments = [...state.ailments.filter(isKept), ailment];
  notice(kubelets, ailment, ailment.record);
}

/** Takes an ailment out of the state again. A machine that was off boots; one that was cut off says how it is. */
export function recover(kubelets: Kubelets, id: string, record: number): void {
  const { state, context } = kubelets;
  const nowMs = context.pace.now();
  const ended = state.ailments.filter((each) => each.id === id);
  state.ailments = state.ailments.flatMap((each): Ailment[] => {
    if (each.id !== id) return [each];
    return each.kind === 'probe' ? [{ ...each, untilMs: nowMs }] : [];
  });
  for (const ailment of ended) notice(kubelets, ailment, record);
}

function notice(kubelets: Kubelets, ailment: Ailment, record: number): void {
  const { state } = kubelets;
  const isOver = !state.ailments.includes(ailment);
  switch (ailment.kind) {
    case 'off':
    case 'cut':
      if (!isOver) return;
      for (const name of nodesAt(kubelets, ailment.place)) {
        if (ailment.kind === 'off' && !isOff(kubelets, name)) bootNode(kubelets, name);
        state.queue.add(`node/${name}`, -record);
        lookAtPods(kubelets, name, record);
      }
      return;
    case 'pressure':
      for (const name of nodesAt(kubelets, ailment.place)) noteLoad(kubelets, name);
      return;
    case 'probe':
      for (const name of nodesAt(kubelets, ailment.place)) lookAtPods(kubelets, name, record);
      return;
    case 'pull':
      return;
  }
}

/** Names of the nodes at a place that have a kubelet, and of those of pools that could not register. */
export function nodesAt(kubelets: Kubelets, place: Place): string[] {
  const { state } = kubelets;
  const names = new Set([...state.nodes.keys(), ...state.fleet.keys()]);
  return [...names].filter((name) => isAt(place, name, kubelets));
}

function lookAtPods(kubelets: Kubelets, node: string, record: number): void {
  const bound = kubelets.pods.byIndex(BY_NODE, node);
  for (const pod of [...bound, ...podsOn(kubelets, node)])
    kubelets.state.queue.add(`pod/${recordKeyOf(kubelets, pod)}`, -record);
}

function bootNode(kubelets: Kubelets, node: string): void {
  const { state, context } = kubelets;
  dropCopies(kubelets, node);
  state.untold.delete(node);
  for (const pod of podsOn(kubelets, node)) {
    const key = recordKeyOf(kubelets, pod);
    const record = state.pods.get(key);
    if (record?.uid === uidOnNode(pod))
      state.pods.set(key, bootPod(pod, record, context.pace.now()));
  }
  const known = state.nodes.get(node);
  if (known) state.nodes.set(node, { ...known, pullsUntilMs: 0 });
  const unfinished: string[] = [];
  state.images.scan(`${node}\0`, `${node}\x01`, (key, { atMs }) => {
    if (atMs > context.pace.now()) unfinished.push(key);
    return true;
  });
  for (const key of unfinished) state.images.delete(key);
}
