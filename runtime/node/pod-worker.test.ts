import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import { PodLife, webPod } from './pod-life.fakes.ts';

const PROBE = { httpGet: { port: 80 }, periodSeconds: 10, failureThreshold: 3 };

describe('a pod without a behaviour', () => {
  it('pulls, starts and is ready in two statuses, and then needs no timer', () => {
    const life = new PodLife(webPod({}, { readinessProbe: PROBE }), {
      pull: { duration: '1200ms' },
    });
    expect(life.status.phase).toBe('Pending');
    expect(life.status.containerStatuses?.[0]?.state).toEqual({
      waiting: { reason: 'ContainerCreating' },
    });
    expect(life.last.wakeKind).toBe('work');
    life.until(3_600_000);
    expect(life.decisions.length).toBe(2);
    expect(life.last.wakeMs).toBe(Number.POSITIVE_INFINITY);
    expect(life.status).toMatchInlineSnapshot(`
      {
        "conditions": [
          {
            "lastTransitionTime": "2026-01-01T00:00:00Z",
            "status": "True",
            "type": "PodReadyToStartContainers",
          },
          {
            "lastTransitionTime": "2026-01-01T00:00:00Z",
            "status": "True",
            "type": "Initialized",
          },
          {
            "lastTransitionTime": "2026-01-01T00:00:01Z",
            "status": "True",
            "type": "Ready",
          },
          {
            "lastTransitionTime": "2026-01-01T00:00:01Z",
            "status": "True",
            "type": "ContainersReady",
          },
          {
            "lastTransitionTime": "2026-01-01T00:00:00Z",
            "status": "True",
            "type": "PodScheduled",
          },
        ],
        "containerStatuses": [
          {
            "containerID": "slipway://ec64c1b39f101b35e2620968a804db106cd64256ad8ea36ce2a7974d18775bfe",
            "image": "shop/web:1",
            "imageID": "docker.io/shop/web@sha256:0576bb1454bfd717ca54098b6c3656a965a9356c37ba398b05d7153887c4db5d",
            "lastState": {},
            "name": "web",
            "ready": true,
            "restartCount": 0,
            "started": true,
            "state": {
              "running": {
                "startedAt": "2026-01-01T00:00:01Z",
              },
            },
          },
        ],
        "hostIP": "192.168.0.2",
        "hostIPs": [
          {
            "ip": "192.168.0.2",
          },
        ],
        "phase": "Running",
        "podIP": "10.244.0.2",
        "podIPs": [
          {
            "ip": "10.244.0.2",
          },
        ],
        "startTime": "2026-01-01T00:00:00Z",
      }
    `);
    expect(life.events).toMatchInlineSnapshot(`
      [
        "0 Pulling Pulling image "shop/web:1"",
        "1.2 Pulled Successfully pulled image "shop/web:1" in 1.2s (1.2s including waiting). Image size: 56483433 bytes.",
        "1.2 Created Container created",
        "1.2 Started Container started",
      ]
    `);
  });

  it('starts at once from an image that is present', () => {
    const life = new PodLife(webPod(), undefined, ['shop/web:1']).until(1000);
    expect(life.status.phase).toBe('Running');
    expect(life.events[0]).toBe(
      '0 Pulled Container image "shop/web:1" already present on machine and can be accessed by the pod',
    );
  });

  it('stays out when the image is missing and must not be pulled', () => {
    const life = new PodLife(webPod({}, { imagePullPolicy: 'Never' })).until(600_000);
    expect(life.status.containerStatuses?.[0]?.state).toEqual({
      waiting: {
        reason: 'ErrImageNeverPull',
        message: 'Container image "shop/web:1" is not present with pull policy of Never',
      },
    });
  });
});

