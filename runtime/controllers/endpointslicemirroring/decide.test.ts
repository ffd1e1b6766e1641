import { describe, expect, it } from 'vitest';
import type { EndpointSubset, Endpoints } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { decideMirroring, isMirrored } from './decide.ts';

const source = (subsets: readonly EndpointSubset[], metadata: object = {}): Endpoints => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'db', namespace: 'shop', uid: 'uid-db', ...metadata },
  subsets,
});
const http = [{ name: 'http', port: 80, protocol: 'TCP' }] as const;

/** The slices after what was decided has been done. */
function mirrored(from: Endpoints, before: readonly EndpointSlice[] = []): EndpointSlice[] {
  const { write, remove } = decideMirroring(from, before);
  const written = write.map(({ metadata, ...content }, at): EndpointSlice => {
    const name = metadata.name ?? `${metadata.generateName}${at}`;
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      ...content,
      metadata: { ...metadata, name },
    };
  });
  const gone = new Set([...remove, ...written].map(({ metadata }) => metadata.name));
  return [...before.filter(({ metadata }) => !gone.has(metadata.name)), ...written];
}

describe('mirroring', () => {
  it('makes a slice a group of ports and family, and is then at rest', () => {
    const from = source([
      {
        addresses: [{ ip: '10.0.0.1', nodeName: 'a', hostname: 'one' }, { ip: '2001:db8::1' }],
        notReadyAddresses: [{ ip: '10.0.0.2' }],
        ports: http,
      },
    ]);
    const slices = mirrored(from);
    expect(
      slices.map(({ addressType, endpoints, ports }) => [addressType, endpoints, ports]),
    ).toEqual([
      [
        'IPv4',
        [
          { addresses: ['10.0.0.1'], conditions: { ready: true }, hostname: 'one', nodeName: 'a' },
          { addresses: ['10.0.0.2'], conditions: { ready: false } },
        ],
        http,
      ],
      ['IPv6', [{ addresses: ['2001:db8::1'], conditions: { ready: true } }], http],
    ]);
    expect(decideMirroring(from, slices)).toEqual({ write: [], remove: [], skipped: 0 });
  });

  it('gives slices the labels and annotations of the Endpoints, without those that are only theirs', () => {
    const annotations = {
      mine: 'x',
      'endpoints.kubernetes.io/last-change-trigger-time': 'y',
      'kubectl.kubernetes.io/last-applied-configuration': 'z',
    };
    const subsets = [{ addresses: [{ ip: '10.0.0.1' }], ports: http }];
    const [slice, ...more] = mirrored(source(subsets, { annotations, labels: { app: 'db' } }));
    expect(more).toEqual([]);
    expect(slice?.metadata).toMatchObject({
      annotations: { mine: 'x' },
      labels: {
        app: 'db',
        'kubernetes.io/service-name': 'db',
        'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
      },
      ownerReferences: [{ kind: 'Endpoints', name: 'db', uid: 'uid-db' }],
    });
    const relabelled = mirrored(source(subsets, { labels: { app: 'other' } }), [slice!]);
    expect(relabelled[0]?.metadata).toMatchObject({ name: slice?.metadata.name, annotations: {} });
    expect(relabelled[0]?.metadata.labels).toMatchObject({ app: 'other' });
  });

  it('uses a slice again when its ports are no more', () => {
    const addresses = [{ ip: '10.0.0.1' }];
    const before = mirrored(source([{ addresses, ports: http }]));
    const ports = [{ name: 'http', port: 81, protocol: 'TCP' }] as const;
    const after = mirrored(source([{ addresses, ports }]), before);
    expect(after.map(({ metadata }) => metadata.name)).toEqual([before[0]?.metadata.name]);
    expect(after[0]?.ports).toEqual(ports);
    expect(mirrored(source([]), after)).toEqual([]);
  });

  it('leaves out what is beyond a thousand, and says how many', () => {
    const addresses = Array.from({ length: 1003 }, (_, at) => ({
      ip: `10.0.${at >> 8}.${at & 255}`,
    }));
    const { write, skipped } = decideMirroring(source([{ addresses, ports: http }]), []);
    expect([write[0]?.endpoints?.length, skipped]).toEqual([1000, 3]);
  });

  it('is not done where a label or an election says so', () => {
    const skip = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
    expect(isMirrored(source([]))).toBe(true);
    expect(isMirrored(source([], { labels: skip }))).toBe(false);
    const leader = { 'control-plane.alpha.kubernetes.io/leader': '{}' };
    expect(isMirrored(source([], { annotations: leader }))).toBe(false);
  });
});
