import { expect, it } from 'vitest';
import { compactRegularly } from './compaction.ts';

it('forgets what was past five marks ago, and nothing before there are so many', async () => {
  const compacted: [to: number, at: number][] = [];
  await new Promise<void>((resolve) => {
    let looks = 0;
    const server = {
      /** One more each time that it is asked. */
      get revision() {
        return ++looks;
      },
      compact(to: number) {
        compacted.push([to, looks]);
        if (compacted.length < 3) return;
        stop();
        resolve();
      },
    };
    const stop = compactRegularly(server, 1);
  });
  expect(compacted).toEqual([
    [1, 6],
    [2, 7],
    [3, 8],
  ]);
});
