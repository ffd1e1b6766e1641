import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../generated/core/v1/types.ts';
import { storageExcess } from './local-storage.ts';
import { notifierName, notifyAt } from './notifier.ts';
import { oomScoreAdjust, oomVictim } from './oom.ts';
import { podNamed, shortOf, statsNamed } from './pods.fakes.ts';
import { podsToPreempt } from './preemption.ts';
import { refusedUnder } from './pressure-admission.ts';
import { isCritical, qosOf } from './qos.ts';
import { evictionSettings } from './settings.ts';
import { parseThresholds } from './thresholds.ts';

const both = (cpu: string, memory: string) => ({
  requests: { cpu, memory },
  limits: { cpu, memory },
});
const guaranteed = podNamed('guaranteed', both('1', '100'));
const burstable = podNamed('burstable', { requests: { cpu: '1', memory: '500' } });
const bestEffort = podNamed('best-effort');
const critical = podNamed('critical', { priority: 2_000_000_000 });
const names = (pods: readonly Pod[] | undefined) =>
  pods?.map(({ metadata }) => metadata.name).join(' ');

it('pods have a class by what they ask for', () => {
  expect([guaranteed, burstable, bestEffort].map(qosOf)).toEqual([
    'Guaranteed',
    'Burstable',
    'BestEffort',
  ]);
  expect([critical, bestEffort].map(isCritical)).toEqual([true, false]);
  const mirror = {
    ...bestEffort,
    metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } },
  };
  expect(isCritical(mirror as unknown as Pod)).toBe(true);
});

describe('the kernel', () => {
  it('scores pods by class, and burstable ones by the part of the node that they asked for', () => {
    const adjust = (pod: Pod) => oomScoreAdjust(pod, 'main', 1000);
    const small = podNamed('small', { requests: { memory: '0', cpu: '1' } });
    const whole = podNamed('whole', { requests: { memory: '1000' } });
    expect([critical, guaranteed, bestEffort, burstable, small, whole].map(adjust)).toEqual([
      -997, -997, 1000, 500, 999, 3,
    ]);
  });

  it('kills the highest score, of equals the larger', () => {
    const user = (pod: Pod, memoryBytes: number) => ({ pod, container: 'main', memoryBytes });
    const victim = (...users: ReturnType<typeof user>[]) =>
      oomVictim(users, 1000)?.pod.metadata.name;
    expect(victim(user(guaranteed, 700), user(burstable, 100), user(bestEffort, 10))).toBe(
      'best-effort',
    );
    expect(victim(user(guaranteed, 900), user(burstable, 100))).toBe('burstable');
    expect(victim(user(podNamed('a'), 5), user(podNamed('b'), 6), user(podNamed('c'), 0))).toBe(
      'b',
    );
    expect(victim(user(podNamed('idle'), 0))).toBeUndefined();
  });
});

describe('a kubelet under pressure', () => {
  it('turns best-effort pods away for memory, and all but critical ones for anything else', () => {
    const key = 'node.kubernetes.io/memory-pressure';
    const tolerant = podNamed('t');
    const tolerating = {
      ...tolerant,
      spec: { ...tolerant.spec!, tolerations: [{ key, operator: 'Exists' as const }] },
    };
    const refused = (pressures: Parameters<typeof refusedUnder>[0]) =>
      names(
        [guaranteed, burstable, bestEffort, tolerating, critical].filter((pod) =>
          refusedUnder(pressures, pod),
        ),
      );
    expect(refused([])).toBe('');
    expect(refused(['MemoryPressure'])).toBe('best-effort');
    expect(refused(['PIDPressure'])).toBe('guaranteed burstable best-effort t');
    expect(refused(['MemoryPressure', 'DiskPressure'])).toBe('guaranteed burstable best-effort t');
    expect(refusedUnder(['MemoryPressure', 'DiskPressure'], bestEffort)).toEqual({
      reason: 'Evicted',
      message: 'The node had condition: [MemoryPressure DiskPressure]. ',
    });
  });
});

