import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configmaps, namespaces, nodes, services } from '../../generated/core/v1/resources.ts';
import type { ConfigMap, Node, Service } from '../../generated/core/v1/types.ts';
import { endpointslices } from '../../generated/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../generated/discovery/v1/types.ts';
import { afterWall } from '../base/index.ts';
import { createCluster, Pacer, type Serving, serveApi } from '../cluster/index.ts';
import { endpoint, NODE, service, slice } from '../proxy/testing/objects.fakes.ts';
import { Shell } from './cli.fakes.ts';
import { kubeconfigText } from './kubeconfig.ts';

const shell = new Shell();
const cluster = await createCluster({ freeze: true });
const pacer = new Pacer(cluster, 'real');
let serving: Serving;

beforeAll(async () => {
  serving = await serveApi(cluster, pacer, { port: 0, version: '1.36', onFailure: () => {} });
  writeFileSync(join(shell.folder, 'kubeconfig'), kubeconfigText(serving));
  pacer.start();
  const { client } = cluster;
  await client.create(nodes, NODE as Node);
  await client.create(nodes, { ...NODE, metadata: { name: 'n2' } } as Node);
  await client.create(services, service('default/web', '10.96.0.10') as Service);
  const places = [endpoint('10.244.1.5', 'n1'), endpoint('10.244.2.5', 'n2')];
  await client.create(endpointslices, slice('default/web', places) as EndpointSlice);
});
afterAll(async () => {
  await serving.close();
  await pacer.stop();
  shell.remove();
});

const rules = (...argv: string[]) =>
  shell.run('rules', '--kubeconfig', 'kubeconfig', '--node', 'n1', ...argv);

/** Resolves when the text holds what is looked for. */
async function shows(output: { readonly out: string }, what: RegExp | string): Promise<void> {
  const found = (): boolean =>
    typeof what === 'string' ? output.out.includes(what) : what.test(output.out);
  while (!found()) await new Promise<void>((resolve) => afterWall(5, resolve));
}

describe('slipway rules of a running cluster', () => {
  it('are those of its services, seen from a node', async () => {
    const { exitCode, out, err } = await rules();
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toContain('"default/web cluster IP" -m tcp -p tcp -d 10.96.0.10 --dport 80');
    expect(out).toContain('! -s 10.244.0.0/16 -j KUBE-MARK-MASQ');
    expect(out.match(/ -j DNAT --to-destination 10\.244\.[12]\.5:8080$/gm)).toHaveLength(2);
    const named = await rules('--context', 'slipway', '--mode', 'nftables');
    expect(named.out).toContain('add table ip6 kube-proxy');
    const other = await rules('--ip-family', 'IPv6');
    expect(other.out).toContain('! -d ::1/128');
    expect(other.out).not.toContain('default/web');
  });

  it('are given to a program by family', async () => {
    const { out } = await rules('-o', 'json');
    const texts = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(texts).toMatchObject([
      { family: 'IPv4', mode: 'iptables', whole: true, services: [] },
      { family: 'IPv6', mode: 'iptables', whole: true, services: [] },
    ]);
  });

  it('follow what changes, until a signal', async () => {
    const started = shell.start(
      ...['rules', '--kubeconfig', 'kubeconfig', '--node', 'n1', '--follow'],
    );
    await shows(started.output, '*nat');
    const whole = started.output.out.length;
    const [name, namespace] = ['web-ipv4', 'default'];
    const patch = { endpoints: [endpoint('10.244.1.9', 'n1')] };
    await cluster.client.patch(endpointslices, { name, namespace }, patch);
    await shows(started.output, '10.244.1.9:8080');
    const update = started.output.out.slice(whole);
    expect(update).toMatch(/^# default\/web\n\*filter\n/);
    expect(update.match(/^-X KUBE-SEP-/gm)).toHaveLength(2);
    await cluster.client.delete(services, { name: 'web', namespace });
    await shows(
      started.output,
      /# default\/web\n(?!.*default\/web)[\s\S]*# default\/web\n[\s\S]*COMMIT\n$/,
    );
    started.interrupt('SIGINT');
    expect((await started.ended).exitCode).toBe(130);
    await cluster.client.create(services, service('default/web', '10.96.0.10') as Service);
  });

  it('are made as the ConfigMap of kubeadm says, where there is no KubeProxyConfiguration', async () => {
    const conf = 'kind: KubeProxyConfiguration\nmode: nftables\nclusterCIDR: 10.7.0.0/16\n';
    if (!cluster.transport.lister(namespaces).get('kube-system'))
      await cluster.client.create(namespaces, { metadata: { name: 'kube-system' } } as never);
    await cluster.client.create(configmaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-proxy', namespace: 'kube-system' },
      data: { 'config.conf': conf },
    } as ConfigMap);
    const { out } = await rules();
    expect(out).toContain('ip saddr != 10.7.0.0/16');
    await cluster.client.delete(configmaps, { name: 'kube-proxy', namespace: 'kube-system' });
  });

  it('say what is missing', async () => {
    const of = async (...argv: string[]): Promise<unknown[]> => {
      const { exitCode, out, err } = await shell.run('rules', ...argv);
      return [exitCode, out, ...err.trim().split('\n')];
    };
    const reached = ['--kubeconfig', 'kubeconfig'];
    expect(await of(...reached)).toEqual([
      2,
      '',
      'slipway: say whose rules with --node',
      '  help: there are n1, n2',
    ]);
    expect((await of('--follow'))[2]).toBe('slipway: --follow needs a running cluster');
    expect((await of(...reached, '--context', 'x'))[2]).toMatch('has no context x');
    const elsewhere = kubeconfigText({ ...serving, url: 'https://127.0.0.1:1' });
    writeFileSync(join(shell.folder, 'elsewhere'), elsewhere);
    const [code, , message] = await of('--kubeconfig', 'elsewhere');
    expect([code, message]).toEqual([
      1,
      expect.stringMatching(/cannot read https:\/\/127.0.0.1:1: connect ECONNREFUSED/),
    ]);
    const stranger = kubeconfigText({ ...serving, token: 'wrong' });
    writeFileSync(join(shell.folder, 'stranger'), stranger);
    expect((await of('--kubeconfig', 'stranger'))[2]).toMatch(/cannot read .*: Unauthorized/);
  });
});
