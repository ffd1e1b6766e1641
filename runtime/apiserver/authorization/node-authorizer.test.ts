import { beforeEach, describe, expect, it } from 'vitest';
import {
  persistentvolumeclaims,
  persistentvolumes,
  pods,
  serviceaccounts,
} from '../../../generated/core/v1/resources.ts';
import { type Bench, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };
const user = { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] };

let bench: Bench;

interface Wish {
  readonly group?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: Readonly<Record<string, string>>;
}

/** Empty where it is allowed, else why not. */
function refusalOf(verb: string, resource: string, wish: Wish = {}): string {
  try {
    bench.server.authorize(user, { verb, group: '', resource, ...wish });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

const NO_RELATION = "no relationship found between node 'n1' and this object";

beforeEach(async () => {
  bench = await serverForTests();
  await bench.client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
  const pod = (name: string, nodeName: string, spec: object): Promise<unknown> =>
    bench.client.create(pods, { metadata: { name, ...IN }, spec: { nodeName, ...spec } } as never);
  await pod('mine', 'n1', {
    imagePullSecrets: [{ name: 'registry' }],
    containers: [
      {
        name: 'c',
        image: 'i',
        envFrom: [{ configMapRef: { name: 'settings' } }],
        env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'password', key: 'k' } } }],
      },
    ],
    volumes: [
      { name: 's', secret: { secretName: 'files' } },
      { name: 'p', projected: { sources: [{ configMap: { name: 'parts' } }] } },
      { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
    ],
  });
  await pod('other', 'n2', {
    containers: [{ name: 'c', image: 'i' }],
    volumes: [{ name: 's', secret: { secretName: 'theirs' } }],
  });
  const size = { accessModes: ['ReadWriteOnce'] };
  await bench.client.create(persistentvolumeclaims, {
    metadata: { name: 'data', ...IN },
    spec: { ...size, volumeName: 'disk', resources: { requests: { storage: '1Gi' } } },
  } as never);
  await bench.client.create(persistentvolumes, {
    metadata: { name: 'disk' },
    spec: {
      ...size,
      capacity: { storage: '1Gi' },
      claimRef: { name: 'data', ...IN },
      csi: {
        driver: 'd.test',
        volumeHandle: 'h',
        nodeStageSecretRef: { name: 'stage', namespace: 'kube-system' },
      },
    },
  } as never);
});

describe('what pods on the node name', () => {
  it.each([
    ['secrets', 'registry'],
    ['secrets', 'password'],
    ['secrets', 'files'],
    ['configmaps', 'settings'],
    ['configmaps', 'parts'],
    ['persistentvolumeclaims', 'data'],
    ['serviceaccounts', 'default'],
  ])('is read: %s %s', (resource, name) => {
    expect(refusalOf('get', resource, { ...IN, name })).toBe('');
  });

  it('leads on to volumes and their secrets', () => {
    expect(refusalOf('get', 'persistentvolumes', { name: 'disk' })).toBe('');
    const stage = { name: 'stage', namespace: 'kube-system' };
    expect(refusalOf('get', 'secrets', stage)).toBe('');
    expect(refusalOf('get', 'persistentvolumes', { name: 'none' })).toContain(NO_RELATION);
  });

  it('and nothing else', () => {
    expect(refusalOf('get', 'secrets', { ...IN, name: 'theirs' })).toBe(
      'secrets "theirs" is forbidden: User "system:node:n1" cannot get resource "secrets" in API group "" ' +
        `in the namespace "default": ${NO_RELATION}`,
    );
    expect(refusalOf('get', 'secrets', { namespace: 'else', name: 'files' })).toContain(
      NO_RELATION,
    );
    expect(refusalOf('get', 'configmaps', { ...IN, name: 'files' })).toContain(NO_RELATION);
    expect(refusalOf('list', 'secrets', IN)).toContain('No Object name found');
    expect(refusalOf('list', 'secrets')).toContain('can only read namespaced object of this type');
    expect(refusalOf('update', 'secrets', { ...IN, name: 'files' })).toContain(
      'can only read resources of this type',
    );
    expect(refusalOf('list', 'persistentvolumeclaims', IN)).toContain(
      'can only get individual resources of this type',
    );
  });

  it('gives tokens of the accounts of its pods', () => {
    const token = { ...IN, subresource: 'token' };
    expect(refusalOf('create', 'serviceaccounts', { ...token, name: 'default' })).toBe('');
    expect(refusalOf('create', 'serviceaccounts', { ...token, name: 'x' })).toContain(NO_RELATION);
  });
});

describe('what bears its name', () => {
  const lease = { group: 'coordination.k8s.io', namespace: 'kube-node-lease' };

  it.each<[string, string, Wish, string]>([
    ['update', 'leases', { ...lease, name: 'n1' }, ''],
    ['create', 'leases', lease, ''],
    ['update', 'leases', { ...lease, name: 'n2' }, 'node lease with the same name'],
    ['get', 'leases', { ...lease, ...IN, name: 'n1' }, '"kube-node-lease" system namespace'],
    ['list', 'leases', lease, 'can only get, create, update, patch, or delete a node lease'],
    ['get', 'csinodes', { group: 'storage.k8s.io', name: 'n2' }, 'CSINode with the same name'],
    ['get', 'nodes', { name: 'n1' }, ''],
    ['get', 'nodes', { name: 'n2' }, "cannot read 'n2', only its own Node object"],
    ['list', 'nodes', {}, 'cannot read all nodes'],
    ['patch', 'nodes', { name: 'n1', subresource: 'status' }, ''],
    ['delete', 'nodes', { name: 'n1' }, 'cannot delete'],
  ])('%s %s %j', (verb, resource, wish, why) => {
    const said = refusalOf(verb, resource, wish);
    if (why === '') expect(said).toBe('');
    else expect(said).toContain(why);
  });
});

describe('pods', () => {
  it.each<[string, Wish, string]>([
    ['get', { ...IN, name: 'mine' }, ''],
    ['get', { ...IN, name: 'other' }, NO_RELATION],
    ['list', { fieldSelector: { 'spec.nodeName': 'n1' } }, ''],
    ['watch', { fieldSelector: { 'spec.nodeName': 'n2' } }, 'spec.nodeName field selector'],
    ['patch', { ...IN, name: 'mine', subresource: 'status' }, ''],
    ['create', { ...IN, name: 'mine', subresource: 'eviction' }, ''],
    ['get', { ...IN, name: 'mine', subresource: 'log' }, 'cannot get resource "pods/log"'],
    ['patch', { ...IN, name: 'mine' }, 'cannot patch'],
  ])('%s %j', (verb, wish, why) => {
    const said = refusalOf(verb, 'pods', wish);
    if (why === '') expect(said).toBe('');
    else expect(said).toContain(why);
  });
});

it('takes all else from the role of nodes', () => {
  expect(refusalOf('list', 'services')).toBe('');
  expect(refusalOf('create', 'events', IN)).toBe('');
  expect(refusalOf('create', 'services', IN)).toContain('cannot create');
});

it('knows no kubelet without a name', () => {
  const nobody = { name: 'system:node:', groups: ['system:nodes'] };
  const ask = (): void =>
    bench.server.authorize(nobody, { verb: 'list', group: '', resource: 'nodes' });
  expect(ask).toThrow('unknown node for user "system:node:"');
});
