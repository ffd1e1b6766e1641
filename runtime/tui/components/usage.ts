import { useAnimation } from 'ink';
import { useEffect, useRef } from 'react';
import type { KubeObject, ResourceRef } from '../../meta/index.ts';
import type { TuiOptions } from '../index.tsx';
import { sameUsage, type UsageQuestion, usageOf } from '../model/usage.ts';
import type { Usage, World } from '../model/world.ts';
import type { Moment } from './app.tsx';
import { BEAT_MS, beatsBetween } from './pacing.ts';

interface Asking {
  readonly question: UsageQuestion | undefined;
  readonly moment: Moment;
  readonly stopwatch: TuiOptions['stopwatch'];
}

/**
 * Keeps what the shown objects use up to date: asked for when another list is shown, and at every beat since which something has
 * changed; more seldom where the answer takes long. One question at a time.
 */
export function useUsage({ question, moment, stopwatch }: Asking, draw: () => void): void {
  const { frame: beat } = useAnimation({ interval: BEAT_MS, isActive: question !== undefined });
  const asked = useRef<Asked>({ beat: 0, pause: 0, isUnderWay: false });
  const [world, now] = [moment.world(), moment.current()];
  useEffect(() => {
    if (!question || !isDue(asked.current, { id: question.id, world, now, beat })) return;
    asked.current = { id: question.id, world, now, beat, pause: 1, isUnderWay: true };
    const elapsed = stopwatch();
    void readUsage(question, world).then((usage) => {
      asked.current.isUnderWay = false;
      asked.current.pause = beatsBetween(elapsed());
      if (moment.world() !== world || sameUsage(moment.current().usage, usage)) return;
      moment.measure(usage);
      asked.current.now = moment.current();
      draw();
    });
  });
}

interface Asked {
  id?: string;
  world?: World;
  now?: World;
  beat: number;
  /** Beats until it may be asked again. */
  pause: number;
  isUnderWay: boolean;
}

interface Looking {
  readonly id: string;
  readonly world: World;
  readonly now: World;
  readonly beat: number;
}

function isDue(asked: Asked, { id, world, now, beat }: Looking): boolean {
  if (asked.isUnderWay) return false;
  if (asked.id !== id || asked.world !== world) return true;
  return asked.now !== now && Math.abs(beat - asked.beat) >= asked.pause;
}

/** Asks the metrics API. Where it does not answer nothing is known. */
export async function readUsage(
  { id, ref, namespace }: UsageQuestion,
  world: World,
): Promise<Usage> {
  try {
    const { items } = await world.client.list(
      ref as ResourceRef<KubeObject>,
      namespace ? { namespace } : {},
    );
    return usageOf(id, items);
  } catch {
    return usageOf(id, []);
  }
}
