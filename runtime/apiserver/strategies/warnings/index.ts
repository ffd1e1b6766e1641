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
  Service,
  ServiceAccount,
} from '../../../../generated/core/v1/types.ts';
import type { Ingress } from '../../../../generated/networking/v1/types.ts';
import type { KubeObject } from '../../../meta/index.ts';
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
  const { spec } = object as KubeObject & Service;
  const isHeadless = spec?.clusterIP === 'None';
  return [
    ...(isHeadless && spec?.loadBalancerIP
      ? ['spec.loadBalancerIP is ignored for headless services']
      : []),
    ...(isHeadless && spec?.externalIPs?.length
      ? ['spec.externalIPs is ignored for headless services']
      : []),
    ...(isHeadless && spec?.sessionAffinity !== 'None' && spec?.sessionAffinity !== undefined
      ? ['spec.SessionAffinity is ignored for headless services']
      : []),
    ...(spec?.externalName && spec.type !== 'ExternalName'
      ? ['spec.externalName is ignored when spec.type is not "ExternalName"']
      : []),
  ];
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
