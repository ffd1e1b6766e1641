import { describe, expect, it } from 'vitest';
import { EventCorrelator } from './event-correlator.ts';

const MINUTE_MS = 60_000;

/** Says something and stores it; returns what became of it in one word. */
function say(correlator: EventCorrelator, message: string, atMs: number, about = 'uid-1'): string {
  const verdict = correlator.judge(about, 'Warning/Failed', message, atMs);
  if (verdict.kind === 'drop') return 'dropped';
  const name = verdict.kind === 'count' ? verdict.name : `${about}-${atMs}`;
  const count = verdict.kind === 'count' ? verdict.count : 1;
  correlator.stored(verdict.id, name, count);
  return `${verdict.kind} ${name} ×${count} ${verdict.message}`;
}

describe('EventCorrelator', () => {
  it('counts what is said again, and not what is said of another object', () => {
    const correlator = new EventCorrelator();
    expect(say(correlator, 'no image', 1)).toBe('create uid-1-1 ×1 no image');
    expect(say(correlator, 'no image', 2)).toBe('count uid-1-1 ×2 no image');
    expect(say(correlator, 'no image', 3, 'uid-2')).toBe('create uid-2-3 ×1 no image');
    expect(say(correlator, 'no image', 60 * MINUTE_MS)).toBe('count uid-1-1 ×3 no image');
  });

  it('combines from the tenth different text within ten minutes on', () => {
    const correlator = new EventCorrelator();
    for (let at = 1; at < 10; at++) expect(say(correlator, `try ${at}`, at)).toMatch(/^create/);
    expect(say(correlator, 'try 10', 10)).toBe(
      'create uid-1-10 ×1 (combined from similar events): try 10',
    );
    expect(say(correlator, 'try 11', 11)).toBe(
      'count uid-1-10 ×2 (combined from similar events): try 11',
    );
    expect(say(correlator, 'try 12', 30 * MINUTE_MS)).toMatch(/^create uid-1-1800000 ×1 try 12$/);
  });

  it('lets 25 through at once, then one every five minutes', () => {
    const correlator = new EventCorrelator();
    for (let at = 0; at < 25; at++) expect(say(correlator, 'again', 1)).not.toBe('dropped');
    expect(say(correlator, 'again', 1)).toBe('dropped');
    expect(say(correlator, 'again', 1, 'uid-2')).not.toBe('dropped');
    expect(say(correlator, 'again', 5 * MINUTE_MS + 2)).not.toBe('dropped');
    expect(say(correlator, 'again', 5 * MINUTE_MS + 3)).toBe('dropped');
  });

  it('is copied: the copy goes its own way', () => {
    const correlator = new EventCorrelator();
    say(correlator, 'no image', 1);
    const copy = correlator.clone();
    expect(say(copy, 'no image', 2)).toMatch(/×2/);
    expect(say(correlator, 'no image', 3)).toMatch(/×2/);
  });
});
