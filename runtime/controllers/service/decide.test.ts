import { describe, expect, it } from 'vitest';
import type { Node, Service } from '../../../generated/core/v1/types.ts';
import { decideBalancer, FINALIZER, isBackend } from './decide.ts';

function service(spec: Service['spec'] = {}, metadata: object = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop', uid: 'u1', ...metadata },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
  };
}

const HELD = { finalizers: [FINALIZER] };
const GOING = { deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('a service', () => {
  it('gets a balancer when it is new and wants one', () => {
    expect(decideBalancer(undefined, service())).toEqual({ kind: 'ensure' });
    expect(decideBalancer(undefined, service({ type: 'ClusterIP' }))).toEqual({ kind: 'none' });
    const other = service({ loadBalancerClass: 'example.com/mine' });
    expect(decideBalancer(undefined, other)).toEqual({ kind: 'none' });
  });

  it('loses it when it goes, or wants none any more', () => {
    const before = service({}, HELD);
    expect(decideBalancer(before, service({}, { ...HELD, ...GOING }))).toEqual({ kind: 'delete' });
    expect(decideBalancer(before, service({ type: 'NodePort' }, HELD))).toEqual({
      kind: 'delete',
      change: { reason: 'Type', message: 'LoadBalancer -> NodePort' },
    });
    expect(decideBalancer(undefined, service({}, GOING))).toEqual({ kind: 'none' });
  });

  it.each<[string, Service['spec'], Service['spec'], object | undefined]>([
    [
      'its type',
      { type: 'ClusterIP' },
      {},
      { reason: 'Type', message: 'ClusterIP -> LoadBalancer' },
    ],
    [
      'who may use it',
      {},
      { loadBalancerSourceRanges: ['10.0.0.0/8', '192.0.2.0/24'] },
      { reason: 'LoadBalancerSourceRanges', message: '[] -> [10.0.0.0/8 192.0.2.0/24]' },
    ],
    ['its ports', {}, { ports: [{ port: 81 }] }, undefined],
    ['whom it sticks to', {}, { sessionAffinity: 'ClientIP' }, undefined],
    [
      'the address that it wishes for',
      {},
      { loadBalancerIP: '203.0.113.9' },
      { reason: 'LoadbalancerIP', message: ' -> 203.0.113.9' },
    ],
    [
      'how many other addresses it has',
      {},
      { externalIPs: ['192.0.2.1'] },
      { reason: 'ExternalIP', message: 'Count: 0 -> 1' },
    ],
    [
      'its other addresses',
      { externalIPs: ['192.0.2.1'] },
      { externalIPs: ['192.0.2.2'] },
      { reason: 'ExternalIP', message: 'Added: 192.0.2.2' },
    ],
    [
      'its traffic policy',
      { externalTrafficPolicy: 'Cluster' },
      { externalTrafficPolicy: 'Local' },
      { reason: 'ExternalTrafficPolicy', message: 'Cluster -> Local' },
    ],
    [
      'its health port',
      {},
      { healthCheckNodePort: 30100 },
      { reason: 'HealthCheckNodePort', message: '0 -> 30100' },
    ],
    [
      'its families',
      { ipFamilies: ['IPv4'] },
      { ipFamilies: ['IPv4', 'IPv6'] },
      { reason: 'IPFamilies', message: 'Count: 1 -> 2' },
    ],
  ])('has it set up anew when it changes %s', (_, before, after, change) => {
    expect(decideBalancer(service(before), service(after))).toEqual({
      kind: 'ensure',
      ...(change ? { change } : {}),
    });
  });

  it('is let alone when nothing changes that matters', () => {
    const before = service();
    const labelled = service({}, { labels: { a: 'b' } });
    const reached = { ...labelled, status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } } };
    expect(decideBalancer(before, labelled)).toEqual({ kind: 'none' });
    expect(decideBalancer(before, reached)).toEqual({ kind: 'none' });
    const annotated = service({}, { annotations: { a: 'b' } });
    expect(decideBalancer(before, annotated)).toEqual({ kind: 'ensure' });
    expect(decideBalancer(before, service({}, { uid: 'u2' }))).toEqual({
      kind: 'ensure',
      change: { reason: 'UID', message: 'u1 -> u2' },
    });
  });
});

it('traffic may arrive at nodes that are not excluded, marked or going', () => {
  const node = (metadata: object, key?: string): Node => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'a', ...metadata },
    ...(key ? { spec: { taints: [{ key, effect: 'NoSchedule' }] } } : {}),
  });
  const excluded = { 'node.kubernetes.io/exclude-from-external-load-balancers': '' };
  expect(isBackend(node({}))).toBe(true);
  expect(isBackend(node({}, 'node.kubernetes.io/unreachable'))).toBe(true);
  expect(isBackend(node({ labels: excluded }))).toBe(false);
  expect(isBackend(node({}, 'ToBeDeletedByClusterAutoscaler'))).toBe(false);
  expect(isBackend(node(GOING))).toBe(false);
});
