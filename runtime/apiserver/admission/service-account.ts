import type {
  Container,
  Pod,
  PodSpec,
  ServiceAccount,
  Volume,
} from '../../../generated/core/v1/types.ts';
import { canonicalJson, fnv32, forbidden, type KubeObject, safeEncode } from '../../meta/index.ts';
import { about } from '../kind.ts';
import { referencesOf } from '../strategies/pod-spec/index.ts';
import { MIRROR } from '../strategies/pods/mirrors.ts';
import type { AdmissionPlugin } from './plugin.ts';

const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_SECONDS = 3607;

/**
 * Gives every pod a service account that exists, its pull secrets, and the volume with its token. The volume's name, random
 * upstream, derives from the pod's spec here, so that pods of one template go on sharing one spec.
 */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  resource: 'pods',
  mutate({ operation, kind, namespace, object }, core) {
    if (operation !== 'CREATE') return object;
    const pod = object as KubeObject & Pod;
    if (!pod.spec || pod.metadata.annotations?.[MIRROR] !== undefined) return object;
    const name = pod.spec.serviceAccountName || pod.spec.serviceAccount || 'default';
    const account = core.kindById('serviceaccounts')?.cache.row(`${namespace}/${name}`)?.object as
      | ServiceAccount
      | undefined;
    if (!account)
      throw forbidden(
        about(kind, pod.metadata.name),
        `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
      );
    const spec = specFor(pod.spec, name, account);
    return spec === pod.spec ? object : ({ ...pod, spec } as KubeObject);
  },
  /** A mirror shows what a node runs without asking anybody: nothing of the API goes into it. */
  validate({ operation, kind, object }) {
    const { metadata, spec } = object as KubeObject & Pod;
    if (operation !== 'CREATE' || !spec || metadata.annotations?.[MIRROR] === undefined) return;
    const wrong = wrongInMirror(spec);
    if (wrong) throw forbidden(about(kind, metadata.name), `a mirror pod may not ${wrong}`);
  },
};

function wrongInMirror(spec: PodSpec): string | undefined {
  if (spec.serviceAccountName) return 'reference service accounts';
  const references = referencesOf(spec).map(({ resource }) => resource);
  if (references.includes('secrets')) return 'reference secrets';
  return references.includes('serviceaccounts')
    ? 'use ServiceAccountToken volume projections'
    : undefined;
}

/** Specs already completed, by the spec and what of the account goes into it. */
const completed = new WeakMap<PodSpec, Map<string, PodSpec>>();

function specFor(spec: PodSpec, name: string, account: ServiceAccount): PodSpec {
  const automount =
    spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  const secrets = spec.imagePullSecrets?.length ? undefined : account.imagePullSecrets;
  const variant = `${name}/${automount}/${secrets ? canonicalJson(secrets) : ''}`;
  const variants = completed.get(spec) ?? new Map<string, PodSpec>();
  completed.set(spec, variants);
  let found = variants.get(variant);
  if (!found) {
    found = withAccount(spec, name);
    if (secrets?.length) found = { ...found, imagePullSecrets: secrets };
    if (automount) found = withToken(found);
    variants.set(variant, found);
    // What is stored may come back as a new pod: it is complete already.
    completed.set(found, new Map([[variant, found]]));
  }
  return found;
}

function withAccount(spec: PodSpec, name: string): PodSpec {
  if (spec.serviceAccountName === name && spec.serviceAccount === name) return spec;
  return { ...spec, serviceAccountName: name, serviceAccount: name };
}

function withToken(spec: PodSpec): PodSpec {
  const { containers = [], initContainers = [] } = spec;
  if (![...initContainers, ...containers].some(lacksToken)) return spec;
  const existing = spec.volumes?.find(({ name }) => name?.startsWith('kube-api-access-'));
  const name = existing?.name ?? `kube-api-access-${suffixOf(spec)}`;
  const mount = (container: Container): Container =>
    lacksToken(container)
      ? {
          ...container,
          volumeMounts: [
            ...(container.volumeMounts ?? []),
            { name, readOnly: true, mountPath: MOUNT_PATH },
          ],
        }
      : container;
  return {
    ...spec,
    ...(spec.initContainers ? { initContainers: initContainers.map(mount) } : {}),
    ...(spec.containers ? { containers: containers.map(mount) } : {}),
    volumes: existing ? spec.volumes! : [...(spec.volumes ?? []), tokenVolume(name)],
  };
}

function lacksToken({ volumeMounts }: Container): boolean {
  return !volumeMounts?.some(({ mountPath }) => mountPath === MOUNT_PATH);
}

function suffixOf(spec: PodSpec): string {
  return safeEncode(String(fnv32(canonicalJson(spec)))).slice(0, 5);
}

function tokenVolume(name: string): Volume {
  const namespaceField = { apiVersion: 'v1', fieldPath: 'metadata.namespace' };
  return {
    name,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        {
          configMap: {
            name: 'kube-root-ca.crt',
            items: [{ key: 'ca.crt', path: 'ca.crt' }],
          },
        },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: namespaceField }] } },
      ],
    },
  };
}
