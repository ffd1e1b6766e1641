import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Behaviour } from '../../generated/cluster/v1/index.ts';
import type { BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { containerLog } from './container-log.ts';
import { PodLife, webPod } from './pod-life.fakes.ts';

const AT_ONCE = { pull: { duration: '0s' }, start: { duration: '0s' } } as const;
const PROBE = { httpGet: { port: 80 }, periodSeconds: 10, failureThreshold: 3 };
const HOOK = { exec: { command: ['sh', '-c', 'warm up'] } };

function living(
  container: Partial<Container>,
  behaviour: BehaviourSpec = {},
  spec: Partial<Pod['spec']> = {},
): PodLife {
  return new PodLife(webPod(spec, container), { ...AT_ONCE, ...behaviour });
}

const status = (life: PodLife) => life.status.containerStatuses![0]!;
const named = (life: PodLife, ...reasons: string[]) =>
  life.events.filter((each) => reasons.includes(each.split(' ')[1]!));

describe('a postStart hook', () => {
  it('keeps the container waiting, and unprobed, until it is over', () => {
    const life = living(
      { lifecycle: { postStart: HOOK }, readinessProbe: PROBE },
      { hooks: { postStart: [{ duration: '25s' }] } },
    ).until(24_999);
    expect(status(life).state).toEqual({ waiting: { reason: 'ContainerCreating' } });
    expect(life.status.phase).toBe('Pending');
    life.until(25_000);
    expect(status(life)).toMatchObject({
      ready: true,
      started: true,
      state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
    });
  });

  it('holds up the containers after it', () => {
    const more = { name: 'more', image: 'shop/more:1', imagePullPolicy: 'IfNotPresent' };
    const pod = webPod({}, { lifecycle: { postStart: { sleep: { seconds: 5 } } } });
    const spec = { ...pod.spec, containers: [...pod.spec!.containers!, more] };
    const life = new PodLife({ ...pod, spec } as Pod, AT_ONCE).until(10_000);
    expect(named(life, 'Started').map((each) => each.split(' ')[0])).toEqual(['0', '5']);
  });

  it('that fails has the container killed, says why in its state only, and tries again', () => {
    const life = living(
      { lifecycle: { postStart: HOOK } },
      {
        hooks: { postStart: [{ duration: '2s', exitCode: 7, output: 'no "cache"', times: 1 }] },
        terminate: { duration: '1s', code: 143 },
      },
    ).until(2_999);
    expect(status(life).state?.waiting?.reason).toBe('ContainerCreating');
    life.until(3_000);
    expect(status(life)).toMatchObject({
      state: {
        waiting: {
          reason: 'PostStartHookError',
          message:
            'Exec lifecycle hook ([sh -c warm up]) for Container "web" in Pod "web_shop(uid-1)" failed - error: command \'sh -c warm up\' exited with 7: no "cache", message: "no \\"cache\\""',
        },
      },
      lastState: { terminated: { exitCode: 143 } },
    });
    expect(named(life, 'FailedPostStartHook', 'Killing')).toEqual([
      '2 FailedPostStartHook PostStartHook failed',
      '2 Killing FailedPostStartHook',
    ]);
    life.until(10_000);
    expect(status(life)).toMatchObject({ restartCount: 1, ready: true });
  });

  it('over HTTP finds nobody before the program serves, and takes any response', () => {
    const lifecycle = { postStart: { httpGet: { port: 80, path: '/warm' } } };
    const early = living({ lifecycle }, { ready: { after: '1s' } }).until(1_000);
    expect(status(early).state?.waiting?.message).toBe(
      'HTTP lifecycle hook (/warm) for Container "web" in Pod "web_shop(uid-1)" failed - error: Get "http://10.244.0.2:80/warm": dial tcp 10.244.0.2:80: connect: connection refused',
    );
    const late = living({ lifecycle }).until(1_000);
    expect(status(late).ready).toBe(true);
    const named = living({ lifecycle: { postStart: { httpGet: { port: 'x' } } } }).until(1_000);
    expect(status(named).state?.waiting?.message).toContain('strconv.Atoi: parsing "x"');
  });

  it('over TCP always fails, as no kubelet knows it', () => {
    const life = living({ lifecycle: { postStart: { tcpSocket: { port: 80 } } } }).until(500);
    expect(named(life, 'FailedPostStartHook').length).toBe(1);
  });
});

describe('a preStop hook', () => {
  it('comes before the signal and takes of the grace period', () => {
    const stops = (seconds: number, terminate: BehaviourSpec['terminate'], grace: number) => {
      const life = living({ lifecycle: { preStop: HOOK } }, {
        hooks: { preStop: [{ duration: `${seconds}s` }] },
        ...(terminate ? { terminate } : {}),
      } as BehaviourSpec);
      life.until(10_000).delete(grace).until(100_000);
      const { exitCode, finishedAt } = status(life).state!.terminated!;
      return [exitCode, (Date.parse(finishedAt!) - Date.parse('2026-01-01T00:00:10Z')) / 1000];
    };
    expect(stops(4, { duration: '3s', code: 143 }, 30)).toEqual([143, 7]);
    expect(stops(4, { ignoresSigterm: true }, 10)).toEqual([137, 10]);
    // However long the hook takes, two seconds are left for the program.
    expect(stops(60, { duration: '1s' }, 10)).toEqual([0, 11]);
    expect(stops(60, { ignoresSigterm: true }, 10)).toEqual([137, 12]);
  });

  it('that sleeps too long is cut off', () => {
    const life = living(
      { lifecycle: { preStop: { sleep: { seconds: 100 } } } },
      { terminate: { duration: '1s' } },
    );
    life.until(10_000).delete(5).until(16_000);
    expect(life.last.gone).toBe(true);
  });

  it('that fails is told of, and the stop goes on', () => {
    const life = living(
      { lifecycle: { preStop: HOOK } },
      {
        hooks: { preStop: [{ duration: '3s', exitCode: 1 }] },
        terminate: { duration: '2s' },
      },
    );
    life.until(10_000).delete(30).until(15_000);
    expect(named(life, 'Killing', 'FailedPreStopHook')).toEqual([
      '10 Killing Stopping container web',
      '13 FailedPreStopHook PreStopHook failed',
    ]);
    expect(life.last.gone).toBe(true);
  });

  it('is left out where there is no time at all', () => {
    const probe = { ...PROBE, terminationGracePeriodSeconds: 0 };
    const life = living(
      { lifecycle: { preStop: HOOK }, livenessProbe: probe },
      {
        hooks: { preStop: [{ duration: '1s', exitCode: 1 }] },
        probes: { liveness: [{ from: '0s', times: 1 }] },
        terminate: { ignoresSigterm: true },
      },
      { terminationGracePeriodSeconds: 0 },
    ).until(23_000);
    expect(named(life, 'FailedPreStopHook')).toEqual([]);
    expect(named(life, 'Started')).toEqual([
      '0 Started Container started',
      '22 Started Container started',
    ]);
    expect(status(life).lastState?.terminated?.exitCode).toBe(137);
  });
});

describe('while a pod ends', () => {
  it('readiness goes on being probed, liveness does not', () => {
    const life = living(
      { readinessProbe: PROBE, livenessProbe: PROBE },
      {
        terminate: { duration: '60s' },
        probes: { readiness: [{ from: '65s' }], liveness: [{ from: '65s' }] },
      },
    );
    life.until(60_000).delete(90).until(89_999);
    expect(life.condition('Ready')).toBe('True');
    life.until(90_000);
    expect(life.condition('Ready')).toBe('False');
    expect(named(life, 'Unhealthy').map((each) => each.split(' ').slice(0, 3))).toEqual([
      ['70', 'Unhealthy', 'Readiness'],
      ['80', 'Unhealthy', 'Readiness'],
      ['90', 'Unhealthy', 'Readiness'],
    ]);
  });

  it('a program that no longer serves becomes unready', () => {
    const life = living(
      { readinessProbe: PROBE },
      { terminate: { duration: '60s', serves: false } },
    );
    life.until(60_000).delete(90).until(89_999);
    expect(life.condition('Ready')).toBe('True');
    expect(life.until(90_000).condition('Ready')).toBe('False');
    expect(named(life, 'Unhealthy')[0]).toContain('70 Unhealthy Readiness probe failed: Get');
  });

  it('a program that ends by itself is not waited for', () => {
    const life = living({}, { exit: [{ after: '12s', code: 5 }], terminate: { duration: '9s' } });
    life.until(10_000).delete(30).until(12_000);
    expect(life.last.gone).toBe(true);
    expect(status(life).state?.terminated?.exitCode).toBe(5);
  });

  it('a shorter grace period is kept to, but for two seconds', () => {
    const life = living({}, { terminate: { ignoresSigterm: true } });
    life.until(10_000).delete(30).until(15_000).delete(1).until(16_999);
    expect(life.last.gone).toBe(false);
    expect(life.until(17_000).last.gone).toBe(true);
    expect(status(life).state?.terminated?.exitCode).toBe(137);
  });

  it('sidecars end after the others, the last one first, all within the grace period', () => {
    const sidecar = (name: string) => ({
      name,
      image: `shop/${name}:1`,
      imagePullPolicy: 'IfNotPresent',
      restartPolicy: 'Always',
    });
    const pod = webPod({ initContainers: [sidecar('log'), sidecar('mesh')] } as never);
    const stops = (terminate: BehaviourSpec['terminate'], grace: number) => {
      const life = new PodLife(pod, { ...AT_ONCE, terminate: terminate! });
      life.until(10_000).delete(grace).until(200_000);
      const all = [...life.status.initContainerStatuses!, ...life.status.containerStatuses!];
      return {
        killing: named(life, 'Killing').map((each) => each.split(' ')[0]),
        ends: all.map(({ state }) => state?.terminated?.finishedAt?.slice(17, 19)),
        codes: all.map(({ state }) => state?.terminated?.exitCode),
      };
    };
    expect(stops({ duration: '5s' }, 30)).toEqual({
      killing: ['10', '10', '10'],
      ends: ['25', '20', '15'],
      codes: [0, 0, 0],
    });
    // They wait no longer than the grace period, and have two seconds after that.
    expect(stops({ ignoresSigterm: true }, 8)).toEqual({
      killing: ['10', '10', '10'],
      ends: ['20', '20', '18'],
      codes: [137, 137, 137],
    });
  });
});

describe('the end of a run', () => {
  const ended = (container: Partial<Container>, behaviour: BehaviourSpec) =>
    status(living(container, behaviour, { restartPolicy: 'Never' }).until(60_000)).state!
      .terminated!;

  it('shows what the program left', () => {
    const exit = [{ after: '1s', code: 2, message: 'disk full' }] as const;
    expect(ended({}, { exit })).toMatchObject({
      exitCode: 2,
      reason: 'Error',
      message: 'disk full',
    });
    expect(ended({}, { exit: [{ after: '1s' }] }).message).toBeUndefined();
  });

  it('shows the end of its log where it failed without a word and the policy says so', () => {
    const terminationMessagePolicy = 'FallbackToLogsOnError';
    const logs = [
      { every: '10ms', line: 'working' },
      { after: '990ms', line: 'gave up' },
    ] as const;
    const failed = ended({ terminationMessagePolicy }, { exit: [{ after: '1s', code: 1 }], logs });
    expect(failed.message!.split('\n').length).toBe(81);
    expect(failed.message).toMatch(/working\ngave up\nworking\n$/);
    const long = [{ line: 'x'.repeat(3_000) }];
    const cut = ended(
      { terminationMessagePolicy },
      { exit: [{ after: '1s', code: 1 }], logs: long },
    );
    expect(cut.message).toBe(`${'x'.repeat(2_047)}\n`);
    expect(ended({ terminationMessagePolicy }, { exit: [{ after: '1s' }], logs }).message).toBe(
      undefined,
    );
    const said = { after: '1s', code: 1, message: 'own words' } as const;
    expect(ended({ terminationMessagePolicy }, { exit: [said], logs }).message).toBe('own words');
    expect(ended({}, { exit: [{ after: '1s', code: 1 }], logs }).message).toBeUndefined();
  });

  it('says no more than fits', () => {
    const exit = [{ after: '1s', code: 1, message: `head${'é'.repeat(4_000)}` }] as const;
    expect(ended({}, { exit }).message).toBe('é'.repeat(2_048));
  });

  it('is one too where the process could not be started', () => {
    const error = { message: 'exec: "srv": executable file not found in $PATH', times: 3 };
    const life = living({}, { start: { duration: '0s', error } }).until(500);
    expect(status(life)).toMatchObject({
      restartCount: 0,
      state: { waiting: { reason: 'RunContainerError', message: error.message } },
      lastState: {
        terminated: { exitCode: 128, reason: 'StartError', startedAt: '1970-01-01T00:00:00Z' },
      },
    });
    expect(named(life, 'Created', 'Failed', 'Started')).toEqual([
      '0 Created Container created',
      `0 Failed Error: ${error.message}`,
    ]);
    expect(status(life.until(5_000)).state?.waiting?.reason).toBe('CrashLoopBackOff');
    const written = new Behaviour({ metadata: { name: 'x' }, spec: { logs: [{ line: 'never' }] } });
    expect(containerLog(life.pod, { previous: true }, [written], life.nowMs)).toEqual({
      lines: [],
      isOver: true,
    });
    expect(status(life.until(60_000))).toMatchObject({ restartCount: 3, ready: true });
    const never = living({}, { start: { error } }, { restartPolicy: 'Never' }).until(5_000);
    expect(never.status.phase).toBe('Failed');
    expect(status(never).state?.terminated?.reason).toBe('StartError');
  });
});

it('a program answers by path whatever asks, unless the sort of probe is spoken of', () => {
  const get = (path: string) => ({ ...PROBE, httpGet: { port: 80, path } });
  const life = living(
    { readinessProbe: get('/ready'), livenessProbe: get('/alive') },
    {
      probes: {
        any: [
          { from: '20s', path: '/ready', status: 503 },
          { from: '20s', path: '/alive', status: 500 },
        ],
        liveness: [{ result: 'Success' }],
      },
    },
  ).until(60_000);
  expect(life.condition('Ready')).toBe('False');
  expect(status(life).restartCount).toBe(0);
  expect(named(life, 'Unhealthy')).toEqual(
    [20, 30, 40, 50, 60].map(
      (at) => `${at} Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503`,
    ),
  );
});

describe('a container that a probe ends', () => {
  it('starts again at once, until its runs are shorter than the back-off of the one before', () => {
    const life = living(
      { livenessProbe: { ...PROBE, periodSeconds: 5 } },
      { probes: { liveness: [{ from: '10s' }] }, terminate: { duration: '0s' } },
    ).until(600_000);
    const starts = named(life, 'Started').map((each) => Number(each.split(' ')[0]));
    const gaps = starts.slice(1).map((at, i) => at - starts[i]!);
    // Each run is 20 s long. The back-off, 10 s after the second, doubles with every start and counts from the third on.
    expect(gaps.slice(0, 6)).toEqual([20, 20, 20, 20, 60, 100]);
  });

  it('starts again though it ended well and its pod only restarts failures', () => {
    const behaviour: BehaviourSpec = {
      probes: { liveness: [{ from: '0s', times: 1 }] },
      terminate: { duration: '1s' },
    };
    const life = living({ livenessProbe: PROBE }, behaviour, { restartPolicy: 'OnFailure' });
    expect(status(life.until(60_000))).toMatchObject({ restartCount: 1, ready: true });
    const never = living({ livenessProbe: PROBE }, behaviour, { restartPolicy: 'Never' });
    expect(never.until(60_000).status.phase).toBe('Succeeded');
    expect(named(never, 'Killing')).toEqual(['20 Killing Container web failed liveness probe']);
  });

  it('is called by its sort, and leaves the pod initialized', () => {
    const mesh = {
      name: 'mesh',
      image: 'shop/mesh:1',
      imagePullPolicy: 'IfNotPresent',
      restartPolicy: 'Always',
      startupProbe: { ...PROBE, periodSeconds: 5 },
      livenessProbe: PROBE,
    };
    const life = new PodLife(webPod({ initContainers: [mesh] } as never), {
      ...AT_ONCE,
      container: 'mesh',
      ready: { after: '4s' },
      probes: { liveness: [{ from: '20s', times: 1 }] },
      terminate: { duration: '3s' },
    });
    life.until(44_000);
    expect(named(life, 'Killing')).toEqual([
      '40 Killing Init container mesh failed liveness probe',
    ]);
    expect(status(life).ready).toBe(true);
    expect([life.condition('Initialized'), life.condition('Ready')]).toEqual(['True', 'False']);
    expect(life.until(60_000).condition('Ready')).toBe('True');
  });
});

it('an active deadline is told of', () => {
  const life = living({}, {}, { activeDeadlineSeconds: 20 }).until(60_000);
  expect(named(life, 'DeadlineExceeded')).toEqual([
    '20 DeadlineExceeded Pod was active on the node longer than the specified deadline',
  ]);
});

it('a stop signal is reported', () => {
  const life = living({ lifecycle: { stopSignal: 'SIGUSR1' } }).until(1_000);
  expect(status(life)).toMatchObject({ stopSignal: 'SIGUSR1' });
  expect('stopSignal' in status(living({}).until(1_000))).toBe(false);
});

describe('a container whose end restarts all', () => {
  const image = (name: string) => ({
    name,
    image: `shop/${name}:1`,
    imagePullPolicy: 'IfNotPresent',
  });
  const rule = (action: string, values: number[]) => ({
    action,
    exitCodes: { operator: 'In', values },
  });
  const pod = (rules: object[]) =>
    webPod({
      restartPolicy: 'Never',
      initContainers: [image('prepare'), { ...image('mesh'), restartPolicy: 'Always' }],
      containers: [
        { ...image('web'), restartPolicy: 'Never', restartPolicyRules: rules },
        { ...image('more'), lifecycle: { preStop: { sleep: { seconds: 9 } } } },
      ],
    } as never);
  const scripted = (rules: object[], code: number, terminateMs = 500): PodLife => {
    const life = new PodLife(pod(rules), AT_ONCE);
    const ends = (after: `${number}s`, code: number, times: number): PodLife =>
      new PodLife(pod(rules), { ...AT_ONCE, exit: [{ after, code, times }] });
    const [prepare, mesh] = life.scripts.init;
    const [, more] = life.scripts.main;
    const prepared = ends('2s', 0, 99).scripts.init[0]!;
    life.scripts = {
      init: [{ ...prepare!, program: prepared.program, run: prepared.run }, mesh!],
      main: [ends('20s', code, 2).scripts.main[0]!, { ...more!, terminateMs }],
      ephemeral: [],
    };
    life.decide();
    return life.until(10_000);
  };
  const counts = (life: PodLife) =>
    [...life.status.initContainerStatuses!, ...life.status.containerStatuses!].map(
      ({ restartCount }) => restartCount,
    );

  it('takes the others along without their hooks, and the pod runs again from its first container', () => {
    const rules = [rule('Restart', [1]), rule('RestartAllContainers', [42])];
    const life = scripted(rules, 42);
    expect(life.condition('AllContainersRestarting')).toBe('False');
    life.until(22_500);
    const { conditions } = life.status;
    expect(conditions?.find(({ type }) => type === 'AllContainersRestarting')).toMatchObject({
      status: 'True',
      reason: 'RestartAllContainersStarted',
      message: 'container exited with restart policy rule',
    });
    expect(life.status.phase).toBe('Running');
    life.until(24_000);
    expect(counts(life)).toEqual([1, 1, 1, 1]);
    expect(life.condition('AllContainersRestarting')).toBe('False');
    expect(life.condition('Initialized')).toBe('True');
    life.until(27_000);
    expect(life.status.phase).toBe('Running');
    expect(life.condition('Ready')).toBe('True');
    const started = named(life, 'Started').map((each) => each.split(' ')[0]);
    expect(started).toEqual(['0', '2', '2', '2', '23', '25', '25', '25']);
    // Twice, and then its program goes on for ever.
    life.until(600_000);
    expect(counts(life)).toEqual([2, 2, 2, 2]);
    expect(life.status.phase).toBe('Running');
  });

  it('gives the others two seconds', () => {
    const life = scripted([rule('RestartAllContainers', [42])], 42, 60_000).until(30_000);
    expect(status(life).lastState?.terminated?.exitCode).toBe(137);
    expect(named(life, 'Started').map((each) => each.split(' ')[0])[4]).toBe('24');
  });

  it('follows the first rule about its exit code', () => {
    const life = scripted([rule('Restart', [42]), rule('RestartAllContainers', [42])], 42);
    expect(counts(life.until(60_000))).toEqual([0, 0, 0, 2]);
    const other = scripted([rule('RestartAllContainers', [42])], 3).until(60_000);
    expect(counts(other)).toEqual([0, 0, 0, 0]);
    expect(other.status.containerStatuses?.[1]?.state?.terminated?.exitCode).toBe(3);
  });

  it('stops for a deletion', () => {
    const life = scripted([rule('RestartAllContainers', [42])], 42, 60_000)
      .until(22_500)
      .delete(30);
    expect(life.until(60_000).last.gone).toBe(true);
    expect(counts(life)).toEqual([0, 0, 0, 0]);
  });
});

describe('laws of a pod’s life', () => {
  const seconds = (max: number) => fc.integer({ min: 0, max }).map((n): `${number}s` => `${n}s`);
  const times = fc.integer({ min: 1, max: 3 });
  const window = fc.record({
    from: seconds(120),
    until: seconds(300),
    status: fc.constantFrom(200, 302, 500),
    delay: fc.constantFrom('0s' as const, '500ms' as const, '3s' as const),
    refused: fc.boolean(),
    times,
  });
  const hook = fc.record({
    duration: seconds(20),
    exitCode: fc.integer({ min: 0, max: 1 }),
    times,
  });
  const behaviour: fc.Arbitrary<BehaviourSpec> = fc.record({
    start: fc.record({ duration: seconds(2), error: fc.record({ times }) }),
    ready: fc.record({ after: seconds(40) }),
    probes: fc.record({
      startup: fc.array(window, { maxLength: 1 }),
      readiness: fc.array(window, { maxLength: 2 }),
      liveness: fc.array(window, { maxLength: 2 }),
    }),
    hooks: fc.record({
      postStart: fc.array(hook, { maxLength: 1 }),
      preStop: fc.array(hook, { maxLength: 1 }),
    }),
    exit: fc.array(fc.record({ after: seconds(200), code: fc.constantFrom(0, 1, 42), times }), {
      maxLength: 2,
    }),
    terminate: fc.record({ duration: seconds(50), serves: fc.boolean() }),
  });
  const rules = [
    { action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [42] } },
  ] as const;
  const podFor = (
    restartPolicy: 'Always' | 'OnFailure' | 'Never',
    sidecars: number,
    all: boolean,
  ) => {
    const lifecycle = { postStart: HOOK, preStop: HOOK };
    const probes = {
      startupProbe: { ...PROBE, periodSeconds: 7 },
      readinessProbe: { ...PROBE, periodSeconds: 3 },
      livenessProbe: { ...PROBE, terminationGracePeriodSeconds: 5 },
    };
    const rest = { imagePullPolicy: 'IfNotPresent', lifecycle, ...probes };
    const initContainers = Array.from({ length: sidecars }, (_, i) => ({
      ...rest,
      name: `side-${i}`,
      image: 'shop/side:1',
      restartPolicy: 'Always',
    }));
    const own = all ? { restartPolicy, restartPolicyRules: rules } : {};
    return webPod({ restartPolicy, initContainers } as never, { ...rest, ...own } as never);
  };

  it('deciding twice changes nothing, counts never fall, and a deletion ends in time', () => {
    fc.assert(
      fc.property(
        behaviour,
        fc.constantFrom('Always' as const, 'OnFailure' as const, 'Never' as const),
        fc.integer({ min: 0, max: 2 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 900_000 }),
        (spec, restartPolicy, sidecars, all, atMs) => {
          const life = new PodLife(podFor(restartPolicy, sidecars, all), spec).until(atMs);
          const { record, status: told } = life.last;
          life.decide();
          expect(life.last.record).toEqual(record);
          expect(life.last.status).toEqual(told);
          expect(life.last.effects.events).toEqual([]);
          // Each sidecar in turn may need its two seconds after the grace period.
          const graceMs = 30_000 + 2_000 * (sidecars + 1);
          expect(life.delete(30).until(atMs + graceMs).last.gone).toBe(true);
          const counts = life.decisions.map(({ status: { containerStatuses: each } }) =>
            each!.map(({ restartCount }) => restartCount),
          );
          for (const [i, now] of counts.entries())
            for (const [at, count] of now.entries())
              expect(count).toBeGreaterThanOrEqual(counts[i - 1]?.[at] ?? 0);
        },
      ),
      { numRuns: 200 },
    );
  });
});