describe('preemption', () => {
  const sized = (name: string, cpu: string) => podNamed(name, { requests: { cpu, memory: '1' } });
  const need = (amount: number) => [{ resource: 'cpu', amount }];

  it('spares guaranteed pods where others do, and takes the one that fits best', () => {
    const pods = [
      podNamed('dear', both('2', '1')),
      sized('small', '500m'),
      sized('fit', '1'),
      sized('large', '3'),
    ];
    expect(names(podsToPreempt(critical, pods, need(1000)))).toBe('fit');
    expect(names(podsToPreempt(critical, pods, need(3500)))).toBe('large small');
    expect(names(podsToPreempt(critical, pods, need(5000)))).toBe('large dear');
    expect(podsToPreempt(critical, pods, need(9000))).toBeUndefined();
  });

  it('takes nobody who is as important', () => {
    expect(
      podsToPreempt(
        critical,
        [podNamed('peer', { priority: 2_000_000_000, ...both('4', '1') })],
        need(1),
      ),
    ).toBeUndefined();
  });
});

it('pods are held to their own limits of storage, volume by volume and container by container', () => {
  const data = { volumes: [{ name: 'data', emptyDir: { sizeLimit: '50' } }] };
  const excess = (pod: Pod, use: Parameters<typeof statsNamed>[1], dedicated = false) =>
    storageExcess(pod, statsNamed('p', use), dedicated);
  expect(excess(podNamed('p', data), { volume: 50 })).toBeUndefined();
  expect(excess(podNamed('p', data), { volume: 51 })).toBe(
    'Usage of EmptyDir volume "data" exceeds the limit "50". ',
  );
  const two = podNamed('p', { limits: { 'ephemeral-storage': '50' } });
  const pod = {
    ...two,
    spec: {
      ...two.spec!,
      containers: [...two.spec!.containers, { ...two.spec!.containers[0]!, name: 'side' }],
    },
  };
  expect(excess(pod, { layer: 60 })).toBe(
    'Container main exceeded its local ephemeral storage limit "50". ',
  );
  expect(excess(pod, { layer: 60 }, true)).toBeUndefined();
  expect(excess(pod, { layer: 101 }, true)).toMatch(
    /^Pod ephemeral local storage usage exceeds .* 100\. $/,
  );
});

it('the kernel tells of memory at the mark that counts its cache too', () => {
  const [soft] = parseThresholds({
    soft: { 'memory.available': '20%' },
    softGracePeriod: { 'memory.available': '1s' },
  });
  const summary = shortOf(400);
  const withCache = {
    ...summary,
    node: { ...summary.node, memory: { ...summary.node.memory, usageBytes: 650 } },
  };
  expect([notifyAt(soft!, summary), notifyAt(soft!, withCache)]).toEqual([undefined, 850]);
  expect(notifierName(soft!)).toBe('soft memory eviction threshold');
});

describe('settings', () => {
  const signals = (kubelet: Parameters<typeof evictionSettings>[0]) =>
    evictionSettings({ enforceNodeAllocatable: ['none'], ...kubelet })
      .thresholds.map(({ signal }) => signal)
      .join(' ');

  it('have the defaults of a kubelet, which give way to what is said', () => {
    const defaults =
      'memory.available nodefs.available nodefs.inodesFree imagefs.available imagefs.inodesFree';
    expect(signals({})).toBe(defaults);
    expect(signals({ evictionHard: { 'pid.available': '10' } })).toBe('pid.available');
    expect(
      signals({ evictionHard: { 'pid.available': '10' }, mergeDefaultEvictionSettings: true }),
    ).toBe(`${defaults} pid.available`);
  });

  it('hear old names where the new ones are silent', () => {
    const old = evictionSettings({
      outOfDiskTransitionFrequency: '1m',
      minimumImageTTLDuration: '3m',
      lowDiskSpaceThresholdMB: 5,
    });
    expect([old.transitionMs, old.imageGc.minAgeMs]).toEqual([60_000, 180_000]);
    const disk = old.thresholds.find(({ signal }) => signal === 'nodefs.available')?.value;
    expect(disk && 'quantity' in disk && disk.quantity.nanos).toBe(5_000_000n * 1_000_000_000n);
    const both = evictionSettings({
      outOfDiskTransitionFrequency: '1m',
      evictionPressureTransitionPeriod: '2m',
      imageMinimumGCAge: '1m',
      minimumImageTTLDuration: '3m',
    });
    expect([both.transitionMs, both.imageGc.minAgeMs]).toEqual([120_000, 60_000]);
  });
});
