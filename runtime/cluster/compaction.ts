import type { ApiServer } from '../apiserver/index.ts';
import { afterWall } from '../base/index.ts';

export const MARK_EVERY_MS = 60_000;
/** As much of the past as an API server has etcd keep, in marks. */
const MARKS_KEPT = 5;

/**
 * Has a served API forget what lies more than five marks back, one mark every `everyMs` of real time. Whoever goes on with a list
 * or a watch from then is told that it has expired, as by any API server; without this, only much traffic would bring it about.
 * Returns the way to call it off.
 */
export function compactRegularly(
  server: Pick<ApiServer, 'revision' | 'compact'>,
  everyMs: number,
): () => void {
  const marks: number[] = [];
  let cancel = afterWall(everyMs, next, true);
  function next(): void {
    const oldest = marks.push(server.revision) > MARKS_KEPT ? marks.shift() : undefined;
    cancel = afterWall(everyMs, next, true);
    if (oldest !== undefined) server.compact(oldest);
  }
  return () => cancel();
}
