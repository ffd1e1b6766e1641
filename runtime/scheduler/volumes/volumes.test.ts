import { describe, expect, it } from 'vitest';
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
} from '../../../generated/core/v1/types.ts';
import type {
  CSINode,
  StorageClass,
  VolumeAttachment,
} from '../../../generated/storage/v1/types.ts';
import { Random } from '../../base/index.ts';
import { aNode, aPod } from '../fakes.ts';
import { pluginVerdicts } from '../inspection.ts';
import { placementOf } from '../placement.ts';
import { createView } from '../view.ts';
import type { StorageLists } from './storage-objects.ts';

const ZONE = 'topology.kubernetes.io/zone';
const NODES = [aNode('n1', { zone: 'a' }), aNode('n2', { zone: 'b' })];

const storageClass = (name: string, more: Partial<StorageClass> = {}): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'WaitForFirstConsumer',
  ...more,
});

const claim = (
  name: string,
  storage: '1Gi' | '5Gi' | '9Gi',
  spec: object = {},
): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'local',
    resources: { requests: { storage } },
    ...spec,
  },
});

const bound = (name: string, volumeName: string, spec: object = {}): PersistentVolumeClaim => {
  const made = claim(name, '1Gi', { volumeName, ...spec });
  const annotations = { 'pv.kubernetes.io/bind-completed': 'yes' };
  return { ...made, metadata: { ...made.metadata, annotations } };
};

interface Volume {
  readonly storage?: '5Gi' | '10Gi' | '20Gi';
  readonly node?: string;
  readonly labels?: Record<string, string>;
  readonly spec?: object;
}

const volume = (name: string, options: Volume = {}): PersistentVolume => {
  const { storage = '10Gi', node, labels = {}, spec = {} } = options;
  const values = node ? [node] : [];
  const expression = { key: 'kubernetes.io/hostname', operator: 'In' as const, values };
  const required = { nodeSelectorTerms: [{ matchExpressions: [expression] }] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, labels },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage },
      storageClassName: 'local',
      ...(node ? { nodeAffinity: { required } } : {}),
      ...spec,
    },
    status: { phase: 'Available' },
  };
};

const mounts = (name: string, ...claims: string[]): Pod =>
  aPod(name, {
    volumes: claims.map((claimName) => ({
      name: claimName,
      persistentVolumeClaim: { claimName },
    })),
  });

function verdicts(plugin: string, pod: Pod, storage: StorageLists, pods: readonly Pod[] = []) {
  const all = pluginVerdicts(pod, plugin, createView({ nodes: NODES, pods, storage }));
  return Object.values(all).map(({ code, reasons }) => reasons?.[0] ?? code);
}

function place(pod: Pod, storage: StorageLists) {
  const view = createView({ nodes: NODES, pods: [], storage });
  return placementOf(pod, view, { cursor: { start: 0 }, random: Random.seeded(1) });
}

const LOCAL = [storageClass('local')];

