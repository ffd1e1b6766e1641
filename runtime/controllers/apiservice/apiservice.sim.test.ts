import { describe, expect, it } from 'vitest';
import { customresourcedefinitions } from '../../../generated/apiextensions/v1/resources.ts';
import { APIService } from '../../../generated/apiregistration/v1/index.ts';
import { apiservices } from '../../../generated/apiregistration/v1/resources.ts';
import { Behaviour } from '../../../generated/cluster/v1/index.ts';
import { Pod, Service } from '../../../generated/core/v1/index.ts';
import { discoveryAnswer } from '../../apiserver/discovery/index.ts';
import { boatDefinition, GROUP, version } from '../../testing/custom-resources.fakes.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const LABEL = 'kube-aggregator.kubernetes.io/automanaged';
const REMOTE = { group: 'tides.example.com', version: 'v1' };
const PATH = `/apis/${REMOTE.group}/${REMOTE.version}`;
const NAME = `${REMOTE.version}.${REMOTE.group}`;

const available = (cluster: TestCluster, name = NAME): string | undefined => {
  const [condition] = cluster.get(APIService, name).status?.conditions ?? [];
  return condition && `${condition.status} ${condition.reason}: ${condition.message}`;
};

const registered = (cluster: TestCluster): string[] =>
  cluster
    .list(APIService)
    .filter(({ metadata }) => metadata.labels?.[LABEL] === 'true')
    .map(({ metadata }) => metadata.name ?? '');

describe('group versions of custom resources', () => {
  it('are registered while they are served, one for all kinds, and again when somebody deletes that', async () => {
    const cluster = await createCluster();
    const old = { ...version(), name: 'v1beta1', storage: false };
    const definition = boatDefinition([version(), old]);
    await cluster.client.create(customresourcedefinitions, definition);
    const ships = boatDefinition(undefined, { names: { plural: 'ships', kind: 'Ship' } });
    await cluster.client.create(customresourcedefinitions, {
      ...ships,
      metadata: { name: `ships.${GROUP}` },
    });
    await cluster.settle();
    expect(registered(cluster)).toEqual([`v1.${GROUP}`, `v1beta1.${GROUP}`]);
    expect(cluster.get(APIService, `v1.${GROUP}`).spec).toEqual({
      group: GROUP,
      version: 'v1',
      groupPriorityMinimum: 1000,
      versionPriority: 100,
    });
    expect(available(cluster, `v1.${GROUP}`)).toBe(
      'True Local: Local APIServices are always available',
    );
    await cluster.client.delete(apiservices, { name: `v1.${GROUP}` });
    await cluster.settle();
    await cluster.client.modify(apiservices, { name: `v1.${GROUP}` }, (live) => ({
      ...live,
      spec: { ...live.spec!, versionPriority: 7 },
    }));
    await cluster.settle();
    expect(cluster.get(APIService, `v1.${GROUP}`).spec?.versionPriority).toBe(100);
    await cluster.client.delete(customresourcedefinitions, { name: `boats.${GROUP}` });
    await cluster.settle();
    expect(registered(cluster)).toEqual([`v1.${GROUP}`]);
    await cluster.client.delete(customresourcedefinitions, { name: `ships.${GROUP}` });
    await cluster.settle();
    expect(registered(cluster)).toEqual([]);
  });

  it('are left to whoever registered them himself', async () => {
    const cluster = await createCluster();
    const own = { group: GROUP, version: 'v1', groupPriorityMinimum: 5, versionPriority: 6 };
    await cluster.create(new APIService({ metadata: { name: `v1.${GROUP}` }, spec: own }));
    await cluster.client.create(customresourcedefinitions, boatDefinition());
    await cluster.settle();
    expect(cluster.get(APIService, `v1.${GROUP}`).spec).toEqual(own);
  });
});

const labels = { app: 'tides' };
const RESOURCES = {
  kind: 'APIResourceList',
  groupVersion: `${REMOTE.group}/${REMOTE.version}`,
  resources: [
    { name: 'tides', singularName: 'tide', namespaced: true, kind: 'Tide', verbs: ['get'] },
    { name: 'tides/status', singularName: '', namespaced: true, kind: 'Tide', verbs: ['get'] },
  ],
};

/** A service behind which a pod answers once it runs. */
async function withService(cluster: TestCluster): Promise<void> {
  await cluster.create(
    new Service({
      metadata: { name: 'tides' },
      spec: { selector: labels, ports: [{ port: 443, targetPort: 8443 }] },
    } as never),
  );
  await cluster.settle();
}

async function withPod(cluster: TestCluster, body: string, status = 200): Promise<void> {
  await cluster.create(
    new Behaviour({
      metadata: { name: 'tides' },
      spec: {
        selector: { matchLabels: labels },
        http: [{ port: 8443, path: `${PATH}*`, status, body }],
      },
    } as never),
    new Pod({
      metadata: { name: 'tides', labels },
      spec: { containers: [{ name: 'c', image: 'c:1', ports: [{ containerPort: 8443 }] }] },
    }),
  );
  await cluster.settle();
}

