import { describe, expect, it } from 'vitest';
import { aPod } from './fakes.ts';
import { shapeOf } from './pod-shape.ts';
import { type QueueOptions, SchedulingQueue, UNSCHEDULABLE_MAX_MS } from './queue.ts';

const OPTIONS: QueueOptions = {
  initialBackoffMs: 1000,
  maxBackoffMs: 10_000,
  popsFromBackoff: false,
};

function queueOf(...names: readonly string[]): SchedulingQueue {
  const queue = new SchedulingQueue(OPTIONS);
  for (const name of names) add(queue, name);
  return queue;
}

function add(queue: SchedulingQueue, name: string, nowMs = 0, priority = 0): void {
  const pod = aPod(name, { priority });
  queue.add(pod, shapeOf(pod), name, { nowMs, gated: false, trigger: 0 });
}

describe('the scheduling queue', () => {
  it('gives higher priority first, then older, then earlier added', () => {
    const queue = new SchedulingQueue(OPTIONS);
    add(queue, 'late', 5);
    add(queue, 'first', 0);
    add(queue, 'second', 0);
    add(queue, 'vip', 9, 100);
    const order = Array.from({ length: 4 }, () => queue.pop(9)?.key);
    expect(order).toEqual(['vip', 'first', 'second', 'late']);
    expect(queue.pop(9)).toBeUndefined();
  });

  it('doubles the back-off from one to ten seconds', () => {
    const queue = queueOf('p');
    const waits: number[] = [];
    for (let now = 0, attempt = 0; attempt < 6; attempt++) {
      queue.failed(queue.pop(now)!, 0, now);
      queue.activate('p', now, 0);
      const until = queue.nextBackoffMs()!;
      waits.push(until - now);
      expect(queue.pop(until - 1)).toBeUndefined();
      now = until;
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('leaves an unschedulable pod alone until an event or five minutes', () => {
    const queue = queueOf('p');
    queue.failed(queue.pop(0)!, 1, 0);
    expect(queue.nextFlushMs()).toBe(UNSCHEDULABLE_MAX_MS);
    queue.flush(UNSCHEDULABLE_MAX_MS - 1);
    expect(queue.pop(UNSCHEDULABLE_MAX_MS - 1)).toBeUndefined();
    queue.flush(UNSCHEDULABLE_MAX_MS);
    expect(queue.pop(UNSCHEDULABLE_MAX_MS)?.key).toBe('p');
  });

  it('takes a pod out of back-off early when told to and nothing else waits, but not after an error', () => {
    const queue = new SchedulingQueue({ ...OPTIONS, popsFromBackoff: true });
    add(queue, 'rejected');
    add(queue, 'erred');
    queue.failed(queue.pop(0)!, 0, 0);
    queue.activate('rejected', 0, 0);
    queue.erred(queue.pop(0)!, 0);
    expect(queue.pop(0)?.key).toBe('rejected');
    expect(queue.pop(0)).toBeUndefined();
    expect(queue.pop(1000)?.key).toBe('erred');
  });

  it('forgets deleted pods wherever they wait', () => {
    const queue = queueOf('active', 'failed', 'backoff');
    queue.delete('active');
    queue.failed(queue.pop(0)!, 0, 0);
    queue.erred(queue.pop(0)!, 0);
    queue.delete('failed');
    queue.delete('backoff');
    expect(queue.pop(99_999)).toBeUndefined();
    expect(queue.nextFlushMs()).toBeUndefined();
    expect(queue.nextBackoffMs()).toBeUndefined();
  });

  it('gives the newest object of a pod that changed while it waited', () => {
    const queue = queueOf('p');
    const newer = aPod('p', { labels: { changed: 'yes' } });
    queue.refresh('p', newer);
    expect(queue.pop(0)?.pod).toBe(newer);
    expect(queue.pop(0)).toBeUndefined();
  });

  it('is not changed by what a clone does', () => {
    const queue = queueOf('a', 'b');
    const clone = queue.clone();
    clone.pop(0);
    clone.delete('b');
    add(clone, 'c');
    expect([queue.pop(0)?.key, queue.pop(0)?.key, queue.pop(0)?.key]).toEqual([
      'a',
      'b',
      undefined,
    ]);
    expect(clone.pop(0)?.key).toBe('c');
  });
});
