import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Actor, Loop } from './loop.ts';

/** An actor that notes what it is asked and works through a list. */
function recorder(loop: Loop, name: string, log: string[]): Actor & { work: string[] } {
  const actor = {
    name,
    work: [] as string[],
    step() {
      const item = actor.work.shift();
      if (item) log.push(`${loop.now() - start} ${name}:${item}`);
      return actor.work.length > 0;
    },
    onTimer(key: string) {
      actor.work.push(key);
    },
  };
  const start = loop.now();
  loop.register(actor);
  return actor;
}

async function drain(loop: Loop): Promise<void> {
  while (await loop.step());
}

describe('Loop', () => {
  it('lets an actor finish before the next one begins, in the order of becoming ready', async () => {
    const loop = new Loop();
    const log: string[] = [];
    const a = recorder(loop, 'a', log);
    const b = recorder(loop, 'b', log);
    b.work.push('1', '2');
    loop.markReady('b');
    a.work.push('1');
    loop.markReady('a');
    await drain(loop);
    expect(log).toEqual(['0 b:1', '0 b:2', '0 a:1']);
  });

  it('fires timers by time, then by the order in which they were set, and moves one that is set again', async () => {
    const loop = new Loop();
    const log: string[] = [];
    recorder(loop, 'a', log);
    const now = loop.now();
    loop.setTimer('a', 'late', now + 20);
    loop.setTimer('a', 'first', now + 10);
    loop.setTimer('a', 'second', now + 10);
    loop.setTimer('a', 'late', now + 5);
    loop.setTimer('a', 'never', now + 7);
    loop.clearTimer('a', 'never');
    for (let next = loop.nextTimerMs(); next !== undefined; next = loop.nextTimerMs()) {
      loop.fireUntil(next);
      await drain(loop);
    }
    expect(log).toEqual(['5 a:late', '10 a:first', '10 a:second']);
  });

  it('counts only timers that belong to converging as work', () => {
    const loop = new Loop();
    recorder(loop, 'a', []);
    loop.setTimer('a', 'lease', loop.now() + 10, 'periodic');
    expect(loop.workTimerCount).toBe(0);
    loop.setTimer('a', 'pull', loop.now() + 10);
    loop.setTimer('a', 'pull', loop.now() + 11);
    expect(loop.workTimerCount).toBe(1);
    loop.clearTimer('a', 'pull');
    expect(loop.workTimerCount).toBe(0);
  });

  it('runs an actor again that became ready while it was working', async () => {
    const loop = new Loop();
    let units = 0;
    loop.register({
      name: 'a',
      onTimer() {},
      step() {
        units++;
        if (units < 3) loop.markReady('a');
        return false;
      },
    });
    loop.markReady('a');
    await drain(loop);
    expect(units).toBe(3);
  });

  it('is copied with its timers; the copy goes its own way', async () => {
    const loop = new Loop();
    const log: string[] = [];
    recorder(loop, 'a', log);
    loop.setTimer('a', 'x', loop.now() + 5);
    const copy = new Loop(loop);
    const copied: string[] = [];
    recorder(copy, 'a', copied);
    copy.fireUntil(copy.now() + 5);
    await drain(copy);
    expect([copied, log]).toEqual([['5 a:x'], []]);
    expect([copy.workTimerCount, loop.workTimerCount]).toEqual([0, 1]);
  });

  it('fires every timer exactly once, in order, whatever the times', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 50 }), (delays) => {
        const loop = new Loop();
        const fired: number[] = [];
        const start = loop.now();
        loop.register({
          name: 'a',
          step: () => false,
          onTimer: () => fired.push(loop.now() - start),
        });
        delays.forEach((delay, at) => {
          loop.setTimer('a', String(at), start + delay);
        });
        for (let next = loop.nextTimerMs(); next !== undefined; next = loop.nextTimerMs())
          loop.fireUntil(next);
        expect(fired).toEqual([...delays].sort((a, b) => a - b));
      }),
    );
  });
});