describe('VolumeBinding', () => {
  it('gives a waiting claim the smallest volume that is large enough, on a node that reaches it', () => {
    const volumes = [
      volume('small', { storage: '5Gi', node: 'n1' }),
      volume('large', { storage: '20Gi', node: 'n2' }),
      volume('middle', { storage: '10Gi', node: 'n2' }),
    ];
    const storage = { claims: [claim('c', '9Gi')], volumes, storageClasses: LOCAL };
    expect(place(mounts('p', 'c'), storage)).toEqual({
      node: 'n2',
      claims: { c: { volume: 'middle' } },
    });
  });

  it('wants all claims of a pod on one node', () => {
    const volumes = [
      volume('one', { node: 'n1' }),
      volume('two', { node: 'n2' }),
      volume('three', { node: 'n2' }),
    ];
    const claims = [claim('c', '1Gi'), claim('d', '5Gi')];
    const { node } = place(mounts('p', 'c', 'd'), { claims, volumes, storageClasses: LOCAL });
    expect(node).toBe('n2');
  });

  it('leaves a volume to the claim that it is reserved for, and takes no unlike one', () => {
    const reserved = volume('r', { spec: { claimRef: { name: 'other', namespace: 'default' } } });
    const block = volume('b', { spec: { volumeMode: 'Block' } });
    const readOnly = volume('o', { spec: { accessModes: ['ReadOnlyMany'] } });
    const storage = {
      claims: [claim('c', '1Gi')],
      volumes: [reserved, block, readOnly],
      storageClasses: LOCAL,
    };
    expect(verdicts('VolumeBinding', mounts('p', 'c'), storage)).toEqual(
      Array(2).fill("node(s) didn't find available persistent volumes to bind"),
    );
  });

  it('has a volume provisioned where the class allows it', () => {
    const allowedTopologies = [{ matchLabelExpressions: [{ key: ZONE, values: ['b'] }] }];
    const dynamic = storageClass('local', { provisioner: 'csi.example.com', allowedTopologies });
    const storage = { claims: [claim('c', '1Gi')], storageClasses: [dynamic] };
    expect(place(mounts('p', 'c'), storage)).toEqual({ node: 'n2', claims: { c: {} } });
  });

  it('follows a bound volume to its node', () => {
    const storage = { claims: [bound('c', 'v')], volumes: [volume('v', { node: 'n1' })] };
    expect(verdicts('VolumeBinding', mounts('p', 'c'), storage)).toEqual([
      'Success',
      'node(s) had volume node affinity conflict',
    ]);
  });

  it('refuses for all nodes when a claim cannot be used at all', () => {
    const about = (storage: StorageLists) =>
      verdicts('VolumeBinding', mounts('p', 'c'), storage)[0];
    expect(about({})).toBe('persistentvolumeclaim "c" not found');
    const lost = { ...bound('c', 'gone'), status: { phase: 'Lost' } };
    expect(about({ claims: [lost] })).toBe(
      'persistentvolumeclaim "c" bound to non-existent persistentvolume "gone"',
    );
    const immediate = storageClass('local', { volumeBindingMode: 'Immediate' });
    expect(about({ claims: [claim('c', '1Gi')], storageClasses: [immediate] })).toBe(
      'pod has unbound immediate PersistentVolumeClaims',
    );
  });
});

describe('claims that are bound', () => {
  it('are judged one by one: the first that cannot be used is the reason', () => {
    const claims = [bound('here', 'v'), bound('lost', 'gone')];
    const volumes = [volume('v', { node: 'n1' })];
    const first = 'node(s) had volume node affinity conflict';
    const lost = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
    const reasons = (...names: string[]): readonly unknown[] => {
      const view = createView({ nodes: NODES, pods: [], storage: { claims, volumes } });
      const found = pluginVerdicts(mounts('p', ...names), 'VolumeBinding', view);
      return Object.values(found).map((verdict) => verdict.reasons);
    };
    expect(reasons('here', 'lost')).toEqual([[lost], [first]]);
    expect(reasons('lost', 'here')).toEqual([[lost], [lost]]);
  });
});

describe('VolumeZone', () => {
  it('keeps to the zones that the volume is labelled with', () => {
    const zoned = (zone: string) => ({
      claims: [bound('c', 'v')],
      volumes: [volume('v', { labels: { [ZONE]: zone } })],
    });
    const conflict = 'node(s) had no available volume zone';
    expect(verdicts('VolumeZone', mounts('p', 'c'), zoned('a'))).toEqual(['Success', conflict]);
    expect(verdicts('VolumeZone', mounts('p', 'c'), zoned('a__b'))).toEqual(['Success', 'Success']);
  });

  it('takes a volume’s former name of a label for today’s, but not a node’s', () => {
    const former = 'failure-domain.beta.kubernetes.io/zone';
    const zoned = (label: string) => ({
      claims: [bound('c', 'v')],
      volumes: [volume('v', { labels: { [label]: 'a' } })],
    });
    const nodes = [aNode('now', { zone: 'a' }), aNode('then', { labels: { [former]: 'a' } })];
    const about = (label: string): string[] => {
      const view = createView({ nodes, pods: [], storage: zoned(label) });
      const found = pluginVerdicts(mounts('p', 'c'), 'VolumeZone', view);
      return Object.values(found).map(({ code }) => code);
    };
    expect(about(former)).toEqual(['Success', 'Success']);
    expect(about(ZONE)).toEqual(['Success', 'UnschedulableAndUnresolvable']);
  });
});

