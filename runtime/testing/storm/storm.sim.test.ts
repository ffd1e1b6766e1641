import { expect, it } from 'vitest';
import { difference, season } from './season.ts';
import { shrink } from './shrink.ts';

it('a storm ends where calm does, of seeds 1 to 100', { timeout: 600_000 }, async () => {
  expect((await season(1, process.env)).join('\n\n')).toBe('');
});

it('what differs in the end is told', () => {
  const calm = { end: ['a', 'a', 'b'] };
  expect(difference({ end: ['b', 'a', 'a'] }, calm)).toBeUndefined();
  expect(difference({ end: ['a', 'b', 'c'] }, calm)).toBe('ends otherwise:\n  - a\n  + c');
  expect(difference({ end: [], problem: 'broken' }, calm)).toBe('broken');
});

it('a schedule that fails is shrunk to what it needs', async () => {
  const fails = (some: readonly number[]) => Promise.resolve(some.includes(2) && some.includes(5));
  expect(await shrink([1, 2, 3, 4, 5], fails)).toEqual([2, 5]);
});
