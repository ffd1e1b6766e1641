import type { ApiServer } from '../apiserver/index.ts';
import { afterWall } from '../base/index.ts';

/** As etcd is told by an API server. */
export const COMPACT_EVERY_MS = 5 * 60_000;

/**
 * Has a served API forget, every `everyMs` of real time, the past that was past already the time before. Whoever goes on with a list
 * or a watch from then is told that it has expired, as by any API server; without this, only much traffic would bring it about.
 * Returns the way to call it off.
 */
export function compactRegularly(
  server: Pick<ApiServer, 'revision' | 'compact'>,
  everyMs: number,
): () => void {
  let before = server.revision;
  let cancel = afterWall(everyMs, next, true);
  function next(): void {
    const now = server.revision;
    server.compact(before);
    before = now;
    cancel = afterWall(everyMs, next, true);
  }
  return () => cancel();
}
