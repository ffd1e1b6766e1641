import { describe, expect, it } from 'vitest';
import { BEAT_MS, beatsBetween, FRAME_MS, mayLook } from './pacing.ts';

describe('looks at the world', () => {
  it('are as frequent as frames while these are cheap', () => {
    for (const frameMs of [0, 5, 20]) expect(mayLook(1, frameMs)).toBe(true);
  });

  it('leave three quarters of the time to the cluster when frames are dear', () => {
    for (const frameMs of [30, 100, 400, 1000]) {
      let ticks = 1;
      while (!mayLook(ticks, frameMs)) ticks++;
      expect(frameMs / (ticks * FRAME_MS)).toBeLessThanOrEqual(1 / 4);
      expect(frameMs / ((ticks - 1) * FRAME_MS)).toBeGreaterThan(1 / 4);
    }
  });
});

describe('questions to the API', () => {
  it('are asked at every beat while answers are quick, and take a quarter of the time at most', () => {
    for (const answerMs of [0, 10, 500]) expect(beatsBetween(answerMs)).toBe(1);
    expect(beatsBetween(501)).toBe(2);
    expect(6000 / (beatsBetween(6000) * BEAT_MS)).toBeLessThanOrEqual(1 / 4);
  });
});
