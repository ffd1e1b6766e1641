import type {
  PersistentVolume,
  PersistentVolumeClaim,
  Quantity,
} from '../../../generated/core/v1/types.ts';

type Modes = NonNullable<PersistentVolume['spec']>['accessModes'];

interface Shape {
  readonly size?: Quantity;
  readonly modes?: NonNullable<Modes>;
  readonly className?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: object;
}

export function claimOf(name: string, shape: Shape = {}): PersistentVolumeClaim {
  const { size = '5Gi', modes = ['ReadWriteOnce'], className, annotations, spec } = shape;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace: 'shop',
      uid: `uid-${name}`,
      ...(annotations ? { annotations } : {}),
    },
    spec: {
      accessModes: modes,
      resources: { requests: { storage: size } },
      ...(className === undefined ? {} : { storageClassName: className }),
      ...spec,
    },
    status: { phase: 'Pending' },
  };
}

export function volumeOf(name: string, shape: Shape = {}): PersistentVolume {
  const { size = '10Gi', modes = ['ReadWriteOnce'], className, annotations, spec } = shape;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, uid: `uid-${name}`, ...(annotations ? { annotations } : {}) },
    spec: {
      capacity: { storage: size },
      accessModes: modes,
      hostPath: { path: '/srv/x' },
      ...(className === undefined ? {} : { storageClassName: className }),
      ...spec,
    },
    status: { phase: 'Available' },
  };
}

/** A volume's reference to a claim. */
export const refTo = (name: string, uid: string | undefined = `uid-${name}`) => ({
  claimRef: { name, namespace: 'shop', ...(uid ? { uid } : {}) },
});
