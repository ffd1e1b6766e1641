import { expect, it } from 'vitest';
import { compactRegularly } from './compaction.ts';

it('forgets at each turn what was past at the one before', async () => {
  const turns: number[][] = [];
  await new Promise<void>((resolve) => {
    const server = {
      revision: 10,
      compact(revision: number) {
        turns.push([revision, this.revision]);
        this.revision += 5;
        if (turns.length < 3) return;
        stop();
        resolve();
      },
    };
    const stop = compactRegularly(server, 1);
  });
  expect(turns).toEqual([
    [10, 10],
    [10, 15],
    [15, 20],
  ]);
});
