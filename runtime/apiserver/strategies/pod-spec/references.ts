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

/** Resources of the API to which a pod refers, in the order in which they are found fault with. */
export function referencesOf(spec: PodSpec): readonly string[] {
  const { containers = [], initContainers = [], ephemeralContainers = [], volumes = [] } = spec;
  const found = new Set<string>();
  if (spec.serviceAccountName || spec.serviceAccount) found.add('serviceaccounts');
  if (spec.imagePullSecrets?.length) found.add('secrets');
  if (spec.resourceClaims?.length) found.add('resourceclaims');
  for (const { env, envFrom } of [...containers, ...initContainers, ...ephemeralContainers])
    collect([env, envFrom], found);
  collect(volumes, found);
  return ORDER.filter((resource) => found.has(resource));
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [field, inside] of Object.entries(value)) {
    const resource = inside === undefined ? undefined : FIELDS[field];
    if (resource) found.add(resource);
    else collect(inside, found);
  }
}
