import { leases } from '../../generated/coordination/v1/resources.ts';
import type { Lease } from '../../generated/coordination/v1/types.ts';
import type { Node } from '../../generated/core/v1/types.ts';
import { VOUCHED } from '../client/index.ts';
import { formatMicroTime, isApiError } from '../meta/index.ts';
import { isSilent } from './ailments.ts';
import { hash32 } from './hash.ts';
import { type Client, clientOf, type Kubelets } from './kubelets.ts';
import type { NodeRecord } from './state.ts';

export const LEASE_NAMESPACE = 'kube-node-lease';
/** A lease is renewed four times in its duration. */
const RENEWALS = 4;
/** Nodes spread over this many moments of a period; those of one moment renew together. */
const SLOTS = 10;

/** The beat that a node belongs to: period and place in it, by its name. */
export function beatOf(name: string, leaseSeconds: number): string {
  return `${(leaseSeconds * 1000) / RENEWALS}/${slotOf(name)}`;
}

/** The number before the slash. */
function periodOf(beat: string): number {
  return Number.parseFloat(beat);
}

function nextBeat(beat: string, nowMs: number): number {
  const periodMs = periodOf(beat);
  return momentAfter({ periodMs, slot: Number(beat.split('/')[1]) }, nowMs);
}

/** The first moment after `atMs` at which a kubelet does what it does once a period: each node in its own part of it. */
export function momentOf(name: string, periodMs: number, atMs: number): number {
  return momentAfter({ periodMs, slot: slotOf(name) }, atMs);
}

function slotOf(name: string): number {
  return hash32(name) % SLOTS;
}

function momentAfter(
  { periodMs, slot }: { readonly periodMs: number; readonly slot: number },
  atMs: number,
): number {
  const offsetMs = (slot * periodMs) / SLOTS;
  return (Math.floor((atMs - offsetMs) / periodMs) + 1) * periodMs + offsetMs;
}

/** Counts the node in; the first of a beat winds its clock. */
export function joinBeat({ state, context }: Kubelets, name: string, beat: string): void {
  const { pace } = context;
  if (isEmpty(state, beat)) pace.setTimer(`lease/${beat}`, nextBeat(beat, pace.now()), 'periodic');
  state.beats.set(`${beat}\0${name}`, name);
}

function isEmpty({ beats }: Kubelets['state'], beat: string): boolean {
  let empty = true;
  beats.scan(`${beat}\0`, `${beat}\x01`, () => {
    empty = false;
    return false;
  });
  return empty;
}

export function leaveBeat({ state }: Kubelets, name: string, beat: string): void {
  state.beats.delete(`${beat}\0${name}`);
}

/** Renews the leases of all nodes of a beat. */
export async function renewLeases(kubelets: Kubelets, beat: string, record: number): Promise<void> {
  const { state, context, nodes } = kubelets;
  const names = state.beats.withPrefix(`${beat}\0`);
  if (names.length === 0) return;
  const nowMs = context.pace.now();
  context.pace.setTimer(`lease/${beat}`, nextBeat(beat, nowMs), 'periodic');
  const time = formatMicroTime(nowMs);
  for (const name of names) {
    const known = state.nodes.get(name);
    const node = nodes.byKey(name);
    if (!known || !node || isSilent(kubelets, name)) continue;
    await renewLease(kubelets, known, node, record, time);
  }
}

/** Renews one lease, or makes it. A refusal is left to the next beat. */
export async function renewLease(
  kubelets: Kubelets,
  known: NodeRecord,
  node: Node,
  record: number,
  time: string,
): Promise<void> {
  const lease = kubelets.leases.byKey(`${LEASE_NAMESPACE}/${known.name}`);
  const client = clientOf(kubelets, known.user, record);
  try {
    const spec = { ...lease?.spec, renewTime: time };
    if (lease) await client.update(leases, { ...lease, spec }, VOUCHED);
    else await createLease(client, known, node, time);
  } catch (error) {
    if (!isApiError(error)) throw error;
  }
}

async function createLease(
  client: Client,
  { name, beat }: NodeRecord,
  node: Node,
  time: string,
): Promise<void> {
  await client.create<Lease>(leases, {
    metadata: {
      name,
      namespace: LEASE_NAMESPACE,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: node.metadata?.uid ?? '' }],
    },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: (periodOf(beat) * RENEWALS) / 1000,
      renewTime: time,
    },
  } as never);
}
