import { type Loop, stopwatch, yieldToEventLoop } from '../base/index.ts';

/** Real time between two looks at the machine's own event loop: signals, keys, sockets. Has no influence on what happens. */
const BREATH_MS = 25;

const never = (): boolean => false;

/** Does everything that is ready at this moment of virtual time, or as much of it as there is until `isSpent`. */
export async function drain(
  loop: Loop,
  breathMs: number = BREATH_MS,
  isSpent: () => boolean = never,
): Promise<void> {
  let elapsed = stopwatch();
  for (let unit = 1; !isSpent(); unit++) {
    const did = loop.step();
    if (did === false) return;
    if (did !== true) await did;
    if ((unit & 63) === 0 && elapsed() > breathMs) {
      await yieldToEventLoop();
      elapsed = stopwatch();
    }
  }
}

/** Lets virtual time pass up to `untilMs`, doing all work of every moment on the way. */
export async function advanceTo(loop: Loop, untilMs: number): Promise<void> {
  await drain(loop);
  for (;;) {
    const next = loop.nextTimerMs();
    if (next === undefined || next > untilMs) break;
    loop.fireUntil(next);
    await drain(loop);
  }
  loop.fireUntil(untilMs);
}

/**
 * Lets virtual time pass until `atRest`, until nothing but periodic timers is left, until `limitMs`, or until `isSpent`. Returns
 * whether it came to rest.
 */
export async function settleLoop(
  loop: Loop,
  atRest: () => boolean,
  limitMs: number,
  isSpent: () => boolean = never,
): Promise<boolean> {
  await drain(loop, BREATH_MS, isSpent);
  while (!atRest()) {
    const next = loop.nextTimerMs();
    if (next === undefined || loop.workTimerCount === 0 || next > limitMs || isSpent())
      return false;
    loop.fireUntil(next);
    await drain(loop, BREATH_MS, isSpent);
  }
  return true;
}

/** Does one unit of work after another, letting time pass as needed, until `reached`, or nothing is left to do. */
export async function stepUntil(loop: Loop, reached: () => boolean): Promise<void> {
  while (!reached()) {
    const did = await loop.step();
    if (did) continue;
    const next = loop.nextTimerMs();
    if (next === undefined) return;
    loop.fireUntil(next);
  }
}