describe('restarts', () => {
  it('backs off 10 s doubling after the first crash', () => {
    const crash: BehaviourSpec = {
      pull: { duration: '1s' },
      exit: [{ after: '2s', code: 3 }],
    };
    const life = new PodLife(webPod(), crash).until(120_000);
    expect(life.events.filter((each) => /Started|BackOff/.test(each))).toMatchInlineSnapshot(`
      [
        "1 Started Container started",
        "4 Started Container started",
        "6 BackOff Back-off restarting failed container web in pod web_shop(uid-1)",
        "16 Started Container started",
        "18 BackOff Back-off restarting failed container web in pod web_shop(uid-1)",
        "38 Started Container started",
        "40 BackOff Back-off restarting failed container web in pod web_shop(uid-1)",
        "80 Started Container started",
        "82 BackOff Back-off restarting failed container web in pod web_shop(uid-1)",
      ]
    `);
    expect(life.status.containerStatuses?.[0]).toMatchInlineSnapshot(`
      {
        "containerID": "slipway://1b6d2cc5f300ec1123b6b9c122f417961edfccbd0343bbab660f35e0d76b04b8",
        "image": "shop/web:1",
        "imageID": "docker.io/shop/web@sha256:0576bb1454bfd717ca54098b6c3656a965a9356c37ba398b05d7153887c4db5d",
        "lastState": {
          "terminated": {
            "containerID": "slipway://1b6d2cc5f300ec1123b6b9c122f417961edfccbd0343bbab660f35e0d76b04b8",
            "exitCode": 3,
            "finishedAt": "2026-01-01T00:01:22Z",
            "reason": "Error",
            "startedAt": "2026-01-01T00:01:20Z",
          },
        },
        "name": "web",
        "ready": false,
        "restartCount": 4,
        "started": false,
        "state": {
          "waiting": {
            "message": "back-off 1m20s restarting failed container=web pod=web_shop(uid-1)",
            "reason": "CrashLoopBackOff",
          },
        },
      }
    `);
  });

  it('forgets the back-off of a container that ran for more than ten minutes', () => {
    const crash: BehaviourSpec = { pull: { duration: '0s' }, exit: [{ after: '11m', code: 1 }] };
    const life = new PodLife(webPod(), crash).until(3_600_000);
    expect(life.events.filter((each) => each.includes('BackOff'))).toEqual([]);
    expect(life.status.containerStatuses?.[0]?.restartCount).toBe(5);
  });

  it.each([
    ['Never', 0, 'Succeeded'],
    ['Never', 1, 'Failed'],
    ['OnFailure', 0, 'Succeeded'],
    ['OnFailure', 1, 'Running'],
    ['Always', 0, 'Running'],
  ] as const)('policy %s and exit code %i leave it %s', (restartPolicy, code, phase) => {
    const behaviour: BehaviourSpec = { exit: [{ after: '2s', code }] };
    const life = new PodLife(webPod({ restartPolicy }), behaviour).until(30_000);
    expect(life.status.phase).toBe(phase);
    if (phase === 'Succeeded')
      expect(life.status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
        status: 'False',
        reason: 'PodCompleted',
      });
  });
});

