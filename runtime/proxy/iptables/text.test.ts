import { describe, expect, it } from 'vitest';
import type { ModelSource, RuleModel } from '../model/index.ts';
import { aModel, aNode, aService, aSlice } from '../proxy.fakes.ts';
import { GOLDEN } from './golden.fakes.ts';
import { load, type Tables } from './kernel.fakes.ts';
import { kernelText, restoreText } from './text.ts';

describe('iptables rules', () => {
  it.each(Object.entries(GOLDEN))('are kube-proxy’s: %s', async (name, source) => {
    await expect(restoreText(aModel(source))).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it.each(Object.entries(GOLDEN))('name no chain that is not there: %s', (_, source) => {
    const kernel: Tables = new Map();
    load(kernel, kernelText(aModel(source)));
    expect([...kernel.keys()]).toEqual(['mangle', 'filter', 'nat']);
  });

  it('hold the jumps from the kernel’s own chains where it has none', async () => {
    await expect(kernelText(aModel({}))).toMatchFileSnapshot('golden/empty-kernel.txt');
  });

  it('write every service whole before the next, by name', () => {
    const model = aModel({
      services: [aService('b', { clusterIP: '10.96.7.11' }), aService('a')],
      endpointSlices: [aSlice('a', ['10.244.2.5']), aSlice('b', ['10.244.2.5'])],
    });
    const lines = restoreText(model).split('\n');
    const of = (name: string): number[] =>
      lines.flatMap((line, at) => (line.includes(`shop/${name}`) ? [at] : []));
    expect(Math.max(...of('a'))).toBeLessThan(Math.min(...of('b')));
  });
});

describe('in a large cluster', () => {
  const crowd = (count: number): RuleModel =>
    aModel({
      services: [aService('web', { sessionAffinity: 'ClientIP' })],
      endpointSlices: [
        aSlice(
          'web',
          Array.from({ length: count }, (_, n) => `10.244.${2 + (n >> 8)}.${n & 255}`),
        ),
      ],
    });

  it('endpoints go without comments from the thousand-and-first on', () => {
    expect(restoreText(crowd(1000))).toContain('shop/web -> 10.244.2.0:8080');
    const large = restoreText(crowd(1001));
    expect(large).not.toContain(' -> ');
    expect(large).toContain('--comment "shop/web cluster IP"');
    expect(large).toMatch(/^-A KUBE-SEP-\w+ -s 10\.244\.2\.0 -j KUBE-MARK-MASQ$/m);
    expect(large).toContain('--probability 0.0009990010 ');
  });
});

describe('node ports', () => {
  const tail = (source: Partial<ModelSource>): string[] =>
    restoreText(aModel(source))
      .split('\n')
      .filter((line) => line.includes('NOTE'))
      .map((line) => line.replace(/^.*this chain" (.*) -j KUBE-NODEPORTS$/, '$1'));
  const on = (...nodePortAddresses: string[]) => ({ config: { nodePortAddresses } });

  it('answer on all addresses unless told otherwise', () => {
    const everywhere = ['-m addrtype --dst-type LOCAL'];
    expect(tail({})).toEqual(everywhere);
    expect(tail(on('0.0.0.0/0', '10.0.0.0/8'))).toEqual(everywhere);
    expect(tail(on('fd00::/8'))).toEqual(everywhere);
    expect(tail({ ...on(), family: 'IPv6' })).toEqual([
      '-m addrtype --dst-type LOCAL ! -d ::1/128',
    ]);
    expect(tail({ config: { iptables: { localhostNodePorts: false } } })).toEqual([
      '-m addrtype --dst-type LOCAL ! -d 127.0.0.0/8',
    ]);
  });

  it('answer on those of the node’s addresses that are in the ranges', () => {
    const node = aNode({ addresses: ['192.168.10.1', '172.20.0.9'] });
    expect(tail({ node, ...on('192.168.0.0/16') })).toEqual(['-d 192.168.10.1']);
    expect(tail({ node, ...on('127.0.0.0/8', '172.16.0.0/12') })).toEqual([
      '-d 127.0.0.1',
      '-d 172.20.0.9',
    ]);
    expect(tail({ node, ...on('primary') })).toEqual(['-d 192.168.10.1']);
    expect(tail({ node, ...on('10.0.0.0/8') })).toEqual([]);
  });
});
