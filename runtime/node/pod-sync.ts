import { pods } from '../../generated/core/v1/resources.ts';
import type { Container, Node, Pod } from '../../generated/core/v1/types.ts';
import { aboutOf, VOUCHED } from '../client/index.ts';
import { isNotFound } from '../meta/index.ts';
import { takeAddress } from './addresses.ts';
import { refuse } from './admission.ts';
import { scriptsOn } from './ailing-scripts.ts';
import { isCut, isSilent } from './ailments.ts';
import { minus, NO_AMOUNTS, offeredBy, plus, podAmounts } from './amounts.ts';
import { containerProblem } from './container-problem.ts';
import { hasBegun, NEW_CONTAINER } from './container-record.ts';
import { copyKey, rejoined } from './copies.ts';
import { hasCopy, syncCopy } from './copy-sync.ts';
import { left, withDead } from './dead-containers.ts';
import type { Effects } from './effects.ts';
import { ephemeralContainers } from './ephemeral.ts';
import {
  changeLoad,
  EVICTED,
  loadOf,
  NO_LOAD,
  pressuresOn,
  refusedUnder,
  runningOn,
} from './eviction/index.ts';
import { noteLastUse } from './image-use.ts';
import { volumeImages } from './image-volumes.ts';
import { type Client, clientOf, type Kubelets } from './kubelets.ts';
import { makeRoom } from './make-room.ts';
import { lookNoLaterThan } from './node-sync.ts';
import type { PodRecord } from './pod-record.ts';
import { isMirror } from './pod-source.ts';
import { sameJson } from './pod-status.ts';
import { decide, type PodDecision } from './pod-worker.ts';
import { sessionOf } from './program-desk.ts';
import { playedScripts } from './program-scripts.ts';
import { tokensFor } from './program-tokens.ts';
import { type VolumeProblem, volumeProblems } from './references/index.ts';
import { forgetDeferred, resize, retryDeferred } from './resize.ts';
import { givenPod } from './resizing.ts';
import { sysctlProblem } from './safe-sysctls.ts';
import { reportedSize } from './sized-spec.ts';
import type { NodeRecord } from './state.ts';
import { tellEvents } from './telling.ts';

/** One pass of the pod worker for the pod at `key`: decide, remember, then write status, events and the end. */
export async function syncPod(kubelets: Kubelets, key: string, journalId: number): Promise<void> {
  const { state } = kubelets;
  const pod = kubelets.pods.byKey(key);
  const known = state.pods.get(key);
  if (known && hasCopy(kubelets, key, known)) return syncCopy(kubelets, key, known, journalId);
  if (known && (!pod || pod.metadata?.uid !== known.uid)) forgetPod(kubelets, key, known, pod);
  const nodeName = pod?.spec?.nodeName;
  if (!pod || !nodeName) return;
  const node = state.nodes.get(nodeName);
  if (!node || isSilent(kubelets, nodeName)) return;
  const client = clientOf(kubelets, node.user, journalId);
  if (isMirror(pod)) return remove(client, pod);
  const before = state.pods.get(key) ?? (await takeOver(kubelets, key, pod, node, client));
  if (!before) return;
  const at = copyKey(nodeName, key);
  const seen = rejoined(pod, state.copies.get(at));
  const { record, event } = resize(kubelets, key, seen, node, before);
  const { tokens, problems } = await tokensFor(kubelets, seen, record, client);
  const sized = tokens ? { ...record, tokens } : record;
  const decision = decideFor(kubelets, key, seen, sized, node, problems);
  const sawOld = Number(pod.metadata?.resourceVersion) < Number(record.version);
  if (event) decision.effects.events.unshift(event);
  remember(kubelets, key, seen, before, withSight(decision, sawOld), journalId);
  if (seen !== pod) state.copies.set(at, { ...seen, status: decision.status });
  // Its containers go on with other limits than they were looked at with.
  if (isWaiting(record) && !isWaiting(decision.record)) state.queue.add(`pod/${key}`);
  await perform(kubelets, key, pod, decision, client, record.version === '');
  state.copies.delete(at);
}

/** What the pod worker decides at this moment. */
export function decideFor(
  kubelets: Kubelets,
  key: string,
  pod: Pod,
  record: PodRecord,
  node: NodeRecord,
  problems: readonly VolumeProblem[] = [],
): PodDecision {
  const { state, context, references } = kubelets;
  const { crashMaxMs, serialPulls } = kubelets.settings();
  const kills = state.kills.get(key);
  if (kills) state.kills.delete(key);
  const given = givenPod(pod, record);
  const scripts = scriptsOn(kubelets, given, node.name);
  const programs = sessionOf(kubelets, given, record, scripts, node);
  return decide({
    pod,
    record,
    scripts: programs ? playedScripts(scripts, given, programs) : scripts,
    ...(programs ? { programs } : {}),
    nowMs: context.pace.now(),
    nodeIp: node.ip,
    crashMaxMs,
    ...(serialPulls ? { pullsUntilMs: node.pullsUntilMs } : {}),
    ...(kills ? { kills } : {}),
    imageAtMs: (image) => state.images.get(`${node.name}\0${image}`)?.atMs,
    volumeProblems: () => [
      ...volumeProblems(references, pod, kubelets.nodes.byKey(node.name)),
      ...problems,
    ],
    environmentProblem: (spec) =>
      isCut(kubelets, node.name) && hasRun(pod, record, spec.name)
        ? undefined
        : containerProblem(kubelets, pod, record, node, spec),
    quietUntil: (type, more) =>
      state.correlator.quietUntil(aboutOf(pod), type, context.pace.now(), more),
  });
}

