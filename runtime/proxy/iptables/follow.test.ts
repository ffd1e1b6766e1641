import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyWorld, rounds } from '../changes.fakes.ts';
import { RuleTracker } from '../model/index.ts';
import { aNode, anEndpoint, aService, aSlice, POD_CIDR } from '../proxy.fakes.ts';
import { Follower } from './follow.ts';
import { load, type Tables } from './kernel.fakes.ts';
import { kernelText } from './text.ts';

const config = { clusterCIDR: POD_CIDR };
const tracking = (): RuleTracker => new RuleTracker({ node: aNode(), family: 'IPv4', config });

const named = (number: number): string => `s${String(number).padStart(3, '0')}`;
const address = (number: number): string => `10.96.${number >> 8}.${number & 255}`;

/** A tracker with services `from` ≤ n < `to`, each of one endpoint. */
function many(from: number, to: number): RuleTracker {
  const tracker = tracking();
  for (let n = from; n < to; n++) add(tracker, n);
  tracker.commit();
  return tracker;
}

function add(tracker: RuleTracker, n: number): void {
  tracker.setService(aService(named(n), { clusterIP: address(n) }));
  tracker.setSlice(aSlice(named(n), ['10.244.2.5']));
}

const declared = (text: string): string[] =>
  text.split('\n').filter((line) => /^:KUBE-(SVC|SEP|EXT|FW|SVL)-/.test(line));

describe('a follower', () => {
  it('leaves the kernel as the full text would, whatever changes', () => {
    fc.assert(
      fc.property(rounds, (all) => {
        const world = emptyWorld();
        const tracker = tracking();
        const follower = new Follower(tracker.model);
        const kernel: Tables = new Map();
        load(kernel, kernelText(tracker.model));
        for (const changes of all) {
          for (const change of changes) change(world, tracker);
          const update = tracker.commit();
          load(kernel, follower.update(update));
          const whole: Tables = new Map();
          load(whole, kernelText(update.after));
          expect(kernel).toEqual(whole);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps services apart over many pages, however they come and go', () => {
    const tracker = many(0, 300);
    const follower = new Follower(tracker.model);
    const kernel: Tables = new Map();
    load(kernel, kernelText(tracker.model));
    const changes: (() => void)[] = [
      () => add(tracker, 400),
      () => tracker.deleteService('shop/s000'),
      () => tracker.setSlice(aSlice(named(130), ['10.244.2.5', '10.244.2.6'])),
      () => tracker.deleteService('shop/s400'),
      () => {
        for (let n = 100; n < 290; n++) tracker.deleteService(`shop/${named(n)}`);
      },
      () => tracker.setSlice(aSlice(named(99), [])),
    ];
    for (const change of changes) {
      change();
      const update = tracker.commit();
      load(kernel, follower.update(update));
      const whole: Tables = new Map();
      load(whole, kernelText(update.after));
      expect(kernel).toEqual(whole);
    }
  });

  it('writes only the chains of services that changed, and deletes those that are gone', () => {
    const tracker = many(0, 3);
    const follower = new Follower(tracker.model);
    tracker.setSlice(aSlice(named(1), ['10.244.2.6']));
    const text = follower.update(tracker.commit());
    expect(declared(text)).toHaveLength(3);
    expect(text.match(/^-X KUBE-SEP-.*$/gm)).toHaveLength(1);
    expect(text.match(/^-A KUBE-SERVICES .* cluster IP/gm)).toHaveLength(3);
    expect(declared(follower.update(tracker.commit()))).toEqual([]);
  });

  it('writes everything anew when the cluster becomes large or its node moves', () => {
    const tracker = many(0, 3);
    const follower = new Follower(tracker.model);
    const crowd = Array.from({ length: 999 }, (_, n) => anEndpoint(`10.200.${n >> 8}.${n & 255}`));
    tracker.setSlice(aSlice(named(0), crowd));
    const large = follower.update(tracker.commit());
    const all = 1 + 999 + 2 * 2;
    expect(declared(large)).toHaveLength(all + 1);
    expect(large).not.toContain(' -> ');
    tracker.setNode(aNode({ labels: {} }));
    expect(declared(follower.update(tracker.commit()))).toHaveLength(all);
  });
});
