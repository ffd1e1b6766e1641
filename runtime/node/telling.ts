import type { Pod } from '../../generated/core/v1/types.ts';
import type { BufferedRecorder, NotedEvent } from '../client/index.ts';
import type { KubeObject } from '../meta/index.ts';
import { isCut } from './ailments.ts';
import { cutMessage, searchLine } from './dns.ts';
import { type Client, type Kubelets, recorderOf } from './kubelets.ts';
import type { PodDecision } from './pod-worker.ts';
import { pullSecretsMessage } from './references/index.ts';

/** As many events wait for the API server at most. */
const UNTOLD_MAX = 1_000;
/** An event is tried twelve times; each try waits for a connection, and for a while after that. */
const TRIES = 12;
const TRY_MS = 30_000 + 10_000;

/** Tells of what a decision brought about; `first`: also of what the pod met with when the kubelet first saw it. */
export async function tellEvents(
  kubelets: Kubelets,
  pod: Pod,
  { record, effects }: PodDecision,
  client: Client,
  first: boolean,
): Promise<void> {
  const recorder = recorderOf(kubelets, record.node);
  const about = pod as unknown as KubeObject;
  if (first && record.verdict)
    recorder.event(about, 'Warning', record.verdict.reason, bare(record.verdict.message));
  const runs = first && !record.verdict;
  const line = runs ? searchLine(pod, kubelets.settings().clusterDomain) : undefined;
  if (line?.isCut) recorder.event(about, 'Warning', 'DNSConfigForming', cutMessage(line));
  const secretless = runs ? missingPullSecrets(kubelets, pod) : [];
  if (secretless.length > 0)
    recorder.event(
      about,
      'Warning',
      'FailedToRetrieveImagePullSecret',
      pullSecretsMessage(secretless),
    );
  for (const { type, reason, message, fieldPath, times } of effects.events)
    recorder.event(about, type, reason, message, fieldPath, times);
  await tell(kubelets, record.node, recorder, client);
}

/** Writes what a kubelet has to tell. One that is cut off keeps it, as much as it can. */
export async function tell(
  kubelets: Kubelets,
  node: string,
  recorder: BufferedRecorder,
  client: Client,
): Promise<void> {
  if (!isCut(kubelets, node)) {
    await tellKept(kubelets, node, client);
    return recorder.flush(client);
  }
  const { state } = kubelets;
  const noted = recorder.take();
  const kept = state.untold.get(node) ?? [];
  if (noted.length > 0) state.untold.set(node, [...kept, ...noted].slice(0, UNTOLD_MAX));
}

/** Tells what a kubelet that was cut off has kept, but for what it has given up meanwhile. */
export async function tellKept(kubelets: Kubelets, node: string, client: Client): Promise<void> {
  const { state, context } = kubelets;
  const kept = state.untold.get(node);
  if (!kept) return;
  state.untold.delete(node);
  const recorder = recorderOf(kubelets, node);
  recorder.resume(notGivenUp(kept, context.pace.now()));
  await recorder.flush(client);
}

/** One is tried after the other; each holds up those behind it until it is given up. */
function notGivenUp(kept: readonly NotedEvent[], nowMs: number): readonly NotedEvent[] {
  let freeMs = 0;
  let at = 0;
  for (const { atMs } of kept) {
    freeMs = Math.max(freeMs, atMs) + TRIES * TRY_MS;
    if (freeMs > nowMs) break;
    at++;
  }
  return kept.slice(at);
}

function missingPullSecrets({ references }: Kubelets, { spec, metadata }: Pod): string[] {
  return (spec?.imagePullSecrets ?? [])
    .map(({ name = '' }) => name)
    .filter((name) => !references.secrets.get(name, metadata.namespace));
}

function bare(message: string): string {
  return message.replace(/^Pod was rejected: /, '');
}
