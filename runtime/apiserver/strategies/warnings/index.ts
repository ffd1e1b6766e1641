/**
 * What clients are warned of, kind by kind, in an object that is accepted all the same: fields and labels that went out of use, values
 * that have no effect or a surprising one. In Kubernetes' words, at the paths of its API.
 *
 * Pure functions of the new object and, of an update, the old one: what was there before is not warned of again. What is said of a
 * pod's spec is remembered with it. Unknown fields are the decoder's matter, Pod Security that of admission.
 */

import type {
  Node,
  PersistentVolume,
  Secret,
  Service,
  ServiceAccount,
} from '../../../../generated/core/v1/types.ts';
import type { Ingress } from '../../../../generated/networking/v1/types.ts';
import type { CSIDriver } from '../../../../generated/storage/v1/types.ts';
import { jsonEqual, type KubeObject } from '../../../meta/index.ts';
import { hostnameWarnings, podNameWarnings } from './names.ts';
import { podWarnings, templateWarnings } from './pods.ts';

/** Says what is to be said about an object. */
export type ObjectWarnings = (object: KubeObject, old: KubeObject | undefined) => readonly string[];

const NONE: readonly string[] = [];

/** Of a kind that makes pods: of its template, and of its own name where pods are called after it. */
function workload(path: string): ObjectWarnings {
  return (object, old) =>
    joined(hostnameWarnings(object, old), templateWarnings(object, old, path));
}

const ingress: ObjectWarnings = (object, old) => {
  const key = 'kubernetes.io/ingress.class';
  const { metadata } = object as KubeObject & Ingress;
  if (old || metadata.annotations?.[key] === undefined) return NONE;
  return [`annotation "${key}" is deprecated, please use 'spec.ingressClassName' instead`];
};

const persistentVolume: ObjectWarnings = (object, old) => {
  const { spec, metadata } = object as KubeObject & PersistentVolume;
  if (old) return NONE;
  const key = 'volume.beta.kubernetes.io/storage-class';
  return [
    ...(metadata.annotations?.[key] === undefined
      ? []
      : [
          `metadata.annotations[${key}]: deprecated since v1.8; use "storageClassName" attribute instead`,
        ]),
    ...(spec?.persistentVolumeReclaimPolicy === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended ' +
            'approach is to use dynamic provisioning.',
        ]
      : []),
  ];
};

const service: ObjectWarnings = (object) => {
  const { spec, metadata } = object as KubeObject & Service;
  const isHeadless = spec?.type === 'ClusterIP' && spec.clusterIP === 'None';
  const isExternal = spec?.type === 'ExternalName';
  const hasAddresses = (spec?.externalIPs?.length ?? 0) > 0;
  const hints = 'service.kubernetes.io/topology-aware-hints';
  return [
    ...(metadata.annotations?.[hints] === undefined
      ? []
      : [
          `annotation ${hints} is deprecated, please use service.kubernetes.io/topology-mode instead`,
        ]),
    ...(isHeadless && spec?.loadBalancerIP
      ? ['spec.loadBalancerIP is ignored for headless services']
      : []),
    ...(isHeadless && hasAddresses ? ['spec.externalIPs is ignored for headless services'] : []),
    ...(isHeadless && spec?.sessionAffinity !== 'None' && spec?.sessionAffinity !== undefined
      ? ['spec.SessionAffinity is ignored for headless services']
      : []),
    ...(hasAddresses && !isHeadless && !isExternal
      ? ['spec.externalIPs is deprecated and may no longer be implemented in some clusters']
      : []),
    ...(hasAddresses && isExternal
      ? ['spec.externalIPs is ignored when spec.type is "ExternalName"']
      : []),
    ...(spec?.externalName && !isExternal
      ? ['spec.externalName is ignored when spec.type is not "ExternalName"']
      : []),
    ...(spec?.trafficDistribution === 'PreferClose'
      ? ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"']
      : []),
  ];
};

const csiDriver: ObjectWarnings = (object, old) => {
  const { tokenRequests = [], serviceAccountTokenInSecrets } = (object as KubeObject & CSIDriver)
    .spec;
  const before = (old as CSIDriver | undefined)?.spec.tokenRequests ?? [];
  const isSaid = serviceAccountTokenInSecrets !== undefined || tokenRequests.length === 0;
  if (isSaid || jsonEqual(tokenRequests, before)) return NONE;
  return [
    'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging ' +
      'of tokens in volume attributes',
  ];
};

const PEM_BLOCK = /-----BEGIN [^-]+-----\r?\n[\s\S]*?-----END [^-]+-----/;

/** Of the two entries of a certificate only that there is something in them is looked at, not whether they belong together. */
const secret: ObjectWarnings = (object) => {
  const { type, data = {} } = object as KubeObject & Secret;
  if (type !== 'kubernetes.io/tls') return NONE;
  const isPem = (entry = ''): boolean => PEM_BLOCK.test(Buffer.from(entry, 'base64').toString());
  if (!isPem(data['tls.crt'])) return ['tls: failed to find any PEM data in certificate input'];
  return isPem(data['tls.key']) ? NONE : ['tls: failed to find any PEM data in key input'];
};

const serviceAccount: ObjectWarnings = ({ metadata }, old) => {
  const key = 'kubernetes.io/enforce-mountable-secrets';
  const { annotations } = metadata as ServiceAccount['metadata'] & KubeObject['metadata'];
  if (annotations?.[key] === undefined || old?.metadata.annotations?.[key] !== undefined)
    return NONE;
  return [
    `metadata.annotations[${key}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
  ];
};

const node: ObjectWarnings = (object, old) => {
  const { spec } = object as KubeObject & Node;
  if (spec === (old as Node | undefined)?.spec) return NONE;
  return [
    ...(spec?.externalID
      ? ['spec.externalID: this field is deprecated, and is unused by Kubernetes']
      : []),
    ...(spec?.configSource
      ? ['spec.configSource: the feature is removed and the field is ignored']
      : []),
  ];
};

const TEMPLATE = 'spec.template';

const WARNINGS: Readonly<Record<string, ObjectWarnings>> = {
  'cronjobs.batch': workload('spec.jobTemplate.spec.template'),
  'csidrivers.storage.k8s.io': csiDriver,
  'daemonsets.apps': workload(TEMPLATE),
  'deployments.apps': workload(TEMPLATE),
  'ingresses.networking.k8s.io': ingress,
  'jobs.batch': workload(TEMPLATE),
  nodes: node,
  persistentvolumes: persistentVolume,
  pods: (object, old) => joined(podNameWarnings(object, old), podWarnings(object, old)),
  podtemplates: (object, old) => templateWarnings(object, old, 'template'),
  'replicasets.apps': workload(TEMPLATE),
  replicationcontrollers: workload(TEMPLATE),
  secrets: secret,
  serviceaccounts: serviceAccount,
  services: service,
  'statefulsets.apps': workload(TEMPLATE),
};

export function warningsOfKind(resource: string): ObjectWarnings | undefined {
  return WARNINGS[resource];
}

function joined(a: readonly string[], b: readonly string[]): readonly string[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b];
}
