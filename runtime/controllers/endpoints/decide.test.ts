import { describe, expect, it } from 'vitest';
import type { Endpoints, Pod, Service, ServicePort } from '../../../generated/core/v1/types.ts';
import { decideEndpoints } from './decide.ts';

const CREATED = '2026-01-01T00:00:00Z';
const READY = '2026-01-01T00:05:00Z';

interface PodShape {
  readonly ready?: boolean;
  readonly going?: boolean;
  readonly ports?: readonly string[];
  readonly hostname?: string;
}

function pod(name: string, ip: string, shape: PodShape = {}): Pod {
  const { ready = true, going = false, ports = [], hostname } = shape;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      ...(going ? { deletionTimestamp: READY } : {}),
    },
    spec: {
      nodeName: 'a',
      containers: [
        {
          name: 'main',
          image: 'web:1',
          ports: ports.map((each, at) => ({ name: each, containerPort: 8000 + at })),
        },
      ],
      ...(hostname ? { hostname, subdomain: 'web' } : {}),
    },
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: READY }],
    },
  };
}

const service = (spec: Service['spec'] = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', creationTimestamp: CREATED, labels: { tier: 'a' } },
  spec: { clusterIP: '10.96.0.9', selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
});

function decided(pods: readonly Pod[], spec?: Service['spec'], live?: Endpoints) {
  return decideEndpoints({ service: service(spec), pods, live, marksManaged: false });
}

/** The subsets in short: addresses, a slash, those that are not ready, a colon, ports. */
function brief(pods: readonly Pod[], spec?: Service['spec']): string[] {
  const ips = (list: readonly { ip: string }[] = []) => list.map(({ ip }) => ip).join(',');
  return (decided(pods, spec)?.subsets ?? []).map(
    ({ addresses, notReadyAddresses, ports = [] }) =>
      `${ips(addresses)}/${ips(notReadyAddresses)}:${ports
        .map(({ name, port }) => `${name ?? ''}${port}`)
        .join(',')}`,
  );
}

describe('subsets', () => {
  it.each<[why: string, ports: readonly ServicePort[], order: string]>([
    [
      'a name server',
      [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53 },
        { name: 'metrics', port: 9153 },
      ],
      'dns-tcp53,dns53,metrics9153',
    ],
    [
      'a recorded service',
      [
        { name: 'http', port: 8080 },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
      'dns53,http8080',
    ],
  ])('list ports in the order in which clusters do: %s', (_, ports, order) => {
    expect(brief([pod('a', '10.0.0.1')], { ports })).toEqual([`10.0.0.1/:${order}`]);
  });

  it('hold addresses in the order of their text, ready ones apart', () => {
    const pods = [
      pod('c', '10.0.0.9'),
      pod('b', '10.0.0.10'),
      pod('a', '10.0.0.100', { ready: false }),
    ];
    expect(brief(pods)).toEqual(['10.0.0.10,10.0.0.9/10.0.0.100:80']);
    expect(brief(pods, { publishNotReadyAddresses: true })).toEqual([
      '10.0.0.10,10.0.0.100,10.0.0.9/:80',
    ]);
  });

  it('leave out pods that go, unless whatever there is is published', () => {
    const pods = [pod('a', '10.0.0.1', { going: true })];
    expect(brief(pods)).toEqual([]);
    expect(brief(pods, { publishNotReadyAddresses: true })).toEqual(['10.0.0.1/:80']);
  });

  it('are one for ports of the same pods, and more where some lack a port', () => {
    const ports = [
      { name: 'web', port: 80, targetPort: 'web' },
      { name: 'admin', port: 81, targetPort: 'admin' },
    ];
    const both = { ports: ['web', 'admin'] };
    const pods = [pod('a', '10.0.0.1', both), pod('b', '10.0.0.2', both)];
    expect(brief(pods, { ports })).toEqual(['10.0.0.1,10.0.0.2/:web8000,admin8001']);
    const lacking = [...pods, pod('c', '10.0.0.3', { ports: ['web'] })];
    expect(brief(lacking, { ports })).toEqual([
      '10.0.0.1,10.0.0.2/:admin8001',
      '10.0.0.1,10.0.0.2,10.0.0.3/:web8000',
    ]);
  });

  it('say which pod and node an address is of, and its own name below a headless service', () => {
    const spec = { clusterIP: 'None', ports: [] };
    const content = decided([pod('a', '10.0.0.1', { hostname: 'first' })], spec);
    expect(content?.labels).toEqual({ tier: 'a', 'service.kubernetes.io/headless': '' });
    expect(content?.subsets).toEqual([
      {
        addresses: [
          {
            hostname: 'first',
            ip: '10.0.0.1',
            nodeName: 'a',
            targetRef: { kind: 'Pod', name: 'a', namespace: 'shop', uid: 'uid-a' },
          },
        ],
      },
    ]);
    expect(brief([pod('a', '10.0.0.1')], { ports: [] })).toEqual([]);
  });
});

describe('more than a thousand addresses', () => {
  const many = (count: number, ready: boolean, from = 0) =>
    Array.from({ length: count }, (_, at) => {
      const number = from + at;
      return pod(`p${number}`, `10.0.${number >> 8}.${number & 255}`, { ready });
    });
  const counts = (pods: readonly Pod[]) => {
    const content = decided(pods);
    const [subset] = content?.subsets ?? [];
    return [
      subset?.addresses?.length ?? 0,
      subset?.notReadyAddresses?.length ?? 0,
      content?.annotations['endpoints.kubernetes.io/over-capacity'],
    ];
  };

  it('are cut: those that are not ready first', () => {
    expect(counts(many(1000, true))).toEqual([1000, 0, undefined]);
    expect(counts([...many(900, true), ...many(200, false, 900)])).toEqual([900, 100, 'truncated']);
    expect(counts([...many(1100, true), ...many(5, false, 1100)])).toEqual([1000, 0, 'truncated']);
  });
});

describe('what is written', () => {
  const pods = [pod('a', '10.0.0.1')];
  const first = decided(pods)!;
  const live: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'web',
      labels: first.labels,
      annotations: { ...first.annotations, mine: 'x' },
    },
    ...(first.subsets ? { subsets: first.subsets } : {}),
  };

  it('is dated by the service, then by the pod that turned', () => {
    const key = 'endpoints.kubernetes.io/last-change-trigger-time';
    expect(first.annotations).toEqual({ [key]: CREATED });
    const next = decided([...pods, pod('b', '10.0.0.2')], {}, live);
    expect(next?.annotations).toEqual({ mine: 'x', [key]: READY });
    expect(decided([], {}, live)?.annotations).toEqual({ mine: 'x' });
  });

  it('is nothing when it is there', () => {
    expect(decided(pods, {}, live)).toBeUndefined();
    const relabelled = { ...live, metadata: { ...live.metadata, labels: { tier: 'b' } } };
    expect(decided(pods, {}, relabelled)?.labels).toEqual({ tier: 'a' });
  });
});
