import { expect, it } from 'vitest';
import { SEASON, season } from './season.ts';

// A file of its own, so that both halves run side by side.
it('a storm ends where calm does, of seeds 101 to 200', { timeout: 600_000 }, async () => {
  const { STORM_SEED, STORM_SEEDS } = process.env;
  if (STORM_SEED ?? STORM_SEEDS) return;
  expect((await season(SEASON + 1, process.env)).join('\n\n')).toBe('');
});
