import type { PodSpec } from '../../../generated/core/v1/types.ts';

/** The fields by which containers and volumes name a config map or a secret, and where in them the name stands. */
const FIELDS: Readonly<Record<'configMap' | 'secret', Readonly<Record<string, string>>>> = {
  configMap: { configMap: 'name', configMapKeyRef: 'name', configMapRef: 'name' },
  secret: {
    secret: 'name',
    secretKeyRef: 'name',
    secretRef: 'name',
    nodePublishSecretRef: 'name',
  },
};

/** Whether a pod names a config map or a secret of its namespace, anywhere. */
export function refersTo(spec: PodSpec, what: 'configMap' | 'secret', name: string): boolean {
  if (what === 'secret' && spec.imagePullSecrets?.some((each) => each.name === name)) return true;
  const { containers, initContainers, ephemeralContainers, volumes } = spec;
  const lists = [containers, initContainers ?? [], ephemeralContainers ?? []];
  const environments = lists.flat().map(({ env, envFrom }) => [env, envFrom]);
  return names([environments, volumes], FIELDS[what], name);
}

function names(value: unknown, fields: Readonly<Record<string, string>>, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([field, inside]) => {
    if (field === 'secretName' && 'secret' in fields && inside === name) return true;
    const at = fields[field];
    const isNamed = at !== undefined && (inside as Record<string, unknown> | null)?.[at] === name;
    return isNamed || names(inside, fields, name);
  });
}
