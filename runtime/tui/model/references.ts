import type { KubeObject } from '../../meta/index.ts';
import { type Kind, kindById, type World } from './world.ts';

/** Fields in which specs name objects of other kinds in their namespace, or of the cluster: parent and field. */
const FIELDS: Readonly<Record<string, string>> = {
  'configMapKeyRef.name': 'configmaps',
  'configMapRef.name': 'configmaps',
  'configMap.name': 'configmaps',
  'secretKeyRef.name': 'secrets',
  'secretRef.name': 'secrets',
  'secret.name': 'secrets',
  'secret.secretName': 'secrets',
  'tls.secretName': 'secrets',
  'imagePullSecrets.name': 'secrets',
  'secrets.name': 'secrets',
  'persistentVolumeClaim.claimName': 'persistentvolumeclaims',
  'claimRef.name': 'persistentvolumeclaims',
  'spec.serviceAccountName': 'serviceaccounts',
  'spec.priorityClassName': 'priorityclasses.scheduling.k8s.io',
  'spec.storageClassName': 'storageclasses.storage.k8s.io',
  'spec.volumeName': 'persistentvolumes',
  'service.name': 'services',
  'spec.serviceName': 'services',
};

/** One place where an object names another. */
export interface Reference {
  /** Kind of what is named, `configmaps`. */
  readonly resource: string;
  readonly name: string;
  /** `spec.volumes[0].configMap.name` */
  readonly path: string;
}

const known = new WeakMap<KubeObject, readonly Reference[]>();

/** Everything that an object names, status and metadata aside. Worked out once an object. */
export function referencesOf(object: KubeObject): readonly Reference[] {
  let references = known.get(object);
  if (!references) {
    references = find(object);
    known.set(object, references);
  }
  return references;
}

function find(object: KubeObject): readonly Reference[] {
  const found: Reference[] = [];
  const visit = (value: unknown, path: string, parent: string): void => {
    if (Array.isArray(value)) {
      for (const [at, each] of value.entries()) visit(each, `${path}[${at}]`, parent);
      return;
    }
    if (value === null || typeof value !== 'object') return;
    for (const [field, below] of Object.entries(value)) {
      const place = path === '' ? field : `${path}.${field}`;
      const resource = typeof below === 'string' ? FIELDS[`${parent}.${field}`] : undefined;
      if (resource && below !== '') found.push({ resource, name: below as string, path: place });
      else visit(below, place, field);
    }
  };
  const { metadata: _, status: __, ...rest } = object as KubeObject & { status?: unknown };
  visit(rest, '', '');
  return found;
}

/** Key of what is named by an object in some namespace. */
export function referencedKey(
  { resource, name }: Reference,
  namespace: string | undefined,
  world: World,
): string {
  const kind: Kind | undefined = kindById(world, resource);
  return kind?.ref.namespaced && namespace ? `${namespace}/${name}` : name;
}