describe('image pulls', () => {
  it('waits longer after each failure, and goes on once the image is there', () => {
    const behaviour: BehaviourSpec = {
      pull: { duration: '1s', error: { message: 'no route', times: 2 } },
    };
    const life = new PodLife(webPod(), behaviour).until(1_500);
    expect(life.status.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ErrImagePull');
    life.until(3_000);
    expect(life.status.containerStatuses?.[0]?.state?.waiting).toEqual({
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "shop/web:1": ErrImagePull: no route',
    });
    life.until(120_000);
    expect(life.status.phase).toBe('Running');
    expect(life.events.filter((each) => / (Pulling|Pulled) /.test(each)).length).toBe(4);
  });
});

describe('starts', () => {
  it('that fail show why and are tried again', () => {
    const life = new PodLife(webPod(), {
      pull: { duration: '1s' },
      start: { error: { reason: 'CreateContainerConfigError', message: 'no such key', times: 2 } },
    }).until(2_000);
    expect(life.status.containerStatuses?.[0]?.state).toEqual({
      waiting: { reason: 'CreateContainerConfigError', message: 'no such key' },
    });
    expect(life.until(40_000).status.phase).toBe('Running');
  });

  it('follow the exits in their order, each for its number of runs', () => {
    const life = new PodLife(webPod(), {
      exit: [
        { after: '1s', signal: 9, reason: 'OOMKilled', times: 1 },
        { after: '1s', code: 4, times: 1 },
      ],
    }).until(600_000);
    expect(life.status.phase).toBe('Running');
    expect(life.status.containerStatuses?.[0]).toMatchObject({
      restartCount: 2,
      ready: true,
      lastState: { terminated: { exitCode: 4, reason: 'Error' } },
    });
  });
});

describe('probes', () => {
  it('makes the pod ready when the program is, and unready while it fails', () => {
    const life = new PodLife(webPod({}, { readinessProbe: PROBE }), {
      pull: { duration: '0s' },
      ready: { after: '15s' },
      probes: { readiness: [{ from: '10m', until: '20m', message: 'down' }] },
    }).until(19_000);
    expect(life.condition('Ready')).toBe('False');
    expect(life.status.phase).toBe('Running');
    expect(life.last.wakeKind).toBe('work');
    expect(life.until(21_000).condition('Ready')).toBe('True');
    expect(life.last.wakeKind).toBe('periodic');
    expect(life.until(630_000).condition('Ready')).toBe('False');
    expect(life.until(1_300_000).condition('Ready')).toBe('True');
    const unhealthy = life.events.filter((each) => each.includes('Unhealthy'));
    const refused = 'dial tcp 10.244.0.2:80: connect: connection refused';
    expect(unhealthy.slice(0, 3)).toEqual([
      `0 Unhealthy Readiness probe failed: Get "http://10.244.0.2:80/": ${refused}`,
      `10 Unhealthy Readiness probe failed: Get "http://10.244.0.2:80/": ${refused}`,
      '600 Unhealthy Readiness probe failed: down',
    ]);
    // As many as are let through, and what they do not count with the last.
    const times = unhealthy.map((each) => Number(each.split(' ')[0]));
    expect(times.slice(-4)).toEqual([830, 840, 900, 1_190]);
  });

  it('kills a container that is not alive, and starts it again', () => {
    const life = new PodLife(webPod({}, { livenessProbe: PROBE }), {
      pull: { duration: '0s' },
      terminate: { duration: '4s', code: 143 },
      probes: { liveness: [{ from: '60s', times: 1 }] },
    }).until(90_000);
    expect(life.events.slice(-5)).toMatchInlineSnapshot(`
      [
        "80 Unhealthy Liveness probe failed: HTTP probe failed with statuscode: 503",
        "80 Killing Container web failed liveness probe, will be restarted",
        "84.1 Pulled Container image "shop/web:1" already present on machine and can be accessed by the pod",
        "84.1 Created Container created",
        "84.1 Started Container started",
      ]
    `);
    expect(life.status.containerStatuses?.[0]?.restartCount).toBe(1);
    expect(life.status.containerStatuses?.[0]?.lastState?.terminated?.exitCode).toBe(143);
  });

  it('holds readiness back until the startup probe has succeeded', () => {
    const container = { startupProbe: { ...PROBE, failureThreshold: 30 }, readinessProbe: PROBE };
    const life = new PodLife(webPod({}, container), {
      pull: { duration: '0s' },
      ready: { after: '45s' },
    }).until(49_000);
    expect(life.status.containerStatuses?.[0]).toMatchObject({ started: false, ready: false });
    expect(life.until(50_000).status.containerStatuses?.[0]).toMatchObject({
      started: true,
      ready: true,
    });
  });
});

describe('init containers', () => {
  const init = (name: string, more = {}) => ({ name, image: `shop/${name}:1`, ...more });

  it('run one after another before the others, a sidecar beside them', () => {
    const pod = webPod({
      initContainers: [init('first'), init('mesh', { restartPolicy: 'Always' }), init('second')],
    } as never);
    const life = new PodLife(pod);
    life.scripts = {
      ...life.scripts,
      init: life.scripts.init.map((script, i) =>
        i === 1
          ? script
          : {
              ...script,
              run: () => ({
                moments: [{ atMs: 5000, kind: 'exit', code: 0, reason: 'Completed' }],
              }),
            },
      ),
    };
    expect(life.until(4_000).status.phase).toBe('Pending');
    expect(life.condition('Initialized')).toBe('False');
    expect(life.status.containerStatuses?.[0]?.state?.waiting?.reason).toBe('PodInitializing');
    life.until(60_000);
    expect(life.status.phase).toBe('Running');
    expect(life.condition('Ready')).toBe('True');
    expect(life.status.initContainerStatuses?.map(({ ready }) => ready)).toEqual([
      true,
      true,
      true,
    ]);
    expect(life.events.filter((each) => each.includes('Started')).length).toBe(4);
  });

  it('that fails for good fails the pod', () => {
    const pod = webPod({ restartPolicy: 'Never', initContainers: [init('first')] } as never);
    const life = new PodLife(pod, {
      container: 'first',
      exit: [{ after: '1s', code: 2 }],
    });
    life.until(60_000);
    expect(life.status.phase).toBe('Failed');
    expect(life.record.terminal).toBe(true);
  });
});

describe('termination', () => {
  it('stops in time and then lets the object go', () => {
    const life = new PodLife(webPod(), { terminate: { duration: '5s' } }).until(10_000).delete(30);
    expect(life.events.at(-1)).toBe('10 Killing Stopping container web');
    expect(life.last.gone).toBe(false);
    life.until(14_999);
    expect(life.last.gone).toBe(false);
    life.until(15_000);
    expect(life.last.gone).toBe(true);
    expect(life.status.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
    });
  });

  it('kills at the end of the grace period', () => {
    const life = new PodLife(webPod(), { terminate: { ignoresSigterm: true } })
      .until(10_000)
      .delete(7);
    life.until(17_000);
    expect(life.last.gone).toBe(true);
    expect(life.status.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 137,
      reason: 'Error',
    });
  });

  it('lets a pod go at once that never started', () => {
    const life = new PodLife(webPod(), { pull: { duration: '60s' } }).until(10_000).delete(30);
    expect(life.last.gone).toBe(true);
  });

  it('ends a pod at its active deadline', () => {
    const life = new PodLife(webPod({ activeDeadlineSeconds: 60 })).until(120_000);
    expect(life.status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
  });
});

