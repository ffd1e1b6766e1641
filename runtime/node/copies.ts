import type { Pod, PodStatus } from '../../generated/core/v1/types.ts';
import { formatTime } from '../meta/index.ts';
import { isCut, isOff } from './ailments.ts';
import { NO_AMOUNTS } from './amounts.ts';
import { isRunning } from './container-record.ts';
import { BY_NODE, type Kubelets } from './kubelets.ts';
import { isOwnCondition } from './pod-conditions.ts';
import type { PodRecord } from './pod-record.ts';
import { isMirror } from './pod-source.ts';
import { forgetPod, release } from './pod-sync.ts';
import { isOrphan, orphanKey, recordOf } from './pods-on.ts';

/** Where the copy of a pod is that counts for its kubelet, whatever the API says. */
export function copyKey(node: string, key: string): string {
  return `${node}\0${key}`;
}

/** The API server is out of reach from now on: the kubelet goes on with its pods as it has last seen them. */
export function detach(kubelets: Kubelets, node: string): void {
  const { state, pods } = kubelets;
  for (const pod of pods.byIndex(BY_NODE, node)) {
    if (isMirror(pod) || !recordOf(kubelets, pod)) continue;
    const at = copyKey(node, `${pod.metadata.namespace}/${pod.metadata.name}`);
    if (!state.copies.has(at)) state.copies.set(at, pod);
  }
}

/** A kubelet that starts knows of no pod but what the API tells it, and nothing of what it ran before is left. */
export function dropCopies(kubelets: Kubelets, node: string): void {
  const { state } = kubelets;
  const dropped: string[] = [];
  state.copies.scan(`${node}\0`, `${node}\x01`, (at) => {
    dropped.push(at);
    return true;
  });
  for (const at of dropped) {
    state.copies.delete(at);
    const key = at.slice(node.length + 1);
    const record = state.pods.get(key);
    if (record && isOrphan(key)) forgetPod(kubelets, key, record, undefined);
  }
}

/**
 * The API has a pod no longer. What still runs of it goes on under a key of its own, until its kubelet hears of that and has stopped it; a
 * machine that is off, or a pod of which nothing runs, is done with it.
 */
export function letGo(kubelets: Kubelets, key: string, record: PodRecord, last: Pod): void {
  const { state, context } = kubelets;
  const { node, uid, wakeMs, wakeKind } = record;
  const cut = isCut(kubelets, node);
  const at = copyKey(node, key);
  const copy = state.copies.get(at) ?? (cut ? undefined : last);
  state.copies.delete(at);
  const goesOn = cut ? !record.terminal : runs(record);
  if (!copy || !goesOn || !state.nodes.has(node) || isOff(kubelets, node)) {
    forgetPod(kubelets, key, record, undefined);
    return;
  }
  const own = orphanKey(key, uid);
  if (wakeMs !== Number.POSITIVE_INFINITY) {
    context.pace.clearTimer(`pod/${key}`);
    context.pace.setTimer(`pod/${own}`, wakeMs, wakeKind);
  }
  const kills = state.kills.get(key);
  if (kills) state.kills.set(own, kills);
  state.kills.delete(key);
  if (record.ip !== undefined && state.addresses.has(record.ip))
    state.addresses.set(record.ip, own);
  state.pods.delete(key);
  state.pods.set(own, record);
  state.copies.set(copyKey(node, own), copy);
  state.queue.add(`pod/${own}`);
}

function runs({ init, main, ephemeral = {} }: PodRecord): boolean {
  return [...init, ...main, ...Object.values(ephemeral)].some(isRunning);
}

/**
 * A pod that the API has no longer, as its kubelet ends it: in the time that its own spec gives it, however it was deleted. What it holds is
 * free at once for others.
 */
export function orphaned(kubelets: Kubelets, key: string, record: PodRecord, copy: Pod): Pod {
  const { state, context } = kubelets;
  const { metadata, spec } = copy;
  if (record.amounts !== NO_AMOUNTS) {
    release(kubelets, record, { keepsAddress: true });
    state.pods.set(key, { ...record, amounts: NO_AMOUNTS });
  }
  if (metadata.deletionTimestamp !== undefined) return copy;
  const seconds = Math.max(1, spec?.terminationGracePeriodSeconds ?? 30);
  const deletionTimestamp = formatTime(context.pace.now() + seconds * 1000);
  return {
    ...copy,
    metadata: { ...metadata, deletionTimestamp, deletionGracePeriodSeconds: seconds },
  };
}

/** A pod of the API with what its kubelet has to say of it; conditions of others stay as they are. */
export function rejoined(live: Pod, copy: Pod | undefined): Pod {
  if (!copy || copy.metadata.uid !== live.metadata.uid) return live;
  const own = copy.status?.conditions?.filter(isOwnCondition) ?? [];
  const types = new Set(own.map(({ type }) => type));
  const foreign = (live.status?.conditions ?? []).filter(({ type }) => !types.has(type));
  const { qosClass } = live.status ?? {};
  const status = {
    ...copy.status,
    ...(qosClass ? { qosClass } : {}),
    conditions: [...own, ...foreign],
  } as PodStatus;
  return { ...live, status };
}
