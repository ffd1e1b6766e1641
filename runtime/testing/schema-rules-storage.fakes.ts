import { type Broken, many } from './schema-rules.fakes.ts';

const container = { name: 'a', image: 'b' };
const selector = { app: 'a' };
const template = { metadata: { labels: selector }, spec: { containers: [container] } };

const CONTROLLERS: readonly Broken[] = [
  ...many('core/v1.ReplicationControllerSpec', [
    [{}, 'required selector', 'required template'],
    [{ selector: { app: 'b' }, template }, 'invalid template.metadata.labels'],
    [
      {
        selector,
        template: {
          ...template,
          spec: { containers: [container], restartPolicy: 'Never', activeDeadlineSeconds: 1 },
        },
      },
      'unsupported template.spec.restartPolicy',
      'forbidden template.spec.activeDeadlineSeconds',
    ],
  ]),
  ...many('core/v1.ReplicationControllerStatus', [
    [
      { replicas: 1, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 3 },
      'invalid fullyLabeledReplicas',
      'invalid readyReplicas',
      'invalid availableReplicas',
    ],
  ]),
  ...many('core/v1.EndpointSubset', [[{ ports: [{ port: 1 }] }, 'required']]),
];

const VOLUMES: readonly Broken[] = [
  ...many('core/v1.AzureFilePersistentVolumeSource', [
    [{ secretName: 'a', shareName: 'b', secretNamespace: '' }, 'required secretNamespace'],
  ]),
  ...many('core/v1.CinderPersistentVolumeSource', [
    [{ volumeID: 'a', secretRef: {} }, 'required secretRef.name', 'required secretRef.namespace'],
  ]),
  ...many('core/v1.GlusterfsPersistentVolumeSource', [
    [{ endpoints: 'a', path: 'b', endpointsNamespace: '' }, 'invalid endpointsNamespace'],
  ]),
  ...many('core/v1.LocalVolumeSource', [[{ path: '/a/../b' }, 'invalid path']]),
  ...many('core/v1.ScaleIOPersistentVolumeSource', [
    [{ gateway: 'a', system: 'b', secretRef: {} }, 'required volumeName'],
  ]),
  ...many('core/v1.StorageOSPersistentVolumeSource', [[{}, 'required volumeName']]),
  ...many('core/v1.VolumeNodeAffinity', [[{}, 'required required']]),
];

const STORAGE: readonly Broken[] = [
  ...many('storage/v1.CSIDriverSpec', [
    [{ nodeAllocatableUpdatePeriodSeconds: 9 }, 'invalid nodeAllocatableUpdatePeriodSeconds'],
  ]),
  ...many('storage/v1.TopologySelectorLabelRequirement', [
    [{ key: '', values: ['a'] }, 'invalid key'],
  ]),
  ...many('storage/v1.VolumeAttachmentSource', [
    [{}, 'required'],
    [{ persistentVolumeName: '' }, 'required persistentVolumeName'],
    [{ persistentVolumeName: 'a', inlineVolumeSpec: {} }, 'forbidden'],
  ]),
];

/** Of volumes and their kinds, and of what else core/v1 has. */
export const BROKEN_STORAGE: readonly Broken[] = [...CONTROLLERS, ...VOLUMES, ...STORAGE];
