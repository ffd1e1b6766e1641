import type {
  ConfigMap,
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
  const { persistentVolumeClaim, ephemeral } = volume;
  if (persistentVolumeClaim)
    return claimProblem(references, namespace, persistentVolumeClaim.claimName, node);
  if (ephemeral) return claimProblem(references, namespace, `${podName}-${volume.name}`, node);
  const missing = sourcesOf(volume).flatMap((each) => missingIn(references, namespace, each));
  const [first, ...others] = new Set(missing);
  if (first === undefined) return undefined;
  const message = others.length === 0 ? first : `[${[first, ...others].join(', ')}]`;
  return { kind: 'setup', message };
}

/** What a volume is made of, as if it were projected. */
function sourcesOf({ configMap, secret, projected }: Volume): readonly VolumeProjection[] {
  if (configMap) return [{ configMap }];
  if (!secret) return projected?.sources ?? [];
  const { secretName, ...rest } = secret;
  return [{ secret: secretName === undefined ? rest : { ...rest, name: secretName } }];
}

function missingIn(
  { configMaps, secrets }: References,
  namespace: string,
  { configMap, secret }: VolumeProjection,
): readonly string[] {
  const source = configMap ?? secret;
  if (!source || source.optional) return [];
  const { name = '', items = [] } = source;
  const [lister, kind, what] = configMap
    ? ([configMaps, 'configmap', 'config'] as const)
    : ([secrets, 'secret', 'secret'] as const);
  const found: Pick<ConfigMap, 'data' | 'binaryData'> | undefined = lister.get(name, namespace);
  if (!found) return [`${kind} "${name}" not found`];
  const { data = {}, binaryData = {} } = found;
  const missing = items.find(({ key }) => data[key] === undefined && binaryData[key] === undefined);
  return missing ? [`${kind} references non-existent ${what} key: ${missing.key}`] : [];
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
