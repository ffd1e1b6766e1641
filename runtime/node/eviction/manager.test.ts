import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../generated/core/v1/types.ts';
import {
  AT_EASE,
  type EvictionConfig,
  type EvictionState,
  isPressed,
  type Pass,
  pass,
} from './manager.ts';
import { podNamed, shortOf, statsNamed } from './pods.fakes.ts';
import { SHARED_DISK } from './ranking.ts';
import type { Summary } from './summary.ts';
import { parseThresholds } from './thresholds.ts';

const config: EvictionConfig = {
  thresholds: parseThresholds({
    hard: { 'memory.available': '100', 'nodefs.available': '100' },
    soft: { 'memory.available': '200' },
    softGracePeriod: { 'memory.available': '1m' },
    minimumReclaim: { 'memory.available': '50' },
  }),
  maxPodGraceSeconds: 40,
  transitionMs: 300_000,
  localStorageIsolation: true,
  disks: SHARED_DISK,
};

const PODS = [podNamed('a'), podNamed('b')];
const STATS = [statsNamed('a', { memory: 10 }), statsNamed('b', { memory: 20 })];

/** One pass after the other. */
class Watch {
  state: EvictionState = AT_EASE;

  pass(seconds: number, summary: Summary, pods: readonly Pod[] = PODS, after = summary): Pass {
    const { state } = this;
    const done = pass({
      nowMs: seconds * 1000,
      config,
      summary,
      pods,
      state,
      reclaimed: () => after,
    });
    this.state = done.state;
    return done;
  }

  victims(seconds: number, available: number, pods?: readonly Pod[]): string[] {
    const { evictions } = this.pass(seconds, shortOf(available, STATS), pods);
    return evictions.map(({ pod, graceSeconds }) => `${pod.metadata.name} ${graceSeconds}`);
  }
}

const disk = (availableBytes: number): Summary => ({
  node: { nodeName: 'n', fs: { availableBytes, capacityBytes: 1000 } },
  pods: STATS,
});

describe('a pass', () => {
  it('evicts one pod at once for a hard threshold', () => {
    expect(new Watch().victims(0, 99)).toEqual(['b 1']);
    expect(new Watch().victims(0, 250)).toEqual([]);
  });

  it('evicts for a soft one when its grace is over, with at most the longest grace period', () => {
    const watch = new Watch();
    expect(watch.victims(0, 150)).toEqual([]);
    expect(watch.state.pressures).toEqual(['MemoryPressure']);
    expect(watch.victims(59, 150)).toEqual([]);
    expect(watch.victims(60, 150)).toEqual(['b 40']);
    const short = PODS.map((pod) => ({
      ...pod,
      spec: { ...pod.spec!, terminationGracePeriodSeconds: 5 },
    }));
    expect(watch.victims(70, 150, short)).toEqual(['b 5']);
  });

  it('forgets the grace that has passed once there is enough', () => {
    const watch = new Watch();
    watch.victims(0, 150);
    watch.victims(50, 200);
    expect(watch.victims(61, 150)).toEqual([]);
  });

  it('goes on until the minimum is reclaimed, but does not begin before the threshold', () => {
    const watch = new Watch();
    expect(watch.victims(0, 249)).toEqual([]);
    expect(watch.victims(10, 90)).toEqual(['b 1']);
    expect(watch.victims(20, 149)).toEqual(['b 1']);
    expect(watch.victims(30, 249)).toEqual([]);
  });

  it('reports pressure until it was not seen for the transition period', () => {
    const watch = new Watch();
    watch.victims(0, 90);
    const at = (seconds: number) => {
      watch.victims(seconds, 900);
      return watch.state.pressures;
    };
    expect([at(10), at(299), at(300)]).toEqual([['MemoryPressure'], ['MemoryPressure'], []]);
  });

  it('evicts nobody where clearing the node is enough', () => {
    const enough = new Watch().pass(0, disk(50), PODS, disk(500));
    expect([enough.starved, enough.reclaim, enough.evictions]).toEqual([
      'ephemeral-storage',
      ['containers', 'images'],
      [],
    ]);
    const scarce = new Watch().pass(0, disk(50), PODS, disk(60));
    expect([scarce.reclaim, scarce.evictions.length]).toEqual([['containers', 'images'], 1]);
  });

  it('sees to memory before disk', () => {
    const both = { ...disk(50), node: { ...disk(50).node, ...shortOf(50).node } };
    expect(new Watch().pass(0, both).starved).toBe('memory');
  });

  it('passes critical pods by', () => {
    const critical = [podNamed('b', { priority: 2_000_000_000 })];
    expect(new Watch().victims(0, 50, critical)).toEqual([]);
    expect(
      new Watch().victims(0, 50, [...critical, podNamed('a', { priority: 1_999_999_999 })]),
    ).toEqual(['a 1']);
  });

  it('ends all pods beyond their own limits of storage, and does nothing else', () => {
    const limits = { 'ephemeral-storage': '100' };
    const pods = ['a', 'b', 'c'].map((name) => podNamed(name, { limits }));
    const stats = [
      statsNamed('a', { layer: 60, logs: 41 }),
      statsNamed('b', { layer: 100 }),
      statsNamed('c', { logs: 101 }),
    ];
    const summary = shortOf(50, stats);
    const done = new Watch().pass(0, summary, pods);
    expect(done.evictions.map(({ pod, message }) => `${pod.metadata.name}: ${message}`)).toEqual([
      'a: Pod ephemeral local storage usage exceeds the total limit of containers 100. ',
      'c: Pod ephemeral local storage usage exceeds the total limit of containers 100. ',
    ]);
    expect(done.starved).toBeUndefined();
    expect(isPressed({ config, summary: shortOf(900, stats), pods, state: AT_EASE })).toBe(true);
    expect(isPressed({ config, summary: shortOf(900, STATS), pods: PODS, state: AT_EASE })).toBe(
      false,
    );
  });

  it('does not decide twice on the same figures', () => {
    const at = (time: string): Summary => {
      const { node, pods } = shortOf(50, STATS);
      return { pods, node: { ...node, memory: { ...node.memory, time } } };
    };
    const watch = new Watch();
    const counts = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:10Z'].map(
      (time, i) => watch.pass(i * 10, at(time)).evictions.length,
    );
    expect(counts).toEqual([1, 0, 1]);
  });

  it('names the containers that use more than they asked for', () => {
    const pod = podNamed('a', { requests: { memory: '1Mi' } });
    const mi = 2 ** 20;
    const stats = [statsNamed('a', { memory: 3 * mi })];
    const [eviction] = new Watch().pass(0, shortOf(50, stats), [pod]).evictions;
    expect(eviction).toMatchObject({
      starved: 'memory',
      message:
        'The node was low on resource: memory. Threshold quantity: 100, available: 50. ' +
        'Container main was using 3Mi, request is 1Mi, has larger consumption of memory. ',
      annotations: {
        offending_containers: 'main',
        offending_containers_usage: '3Mi',
        starved_resource: 'memory',
      },
    });
  });
});