async function registeredAt(port = 443): Promise<TestCluster> {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(
    new APIService({
      metadata: { name: NAME },
      spec: {
        ...REMOTE,
        service: { namespace: 'default', name: 'tides', port },
        groupPriorityMinimum: 17_000,
        versionPriority: 10,
        insecureSkipTLSVerify: true,
      },
    }),
  );
  await cluster.settle();
  return cluster;
}

/** Freshness and resources of the group version, and its place among the groups. */
function discovered({ cluster: { server } }: TestCluster): readonly unknown[] {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const answer = discoveryAnswer(
    server.schemas,
    { path: '/apis', accept },
    { remote: server.remote },
  );
  const { items } = JSON.parse(String(answer?.body)) as {
    items: {
      metadata: { name: string };
      versions: { freshness: string; resources?: object[] }[];
    }[];
  };
  const at = items.findIndex(({ metadata }) => metadata.name === REMOTE.group);
  const [first] = items[at]!.versions;
  return [items[at - 1]?.metadata.name, first?.freshness, first?.resources];
}

const ask = ({ cluster: { server } }: TestCluster, path: string): string => {
  const remote = server.remote.at(path);
  if (!remote) return 'answered here';
  const { code, body } = server.remote.ask(remote, { method: 'GET', path, parameters: {} });
  return `${code} ${body}`;
};

describe('a service that answers for a group version', () => {
  it('is available once a pod of it answers, and requests and discovery go on to that', async () => {
    const cluster = await registeredAt();
    expect(available(cluster)).toBe(
      'False ServiceNotFound: service/tides in "default" is not present',
    );
    expect(ask(cluster, PATH)).toBe('503 service unavailable\n');
    await withService(cluster);
    expect(available(cluster)).toBe(
      'False MissingEndpoints: endpointslices for service/tides in "default" have no addresses with port name ""',
    );
    expect(discovered(cluster)).toEqual(['rbac.authorization.k8s.io', 'Stale', undefined]);
    await withPod(cluster, JSON.stringify(RESOURCES));
    expect(available(cluster)).toBe('True Passed: all checks passed');
    expect(ask(cluster, `${PATH}/namespaces/default/tides`)).toMatch(/^200 .*APIResourceList/);
    expect(discovered(cluster)).toEqual([
      'rbac.authorization.k8s.io',
      'Current',
      [
        {
          resource: 'tides',
          responseKind: { group: '', version: '', kind: 'Tide' },
          scope: 'Namespaced',
          singularResource: 'tide',
          verbs: ['get'],
          subresources: [
            {
              subresource: 'status',
              responseKind: { group: '', version: '', kind: 'Tide' },
              verbs: ['get'],
            },
          ],
        },
      ],
    ]);
    await cluster.delete(Pod, 'tides');
    await cluster.advance('2m');
    expect(available(cluster)).toMatch(/^False MissingEndpoints/);
  });

  it('is not where its pods say no, or listen to nothing', async () => {
    const cluster = await registeredAt();
    await withService(cluster);
    await withPod(cluster, 'who?', 404);
    const url = `https://${cluster.get(Service, 'tides').spec?.clusterIP}:443${PATH}`;
    expect(available(cluster)).toBe(
      `False FailedDiscoveryCheck: failing or missing response from ${url}: bad status from ${url}: 404`,
    );
    await cluster.delete(Behaviour, 'tides');
    await cluster.advance('1m');
    const { hostname: host } = new URL(url);
    expect(available(cluster)).toContain(`Get "${url}": dial tcp ${host}:443: connect`);
    expect(available(cluster)).toMatch(/: connection refused$/);
  });

  it('must listen on the port', async () => {
    const cluster = await registeredAt(444);
    await withService(cluster);
    expect(available(cluster)).toBe(
      'False ServicePortError: service/tides in "default" is not listening on port 444',
    );
  });
});

it('answers itself for what is built in, whoever registers for it', async () => {
  const cluster = await createCluster();
  expect(cluster.get(APIService, 'v1.apps')).toMatchObject({
    metadata: { labels: { [LABEL]: 'onstart' } },
    spec: { group: 'apps', version: 'v1', groupPriorityMinimum: 17_800, versionPriority: 15 },
  });
  await cluster.client.modify(apiservices, { name: 'v1beta1.metrics.k8s.io' }, (live) => ({
    ...live,
    spec: { ...live.spec!, service: { namespace: 'kube-system', name: 'metrics-server' } },
  }));
  expect(ask(cluster, '/apis/metrics.k8s.io/v1beta1')).toBe('answered here');
});
