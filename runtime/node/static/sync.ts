import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod, PodStatus } from '../../../generated/core/v1/types.ts';
import { VOUCHED } from '../../client/index.ts';
import { formatTime } from '../../meta/index.ts';
import { isCut, isOff } from '../ailments.ts';
import { type Client, clientOf, type Kubelets } from '../kubelets.ts';
import { uidOnNode } from '../pod-source.ts';
import { sameJson } from '../pod-status.ts';
import { admit, decideFor, forgetPod, remember } from '../pod-sync.ts';
import type { StaticPod } from '../state.ts';
import { tellEvents } from '../telling.ts';
import { keepMirror } from './mirror.ts';

/** One pass of the pod worker for the static pod at `key`; the API server hears of it where it can be reached. */
export async function syncStatic(
  kubelets: Kubelets,
  key: string,
  journalId: number,
): Promise<void> {
  const { state } = kubelets;
  const known = state.statics.get(key);
  const node = known && state.nodes.get(known.node);
  if (!node || isOff(kubelets, node.name)) return;
  const pod = withStatus(kubelets, key, ending(kubelets, known));
  const client = clientOf(kubelets, node.user, journalId);
  const before = state.pods.get(key);
  if (before && before.uid !== pod.metadata.uid) forgetPod(kubelets, key, before, pod);
  const isFirst = !state.pods.has(key);
  const record = state.pods.get(key) ?? (await admit(kubelets, key, pod, node, client));
  const decision = decideFor(kubelets, key, pod, record, node);
  remember(kubelets, key, pod, record, decision, journalId);
  const { status, gone } = decision;
  state.statics.set(key, { ...known, pod: { ...pod, status } });
  await tellEvents(kubelets, pod, decision, client, isFirst);
  if (!isCut(kubelets, node.name)) {
    const mirror = await keepMirror(kubelets, key, pod, client);
    if (mirror) await report(kubelets, key, mirror, status, client);
  }
  if (gone) end(kubelets, key);
}

/** The pod as it is from now on: ending, once its manifest says something else. */
function ending({ context }: Kubelets, { pod, wanted }: StaticPod): Pod {
  const { metadata, spec } = pod;
  if (metadata.deletionTimestamp !== undefined || wanted?.metadata.uid === metadata.uid) return pod;
  const seconds = spec?.terminationGracePeriodSeconds ?? 30;
  const deletionTimestamp = formatTime(context.pace.now() + seconds * 1000);
  return {
    ...pod,
    metadata: { ...metadata, deletionTimestamp, deletionGracePeriodSeconds: seconds },
  };
}

/** A kubelet that starts takes over what the mirror says of before. */
function withStatus({ state, pods: lister }: Kubelets, key: string, pod: Pod): Pod {
  if (state.pods.has(key)) return pod;
  const mirror = lister.byKey(key);
  const isItsOwn = mirror && uidOnNode(mirror) === pod.metadata.uid;
  return isItsOwn && mirror.status ? { ...pod, status: mirror.status } : pod;
}

/** Nothing of it runs any more: what the manifests say now begins, or it is forgotten, and its mirror with it. */
function end({ state, ...kubelets }: Kubelets, key: string): void {
  const { node, wanted } = state.statics.get(key)!;
  state.ending.delete(key);
  const record = state.pods.get(key)!;
  forgetPod({ state, ...kubelets }, key, record, kubelets.pods.byKey(key));
  if (wanted) state.statics.set(key, { node, pod: wanted, wanted });
  else {
    state.statics.delete(key);
    const rest = (state.staticKeys.get(node) ?? []).filter((each) => each !== key);
    if (rest.length > 0) state.staticKeys.set(node, rest);
    else state.staticKeys.delete(node);
  }
  state.queue.add(`pod/${key}`);
}

/** Writes the status to the mirror, with the conditions that others have put there. */
async function report(
  { state }: Kubelets,
  key: string,
  mirror: Pod,
  own: PodStatus,
  client: Client,
): Promise<void> {
  const foreign = (mirror.status?.conditions ?? []).filter(
    ({ type }) => !own.conditions?.some((each) => each.type === type),
  );
  const { qosClass = own.qosClass } = mirror.status ?? {};
  const status = {
    ...own,
    ...(qosClass ? { qosClass } : {}),
    conditions: [...(own.conditions ?? []), ...foreign],
  };
  if (sameJson(mirror.status, status)) return;
  const written = await client.updateStatus(pods, { ...mirror, status }, VOUCHED);
  const latest = state.pods.get(key);
  const version = written.metadata?.resourceVersion ?? '';
  if (latest) state.pods.set(key, { ...latest, version });
}
