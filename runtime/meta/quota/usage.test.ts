import { describe, expect, it } from 'vitest';
import { formatQuantity } from '../../../generator/model/quantity.ts';
import type { KubeObject } from '../object.ts';
import { isCharged, missingAmounts, quotaUsage, resourcesFor } from './index.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');

function usage(resource: string, object: object): Record<string, string> {
  const amounts = quotaUsage(resource, { metadata: {}, ...object } as KubeObject, NOW);
  return Object.fromEntries([...amounts].map(([name, each]) => [name, formatQuantity(each)]));
}

const asking = (cpu: string, more: object = {}) => ({ resources: { requests: { cpu } }, ...more });
const pod = (spec: object, more: object = {}) => usage('pods', { spec, ...more });

describe('what a pod uses', () => {
  it('is the sum of what runs together, or what one start needs beside its sidecars', () => {
    const sidecar = asking('1', { restartPolicy: 'Always' });
    const containers = [asking('1'), asking('500m')];
    expect(pod({ containers })).toMatchObject({ pods: '1', cpu: '1500m', 'requests.cpu': '1500m' });
    expect(pod({ containers, initContainers: [asking('3')] })).toMatchObject({ cpu: '3' });
    expect(pod({ containers, initContainers: [sidecar, asking('3')] })).toMatchObject({ cpu: '4' });
    expect(pod({ containers, initContainers: [asking('3'), sidecar] })).toMatchObject({ cpu: '3' });
  });

  it('is what the pod says of itself, and the overhead of its runtime', () => {
    const containers = [asking('1')];
    const resources = { requests: { cpu: '2' }, limits: { cpu: '4' } };
    const overhead = { cpu: '100m', memory: '1Gi' };
    expect(pod({ containers, resources, overhead })).toMatchObject({
      'requests.cpu': '2100m',
      'limits.cpu': '4100m',
      'requests.memory': '1Gi',
    });
  });

  it('names devices and huge pages only as requests', () => {
    const requests = { 'example.com/gpu': '1', 'hugepages-2Mi': '4Mi' };
    expect(pod({ containers: [{ resources: { requests, limits: requests } }] })).toEqual({
      'count/pods': '1',
      pods: '1',
      'hugepages-2Mi': '4Mi',
      'requests.hugepages-2Mi': '4Mi',
      'requests.example.com/gpu': '1',
    });
  });

  it.each([
    ['has ended', { status: { phase: 'Failed' } }],
    [
      'should long be gone',
      { metadata: { deletionTimestamp: '2026-01-01T00:00:20Z', deletionGracePeriodSeconds: 30 } },
    ],
  ])('is nothing but its place in the store once it %s', (_, more) => {
    expect(pod({ containers: [asking('1')] }, more)).toEqual({ 'count/pods': '1' });
  });
});

describe('a pod that is on its way out', () => {
  it.each([
    ['its grace has just run out', { deletionGracePeriodSeconds: 30 }],
    ['nothing is said of a grace', {}],
  ])('counts while %s', (_, more) => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:50Z', ...more };
    expect(pod({ containers: [asking('1')] }, { metadata })).toMatchObject({ pods: '1', cpu: '1' });
  });
});

describe('what a pod has to ask for under a quota', () => {
  const missing = (spec: object): object => {
    const limited = ['requests.cpu', 'limits.memory', 'pods'];
    const object: object = { metadata: {}, spec };
    return Object.fromEntries(missingAmounts('pods', object as KubeObject, limited));
  };
  const containers = [asking('1', { name: 'a' }), { name: 'b' }];

  it('is compute that the quota limits, container by container', () => {
    expect(missing({ containers })).toEqual({ 'requests.cpu': ['b'], 'limits.memory': ['a', 'b'] });
  });

  it('is nothing more where the pod says itself what it asks for', () => {
    expect(missing({ containers, resources: { requests: { cpu: '2' } } })).toEqual({});
    expect(missing({ containers, resources: { limits: { memory: '1Gi' } } })).toEqual({});
  });
});

describe('what others use', () => {
  const ports = [{ port: 80, nodePort: 30_080 }, { port: 81 }];

  it.each([
    [{ type: 'ClusterIP', ports }, '0', '0'],
    [{ type: 'NodePort', ports }, '2', '0'],
    [{ type: 'LoadBalancer', ports }, '2', '1'],
    [{ type: 'LoadBalancer', ports, allocateLoadBalancerNodePorts: false }, '1', '1'],
  ])('a service: %j', (spec, nodePorts, balancers) => {
    expect(usage('services', { spec })).toMatchObject({
      services: '1',
      'services.nodeports': nodePorts,
      'services.loadbalancers': balancers,
    });
  });

  it('a claim: what it asks for, or what is set aside already, in whole bytes', () => {
    const claim = (storage: string, allocated?: string) =>
      usage('persistentvolumeclaims', {
        spec: { storageClassName: 'gold', resources: { requests: { storage } } },
        ...(allocated ? { status: { allocatedResources: { storage: allocated } } } : {}),
      });
    expect(claim('1Gi')['gold.storageclass.storage.k8s.io/requests.storage']).toBe('1Gi');
    expect(claim('1Gi', '2Gi')['requests.storage']).toBe('2Gi');
    expect(claim('2Gi', '1Gi')['requests.storage']).toBe('2Gi');
    expect(claim('1500m')['requests.storage']).toBe('2');
  });

  it('is counted by name, and some by a plain name too', () => {
    expect(usage('deployments.apps', {})).toEqual({ 'count/deployments.apps': '1' });
    expect(usage('secrets', {})).toEqual({ 'count/secrets': '1', secrets: '1' });
    const names = ['secrets', 'count/secrets', 'pods', 'requests.example.com/gpu', 'x.y/z'];
    expect(resourcesFor('secrets', names)).toEqual(['secrets', 'count/secrets']);
    expect(resourcesFor('pods', names)).toEqual(['pods', 'requests.example.com/gpu']);
  });

  it('is charged when it is made, and for some when it changes', () => {
    expect(isCharged('secrets', 'CREATE', undefined)).toBe(true);
    expect(isCharged('events', 'CREATE', undefined)).toBe(false);
    expect(isCharged('pods', 'UPDATE', undefined)).toBe(false);
    expect(isCharged('services', 'UPDATE', undefined)).toBe(true);
    expect(isCharged('persistentvolumeclaims', 'UPDATE', 'status')).toBe(true);
  });
});
