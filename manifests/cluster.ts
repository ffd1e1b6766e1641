import { Cluster } from 'slipway/cluster/v1';
import { StorageClass } from 'slipway/storage/v1';

const zones = ['shore-a', 'shore-b', 'shore-c'];
/** What serves disks; a disk can be reached from its zone. */
const disk = {
  name: 'disk.csi.shop.example',
  topologyKeys: ['topology.kubernetes.io/zone'],
  volumesMax: 24,
};

/** The simulated cluster: two kinds of nodes, dealt to three zones. */
export const cluster = new Cluster({
  metadata: { name: 'default' },
  spec: {
    seed: 1,
    nodePools: [
      {
        name: 'general',
        count: 6,
        region: 'shore',
        zones,
        drivers: [disk],
        capacity: { cpu: 4, memory: '16Gi', pods: 110 },
        reserved: { cpu: '200m', memory: '1Gi' },
      },
      {
        name: 'batch',
        count: 3,
        region: 'shore',
        zones,
        drivers: [disk],
        capacity: { cpu: 8, memory: '32Gi', pods: 110 },
        labels: { 'shop.example/work': 'batch' },
        taints: [{ key: 'shop.example/work', value: 'batch', effect: 'NoSchedule' }],
      },
    ],
    images: [
      { name: 'registry.example/shop/*', sizeBytes: 85_000_000, pull: '1800ms' },
      { name: 'postgres:*', sizeBytes: 150_000_000, pull: '1900ms' },
      { name: 'valkey:*', sizeBytes: 42_000_000, pull: '900ms' },
    ],
  },
});

/** Disks that are made on demand, in the zone of the pod that first asks. */
export const fast = new StorageClass({
  metadata: { name: 'fast' },
  provisioner: disk.name,
  volumeBindingMode: 'WaitForFirstConsumer',
  allowVolumeExpansion: true,
  reclaimPolicy: 'Retain',
});
