import { describe, expect, it } from 'vitest';
import type { Container, Pod, PodSpec } from '../../generated/core/v1/types.ts';
import { cgroupContents } from './cgroups.ts';

function shown(resources: object, spec: Partial<PodSpec> = {}): Record<string, string> {
  const containers = [{ name: 'main', resources }] as Container[];
  const pod = { metadata: { uid: 'a-b' }, spec: { containers, ...spec } } as Pod;
  const texts: Record<string, string> = {};
  for (const { volume, files } of cgroupContents(pod))
    for (const [path, { bytes }] of Object.entries(files))
      texts[`${volume}:${path}`] = bytes.trim();
  return texts;
}

const own = (texts: Record<string, string>) =>
  ['cpu.weight', 'cpu.max', 'memory.max'].map((name) => texts[`cgroup/main:${name}`]);

describe('the control group of a container', () => {
  it.each([
    [{}, ['1', 'max 100000', 'max']],
    [{ requests: { cpu: '1' } }, ['100', 'max 100000', 'max']],
    [
      { requests: { cpu: '100m' }, limits: { cpu: '250m', memory: '64Mi' } },
      ['17', '25000 100000', '67108864'],
    ],
    [{ limits: { cpu: '5m' } }, ['2', '1000 100000', 'max']],
    [{ requests: { cpu: '300' } }, ['10000', 'max 100000', 'max']],
  ])('of %j', (resources, expected) => {
    expect(own(shown(resources))).toEqual(expected);
  });

  it('has the limits of its pod where it has none', () => {
    const resources = { limits: { cpu: 2, memory: '1Gi' } } as never;
    expect(own(shown({ requests: { cpu: '1' } }, { resources }))).toEqual([
      '100',
      '200000 100000',
      '1073741824',
    ]);
  });
});

describe('the control group of a pod', () => {
  const volumes = [{ name: 'host', hostPath: { path: '/sys/fs/cgroup' } }];
  const at = (texts: Record<string, string>) =>
    Object.entries(texts).filter(([key]) => key.startsWith('host:') && /(weight|\.max)$/.test(key));

  it('stands in the tree of its node, with the sum of its containers', () => {
    const containers = [
      { name: 'a', resources: { requests: { cpu: '500m' }, limits: { cpu: '1', memory: '1Mi' } } },
      { name: 'b', resources: { requests: { cpu: '500m' }, limits: { cpu: '1' } } },
    ] as Container[];
    const path = 'host:kubepods.slice/kubepods-burstable.slice/kubepods-burstable-poda_b.slice';
    expect(Object.fromEntries(at(shown({}, { volumes, containers })))).toMatchObject({
      [`${path}/cpu.weight`]: '100',
      [`${path}/cpu.max`]: '200000 100000',
      // One of them may use any amount.
      [`${path}/memory.max`]: 'max',
    });
  });

  it('of a guaranteed pod stands beside those of the others', () => {
    const sized = { cpu: '1', memory: '1Mi' };
    const [[key = ''] = []] = at(shown({ requests: sized, limits: sized }, { volumes }));
    expect(key).toMatch(/^host:kubepods\.slice\/kubepods-poda_b\.slice\//);
  });
});
