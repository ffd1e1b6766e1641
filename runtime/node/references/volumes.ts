import type {
  KeyToPath,
  Node,
  PersistentVolume,
  Pod,
  Volume,
  VolumeProjection,
} from '../../../generated/core/v1/types.ts';
import type { References } from './references.ts';

/** Why a volume is not there yet. */
export interface VolumeProblem {
  readonly volume: string;
  /**
   * `setup`: what it is made of is missing, and it is tried again and again. `attach`: the disk is not attached to the node yet.
   * `process`: its claim cannot be used.
   */
  readonly kind: 'setup' | 'attach' | 'process';
  readonly message: string;
}

/** The volumes that containers mount and that are not there, in the pod's order. `node` says which disks are attached. */
export function volumeProblems(
  references: References,
  pod: Pod,
  node: Node | undefined,
): readonly VolumeProblem[] {
  const { volumes } = pod.spec ?? {};
  if (!volumes || volumes.length === 0) return NONE;
  let problems: VolumeProblem[] | undefined;
  for (const volume of volumes) {
    const problem = problemOf(references, pod, volume, node);
    if (!problem || !isMounted(pod, volume.name)) continue;
    problems ??= [];
    problems.push({ volume: volume.name, ...problem });
  }
  return problems ?? NONE;
}

const NONE: readonly VolumeProblem[] = [];

type Problem = Omit<VolumeProblem, 'volume'>;

function isMounted({ spec }: Pod, volume: string): boolean {
  const all = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return all.some(
    ({ volumeMounts = [], volumeDevices = [] }) =>
      volumeMounts.some(({ name }) => name === volume) ||
      volumeDevices.some(({ name }) => name === volume),
  );
}

function problemOf(
  references: References,
  pod: Pod,
  volume: Volume,
  node: Node | undefined,
): Problem | undefined {
  const { namespace = '', name: podName = '' } = pod.metadata;
  const { configMap, secret, projected, persistentVolumeClaim, ephemeral } = volume;
  const setup = (messages: readonly string[]): Problem | undefined =>
    messages.length === 0 ? undefined : { kind: 'setup', message: joined(messages) };
  if (configMap)
    return setup(
      configMapProblems(
        references,
        namespace,
        configMap.name,
        configMap.items,
        configMap.optional,
        'configmap ',
      ),
    );
  if (secret)
    return setup(
      secretProblems(
        references,
        namespace,
        secret.secretName,
        secret.items,
        secret.optional,
        'secret ',
      ),
    );
  if (projected)
    return setup(
      (projected.sources ?? []).flatMap((each) => sourceProblems(references, namespace, each)),
    );
  if (persistentVolumeClaim)
    return claimProblem(references, namespace, persistentVolumeClaim.claimName, node);
  if (ephemeral) return claimProblem(references, namespace, `${podName}-${volume.name}`, node);
  return undefined;
}

function joined(messages: readonly string[]): string {
  const [first = '', ...others] = new Set(messages);
  return others.length === 0 ? first : `[${[first, ...others].join(', ')}]`;
}

function sourceProblems(
  references: References,
  namespace: string,
  { configMap, secret }: VolumeProjection,
): readonly string[] {
  if (configMap) {
    const { name, items, optional } = configMap;
    return configMapProblems(references, namespace, name, items, optional, 'configmap ');
  }
  if (secret) {
    const { name, items, optional } = secret;
    return secretProblems(references, namespace, name, items, optional, 'secret ');
  }
  return [];
}

function configMapProblems(
  { configMaps }: References,
  namespace: string,
  name = '',
  items: readonly KeyToPath[] = [],
  optional = false,
  prefix = '',
): readonly string[] {
  const found = configMaps.get(name, namespace);
  if (!found) return optional ? [] : [`configmap "${name}" not found`];
  if (optional) return [];
  const missing = items.find(
    ({ key }) => found.data?.[key] === undefined && found.binaryData?.[key] === undefined,
  );
  return missing ? [`${prefix}references non-existent config key: ${missing.key}`] : [];
}

function secretProblems(
  { secrets }: References,
  namespace: string,
  name = '',
  items: readonly KeyToPath[] = [],
  optional = false,
  prefix = '',
): readonly string[] {
  const found = secrets.get(name, namespace);
  if (!found) return optional ? [] : [`secret "${name}" not found`];
  if (optional) return [];
  const missing = items.find(({ key }) => found.data?.[key] === undefined);
  return missing ? [`${prefix}references non-existent secret key: ${missing.key}`] : [];
}

function claimProblem(
  { claims, volumes, drivers }: References,
  namespace: string,
  name: string,
  node: Node | undefined,
): Problem | undefined {
  const failed = (why: string): Problem => ({
    kind: 'process',
    message: `error processing PVC ${namespace}/${name}: ${why}`,
  });
  const claim = claims.get(name, namespace);
  if (!claim)
    return failed(
      `failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`,
    );
  if (claim.metadata.deletionTimestamp !== undefined) return failed('PVC is being deleted');
  const volume = volumes.byKey(claim.spec?.volumeName ?? '');
  if (claim.status?.phase !== 'Bound' || !volume) return failed('PVC is not bound');
  const driver = volume.spec?.csi?.driver;
  if (driver === undefined || drivers.byKey(driver)?.spec?.attachRequired === false)
    return undefined;
  const attached = attachedName(volume);
  const isThere = node?.status?.volumesAttached?.some((each) => each.name === attached);
  return isThere ? undefined : { kind: 'attach', message: attached };
}

/** As nodes name what is attached to them. */
function attachedName({ spec }: PersistentVolume): string {
  const { driver = '', volumeHandle = '' } = spec?.csi ?? {};
  return `kubernetes.io/csi/${driver}^${volumeHandle}`;
}
