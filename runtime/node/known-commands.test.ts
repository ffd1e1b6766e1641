import { expect, it } from 'vitest';
import { Job } from '../../generated/batch/v1/index.ts';
import { Behaviour } from '../../generated/cluster/v1/index.ts';
import { Pod } from '../../generated/core/v1/index.ts';
import { createCluster } from '../testing/index.ts';
import { exitsOfCommand } from './known-commands.ts';

const sh = (text: string) => ['/bin/sh', '-c', text];
const CASES: readonly [readonly string[], string | undefined][] = [
  [['true'], '0ms 0'],
  [['/bin/false'], '0ms 1'],
  [['/usr/bin/sleep', '90'], '90000ms 0'],
  [['sleep', '1.5m'], '90000ms 0'],
  [sh('exit 3'), '0ms 3'],
  [sh('sleep 5 && exit 1'), '5000ms 1'],
  [sh('false && sleep 5'), '0ms 1'],
  [sh('false; sleep 2; exit'), '2000ms 0'],
  [sh('exit 0; sleep 9'), '0ms 0'],
  [sh('true;'), '0ms 0'],
  // What nobody knows without running it.
  [['exit', '1'], undefined],
  [['sleep', 'infinity'], undefined],
  [['sleep', '1', '2'], undefined],
  [['/opt/true'], undefined],
  [['nginx'], undefined],
  [sh('echo hi'), undefined],
  [sh('sleep 1 && nginx'), undefined],
  [sh('sleep $N'), undefined],
  [sh('true & false'), undefined],
  [sh('exit 1 || true'), undefined],
  [sh(''), undefined],
  [['sh', '-c', 'true', 'x'], undefined],
];

it.each(CASES)('%j ends as %s', (command, expected) => {
  const [exit] = exitsOfCommand({ name: 'c', command }) ?? [];
  expect(exit && `${exit.after} ${exit.code}`).toBe(expected);
});

it('says nothing of arguments to a program that is the image’s own', () => {
  expect(exitsOfCommand({ name: 'c', args: ['true'] })).toBeUndefined();
  expect(exitsOfCommand({ name: 'c', command: ['sleep'], args: ['3'] })).toEqual([
    { after: '3000ms', code: 0 },
  ]);
});

it('gives way to a Behaviour that says how runs end', async () => {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(
    new Behaviour({ metadata: { name: 'b' }, spec: { exit: [{ after: '1h', code: 7 }] } }),
    new Pod({
      metadata: { name: 'p' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x', command: ['true'] }] },
    }),
  );
  await cluster.advance('30m');
  expect(cluster.get(Pod, 'p').status?.phase).toBe('Running');
});

it('completes Jobs and fails pods', async () => {
  const cluster = await createCluster({ nodes: 1 });
  const container = (command: readonly string[]) => ({ name: 'c', image: 'busybox:1', command });
  await cluster.create(
    new Job({
      metadata: { name: 'sum' },
      spec: {
        template: {
          spec: { restartPolicy: 'Never', containers: [container(sh('sleep 20; exit 0'))] },
        },
      },
    }),
    new Pod({
      metadata: { name: 'bad' },
      spec: { restartPolicy: 'Never', containers: [container(['false'])] },
    }),
  );
  await cluster.advance('60s');
  expect(cluster.get(Job, 'sum').status?.succeeded).toBe(1);
  expect(cluster.get(Pod, 'bad').status).toMatchObject({
    phase: 'Failed',
    containerStatuses: [{ state: { terminated: { exitCode: 1, reason: 'Error' } } }],
  });
});
