import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  Pod,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from '../../../generated/core/v1/types.ts';
import { bytesOf, type MadeFile } from '../programs/index.ts';
import { fieldText, type PodPlace, resourceText } from './fields.ts';
import type { References } from './references.ts';
import { tokenKey } from './tokens.ts';
import { containerNamed, decoded } from './values.ts';

const MODE = 0o644;
/** What the kubelet lets the group of a pod's volumes do with files that nobody writes. */
const GROUP_MODE = 0o440;
const OWN_MODE = 0o600;

type Files = Readonly<Record<string, MadeFile>>;

/** The files of a volume that is made of objects, by path; undefined for any other. */
export function contentsOf(
  references: References,
  volume: Volume,
  place: PodPlace,
): Files | undefined {
  const { configMap, secret, projected, downwardAPI } = volume;
  const group = place.pod.spec?.securityContext?.fsGroup === undefined ? 0 : GROUP_MODE;
  const made = (sources: readonly VolumeProjection[], mode = MODE): Files => {
    const files: Record<string, MadeFile> = {};
    for (const source of sources)
      for (const [path, bytes, own] of filesOf(references, source, place))
        files[path] = { bytes, mode: (own ?? mode) | group };
    for (const { serviceAccountToken: source } of sources)
      if (source) Object.assign(files, tokenFile(volume, source, place, mode));
    return files;
  };
  if (configMap) return made([{ configMap }], configMap.defaultMode);
  if (secret) {
    const { secretName, defaultMode, ...rest } = secret;
    return made(
      [{ secret: { ...rest, ...(secretName === undefined ? {} : { name: secretName }) } }],
      defaultMode,
    );
  }
  if (downwardAPI) return made([{ downwardAPI }], downwardAPI.defaultMode);
  if (projected) return made(projected.sources ?? [], projected.defaultMode);
  return undefined;
}

/** A token is for whoever reads it alone, where the pod says who that is. */
function tokenFile(
  { name }: Volume,
  { path }: ServiceAccountTokenProjection,
  { pod, tokens }: PodPlace,
  mode: number,
): Files {
  const found = tokens?.[tokenKey(name, path)];
  if (!found) return {};
  const isShared = pod.spec?.securityContext?.fsGroup !== undefined;
  const uid = commonUser(pod);
  const own = isShared || uid !== undefined ? OWN_MODE : mode;
  const file = { bytes: found.token, mode: own | (isShared ? GROUP_MODE : 0) };
  return { [path]: uid === undefined ? file : { ...file, uid } };
}

/** The user that all containers of a pod run as, where it is said and the same. */
function commonUser({ spec }: Pod): number | undefined {
  const { containers = [], initContainers = [], securityContext } = spec ?? {};
  const users = new Set(
    [...containers, ...initContainers].map((each) => each.securityContext?.runAsUser),
  );
  const [user, ...others] = [...users].map((each) => each ?? securityContext?.runAsUser);
  return user === undefined || others.some((each) => each !== user) ? undefined : Number(user);
}

type FileRow = readonly [path: string, bytes: string, mode?: number];

function filesOf(
  { configMaps, secrets }: References,
  { configMap, secret, downwardAPI }: VolumeProjection,
  place: PodPlace,
): readonly FileRow[] {
  const namespace = place.pod.metadata.namespace ?? '';
  if (downwardAPI) return (downwardAPI.items ?? []).map((item) => fieldFile(item, place));
  if (configMap) {
    const { data = {}, binaryData = {} } = configMaps.get(configMap.name ?? '', namespace) ?? {};
    const texts = Object.entries(data).map(([key, text]) => [key, bytesOf(text)] as const);
    const bytes = Object.entries(binaryData).map(([key, text]) => [key, decoded(text)] as const);
    return picked(new Map([...texts, ...bytes]), configMap.items);
  }
  if (!secret) return [];
  const { data = {} } = secrets.get(secret.name ?? '', namespace) ?? {};
  const bytes = Object.entries(data).map(([key, text]) => [key, decoded(text)] as const);
  return picked(new Map(bytes), secret.items);
}

function picked(
  all: ReadonlyMap<string, string>,
  items?: readonly KeyToPath[],
): readonly FileRow[] {
  if (!items || items.length === 0) return [...all];
  return items.flatMap(({ key, path, mode }): FileRow[] => {
    const bytes = all.get(key);
    if (bytes === undefined) return [];
    return [mode === undefined ? [path, bytes] : [path, bytes, mode]];
  });
}

function fieldFile(
  { path, fieldRef, resourceFieldRef, mode }: DownwardAPIVolumeFile,
  place: PodPlace,
): FileRow {
  const own = place.pod.spec?.containers?.[0];
  const text = fieldRef
    ? (fieldText(fieldRef, place) ?? '')
    : resourceFieldRef && own
      ? resourceText(
          resourceFieldRef,
          containerNamed(resourceFieldRef.containerName, own, place),
          place,
        )
      : '';
  return mode === undefined ? [path, bytesOf(text)] : [path, bytesOf(text), mode];
}
