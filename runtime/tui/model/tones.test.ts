import { expect, it } from 'vitest';
import { FakeWorld } from '../fakes.ts';
import { rowTone } from './tones.ts';
import { kindByName } from './world.ts';

it.each([
  [['8s', 'Normal', 'BackOff', 'pod/a'], 'normal'],
  [['8s', 'Warning', 'BackOff', 'pod/a'], 'pending'],
  [['a', '0/1', 'CrashLoopBackOff'], 'error'],
] as const)('%j is %s', (cells, tone) => {
  const kind = kindByName(new FakeWorld(), 'events')!;
  expect(rowTone(kind, { apiVersion: 'v1', kind: 'Event', metadata: {} }, cells)).toBe(tone);
});