it('a running pod goes on by an edited behaviour', () => {
  const life = new PodLife(webPod({}, { readinessProbe: PROBE })).until(60_000);
  expect(life.condition('Ready')).toBe('True');
  life.behave({ probes: { readiness: [{ from: '0s' }] } });
  expect(life.condition('Ready')).toBe('False');
});

describe('laws', () => {
  const seconds = (max: number) => fc.integer({ min: 0, max }).map((n): `${number}s` => `${n}s`);
  const times = fc.integer({ min: 1, max: 4 });
  const window = fc.record({ from: seconds(300), until: seconds(600), times });
  const behaviour: fc.Arbitrary<BehaviourSpec> = fc.record({
    pull: fc.record({ duration: seconds(5), error: fc.record({ times }) }),
    start: fc.record({ duration: seconds(3), error: fc.record({ times }) }),
    exit: fc.array(fc.record({ after: seconds(900), code: fc.integer({ min: 0, max: 2 }), times })),
    ready: fc.record({ after: seconds(60) }),
    probes: fc.record({
      readiness: fc.array(window, { maxLength: 3 }),
      liveness: fc.array(window, { maxLength: 2 }),
    }),
    terminate: fc.record({ duration: seconds(60) }),
  });
  const policy = fc.constantFrom('Always' as const, 'OnFailure' as const, 'Never' as const);

  it('restarts never fall, a final phase stays, deciding twice changes nothing', () => {
    fc.assert(
      fc.property(
        behaviour,
        policy,
        fc.integer({ min: 0, max: 1800 }),
        (spec, restartPolicy, at) => {
          const pod = webPod({ restartPolicy }, { readinessProbe: PROBE, livenessProbe: PROBE });
          const life = new PodLife(pod, spec).until(at * 1000);
          const { record, status } = life.last;
          life.decide();
          expect(life.last.record).toEqual(record);
          expect(life.last.status).toEqual(status);
          expect(life.last.effects.events).toEqual([]);
          life.delete(30).until(at * 1000 + 60_000);
          expect(life.last.gone).toBe(true);
          let restarts = 0;
          let final: string | undefined;
          for (const each of life.decisions) {
            const count = each.status.containerStatuses?.[0]?.restartCount ?? 0;
            expect(count).toBeGreaterThanOrEqual(restarts);
            restarts = count;
            const { phase } = each.status;
            if (final) expect(phase).toBe(final);
            if (phase === 'Succeeded' || phase === 'Failed') final = phase;
          }
        },
      ),
    );
  });
});
