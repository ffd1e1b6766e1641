import type { Pod } from '../../generated/core/v1/types.ts';
import { type Client, clientOf, type Kubelets } from './kubelets.ts';
import type { PodRecord } from './pod-record.ts';
import { isActive } from './program-scripts.ts';
import {
  fetchTokens,
  type PodTokens,
  type VolumeProblem,
  wantsTokens,
} from './references/index.ts';

interface Held {
  /** Undefined where nothing has changed. */
  readonly tokens?: PodTokens;
  readonly problems: readonly VolumeProblem[];
}

const NOTHING: Held = { problems: [] };

/** Gets a pod whose programs are followed the tokens that they may read, and new ones when it is time. */
export async function tokensFor(
  { context, scripts }: Kubelets,
  pod: Pod,
  record: PodRecord,
  client: Client,
): Promise<Held> {
  const nowMs = context.pace.now();
  if (record.terminal || record.stopping || pod.metadata.deletionTimestamp) return NOTHING;
  if (!wantsTokens(pod, record.tokens, nowMs)) return NOTHING;
  if (!record.programs && !isActive(scripts.of(pod))) return NOTHING;
  return fetchTokens(client, pod, record.tokens, nowMs);
}

/**
 * Gets a pod its tokens because somebody runs a command in it, where its own programs have not been followed so far; undefined where
 * it needs none.
 */
export function tokensForGuest(kubelets: Kubelets, pod: Pod): Promise<void> | undefined {
  const { state, context } = kubelets;
  const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
  const record = state.pods.get(key);
  const node = state.nodes.get(record?.node ?? '');
  if (!record || !node || record.terminal || record.uid !== pod.metadata.uid) return undefined;
  const nowMs = context.pace.now();
  if (!wantsTokens(pod, record.tokens, nowMs)) return undefined;
  const client = clientOf(kubelets, node.user, 0);
  return fetchTokens(client, pod, record.tokens, nowMs).then(({ tokens }) => {
    const latest = state.pods.get(key);
    if (latest?.uid === record.uid) state.pods.set(key, { ...latest, tokens });
  });
}
