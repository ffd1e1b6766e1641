import { expect, it } from 'vitest';
import { Pod } from '../../generated/core/v1/index.ts';
import { pods } from '../../generated/core/v1/resources.ts';
import type { Lifecycle } from '../../generated/core/v1/types.ts';
import { createCluster } from '../testing/index.ts';

async function withServer() {
  const cluster = await createCluster({ nodes: 1 });
  const pod = (name: string, container: object) =>
    cluster.create(
      new Pod({
        metadata: { name },
        spec: { containers: [{ name: 'main', image: 'agnhost', ...container }] },
      }),
    );
  await pod('server', { args: ['netexec'] });
  await cluster.advance('20s');
  const host = cluster.get(Pod, 'server').status?.podIP ?? '';
  return {
    cluster,
    host,
    hooked: (name: string, lifecycle: Lifecycle) => pod(name, { image: 'pause', lifecycle }),
    heard: async () =>
      (await cluster.client.readText(pods, { name: 'server', namespace: 'default' }, 'log')).match(
        /GET \S+/g,
      ) ?? [],
  };
}

it('goes to the host that a hook names, once when a container starts and once when it stops', async () => {
  const { cluster, host, hooked, heard } = await withServer();
  const to = (msg: string) => ({ httpGet: { host, port: 8080, path: `/echo?msg=${msg}` } });
  await hooked('guest', { postStart: to('in'), preStop: to('out') });
  await cluster.advance('30s');
  expect(cluster.get(Pod, 'guest').status?.phase).toBe('Running');
  expect(await heard()).toEqual(['GET /echo?msg=in']);
  await cluster.delete(Pod, 'guest');
  await cluster.advance('60s');
  expect(await heard()).toEqual(['GET /echo?msg=in', 'GET /echo?msg=out']);
});

it('goes to another container of the pod, which may pass it on', async () => {
  const { cluster, host, heard } = await withServer();
  const path = `/dial?host=${host}&port=8080&request=echo%3Fmsg%3Din`;
  const postStart = { httpGet: { port: 8080, path } };
  await cluster.create(
    new Pod({
      metadata: { name: 'guest' },
      spec: {
        initContainers: [
          { name: 'relay', image: 'agnhost', args: ['netexec'], restartPolicy: 'Always' },
        ],
        containers: [{ name: 'main', image: 'pause', lifecycle: { postStart } }],
      },
    }),
  );
  await cluster.advance('30s');
  expect(await heard()).toEqual(['GET /echo?msg=in']);
});

it('fails where nobody listens, which ends the container', async () => {
  const { cluster, host, hooked } = await withServer();
  await hooked('guest', { postStart: { httpGet: { host, port: 81, path: '/in' } } });
  await cluster.advance('30s');
  const { restartCount } = cluster.get(Pod, 'guest').status?.containerStatuses?.[0] ?? {};
  expect(restartCount).toBeGreaterThan(0);
  expect(cluster.events('guest').map(({ reason }) => reason)).toContain('FailedPostStartHook');
});
