import { describe, expect, it } from 'vitest';
import type { Node, Service } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { changesShares, followsTopology, isOverloaded } from './topology.ts';
import { ZoneCapacity } from './zone-capacity.ts';

interface NodeTraits {
  readonly zone?: string;
  readonly cpu?: string;
  readonly ready?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

const node = (name: string, traits: NodeTraits = {}): Node => {
  const { zone, cpu, ready = true, labels = {} } = traits;
  return {
    metadata: {
      name,
      labels: { ...labels, ...(zone ? { 'topology.kubernetes.io/zone': zone } : {}) },
    },
    status: {
      allocatable: cpu ? { cpu } : {},
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  } as unknown as Node;
};
/** What zones have, of nodes that can be changed afterwards. */
const capacityOf = (...nodes: Node[]) => {
  const byName = new Map(nodes.map((each) => [each.metadata.name ?? '', each]));
  const capacity = new ZoneCapacity({
    byKey: (name) => byName.get(name),
    list: () => [...byName.values()],
  });
  const put = (each: Node): void => {
    byName.set(each.metadata.name ?? '', each);
    capacity.refresh(each.metadata.name ?? '');
  };
  const drop = (name: string): void => {
    byName.delete(name);
    capacity.refresh(name);
  };
  return { put, drop, shares: () => Object.fromEntries(capacity.shares() ?? []) };
};
const east = node('a', { zone: 'east', cpu: '3' });
const west = node('b', { zone: 'west', cpu: '1' });

describe('the share of CPU that zones have', () => {
  it('is what their ready nodes have, not those of the control plane', () => {
    const { shares } = capacityOf(
      east,
      west,
      node('c', { zone: 'west', cpu: '8', ready: false }),
      node('d', {
        zone: 'east',
        cpu: '8',
        labels: { 'node-role.kubernetes.io/control-plane': '' },
      }),
    );
    expect(shares()).toEqual({ east: 0.75, west: 0.25 });
  });

  it('is not known with one zone only, nor when a node tells no zone or no CPU', () => {
    expect(capacityOf(east, node('b', { zone: 'east', cpu: '1' })).shares()).toEqual({});
    expect(capacityOf(east, west, node('c', { cpu: '1' })).shares()).toEqual({});
    expect(capacityOf(east, west, node('c', { zone: 'west' })).shares()).toEqual({});
  });

  it('goes with nodes that come, change and go', () => {
    const { shares, put, drop } = capacityOf(east);
    expect(shares()).toEqual({});
    put(west);
    expect(shares()).toEqual({ east: 0.75, west: 0.25 });
    put(node('b', { zone: 'west', cpu: '3' }));
    expect(shares()).toEqual({ east: 0.5, west: 0.5 });
    put(node('c', { cpu: '1' }));
    expect(shares()).toEqual({});
    drop('c');
    drop('a');
    expect(shares()).toEqual({});
    put(node('a', { zone: 'mid', cpu: '1' }));
    expect(shares()).toEqual({ mid: 0.25, west: 0.75 });
  });

  it('is looked at again only where it can have changed', () => {
    const heartbeat = node('a', { zone: 'east', cpu: '3', labels: { beat: '2' } });
    const change = (object: Node) =>
      changesShares({ type: 'MODIFIED', object, previous: east, revision: 2 });
    expect(change(heartbeat)).toBe(false);
    expect(change(node('a', { zone: 'east', cpu: '4' }))).toBe(true);
    expect(change(node('a', { zone: 'east', cpu: '3', ready: false }))).toBe(true);
    expect(changesShares({ type: 'DELETED', object: east, revision: 2 })).toBe(true);
  });
});

describe('slices', () => {
  const slicesFor = (...zones: string[]): EndpointSlice[] => [
    {
      endpoints: zones.map((name) => ({ hints: { forZones: [{ name }] } })),
    } as unknown as EndpointSlice,
  ];
  const halves = new Map([
    ['east', 0.5],
    ['west', 0.5],
  ]);

  it('are overloaded where a zone has too few of the hints for its share', () => {
    expect(isOverloaded(slicesFor('east', 'west'), halves)).toBe(false);
    expect(isOverloaded(slicesFor('east', 'east', 'east', 'east', 'west'), halves)).toBe(true);
    expect(isOverloaded(slicesFor('east'), halves)).toBe(true);
    expect(isOverloaded(slicesFor('east'), undefined)).toBe(true);
    expect(isOverloaded(slicesFor(), undefined)).toBe(false);
  });

  it.each<[annotations: Record<string, string>, follows: boolean]>([
    [{ 'service.kubernetes.io/topology-mode': 'Auto' }, true],
    [{ 'service.kubernetes.io/topology-aware-hints': 'auto' }, true],
    [{ 'service.kubernetes.io/topology-mode': 'other.example/mode' }, false],
    [{}, false],
  ])('go by topology when the annotation says so: %j', (annotations, follows) => {
    expect(followsTopology({ metadata: { annotations } } as Service)).toBe(follows);
  });
});
