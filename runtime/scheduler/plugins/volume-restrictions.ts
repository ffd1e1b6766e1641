import { type ClusterPlugin, clusterEvents, type Rejection } from '../framework.ts';
import { conflict, type StorageObjects } from '../volumes/index.ts';

const NAME = 'VolumeRestrictions';

const NO_DISK: Rejection = {
  plugin: NAME,
  code: 'Unschedulable',
  reasons: ['node(s) had no available disk'],
};
const IN_USE: Rejection = {
  plugin: NAME,
  code: 'Unschedulable',
  reasons: [
    'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
  ],
};

/** Keeps apart pods that cannot share a disk on one node, or a ReadWriteOncePod claim anywhere. */
export function volumeRestrictions(storage: StorageObjects): ClusterPlugin {
  return {
    kind: 'cluster',
    name: NAME,
    events: clusterEvents.podDeleted | clusterEvents.nodeAdded | clusterEvents.claims,
    isWorthRetry(shape, { pod, storage: changed }) {
      if (!shape.volumes) return false;
      const { claims, disks } = shape.volumes;
      if (changed) return claims.some(({ name }) => name === changed.name);
      if (!pod) return true;
      const freed = pod.volumes;
      if (!freed) return false;
      return (
        (pod.namespace === shape.namespace &&
          claims.some(({ name }) => freed.claims.some((each) => each.name === name))) ||
        disks.some((disk) => freed.disks.some((each) => conflict(disk, each)))
      );
    },
    preFilter({ namespace, volumes }, { claimUsers }) {
      if (!volumes) return undefined;
      const exclusive: string[] = [];
      for (const { name } of volumes.claims) {
        const claim = storage.claim(namespace, name);
        if (!claim)
          return {
            plugin: NAME,
            code: 'UnschedulableAndUnresolvable',
            reasons: [`persistentvolumeclaim "${name}" not found`],
          };
        if (
          (claim.spec?.accessModes as readonly string[] | undefined)?.includes('ReadWriteOncePod')
        )
          exclusive.push(`${namespace}/${name}`);
      }
      const { disks } = volumes;
      if (disks.length === 0 && exclusive.every((key) => claimUsers.of(key) === 0))
        return undefined;
      return (_, node) => {
        const clashes = disks.some((disk) =>
          node.pods.some(({ shape }) => shape.volumes?.disks.some((each) => conflict(disk, each))),
        );
        if (clashes) return NO_DISK;
        return exclusive.some((key) => claimUsers.of(key) > 0) ? IN_USE : undefined;
      };
    },
  };
}
