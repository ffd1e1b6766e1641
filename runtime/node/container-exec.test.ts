import { describe, expect, it } from 'vitest';
import type { Behaviour, BehaviourSpec, Command } from '../../generated/cluster/v1/types.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import { execution, portAnswers, runningId } from './container-exec.ts';

const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const pod = {
  metadata: { name: 'web', namespace: 'shop', labels: {} },
  spec: {
    containers: [
      { name: 'main', image: 'web:1' },
      { name: 'side', image: 'side:1' },
    ],
  },
  status: {
    containerStatuses: [
      { name: 'main', containerID: 'slipway://1', state: running },
      { name: 'side', containerID: 'slipway://2', state: { terminated: { exitCode: 0 } } },
    ],
  },
} as unknown as Pod;

const behaviours = (...specs: BehaviourSpec[]): Behaviour[] =>
  specs.map((spec, at) => ({ metadata: { name: `b${at}`, namespace: 'shop' }, spec }) as Behaviour);
const run = (command: string[], ...specs: BehaviourSpec[]) =>
  execution(pod, 'main', command, behaviours(...specs));

describe('a command', () => {
  it('does what the first entry says that it matches', () => {
    const exec: Command[] = [
      { command: ['cat', '/etc/host*'], stdout: 'web\n' },
      { command: ['cat', '**'], stderr: 'no such file\n', code: 1, after: '2s' },
    ];
    expect(run(['cat', '/etc/hostname'], { exec })).toEqual({
      stdout: 'web\n',
      stderr: '',
      code: 0,
      afterMs: 0,
      input: 'Ignored',
    });
    for (const command of [['cat'], ['cat', '/x'], ['cat', '/etc/hostname', '/y']])
      expect(run(command, { exec })).toMatchObject({ code: 1, afterMs: 2000 });
  });

  it('matches argument by argument', () => {
    const exec = [{ command: ['sh', '-c', 'echo *'], stdout: 'x' }];
    expect(run(['sh', '-c', 'echo a b'], { exec })).toMatchObject({ stdout: 'x' });
    for (const command of [['sh'], ['sh', '-c'], ['sh', '-c', 'ls'], ['sh', '-c', 'echo a', 'b']])
      expect(run(command, { exec })).toHaveProperty('wrong');
  });

  it('comes from the strongest behaviour that speaks of commands', () => {
    const weak = { exec: [{ command: ['ls'], stdout: 'weak' }] };
    const strong = { priority: 1, exec: [{ command: ['ls'], stdout: 'strong' }] };
    const silent = { priority: 2, logs: [] };
    expect(run(['ls'], weak, strong, silent)).toMatchObject({ stdout: 'strong' });
  });

  it('of which nothing is said is no program of the container, in the words of its runtime', () => {
    const wrong = (command: string[]) => (run(command) as { wrong: string }).wrong;
    expect(wrong(['ls', '-l'])).toMatch(
      /^Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "ls": executable file not found in \$PATH: unknown$/,
    );
    expect(wrong(['/bin/ls'])).toMatch(
      /exec: "\/bin\/ls": stat \/bin\/ls: no such file or directory: unknown$/,
    );
  });

  it('runs only where the container does', () => {
    const exec = [{ command: ['ls'] }];
    for (const name of ['side', 'other'])
      expect(execution(pod, name, ['ls'], behaviours({ exec }))).toEqual({
        wrong: `unable to upgrade connection: container not found ("${name}")`,
      });
    expect([runningId(pod, 'main'), runningId(pod, 'side')]).toEqual(['slipway://1', undefined]);
  });
});

describe('a port', () => {
  it('answers what its container says, and is closed without that', () => {
    const http = [
      { port: 80, path: '/a', body: 'A' },
      { port: 81, status: 503 },
    ];
    const answers = (port: number) =>
      portAnswers(pod, port, behaviours({ container: 'main', http }));
    expect(answers(80)).toMatchObject([{ status: 200, body: 'A' }]);
    expect(answers(81)).toMatchObject([{ status: 503, body: '' }]);
    expect(answers(82)).toBeUndefined();
  });

  it('is closed where its container does not run', () => {
    const http = [{ port: 80 }];
    expect(portAnswers(pod, 80, behaviours({ container: 'side', http }))).toBeUndefined();
  });
});