/** What a container that has run refers to its kubelet has kept. */
function hasRun({ spec }: Pod, { init, main }: PodRecord, name: string): boolean {
  const at = (list: readonly Container[] = []) => list.findIndex((each) => each.name === name);
  const record = main[at(spec?.containers)] ?? init[at(spec?.initContainers)];
  return record !== undefined && hasBegun(record);
}

/** Its containers have not got yet what was set aside for them. */
export function isWaiting({ resizing }: PodRecord): boolean {
  return resizing !== undefined && !resizing.isApplied;
}

/** Notes whether the pod was seen as it was before the kubelet's own last write. What it says of its status is then not to be trusted. */
function withSight(decision: PodDecision, sawOld: boolean): PodDecision {
  const { sawOld: _, ...record } = decision.record;
  if (!sawOld && decision.record.sawOld === undefined) return decision;
  return { ...decision, record: sawOld ? { ...record, sawOld } : record };
}

/** Forgets a pod that is no more, and gives back what it held. */
export function forgetPod(
  kubelets: Kubelets,
  key: string,
  record: PodRecord,
  pod: Pod | undefined,
): void {
  const { state, context } = kubelets;
  if (record.wakeMs !== Number.POSITIVE_INFINITY) context.pace.clearTimer(`pod/${key}`);
  state.pods.delete(key);
  forgetDeferred(kubelets, record.node, key);
  if (!record.terminal) release(kubelets, record);
  noteLastUse(kubelets, record);
  changeLoad(kubelets, record.node, record.load ?? NO_LOAD, NO_LOAD);
  if (pod === undefined) state.queue.forget(`pod/${key}`);
}

/** A pod that this kubelet sees for the first time: admits it, turns it away, or clears away what never ran. */
async function takeOver(
  kubelets: Kubelets,
  key: string,
  pod: Pod,
  node: NodeRecord,
  client: Client,
): Promise<PodRecord | undefined> {
  const { phase } = pod.status ?? {};
  const finished = phase === 'Succeeded' || phase === 'Failed';
  if (pod.metadata?.deletionTimestamp !== undefined) {
    await remove(client, pod);
    return undefined;
  }
  return finished ? undefined : admit(kubelets, key, pod, node, client);
}

/** Takes a pod on, or turns it away. */
export async function admit(
  kubelets: Kubelets,
  key: string,
  wanted: Pod,
  node: NodeRecord,
  client: Client,
): Promise<PodRecord> {
  const { state, context, nodes } = kubelets;
  const object = nodes.byKey(node.name) as Node | undefined;
  const allocated = reportedSize(wanted);
  const pod = allocated && allocated !== wanted.spec ? { ...wanted, spec: allocated } : wanted;
  await makeRoom(kubelets, pod, node, object, client);
  const used = state.used.get(node.name) ?? NO_AMOUNTS;
  const verdict =
    refusedUnder(pressuresOn(kubelets, node.name), pod) ??
    sysctlProblem(pod) ??
    refuse(pod, object, {
      allocatable: offeredBy(object, node.allocatable),
      used,
      neighbours: () => runningOn(kubelets, node.name),
    });
  const amounts = podAmounts(pod);
  const base: PodRecord = {
    uid: pod.metadata?.uid ?? '',
    node: node.name,
    startMs: context.pace.now(),
    amounts,
    images: imagesOf(pod),
    init: (pod.spec?.initContainers ?? []).map(() => NEW_CONTAINER),
    main: (pod.spec?.containers ?? []).map(() => NEW_CONTAINER),
    terminal: false,
    wakeMs: Number.POSITIVE_INFINITY,
    wakeKind: 'work',
    version: '',
  };
  if (verdict) {
    const message = `Pod was rejected: ${verdict.message}`;
    return { ...base, verdict: { reason: verdict.reason, message }, terminal: true };
  }
  const ip = pod.spec?.hostNetwork
    ? node.ip
    : takeAddress(state, node.name, object?.spec?.podCIDR, key);
  state.used.set(node.name, plus(used, amounts));
  return { ...base, ...(allocated ? { allocated } : {}), ip };
}

/** Gives back what a pod held of its node. */
export function release(
  kubelets: Kubelets,
  { node, amounts, ip }: PodRecord,
  { keepsAddress = false } = {},
): void {
  const { state } = kubelets;
  const used = state.used.get(node);
  if (used) state.used.set(node, minus(used, amounts));
  if (ip !== undefined && !keepsAddress) state.addresses.delete(ip);
  retryDeferred(kubelets, node);
}

const imagesOfContainers = new WeakMap<readonly Container[], readonly string[]>();

