import { afterWall } from '../../../base/index.ts';

/** Real time between two looks at what is waited for: the cluster's time goes its own way. */
const EVERY_MS = 100;

/** Calls `look` now, whenever it is asked to, and every moment, until it says that it is done. Returns a way to ask. */
export function lookUntilDone(look: () => boolean): () => void {
  let isDone = false;
  let isLooking = false;
  const now = (): void => {
    if (isDone || isLooking) return;
    isLooking = true;
    isDone = look();
    isLooking = false;
  };
  const again = (): void => {
    now();
    if (!isDone) afterWall(EVERY_MS, again, true);
  };
  again();
  return now;
}
