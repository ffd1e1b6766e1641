import { describe, expect, it } from 'vitest';
import { deployments } from '../../../generated/apps/v1/resources.ts';
import { leases } from '../../../generated/coordination/v1/resources.ts';
import {
  configmaps,
  nodes,
  pods,
  secrets,
  serviceaccounts,
  services,
} from '../../../generated/core/v1/resources.ts';
import type { ResourceRef } from '../../meta/index.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };
const main = { name: 'main', image: 'web:1' };

async function ready(): Promise<Bench> {
  const bench = await serverForTests();
  await bench.client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
  return bench;
}

type Row = readonly [why: string, resource: ResourceRef, body: object, message: string];

const pod = (why: string, spec: object, message: string): Row => [why, pods, { spec }, message];
const service = (why: string, spec: object, message: string): Row => [
  why,
  services,
  { spec },
  message,
];

const REFUSED: readonly Row[] = [
  pod(
    'has a volume of two types, of which the second is not looked into',
    { containers: [main], volumes: [{ name: 'v', csi: {}, hostPath: { path: '/a' } }] },
    'spec.volumes[0].csi: Forbidden: may not specify more than 1 volume type',
  ),
  ...(
    [
      ['cephfs', { monitors: ['a'] }, 'cephFS'],
      ['downwardAPI', {}, 'downwarAPI'],
    ] as const
  ).map(([source, body, told]) =>
    pod(
      `has ${source} beside another source, under the name that the API has for it`,
      {
        containers: [main],
        volumes: [{ name: 'v', hostPath: { path: '/a' }, [source]: body }],
      },
      `spec.volumes[0].${told}: Forbidden: may not specify more than 1 volume type`,
    ),
  ),
  pod(
    'mounts a disk without a name',
    { containers: [main], volumes: [{ name: 'v', gcePersistentDisk: {} }] },
    'spec.volumes[0].persistentDisk.pdName: Required value',
  ),
  pod(
    'is probed with a header that cannot be',
    {
      containers: [
        {
          ...main,
          readinessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'a b', value: '' }] } },
        },
      ],
    },
    'spec.containers[0].readinessProbe.httpGet.httpHeaders: Invalid value: "a b": a valid HTTP header ' +
      "must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
  ),
  pod(
    'projects two things as one source',
    {
      containers: [main],
      volumes: [
        {
          name: 'v',
          projected: { sources: [{ secret: { name: 'a' }, configMap: { name: 'b' } }] },
        },
      ],
    },
    'spec.volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type per source',
  ),
  pod(
    'asks for more than its limit',
    { containers: [{ ...main, resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }] },
    'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  ),
  pod(
    'mounts what it does not have',
    { containers: [{ ...main, volumeMounts: [{ name: 'data', mountPath: '/data' }] }] },
    'spec.containers[0].volumeMounts[0].name: Not found: "data"',
  ),
  pod(
    'gives a name to two containers',
    { containers: [main], initContainers: [main] },
    'spec.initContainers[0].name: Duplicate value: "main"',
  ),
  pod(
    'opens a port of the node twice',
    {
      containers: [
        { ...main, ports: [{ containerPort: 1, hostPort: 80 }] },
        { ...main, name: 'other', ports: [{ containerPort: 2, hostPort: 80 }] },
      ],
    },
    'spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"',
  ),
  pod(
    'is on a node and gated',
    { containers: [main], nodeName: 'n', schedulingGates: [{ name: 'example.com/gate' }] },
    'spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
  ),
  pod(
    'begins with ephemeral containers',
    { containers: [main], ephemeralContainers: [{ name: 'debug', image: 'x' }] },
    'spec.ephemeralContainers: Forbidden: cannot be set on create',
  ),
  service(
    'wants a node port outside the range',
    { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
    'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
  ),
  service(
    'wants an address outside the range',
    { clusterIP: '192.0.2.1', ports: [{ port: 80 }] },
    'spec.clusterIPs: Invalid value: ["192.0.2.1"]: failed to allocate IP 192.0.2.1: the provided IP (192.0.2.1) is not in the valid range. The range of valid IPs is 10.96.0.0/16',
  ),
  service(
    'wants the address of another',
    { clusterIP: '10.96.0.1', ports: [{ port: 80 }] },
    'spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate IP 10.96.0.1: provided IP is already allocated',
  ),
  service(
    'has two ports without names',
    { ports: [{ port: 80 }, { port: 81 }] },
    '[spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
  ),
  [
    'is a TLS secret without its parts',
    secrets,
    { type: 'kubernetes.io/tls' },
    '[data[tls.crt]: Required value, data[tls.key]: Required value]',
  ],
  [
    'has a key in data and binaryData',
    configmaps,
    { data: { a: '1' }, binaryData: { a: 'MQ==' } },
    'data[a]: Invalid value: "a": duplicate of key present in binaryData',
  ],
  [
    'is larger than a mebibyte',
    configmaps,
    { data: { a: 'x'.repeat(1_048_577) } },
    'Too long: may not be more than 1048576 bytes',
  ],
];

describe('an object is refused that', () => {
  it.each(REFUSED)('%s', async (_, resource, body, message) => {
    const { client } = await ready();
    const created = client.create(resource, { metadata: { name: 'x', ...IN }, ...body } as never);
    expect(await refusal(created)).toMatchObject({
      code: 422,
      message: `${resource.kind} "x" is invalid: ${message}`,
    });
  });

  it('has two controllers', async () => {
    const { client } = await ready();
    const owner = { apiVersion: 'v1', kind: 'Pod', controller: true };
    const ownerReferences = [
      { ...owner, name: 'a', uid: 'uid-a' },
      { ...owner, name: 'b', uid: 'uid-b' },
    ];
    const created = client.create(configmaps, { metadata: { name: 'x', ...IN, ownerReferences } });
    expect(await refusal(created)).toMatchObject({
      message: expect.stringContaining(
        'Only one reference can have Controller set to true. Found "true" in references for Pod/a and Pod/b',
      ),
    });
  });
});

describe('a pod', () => {
  it('asks for its limits, pulls untagged images always, and has a QoS class', async () => {
    const { client } = await ready();
    const create = async (name: string, container: object) => {
      const spec = { containers: [{ ...main, ...container }] };
      return client.create(pods, { metadata: { name, ...IN }, spec });
    };
    const limits = { cpu: '1', memory: '1Gi' } as const;
    const first = await create('a', { image: 'web', resources: { limits } });
    expect(first.spec?.containers[0]).toMatchObject({
      imagePullPolicy: 'Always',
      resources: { requests: limits },
    });
    const burstable = await create('b', { resources: { requests: { cpu: '1' } } });
    expect(burstable.spec?.containers[0]?.imagePullPolicy).toBe('IfNotPresent');
    const policies = ['Bad', 'a.b:5/c/d__e', 'a:b/c', 'h:5/c:latest'].map(async (image, at) => {
      const { spec } = await create(`p${at}`, { image });
      return spec?.containers[0]?.imagePullPolicy;
    });
    expect(await Promise.all(policies)).toEqual([
      'IfNotPresent',
      'Always',
      'IfNotPresent',
      'Always',
    ]);
    const classes = [first, burstable, await create('c', {})].map(({ status }) => status?.qosClass);
    expect(classes).toEqual(['Guaranteed', 'Burstable', 'BestEffort']);
  });

  it('may change its image, but neither its containers nor anything else', async () => {
    const { client } = await ready();
    const at = { name: 'a', ...IN };
    await client.create(pods, { metadata: at, spec: { containers: [main] } });
    const change = (container: object) =>
      client.patch(pods, at, { spec: { containers: [{ name: 'main', ...container }] } });
    expect((await change({ image: 'web:2' })).spec?.containers[0]?.image).toBe('web:2');
    expect(await refusal(change({ command: ['sh'] }))).toMatchObject({
      code: 422,
      message: expect.stringContaining('spec: Forbidden: pod updates may not change fields other'),
    });
    const second = { spec: { containers: [{ name: 'second', image: 'x' }] } };
    expect(await refusal(client.patch(pods, at, second))).toMatchObject({
      message:
        'Pod "a" is invalid: spec.containers: Forbidden: pod updates may not add or remove containers',
    });
  });
});

describe('a service', () => {
  const create = ({ client }: Bench, name: string, spec: object) =>
    client.create(services, { metadata: { name, ...IN }, spec });

  it('gets an address, families and what its type calls for', async () => {
    const bench = await ready();
    const plain = await create(bench, 'plain', { selector: { a: 'b' }, ports: [{ port: 80 }] });
    expect(plain.spec).toMatchObject({
      clusterIP: expect.stringMatching(/^10\.96\./),
      clusterIPs: [plain.spec?.clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      ports: [{ targetPort: 80, protocol: 'TCP' }],
    });
    const external = await create(bench, 'ext', { type: 'ExternalName', externalName: 'a.b' });
    expect(external.spec).not.toHaveProperty('clusterIP');
  });

  it('has conditions that say when they changed, whether or not their writer did', async () => {
    const bench = await ready();
    const made = await create(bench, 'told', { ports: [{ port: 80 }] });
    const said = { type: 'Told', status: 'True', reason: 'Test', message: '' };
    const conditions = [{ ...said, lastTransitionTime: null as unknown as string }];
    const changed = await bench.client.updateStatus(services, {
      ...made,
      status: { ...made.status, conditions },
    } as typeof made);
    expect(changed.status?.conditions).toEqual([
      { ...said, lastTransitionTime: expect.stringMatching(/Z$/) },
    ]);
  });

  it('keeps its address, and lets go of its node port with its type', async () => {
    const bench = await ready();
    const spec = { type: 'NodePort', ports: [{ port: 80, nodePort: 30_100 }] };
    const first = await create(bench, 'first', spec);
    expect(await refusal(create(bench, 'second', spec))).toMatchObject({
      message: expect.stringContaining('provided port is already allocated'),
    });
    const other = {
      ...first,
      spec: { ...first.spec, clusterIP: '10.96.9.9', clusterIPs: ['10.96.9.9'] },
    };
    expect(await refusal(bench.client.update(services, other as typeof first))).toMatchObject({
      fields: ['spec.clusterIPs[0]'],
    });
    const inside = { ...first, spec: { ...first.spec, type: 'ClusterIP' } };
    const changed = await bench.client.update(services, inside as typeof first);
    expect(changed.spec?.ports?.[0]).not.toHaveProperty('nodePort');
    expect(changed.spec?.clusterIP).toBe(first.spec?.clusterIP);
    expect((await create(bench, 'second', spec)).spec?.ports?.[0]?.nodePort).toBe(30_100);
  });
});

describe('other kinds', () => {
  it('keep the generation that they were given where nothing counts one, if it can be one', async () => {
    const { client } = await ready();
    const create = (generation: number) =>
      client.create(configmaps, { metadata: { name: 'x', ...IN, generation } });
    expect(await refusal(create(-1))).toMatchObject({
      message:
        'ConfigMap "x" is invalid: metadata.generation: Invalid value: -1: must be greater than or equal to 0',
    });
    expect((await create(3)).metadata.generation).toBe(3);
  });

  it('Secret: text becomes data', async () => {
    const { client } = await ready();
    const secret = await client.create(secrets, {
      metadata: { name: 'x', ...IN },
      stringData: { user: 'shop' },
    });
    expect([secret.data, secret.stringData]).toEqual([{ user: 'c2hvcA==' }, undefined]);
  });

  it('Node: ranges come in step and are given once; status is kept on creation', async () => {
    const { client } = await ready();
    const node = await client.create(nodes, {
      metadata: { name: 'n' },
      spec: { podCIDR: '10.1.0.0/24' },
      status: { capacity: { cpu: '1' } },
    });
    expect(node).toMatchObject({
      spec: { podCIDRs: ['10.1.0.0/24'] },
      status: { capacity: { cpu: '1' } },
    });
    const spec = { podCIDR: '10.2.0.0/24', podCIDRs: ['10.2.0.0/24'] };
    const moved = client.update(nodes, { ...node, spec: { ...node.spec, ...spec } });
    expect(await refusal(moved)).toMatchObject({
      message: expect.stringContaining(
        'node updates may not change podCIDR except from "" to valid',
      ),
    });
  });

  it('Lease: is updated only by those who say which version they saw', async () => {
    const { client } = await ready();
    const lease = await client.create(leases, { metadata: { name: 'l', ...IN } });
    const { resourceVersion: _, ...metadata } = lease.metadata;
    expect(await refusal(client.update(leases, { ...lease, metadata }))).toMatchObject({
      code: 422,
      fields: ['metadata.resourceVersion'],
    });
  });

  it('Deployment: a rolling update has its quarters, recreating none', async () => {
    const { client } = await ready();
    const strategyOf = async (name: string, type: 'RollingUpdate' | 'Recreate') => {
      const labels = { app: name };
      const { spec } = await client.create(deployments, {
        metadata: { name, ...IN },
        spec: {
          strategy: { type },
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [main] } },
        },
      });
      return spec?.strategy;
    };
    expect(await strategyOf('a', 'RollingUpdate')).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
    });
    expect(await strategyOf('b', 'Recreate')).toEqual({ type: 'Recreate' });
  });

  it('Deployment: a write of its status leaves its labels alone, not its annotations', async () => {
    const { client } = await ready();
    const labels = { app: 'a' };
    await client.create(deployments, {
      metadata: { name: 'a', ...IN, labels },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [main] } },
      },
    });
    const metadata = { labels: { app: 'b' }, annotations: { note: 'mine' } };
    const patch = { metadata, status: { replicas: 2 } };
    const options = { subresource: 'status' };
    const changed = await client.patch(deployments, { name: 'a', ...IN }, patch, options);
    expect(changed).toMatchObject({
      metadata: { labels, annotations: { note: 'mine' } },
      status: { replicas: 2 },
    });
  });
});
