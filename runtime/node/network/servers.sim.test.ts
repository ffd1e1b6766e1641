import { describe, expect, it } from 'vitest';
import { Pod, Service } from '../../../generated/core/v1/index.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { PodSpec, ServiceSpec } from '../../../generated/core/v1/types.ts';
import { createCluster } from '../../testing/index.ts';

async function town() {
  const cluster = await createCluster({ nodes: 2 });
  const pod = (name: string, container: object, spec: Partial<PodSpec> = {}) =>
    cluster.create(
      new Pod({
        metadata: { name, namespace: 'default', labels: { app: name } },
        spec: { ...spec, containers: [{ name: 'main', image: 'agnhost', ...container }] },
      }),
    );
  const service = (name: string, spec: Partial<ServiceSpec>) =>
    cluster.create(
      new Service({
        metadata: { name, namespace: 'default' },
        spec: { selector: { app: name }, ...spec },
      }),
    );
  const log = (name: string) =>
    cluster.client.readText(pods, { name, namespace: 'default' }, 'log');
  const say = async (name: string, text: string, spec: Partial<PodSpec> = {}) => {
    await pod(name, { command: ['sh', '-c', text] }, { restartPolicy: 'Never', ...spec });
    await cluster.advance('60s');
    return log(name);
  };
  const podOf = (name: string) => cluster.get(Pod, name);
  return { cluster, pod, service, say, log, podOf };
}

describe('netexec', () => {
  it('answers datagrams and streams, and dials others', async () => {
    const { cluster, pod, service, say } = await town();
    await pod('web', { args: ['netexec', '--http-port=8080', '--udp-port=8081'] });
    await service('web', {
      ports: [
        { name: 'http', port: 80, targetPort: 8080 },
        { name: 'udp', port: 81, targetPort: 8081, protocol: 'UDP' },
      ],
    });
    await cluster.advance('20s');
    const text = await say(
      'a',
      'echo hostname | nc -w 1 -u web 81; echo; echo hostName | nc -t -w 1 web 80 | tail -1; echo; ' +
        'curl -gs "http://web/dial?host=web.default&port=81&protocol=udp&request=hostname&tries=2"; echo; ' +
        'curl -gs "http://web/dial?host=web.default&port=99&protocol=http&request=hostname"',
    );
    const lines = text.split('\n');
    expect(lines.slice(0, 3)).toEqual(['web', '400 Bad Request', '{"responses":["web","web"]}']);
    expect(lines[3]).toMatch(/^\{"errors":\["Get .*Client.Timeout exceeded/);
  });

  it('writes down what it was asked, and ends when it is asked to', async () => {
    const { cluster, pod, say, log, podOf } = await town();
    await pod('web', { args: ['netexec'] }, { restartPolicy: 'Never' });
    await cluster.advance('20s');
    const at = `http://${podOf('web').status?.podIP}:8080`;
    await say('a', `curl -s ${at}/echo?msg=hello; curl -s "${at}/exit?code=3"`);
    expect(await log('web')).toContain('GET /echo?msg=hello\nGET /exit?code=3\n');
    const [status] = podOf('web').status?.containerStatuses ?? [];
    expect(status?.state?.terminated?.exitCode).toBe(3);
  });
});

describe('guestbook', () => {
  it('remembers what it was told, and tells its replicas', async () => {
    const { cluster, pod, service, say } = await town();
    const port = [{ port: 6379 }];
    await pod('agnhost-primary', { args: ['guestbook', '--http-port', '6379'] });
    await service('agnhost-primary', { ports: port });
    await cluster.advance('10s');
    const replica = ['guestbook', '--replicaof', 'agnhost-primary', '--http-port', '6379'];
    await pod('agnhost-replica', { args: replica });
    await service('agnhost-replica', { ports: port });
    await pod('frontend', { args: ['guestbook', '--backend-port', '6379'] });
    await service('frontend', { ports: [{ port: 80 }] });
    await cluster.advance('20s');
    const set = 'curl -gs "http://frontend/guestbook?cmd=set&key=messages&value=Hi"; echo';
    expect(await say('a', set)).toBe('{"message":"Updated"}\n');
    const get = 'curl -gs "http://frontend/guestbook?cmd=get&key=messages"';
    expect(await say('b', get)).toBe('{"data":"Hi"}');
  });
});

describe('a port of a machine', () => {
  it('leads to services at node ports, to pods that have it, and to pods that share the machine', async () => {
    const { cluster, pod, service, say, podOf } = await town();
    await pod('web', { args: ['netexec'] });
    await service('web', { type: 'NodePort', ports: [{ port: 8080, nodePort: 30080 }] });
    const ports = [{ containerPort: 8080, hostPort: 5000, hostIP: '127.0.0.1' }];
    await pod('own', { args: ['netexec'], ports }, { nodeName: 'node-0' });
    await pod('shared', { args: ['netexec', '--http-port=7000'] }, { hostNetwork: true });
    await cluster.advance('20s');
    const { hostIP = '' } = podOf('shared').status ?? {};
    const machine = podOf('own').status?.hostIP ?? '';
    const outside = `curl -s http://${machine}:30080/hostname; echo; curl -s http://${hostIP}:7000/clientip; echo; `;
    const text = await say(
      'a',
      `${outside}curl -s -m 1 http://${machine}:5000/hostname || echo $?`,
    );
    expect(text).toBe(`web\n${podOf('a').status?.podIP}:40000\n7\n`);
    const inside = await say('b', 'curl -s http://127.0.0.1:5000/hostname', {
      hostNetwork: true,
      nodeName: 'node-0',
    });
    expect(inside).toBe('own');
  });
});

describe('porter', () => {
  it('serves what its environment says, at ports of any kind', async () => {
    const { cluster, pod, say, podOf } = await town();
    const env = Object.entries({
      SERVE_PORT_80: 'a',
      SERVE_UDP_PORT_80: 'b',
      SERVE_TLS_PORT_443: 'c',
    });
    const args = ['porter', '--json-response'];
    await pod('web', { args, env: env.map(([name, value]) => ({ name, value })) });
    await cluster.advance('20s');
    const web = podOf('web').status?.podIP;
    const text = await say(
      'a',
      `curl -s -X PUT http://${web}; echo x | nc -u -w 1 ${web} 80; curl -sk https://${web}`,
    );
    expect(text).toBe('{"Method":"PUT","Body":"a"}b{"Method":"GET","Body":"c"}');
  });
});

describe('connect', () => {
  it('says in a word why nobody is reached', async () => {
    const { cluster, pod, say, podOf } = await town();
    await pod('web', { args: ['netexec'] });
    await cluster.advance('20s');
    const web = podOf('web').status?.podIP;
    const at = (where: string) => `/agnhost connect ${where} --timeout=3s; echo $?; `;
    const text = await say(
      'a',
      at(`${web}:8080`) + at(`${web}:9`) + at('10.244.7.7:80') + at('no.where:80'),
    );
    expect(text).toBe('0\nREFUSED\n1\nTIMEOUT\n1\nDNS: lookup no.where: no such host\n1\n');
  });
});
