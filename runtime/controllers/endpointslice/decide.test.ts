import { describe, expect, it } from 'vitest';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { converge, podOf, serviceOf } from './endpoints.fakes.ts';

const endpointsOf = (slices: readonly EndpointSlice[]) =>
  slices.flatMap(({ endpoints = [] }) => endpoints);
const conditionsOf = (slices: readonly EndpointSlice[]) =>
  endpointsOf(slices).map(({ conditions }) => conditions);

describe('the slices of a service', () => {
  it('are one without endpoints and ports when no pod matches, dated by the service', () => {
    const { slices, changes } = converge(serviceOf(), []);
    expect(slices).toMatchObject([{ addressType: 'IPv4', endpoints: [], ports: [] }]);
    expect(changes.triggerTime).toBe('2026-01-01T00:00:00Z');
    expect(converge(serviceOf(), [], slices).changes).toEqual({
      write: [],
      remove: [],
      notices: [],
    });
  });

  it('say where a pod is and how', () => {
    const { slices } = converge(serviceOf(), [podOf('p1')], [], () => 'zone-a');
    expect(endpointsOf(slices)).toEqual([
      {
        addresses: ['10.244.0.1'],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: 'node-0',
        targetRef: { kind: 'Pod', namespace: 'shop', name: 'p1', uid: 'p1-uid' },
        zone: 'zone-a',
      },
    ]);
    expect(slices[0]?.ports).toEqual([{ name: '', protocol: 'TCP', port: 8080 }]);
  });

  it.each([
    ['ready', {}, {}, { ready: true, serving: true, terminating: false }],
    ['not ready', {}, { ready: false }, { ready: false, serving: false, terminating: false }],
    ['going', {}, { terminating: true }, { ready: false, serving: true, terminating: true }],
    [
      'published though not ready',
      { publishNotReadyAddresses: true },
      { ready: false },
      { ready: true, serving: false, terminating: false },
    ],
    [
      'published though going',
      { publishNotReadyAddresses: true },
      { terminating: true },
      { ready: true, serving: true, terminating: true },
    ],
  ])('hold a pod that is %s', (_, spec, state, conditions) => {
    expect(conditionsOf(converge(serviceOf(spec), [podOf('p1', state)]).slices)).toEqual([
      conditions,
    ]);
  });

  it.each([
    ['has ended', { phase: 'Succeeded' }],
    ['has no address', { ip: '' }],
  ])('leave out a pod that %s', (_, state) => {
    expect(endpointsOf(converge(serviceOf(), [podOf('p1', state)]).slices)).toEqual([]);
  });

  it('leave out a pod on a node that is not there, unless the service publishes all', () => {
    const nowhere = () => null;
    const publish = serviceOf({ publishNotReadyAddresses: true });
    expect(endpointsOf(converge(serviceOf(), [podOf('p1')], [], nowhere).slices)).toEqual([]);
    expect(endpointsOf(converge(publish, [podOf('p1')], [], nowhere).slices)).toHaveLength(1);
  });

  it('name the host of a pod in the subdomain of the service only', () => {
    const { slices } = converge(serviceOf({ clusterIP: 'None' }), [
      podOf('p1', { spec: { hostname: 'first', subdomain: 'web' } }),
      podOf('p2', { spec: { hostname: 'second', subdomain: 'other' } }),
    ]);
    expect(endpointsOf(slices).map(({ hostname }) => hostname)).toEqual(['first', undefined]);
    expect(slices[0]?.metadata.labels).toHaveProperty(['service.kubernetes.io/headless'], '');
  });

  it('group pods by the port that a name means to each, the nameless apart', () => {
    const service = serviceOf({ ports: [{ name: 'http', port: 80, targetPort: 'serve' }] });
    const withPort = (containerPort: number) => ({
      spec: { containers: [{ name: 'main', ports: [{ name: 'serve', containerPort }] }] },
    });
    const { slices } = converge(service, [
      podOf('p1', withPort(8080)),
      podOf('p2', withPort(9090)),
      podOf('p3', withPort(8080)),
      podOf('p4'),
    ]);
    const found = slices.map(({ ports = [], endpoints = [] }) => [
      ports[0]?.port,
      endpoints.map(({ targetRef }) => targetRef?.name),
    ]);
    expect(found).toEqual([
      [8080, ['p1', 'p3']],
      [9090, ['p2']],
      [undefined, ['p4']],
    ]);
  });

  it('find a named port in a sidecar, by protocol', () => {
    const service = serviceOf({
      ports: [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' }],
    });
    const initContainers = [
      { name: 'init', ports: [{ name: 'dns', containerPort: 1, protocol: 'UDP' }] },
      {
        name: 'side',
        restartPolicy: 'Always',
        ports: [
          { name: 'dns', containerPort: 2 },
          { name: 'dns', containerPort: 3, protocol: 'UDP' },
        ],
      },
    ];
    const { slices } = converge(service, [
      podOf('p1', { spec: { containers: [], initContainers } }),
    ]);
    expect(slices[0]?.ports).toEqual([{ name: 'dns', protocol: 'UDP', port: 3 }]);
  });

  it('sort several ports by name', () => {
    const ports = [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53, appProtocol: 'example.com/dns' },
    ];
    expect(converge(serviceOf({ ports }), [podOf('p1')]).slices[0]?.ports).toEqual([
      { name: 'dns', protocol: 'UDP', port: 53, appProtocol: 'example.com/dns' },
      { name: 'http', protocol: 'TCP', port: 8080 },
    ]);
  });

  it('become slices of their pods under the same name, and empty again', () => {
    const empty = converge(serviceOf(), []).slices;
    const filled = converge(serviceOf(), [podOf('p1')], empty);
    expect(filled.changes).toMatchObject({ write: [{ live: empty[0] }], remove: [], notices: [] });
    expect(filled.changes.triggerTime).toBe('2026-01-01T00:00:05Z');
    const emptied = converge(serviceOf(), [], filled.slices);
    expect(emptied.changes).toMatchObject({
      write: [{ live: filled.slices[0] }],
      remove: [],
      notices: [],
    });
    expect(emptied.changes.triggerTime).toBeUndefined();
    expect(emptied.slices).toMatchObject([{ endpoints: [], ports: [] }]);
  });

  it('are replaced when another service of that name made them', () => {
    const before = converge(serviceOf(), [podOf('p1')]).slices;
    const service = serviceOf();
    const successor = { ...service, metadata: { ...service.metadata, uid: 'another' } };
    const { changes } = converge(successor, [podOf('p1')], before);
    expect(changes.remove).toEqual(before);
    expect(changes.write).toHaveLength(1);
    expect(changes.write[0]).not.toHaveProperty('live');
  });

  it('follow the labels of the service', () => {
    const before = converge(serviceOf(), [podOf('p1')]).slices;
    const service = serviceOf();
    const labelled = { ...service, metadata: { ...service.metadata, labels: { team: 'shop' } } };
    const { slices } = converge(labelled, [podOf('p1')], before);
    expect(slices[0]?.metadata.labels).toMatchObject({ team: 'shop' });
    expect(converge(labelled, [podOf('p1')], slices).changes.write).toEqual([]);
  });

  it('carry hints for their own zone, and node, when traffic is to stay close', () => {
    const zoneOf = () => 'zone-a';
    const hintsFor = (trafficDistribution: string) =>
      endpointsOf(converge(serviceOf({ trafficDistribution }), [podOf('p1')], [], zoneOf).slices)[0]
        ?.hints;
    expect(hintsFor('PreferClose')).toEqual({ forZones: [{ name: 'zone-a' }] });
    expect(hintsFor('PreferSameNode')).toEqual({
      forNodes: [{ name: 'node-0' }],
      forZones: [{ name: 'zone-a' }],
    });
  });
});
