import { describe, expect, it } from 'vitest';
import { Job } from '../../generated/batch/v1/index.ts';
import { Behaviour } from '../../generated/cluster/v1/index.ts';
import type { BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import { Event, Pod, Service } from '../../generated/core/v1/index.ts';
import type { Container, Pod as PodObject } from '../../generated/core/v1/types.ts';
import { EndpointSlice } from '../../generated/discovery/v1/index.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

const labels = { app: 'web' };
const QUICK = { pull: { duration: '0s' }, start: { duration: '0s' } } as const;

async function cluster(...behaviours: readonly BehaviourSpec[]): Promise<TestCluster> {
  const made = await createCluster({ nodes: 1 });
  await made.create(
    new Service({ metadata: { name: 'web' }, spec: { selector: labels, ports: [{ port: 80 }] } }),
    ...behaviours.map(
      (spec, i) => new Behaviour({ metadata: { name: `b${i}` }, spec: { ...QUICK, ...spec } }),
    ),
  );
  await made.settle();
  return made;
}

const podOf = (container: Partial<Container>, spec: Partial<PodObject['spec']> = {}): Pod =>
  new Pod({
    metadata: { name: 'web', labels },
    spec: { containers: [{ name: 'main', image: 'web:1', ...container }], ...spec },
  } as never);

const pod = (made: TestCluster) => made.get(Pod, 'web');
const main = (made: TestCluster) => pod(made).status!.containerStatuses![0]!;
const endpoint = (made: TestCluster) =>
  made.list(EndpointSlice).find(({ metadata }) => metadata.name !== 'kubernetes')?.endpoints?.[0]
    ?.conditions;
const events = (made: TestCluster, ...reasons: string[]) =>
  made
    .list(Event)
    .filter(
      ({ involvedObject, reason = '' }) =>
        involvedObject?.name === 'web' && reasons.includes(reason),
    )
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`);

describe('hooks', () => {
  it('hold traffic back after the start, and the signal before the end', async () => {
    const made = await cluster({
      hooks: { postStart: [{ duration: '8s' }], preStop: [{ duration: '10s' }] },
      terminate: { duration: '2s', code: 143 },
    });
    const exec = { command: ['hook'] };
    await made.create(podOf({ lifecycle: { postStart: { exec }, preStop: { exec } } }));
    await made.advance('5s');
    expect(pod(made).status?.phase).toBe('Pending');
    expect(main(made)).toMatchObject({ ready: false, started: false });
    await made.advance('5s');
    expect([pod(made).status?.phase, endpoint(made)?.ready]).toEqual(['Running', true]);
    await made.delete(Pod, 'web');
    await made.advance('11s');
    expect(endpoint(made)).toEqual({ ready: false, serving: true, terminating: true });
    await made.advance('2s');
    expect(made.list(Pod)).toEqual([]);
  });

  it('that keep failing end in a crash loop that says so first', async () => {
    const made = await cluster({
      hooks: { postStart: [{ exitCode: 1 }], preStop: [{ exitCode: 1 }] },
    });
    const exec = { command: ['sh', '-c', 'exit 1'] };
    await made.create(podOf({ lifecycle: { postStart: { exec }, preStop: { exec } } }));
    await made.advance('1500ms');
    const { uid } = pod(made).metadata;
    expect(main(made).state?.waiting).toEqual({
      reason: 'PostStartHookError',
      message: `Exec lifecycle hook ([sh -c exit 1]) for Container "main" in Pod "web_default(${uid})" failed - error: command 'sh -c exit 1' exited with 1: , message: ""`,
    });
    await made.advance('5s');
    expect(main(made).state?.waiting?.reason).toBe('CrashLoopBackOff');
    expect(pod(made).status?.phase).toBe('Running');
    expect(events(made, 'FailedPostStartHook', 'FailedPreStopHook', 'Killing')).toEqual([
      'Warning FailedPostStartHook PostStartHook failed',
      'Normal Killing FailedPostStartHook',
      'Warning FailedPreStopHook PreStopHook failed',
    ]);
  });
});

describe('restart policies', () => {
  const exit = (container: string, code: number): BehaviourSpec => ({
    container,
    exit: [{ after: '5s', code }],
  });
  const image = (name: string, more: object = {}) => ({ name, image: 'web:1', ...more });

  it('of a container come before those of its pod', async () => {
    const made = await cluster(exit('main', 3), exit('side', 0), exit('rest', 9));
    const rule = { action: 'Restart', exitCodes: { operator: 'NotIn', values: [0, 3] } };
    const containers = [
      image('main', { restartPolicy: 'Never' }),
      image('side', { restartPolicy: 'OnFailure' }),
      image('rest', { restartPolicy: 'Never', restartPolicyRules: [rule] }),
    ];
    await made.create(podOf({}, { containers } as never));
    await made.advance('5m');
    const counts = pod(made).status!.containerStatuses!.map(({ name, restartCount, state }) => [
      name,
      restartCount > 0,
      state?.terminated?.exitCode,
    ]);
    expect(counts).toEqual([
      ['main', false, 3],
      ['rest', true, undefined],
      ['side', false, 0],
    ]);
    expect(pod(made).status?.phase).toBe('Running');
  });

  it('of an init container decide whether it may fail', async () => {
    const initContainers = [image('prepare', { restartPolicy: 'OnFailure' })];
    const made = await cluster({
      container: 'prepare',
      exit: [{ after: '2s', code: 1, times: 1 }, { after: '2s' }],
    });
    await made.create(podOf({}, { restartPolicy: 'Never', initContainers } as never));
    await made.advance('30s');
    expect(pod(made).status?.phase).toBe('Running');
    expect(pod(made).status?.initContainerStatuses?.[0]?.restartCount).toBe(1);
    const strict = await cluster({ container: 'prepare', exit: [{ after: '2s', code: 1 }] });
    const never = [image('prepare', { restartPolicy: 'Never' })];
    await strict.create(podOf({}, { restartPolicy: 'Always', initContainers: never } as never));
    await strict.advance('30s');
    expect(pod(strict).status?.phase).toBe('Failed');
  });

  it('of a sidecar let a Job complete, which ends the sidecar', async () => {
    const made = await cluster(exit('main', 0), {
      container: 'log',
      terminate: { duration: '3s', code: 143 },
    });
    await made.create(
      new Job({
        metadata: { name: 'once' },
        spec: {
          template: {
            spec: {
              restartPolicy: 'Never',
              initContainers: [image('log', { restartPolicy: 'Always' })],
              containers: [image('main')],
            },
          },
        },
      } as never),
    );
    await made.advance('1m');
    const [done] = made.list(Pod);
    expect(done?.status?.phase).toBe('Succeeded');
    expect(done?.status?.initContainerStatuses?.[0]).toMatchObject({
      restartCount: 0,
      state: { terminated: { exitCode: 143 } },
    });
    expect(made.get(Job, 'once').status?.succeeded).toBe(1);
  });

  it('may restart all that is in the pod, which keeps its address', async () => {
    const made = await cluster(
      {
        container: 'main',
        exit: [{ after: '20s', code: 42, times: 1 }],
      },
      { container: 'prepare', exit: [{ after: '3s' }] },
    );
    const rule = { action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [42] } };
    const containers = [
      image('main', { restartPolicy: 'Never', restartPolicyRules: [rule] }),
      image('more'),
    ];
    const initContainers = [image('prepare')];
    await made.create(podOf({}, { restartPolicy: 'Never', containers, initContainers } as never));
    await made.advance('10s');
    const { podIP } = pod(made).status!;
    await made.advance('30s');
    const { status } = pod(made);
    expect(status).toMatchObject({ phase: 'Running', podIP });
    const all = [...status!.initContainerStatuses!, ...status!.containerStatuses!];
    expect(all.map(({ restartCount }) => restartCount)).toEqual([1, 1, 1]);
    expect(endpoint(made)?.ready).toBe(true);
    expect(status?.conditions?.find(({ type }) => type === 'AllContainersRestarting')?.status).toBe(
      'False',
    );
  });
});

describe('the end of a container', () => {
  it('leaves its last words, up to what fits', async () => {
    const made = await cluster({
      exit: [{ after: '3s', code: 7 }],
      logs: [{ line: 'loading' }, { after: '2s', line: 'panic: no disk' }],
    });
    await made.create(podOf({ terminationMessagePolicy: 'FallbackToLogsOnError' }));
    await made.advance('6s');
    expect(main(made).lastState?.terminated).toMatchObject({
      exitCode: 7,
      reason: 'Error',
      message: 'loading\npanic: no disk\n',
    });
  });

  it('by a deadline fails the pod, with an event', async () => {
    const made = await cluster({ terminate: { duration: '4s' } });
    await made.create(podOf({}, { activeDeadlineSeconds: 30 }));
    await made.advance('32s');
    expect(endpoint(made)?.ready).toBe(true);
    await made.advance('10s');
    expect(pod(made).status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' });
    expect(events(made, 'DeadlineExceeded')).toEqual([
      'Normal DeadlineExceeded Pod was active on the node longer than the specified deadline',
    ]);
  });
});

it('the quality of service is the pod’s for life, and conditions name the generation', async () => {
  const made = await cluster();
  await made.create(podOf({ resources: { requests: { cpu: '100m' }, limits: { cpu: '200m' } } }));
  await made.advance('5s');
  expect(pod(made).status).toMatchObject({ qosClass: 'Burstable', observedGeneration: 1 });
  const generations = pod(made).status?.conditions?.map((each) => each.observedGeneration);
  expect(new Set(generations)).toEqual(new Set([1]));
});
