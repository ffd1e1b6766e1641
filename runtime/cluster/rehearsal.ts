import { type Cluster, SETTLE_LIMIT_MS } from './cluster.ts';
import { settleLoop } from './drive.ts';

export interface Rehearsed {
  /** There was more to do than was allowed: what is not at its goal now may well get there. */
  readonly cutShort: boolean;
  /** Virtual time since the cluster's start. */
  readonly virtualMs: number;
}

/**
 * Settles a cluster that is looked at once and thrown away: no moment of it is kept to go back to, and it ends, be it in the middle
 * of something, when the units of work and the writes of all its life come to `workMax`.
 */
export async function rehearse(cluster: Cluster, workMax: number): Promise<Rehearsed> {
  const { loop, server, faults, startMs, failures } = cluster;
  const isSpent = (): boolean => loop.steps + server.revision >= workMax;
  const limitMs = Math.max(cluster.now(), faults.quietMs) + SETTLE_LIMIT_MS;
  const converged = await settleLoop(loop, () => cluster.converged, limitMs, isSpent);
  const [failure] = failures;
  if (failure) throw new Error(`${failure.component} failed`, { cause: failure.error });
  return { cutShort: !converged && isSpent(), virtualMs: cluster.now() - startMs };
}
