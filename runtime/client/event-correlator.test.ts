import { describe, expect, it } from 'vitest';
import { EventCorrelator } from './event-correlator.ts';

const MINUTE_MS = 60_000;

interface Said {
  readonly object?: string;
  readonly field?: string;
  readonly type?: string;
  readonly times?: number;
}

/** Says something; returns what became of it in one line. */
function say(correlator: EventCorrelator, message: string, atMs: number, said: Said = {}): string {
  const { object = 'uid-1', field = '', type = 'Warning', times = 1 } = said;
  const occurrence = { object, field, type, reason: 'Failed', message, times };
  const observed = correlator.observe(occurrence, atMs, () => `${object}-${atMs}`);
  if (!observed) return 'dropped';
  const verb = observed.isKnown ? 'count' : 'create';
  return `${verb} ${observed.name} ×${observed.count} ${observed.message}`;
}

describe('EventCorrelator', () => {
  it('counts what is said again, and not what is said of another object or part', () => {
    const correlator = new EventCorrelator();
    expect(say(correlator, 'no image', 1)).toBe('create uid-1-1 ×1 no image');
    expect(say(correlator, 'no image', 2)).toBe('count uid-1-1 ×2 no image');
    expect(say(correlator, 'no image', 3, { object: 'uid-2' })).toBe('create uid-2-3 ×1 no image');
    expect(say(correlator, 'no image', 4, { field: 'b' })).toBe('create uid-1-4 ×1 no image');
    expect(say(correlator, 'no image', 60 * MINUTE_MS)).toBe('count uid-1-1 ×3 no image');
  });

  it('combines from the tenth different text within ten minutes on, of whatever part', () => {
    const correlator = new EventCorrelator();
    for (let at = 1; at < 10; at++)
      expect(say(correlator, `try ${at}`, at, { field: `f${at % 2}` })).toMatch(/^create/);
    expect(say(correlator, 'try 10', 10)).toBe(
      'create uid-1-10 ×1 (combined from similar events): try 10',
    );
    expect(say(correlator, 'try 11', 11)).toBe(
      'count uid-1-10 ×2 (combined from similar events): try 11',
    );
    // The last ones that it has heard are known by themselves.
    expect(say(correlator, 'try 9', 12, { field: 'f1' })).toBe('count uid-1-9 ×2 try 9');
    expect(say(correlator, 'try 12', 30 * MINUTE_MS)).toMatch(/^create uid-1-1800000 ×1 try 12$/);
  });

  it('lets 25 of a type through at once, then one every five minutes', () => {
    const correlator = new EventCorrelator();
    for (let at = 0; at < 25; at++) expect(say(correlator, 'again', 1)).not.toBe('dropped');
    expect(say(correlator, 'again', 1)).toBe('dropped');
    expect(say(correlator, 'again', 1, { field: 'other' })).toBe('dropped');
    expect(say(correlator, 'again', 1, { object: 'uid-2' })).not.toBe('dropped');
    expect(say(correlator, 'again', 1, { type: 'Normal' })).not.toBe('dropped');
    expect(say(correlator, 'again', 5 * MINUTE_MS + 1)).not.toBe('dropped');
    expect(say(correlator, 'again', 5 * MINUTE_MS + 2)).toBe('dropped');
  });

  it('counts what it does not let through, and what is told late', () => {
    const correlator = new EventCorrelator();
    for (let at = 0; at < 40; at++) say(correlator, 'again', 1);
    say(correlator, 'new', 2);
    expect(say(correlator, 'again', 5 * MINUTE_MS + 2, { times: 9 })).toMatch(/×49 again$/);
    // It was to be stored when it was first said.
    expect(say(correlator, 'new', 10 * MINUTE_MS + 2)).toBe('count uid-1-2 ×2 new');
  });

  it('knows when it will let something through again', () => {
    const correlator = new EventCorrelator();
    expect(correlator.quietUntil('uid-1', 'Warning', 7)).toBe(7);
    expect(correlator.quietUntil('uid-1', 'Warning', 7, 25)).toBe(5 * MINUTE_MS + 7);
    for (let at = 0; at < 25; at++) say(correlator, 'again', 1);
    const untilMs = correlator.quietUntil('uid-1', 'Warning', MINUTE_MS);
    expect(untilMs).toBe(5 * MINUTE_MS + 1);
    expect(say(correlator, 'again', untilMs - 1)).toBe('dropped');
    expect(say(correlator, 'again', untilMs)).not.toBe('dropped');
  });

  it('is copied: the copy goes its own way', () => {
    const correlator = new EventCorrelator();
    say(correlator, 'no image', 1);
    const copy = correlator.clone();
    expect(say(copy, 'no image', 2)).toMatch(/×2/);
    expect(say(correlator, 'no image', 3)).toMatch(/×2/);
  });
});
