import { describe, expect, it } from 'vitest';
import { Pod, Service } from '../../../generated/core/v1/index.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { PodSpec, ServiceSpec } from '../../../generated/core/v1/types.ts';
import { createCluster } from '../../testing/index.ts';

async function shop() {
  const cluster = await createCluster({ nodes: 2 });
  const pod = (name: string, container: object, spec: Partial<PodSpec> = {}) =>
    cluster.create(
      new Pod({
        metadata: { name, namespace: 'default', labels: { app: name.replace(/-\d$/, '') } },
        spec: { ...spec, containers: [{ name: 'main', image: 'agnhost', ...container }] },
      }),
    );
  const server = (name: string, spec: Partial<PodSpec> = {}) =>
    pod(name, { args: ['netexec'], ports: [{ containerPort: 8080 }] }, spec);
  const service = (name: string, spec: Partial<ServiceSpec> = {}) =>
    cluster.create(
      new Service({
        metadata: { name, namespace: 'default' },
        spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
      }),
    );
  /** What a script writes that is run in a pod of its own. */
  const say = async (name: string, text: string, spec: Partial<PodSpec> = {}) => {
    await pod(name, { command: ['sh', '-c', text] }, { restartPolicy: 'Never', ...spec });
    await cluster.advance('60s');
    return cluster.client.readText(pods, { name, namespace: 'default' }, 'log');
  };
  const ipOf = (name: string): string => cluster.get(Pod, name).status?.podIP ?? '';
  return { cluster, pod, server, service, say, ipOf };
}

describe('a program that calls', () => {
  it('reaches a pod by its address, which sees whose call it is', async () => {
    const { cluster, server, say, ipOf } = await shop();
    await server('web-1');
    await cluster.advance('20s');
    const web = ipOf('web-1');
    expect(await say('a', `curl -s http://${web}:8080/hostname`)).toBe('web-1');
    const seen = await say('b', `wget -q -O- http://${web}:8080/clientip`);
    expect(seen.split(':')[0]).toBe(ipOf('b'));
  });

  it('reaches all pods of a service by its name, and nobody where it has none', async () => {
    const { cluster, server, service, say } = await shop();
    for (const name of ['web-1', 'web-2', 'web-3']) await server(name);
    await service('web');
    await service('void');
    await cluster.advance('20s');
    const text = await say(
      'a',
      'for i in $(seq 1 40); do curl -s http://web/hostname; echo; done; curl -sS void || echo $?',
    );
    const lines = text.trim().split('\n');
    expect(new Set(lines.slice(0, 40))).toEqual(new Set(['web-1', 'web-2', 'web-3']));
    expect(lines.slice(40)).toEqual([
      expect.stringMatching(/^curl: \(7\) Failed to connect to void port 80/),
      '7',
    ]);
  });

  it('goes on from one call to the next, however many, and sees what has changed meanwhile', async () => {
    const { cluster, server, service, say } = await shop();
    await service('web');
    await cluster.advance('5s');
    const script = 'until wget -q -O- -T 1 http://web/hostname; do echo no; sleep 5; done';
    const first = await say('a', script);
    expect(first).toMatch(/^(wget: can't connect .*\nno\n){8,12}/);
    await server('web-1');
    await cluster.advance('60s');
    expect(cluster.get(Pod, 'a').status?.phase).toBe('Succeeded');
    const whole = await cluster.client.readText(pods, { name: 'a', namespace: 'default' }, 'log');
    expect(whole.startsWith(first) && whole.endsWith('web-1')).toBe(true);
  });

  it('finds nobody at an address that nobody has, nor at a name that there is not', async () => {
    const { say } = await shop();
    const text = await say(
      'a',
      'curl -sS --connect-timeout 3 http://10.244.9.9/ || echo $?; curl -sS http://nowhere/ || echo $?',
    );
    expect(text).toBe(
      'curl: (28) Failed to connect to 10.244.9.9 port 80 after 3000 ms: Timeout was reached\n28\n' +
        'curl: (6) Could not resolve host: nowhere\n6\n',
    );
  });

  it('keeps to one pod of a service with affinity', async () => {
    const { cluster, server, service, say } = await shop();
    for (const name of ['web-1', 'web-2', 'web-3']) await server(name);
    await service('web', { sessionAffinity: 'ClientIP' });
    await cluster.advance('20s');
    const text = await say('a', 'for i in $(seq 1 20); do curl -s web/hostname; echo; done');
    expect(new Set(text.trim().split('\n')).size).toBe(1);
  });
});

describe('the name server', () => {
  it('knows services, their ports, and their pods', async () => {
    const { cluster, server, service, say, ipOf } = await shop();
    await server('web-1', { hostname: 'one', subdomain: 'web' });
    await service('web', { clusterIP: 'None', ports: [{ name: 'http', port: 8080 }] });
    await service('far', { type: 'ExternalName', externalName: 'example.com' });
    await cluster.advance('20s');
    const web = ipOf('web-1');
    const text = await say(
      'a',
      'dig +short +search web; dig +short _http._tcp.web.default.svc.cluster.local SRV; ' +
        `getent hosts one.web; dig +short -x ${web}; dig +short +search far CNAME`,
    );
    expect(text).toBe(
      `${web}\n0 100 8080 one.web.default.svc.cluster.local.\n` +
        `${web.padEnd(15)} one.web.default.svc.cluster.local\none.web.default.svc.cluster.local.\nexample.com.\n`,
    );
  });
});