describe('VolumeRestrictions', () => {
  it('keeps a ReadWriteOncePod claim for one pod in the cluster', () => {
    const claims = [bound('c', 'v', { accessModes: ['ReadWriteOncePod'] })];
    const there = { ...mounts('q', 'c'), spec: { ...mounts('q', 'c').spec!, nodeName: 'n1' } };
    const inUse =
      'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode';
    expect(verdicts('VolumeRestrictions', mounts('p', 'c'), { claims }, [there])).toEqual([
      inUse,
      inUse,
    ]);
    expect(verdicts('VolumeRestrictions', mounts('p', 'c'), { claims })).toEqual([
      'Success',
      'Success',
    ]);
  });

  it('keeps writers of one disk off the node of another', () => {
    const disk = (name: string, readOnly: boolean, nodeName?: string): Pod =>
      aPod(name, {
        ...(nodeName ? { nodeName } : {}),
        volumes: [{ name: 'd', gcePersistentDisk: { pdName: 'd', readOnly } }],
      });
    const refused = verdicts('VolumeRestrictions', disk('p', false), {}, [disk('q', true, 'n1')]);
    expect(refused).toEqual(['node(s) had no available disk', 'Success']);
    const readers = verdicts('VolumeRestrictions', disk('p', true), {}, [disk('q', true, 'n1')]);
    expect(readers).toEqual(['Success', 'Success']);
  });
});

describe('NodeVolumeLimits', () => {
  it('counts each volume of a driver on a node once', () => {
    const csi = (name: string): PersistentVolume =>
      volume(name, { spec: { csi: { driver: 'd', volumeHandle: name } } });
    const csiNode: CSINode = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name: 'n1' },
      spec: { drivers: [{ name: 'd', nodeID: 'n1', allocatable: { count: 1 } }] },
    };
    const storage = {
      claims: [bound('c', 'v'), bound('e', 'w')],
      volumes: [csi('v'), csi('w')],
      csiNodes: [csiNode],
    };
    const there = { ...mounts('q', 'c'), spec: { ...mounts('q', 'c').spec!, nodeName: 'n1' } };
    const judge = (name: string) =>
      verdicts('NodeVolumeLimits', mounts('p', name), storage, [there]);
    expect(judge('c')).toEqual(['Success', 'Success']);
    expect(judge('e')).toEqual(['node(s) exceed max volume count', 'Success']);
  });

  it('counts what is attached to a node and no pod of it mounts, each driver by itself', () => {
    const csi = (name: string, driver: string): PersistentVolume =>
      volume(name, { spec: { csi: { driver, volumeHandle: name } } });
    const attached = (name: string): VolumeAttachment => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'VolumeAttachment',
      metadata: { name },
      spec: { attacher: 'd', nodeName: 'n1', source: { persistentVolumeName: name } },
    });
    const driver = (name: string) => ({ name, nodeID: 'n1', allocatable: { count: 2 } });
    const storage = {
      claims: [bound('c', 'v'), bound('e', 'other')],
      volumes: [csi('v', 'd'), csi('w', 'd'), csi('x', 'd'), csi('other', 'f')],
      csiNodes: [
        {
          apiVersion: 'storage.k8s.io/v1' as const,
          kind: 'CSINode' as const,
          metadata: { name: 'n1' },
          spec: { drivers: [driver('d'), driver('f')] },
        },
      ],
    };
    const judge = (name: string, ...names: string[]) =>
      verdicts('NodeVolumeLimits', mounts('p', name), {
        ...storage,
        attachments: names.map(attached),
      })[0];
    expect(judge('c', 'w')).toBe('Success');
    expect(judge('c', 'w', 'x')).toBe('node(s) exceed max volume count');
    expect(judge('e', 'w', 'x')).toBe('Success');
  });
});
