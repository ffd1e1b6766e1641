import type { PodSpec } from '../../../../generated/core/v1/types.ts';

/** By the fields in which containers and volumes name other objects. */
const FIELDS: Readonly<Record<string, string>> = {
  clusterTrustBundle: 'clustertrustbundles',
  configMap: 'configmaps',
  configMapKeyRef: 'configmaps',
  configMapRef: 'configmaps',
  ephemeral: 'persistentvolumeclaims',
  nodePublishSecretRef: 'secrets',
  persistentVolumeClaim: 'persistentvolumeclaims',
  secret: 'secrets',
  secretKeyRef: 'secrets',
  secretName: 'secrets',
  secretRef: 'secrets',
  serviceAccountToken: 'serviceaccounts',
};

const ORDER = [
  'serviceaccounts',
  'secrets',
  'configmaps',
  'resourceclaims',
  'clustertrustbundles',
  'persistentvolumeclaims',
];

/** What of the API a pod refers to: resources in the order in which they are found fault with, each with the first field. */
export function referencesOf(spec: PodSpec): readonly Reference[] {
  const found = new Map<string, string>();
  if (spec.serviceAccountName || spec.serviceAccount)
    found.set('serviceaccounts', spec.serviceAccountName ? 'serviceAccountName' : 'serviceAccount');
  if (spec.imagePullSecrets?.length) found.set('secrets', 'imagePullSecrets');
  if (spec.resourceClaims?.length) found.set('resourceclaims', 'resourceClaims');
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'] as const)
    for (const [at, { env, envFrom }] of (spec[list] ?? []).entries()) {
      collect(env, `${list}[${at}].env`, found);
      collect(envFrom, `${list}[${at}].envFrom`, found);
    }
  collect(spec.volumes, 'volumes', found);
  return ORDER.flatMap((resource) => {
    const field = found.get(resource);
    return field === undefined ? [] : [{ resource, field }];
  });
}

export interface Reference {
  /** Such as `secrets`. */
  readonly resource: string;
  /** Below the spec. */
  readonly field: string;
}

function collect(value: unknown, path: string, found: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inside] of Object.entries(value)) {
    const field = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
    const resource = inside === undefined ? undefined : FIELDS[name];
    if (!resource) collect(inside, field, found);
    else if (!found.has(resource)) found.set(resource, field);
  }
}
