import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../generated/cluster/v1/types.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import { containerLog, type LogQuestion } from './container-log.ts';

const AT = Date.UTC(2026, 0, 1);
const time = (seconds: number): string => new Date(AT + seconds * 1000).toISOString();
const talk = {
  apiVersion: 'cluster.slipway.dev/v1',
  kind: 'Behaviour',
  metadata: { name: 'talk', namespace: 'default' },
  spec: { logs: [{ line: 'up' }, { line: 'tick', after: '1s', every: '1s' }] },
} as Behaviour;

function pod(state: object, lastState: object = {}, containers = ['main']): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { nodeName: 'n', containers: containers.map((name) => ({ name, image: 'x' })) },
    status: { containerStatuses: [{ name: 'main', state, lastState }] },
  } as unknown as Pod;
}

function log(of: Pod, question: LogQuestion = {}): unknown {
  const answer = containerLog(of, question, [talk], AT + 3500);
  return 'wrong' in answer ? answer.wrong : answer.lines.map(({ text }) => text).join(' ');
}

const running = { running: { startedAt: time(1) } };
const ended = { terminated: { startedAt: time(0), finishedAt: time(2) } };

describe('the log of a container', () => {
  it('is what its behaviour has written since its start', () => {
    expect(log(pod(running))).toBe('up tick tick');
  });

  it('ends with it', () => {
    expect(log(pod(ended))).toBe('up tick tick');
    expect(containerLog(pod(ended), {}, [talk], AT + 9000)).toMatchObject({ isOver: true });
  });

  it('of the run before is kept while the next runs or waits', () => {
    expect(log(pod(running, ended), { previous: true })).toBe('up tick tick');
    expect(log(pod({ waiting: { reason: 'CrashLoopBackOff' } }, ended))).toBe('up tick tick');
  });

  it.each([
    [
      pod({ waiting: { reason: 'ContainerCreating' } }),
      {},
      'container "main" in pod "p" is waiting to start: ContainerCreating',
    ],
    [pod(running), { previous: true }, 'previous terminated container "main" in pod "p" not found'],
    [pod(running), { container: 'b' }, 'container b is not valid for pod p'],
    [
      pod(running, {}, ['main', 'side']),
      {},
      'a container name must be specified for pod p, choose one of: [main side]',
    ],
  ])('cannot be had, and says why', (of, question, why) => {
    expect(log(of, question)).toBe(why);
  });
});