/** One list for all pods of a template, but for those into which ephemeral containers were put. */
function imagesOf(pod: Pod): readonly string[] {
  const own = imagesOfTemplate(pod);
  const put = ephemeralContainers(pod);
  const shown = volumeImages(pod);
  if (put.length === 0 && shown.length === 0) return own;
  return [...own, ...shown, ...put.map(({ image = '' }) => image)];
}

function imagesOfTemplate({ spec }: Pod): readonly string[] {
  const { containers = [], initContainers = [] } = spec ?? {};
  const known = imagesOfContainers.get(containers);
  if (known) return known;
  const images = [...containers, ...initContainers].map(({ image = '' }) => image);
  imagesOfContainers.set(containers, images);
  return images;
}

/** Puts the new record, its images and its timer in place, before anything is written. */
export function remember(
  kubelets: Kubelets,
  key: string,
  pod: Pod,
  before: PodRecord,
  decision: PodDecision,
  journalId: number,
): void {
  const { state, context } = kubelets;
  const { record, effects, wakeMs } = decision;
  // What nobody hears of is not waited for.
  const wakeKind = isCut(kubelets, record.node) ? 'periodic' : decision.wakeKind;
  const never = Number.POSITIVE_INFINITY;
  if (wakeMs === never) {
    if (before.wakeMs !== never) context.pace.clearTimer(`pod/${key}`);
  } else if (wakeMs !== before.wakeMs || wakeKind !== before.wakeKind)
    context.pace.setTimer(`pod/${key}`, wakeMs, wakeKind, journalId);
  // What one program has begun others may see.
  if (!record.terminal && record.programs?.history !== before.programs?.history)
    state.queue.add(`pod/${key}`, -journalId);
  const held = before.ip !== undefined && !before.terminal;
  if (record.terminal && held) release(kubelets, record);
  if (record.terminal && !before.terminal) noteLastUse(kubelets, record);
  const next = withLoad(kubelets, pod, before, { ...record, wakeMs, wakeKind });
  state.pods.set(key, next);
  changeLoad(kubelets, next.node, before.load ?? NO_LOAD, next.load ?? NO_LOAD);
  if (effects.pullsUntilMs > 0) notePulls(kubelets, pod, record.node, effects);
}

/** With what its containers that have ended leave behind, and what it may use from now on. An evicted pod leaves nothing. */
function withLoad(
  { scripts }: Kubelets,
  pod: Pod,
  before: PodRecord,
  record: PodRecord,
): PodRecord {
  const plans = scripts.of(pod);
  if (record.terminal && record.verdict?.reason === EVICTED) {
    const { dead: _, load: __, ...rest } = record;
    return rest;
  }
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const added = [
    ...record.main.flatMap((each, i) =>
      left(before.main[i]!, each, containers[i]!, plans.main[i]!),
    ),
    ...record.init.flatMap((each, i) =>
      left(before.init[i]!, each, initContainers[i]!, plans.init[i]!),
    ),
    ...ephemeralContainers(pod).flatMap((spec, i) => {
      const [was = NEW_CONTAINER, is = NEW_CONTAINER] = [before, record].map(
        ({ ephemeral }) => ephemeral?.[spec.name],
      );
      return left(was, is, spec, plans.ephemeral[i]!);
    }),
  ];
  const next = added.length > 0 ? { ...record, dead: withDead(record.dead ?? [], added) } : record;
  return { ...next, images: imagesOf(pod), load: loadOf(pod, next, plans) };
}

function notePulls(kubelets: Kubelets, pod: Pod, node: string, effects: Effects): void {
  const { state } = kubelets;
  const known = state.nodes.get(node);
  if (known) state.nodes.set(node, { ...known, pullsUntilMs: effects.pullsUntilMs });
  for (const { image, atMs } of effects.images) {
    const sizeBytes = kubelets.scripts.sizeOf(pod, image);
    state.images.set(`${node}\0${image}`, { image, sizeBytes, atMs });
    changeLoad(kubelets, node, NO_LOAD, { ...NO_LOAD, imageBytes: sizeBytes });
    lookNoLaterThan(kubelets, node, atMs);
  }
}

async function perform(
  kubelets: Kubelets,
  key: string,
  pod: Pod,
  decision: PodDecision,
  client: Client,
  first: boolean,
): Promise<void> {
  const { status, gone } = decision;
  await tellEvents(kubelets, pod, decision, client, first);
  if (!sameJson(pod.status, status)) {
    const written = await client.updateStatus(pods, { ...pod, status }, VOUCHED);
    const latest = kubelets.state.pods.get(key);
    const version = written.metadata?.resourceVersion ?? '';
    if (latest) kubelets.state.pods.set(key, { ...latest, version });
  }
  if (gone) await remove(client, pod);
}

async function remove(client: Client, { metadata }: Pod): Promise<void> {
  const { name = '', namespace, uid } = metadata ?? {};
  try {
    await client.delete(
      pods,
      { name, namespace },
      { gracePeriodSeconds: 0, ...(uid ? { preconditions: { uid } } : {}) },
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
