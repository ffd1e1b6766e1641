import {
  persistentvolumeclaims,
  persistentvolumes,
} from '../../../../generated/core/v1/resources.ts';
import type { PersistentVolumeSpec } from '../../../../generated/core/v1/types.ts';
import { csinodes } from '../../../../generated/storage/v1/resources.ts';
import { lowPriority, PREEMPTOR } from './pods.ts';
import { addNode, FIVE_THOUSAND, type Fleet, NEW, OLD, plain } from './setting.ts';
import type { Pods, Workload } from './workload.ts';

const DRIVER = 'ebs.csi.aws.com';
const MIGRATED = 'storage.alpha.kubernetes.io/migrated-plugins';

/** Nodes that take 39 volumes of a driver. */
function withDriver(migrated: boolean): Fleet {
  return {
    count: 5000,
    async make(cluster) {
      for (let at = 0; at < 5000; at++) {
        const name = `node-${at}`;
        await addNode(cluster, { name });
        await cluster.client.create(csinodes, {
          metadata: {
            name,
            ...(migrated ? { annotations: { [MIGRATED]: 'kubernetes.io/aws-ebs' } } : {}),
          },
          spec: { drivers: [{ name: DRIVER, nodeID: name, allocatable: { count: 39 } }] },
        });
      }
    },
  };
}

type Source = (name: string) => Partial<PersistentVolumeSpec>;

const inTree: Source = (name) => ({ awsElasticBlockStore: { volumeID: name } });
const csi: Source = (name) => ({ csi: { driver: DRIVER, volumeHandle: name } });

/** Pods that mount a claim of their own, which is bound to a volume already. */
const mounting = (source: Source): Pick<Pods, 'specOf' | 'prepare'> => ({
  specOf: ({ name }) => ({
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }],
  }),
  async prepare({ client }, { name, namespace }) {
    const claim = await client.create(persistentvolumeclaims, {
      metadata: {
        name,
        namespace,
        annotations: { 'pv.kubernetes.io/bind-completed': 'true' },
      },
      spec: {
        accessModes: ['ReadOnlyMany'],
        volumeName: name,
        storageClassName: '',
        resources: { requests: { storage: '1Gi' } },
      },
    });
    await client.create(persistentvolumes, {
      metadata: { name },
      spec: {
        accessModes: ['ReadOnlyMany'],
        capacity: { storage: '1Gi' },
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: {
          kind: 'PersistentVolumeClaim',
          apiVersion: 'v1',
          name,
          namespace,
          uid: claim.metadata.uid!,
        },
        ...source(name),
      },
    });
  },
});

function persistent(
  name: string,
  floor: number,
  fleet: Fleet,
  [before, measured]: readonly [number, number],
  source: Source,
): Workload {
  return {
    name,
    fleet,
    floor,
    before: [{ count: before, namespaces: OLD, ...mounting(source) }],
    measured: { count: measured, namespaces: NEW, ...mounting(source) },
  };
}

const secret: Partial<Pods> = {
  spec: {
    volumes: [{ name: 'secret', secret: { secretName: 'secret' } }],
  },
};

export const VOLUMES: readonly Workload[] = [
  {
    name: 'Secrets',
    fleet: FIVE_THOUSAND,
    floor: 790,
    before: [{ count: 1000, namespaces: OLD, ...secret }],
    measured: { count: 10_000, namespaces: NEW, ...secret },
  },
  persistent('InTreePVs', 290, FIVE_THOUSAND, [1000, 2000], inTree),
  persistent('MigratedInTreePVs', 100, withDriver(true), [5000, 5000], inTree),
  persistent('CSIPVs', 100, withDriver(false), [5000, 5000], csi),
  {
    name: 'PreemptionPVs',
    fleet: plain(1000),
    before: [lowPriority(4000)],
    measured: { count: 1000, ...PREEMPTOR, ...mounting(inTree) },
  },
];
