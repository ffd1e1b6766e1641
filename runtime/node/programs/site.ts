import type {
  Container,
  Pod,
  PodSecurityContext,
  Volume as VolumeSpec,
} from '../../../generated/core/v1/types.ts';
import { wholeUnits } from '../../meta/index.ts';
import { ephemeralContainers } from '../ephemeral.ts';
import { CGROUPS_AT, cgroupVolume } from './cgroup-mount.ts';
import { type Identity, joined, type Mount, Volume } from './files/index.ts';
import { hostFile } from './host-files.ts';
import { type ImageProgram, imageProgram } from './images.ts';
import type { Facts } from './machine.ts';
import { privilegesOf, processStatus } from './security.ts';

/** A container as its programs find it. */
export interface ContainerSite {
  readonly spec: Container;
  readonly image: ImageProgram | undefined;
  readonly who: Identity;
  readonly facts: Facts;
}

/** A pod as a place where programs run; made of its spec and of where it is. */
export interface PodSite {
  readonly pod: Pod;
  readonly podIp: string;
  readonly nodeName: string;
  /** What is in `/etc/hosts` and `/etc/resolv.conf`. */
  readonly hosts: string;
  readonly resolver: string;
}

export function everyContainer(pod: Pod): readonly Container[] {
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  return [...initContainers, ...containers, ...ephemeralContainers(pod)];
}

export function containerSite(site: PodSite, spec: Container): ContainerSite {
  const { pod } = site;
  const common: PodSecurityContext = pod.spec?.securityContext ?? {};
  const own = spec.securityContext ?? {};
  const image = imageProgram(spec.image ?? '');
  const uid = Number(own.runAsUser ?? common.runAsUser ?? image?.user ?? 0);
  const [group = 0, ...others] = image?.groups?.[uid] ?? [];
  const gid = Number(own.runAsGroup ?? common.runAsGroup ?? group);
  const groups = [
    ...(common.supplementalGroupsPolicy === 'Strict' ? [] : others),
    ...(common.supplementalGroups ?? []).map(Number),
    ...(common.fsGroup === undefined ? [] : [Number(common.fsGroup)]),
  ];
  const facts: Facts = {
    hostname: hostnameOf(site),
    podName: pod.metadata.name ?? '',
    podIp: site.podIp,
    nodeName: site.nodeName,
    uid,
    gid,
    groups,
    privileges: privilegesOf(spec, common),
    sysctls: Object.fromEntries(
      (common.sysctls ?? []).map(({ name, value }) => [name.replaceAll('/', '.'), value]),
    ),
  };
  return { spec, image, who: { uid, gid, groups }, facts };
}

const HOSTNAME_MAX = 63;

export function hostnameOf({ pod, nodeName }: Pick<PodSite, 'pod' | 'nodeName'>): string {
  const { spec, metadata } = pod;
  if (spec?.hostNetwork) return nodeName;
  return (spec?.hostname ?? metadata.name ?? '').slice(0, HOSTNAME_MAX).replace(/[-.]+$/, '');
}

const ROOT_OWNED = { uid: 0, gid: 0 };

/** A volume of the pod, empty as it is set up. */
export function emptyVolume(spec: VolumeSpec, pod: Pod, nowMs: number): Volume {
  if (spec.image) return imageVolume(spec.image.reference ?? '', nowMs);
  const { emptyDir, secret, projected, downwardAPI, configMap, hostPath } = spec;
  if (hostPath?.path === CGROUPS_AT) return cgroupFiles(nowMs);
  const isMemory = emptyDir?.medium === 'Memory' || secret || projected || downwardAPI;
  const limit = emptyDir?.sizeLimit;
  const sizeKib = limit === undefined ? undefined : Math.floor(wholeUnits(limit) / 1024);
  const group = pod.spec?.securityContext?.fsGroup;
  const isOwned = group !== undefined && !hostPath && !spec.nfs;
  const isMade = configMap || secret || projected || downwardAPI;
  const mode = isOwned ? 0o2777 : isMade ? 0o1777 : 0o777;
  const type = { type: isMemory ? 'tmpfs' : 'ext4', ...(sizeKib === undefined ? {} : { sizeKib }) };
  const volume = new Volume(type, { mode, uid: 0, gid: isOwned ? Number(group) : 0 }, nowMs);
  volume.isFixed = isMade !== undefined;
  const file = hostPath && hostFile(hostPath, nowMs);
  if (file) volume.put('', file);
  return volume;
}

/** The files of a container's control group, which come with what the pod's history says of them. */
export function cgroupFiles(nowMs: number): Volume {
  const volume = new Volume({ type: 'cgroup2' }, { mode: 0o555, ...ROOT_OWNED }, nowMs);
  volume.isFixed = true;
  return volume;
}

/** What an image has, as far as it is known; nobody writes there. */
function imageVolume(reference: string, nowMs: number): Volume {
  const volume = new Volume({ type: 'overlay' }, { mode: 0o755, ...ROOT_OWNED }, nowMs);
  const entry = { bytes: '', mode: 0o755, ...ROOT_OWNED, changedMs: nowMs };
  for (const [path, text] of Object.entries(imageProgram(reference)?.files ?? {})) {
    const parts = path.slice(1).split('/');
    for (let at = 1; at < parts.length; at++)
      volume.put(parts.slice(0, at).join('/'), { ...entry, kind: 'directory' });
    volume.put(path.slice(1), { ...entry, kind: 'file', bytes: text, mode: 0o644 });
  }
  volume.isFixed = true;
  return volume;
}

const DIRECTORIES: Readonly<Record<string, number>> = {
  bin: 0o755,
  dev: 0o755,
  etc: 0o755,
  home: 0o755,
  opt: 0o755,
  proc: 0o555,
  root: 0o700,
  sys: 0o555,
  tmp: 0o1777,
  usr: 0o755,
  'sys/fs': 0o755,
  'sys/fs/cgroup': 0o555,
  'usr/bin': 0o755,
  'usr/local': 0o755,
  var: 0o755,
  'var/log': 0o755,
  'var/run': 0o755,
};

/** The files that a run of a container begins with. */
export function rootOf(
  site: PodSite,
  { spec, facts, image }: ContainerSite,
  nowMs: number,
): Volume {
  const root = new Volume({ type: 'overlay' }, { mode: 0o755, ...ROOT_OWNED }, nowMs);
  const directory = (path: string, mode = 0o755): void => {
    root.put(path, { kind: 'directory', bytes: '', mode, ...ROOT_OWNED, changedMs: nowMs });
  };
  const parents = (path: string): void => {
    const parts = path.split('/').slice(0, -1);
    for (const at of parts.keys()) {
      const each = parts.slice(0, at + 1).join('/');
      if (!root.entries.has(each)) directory(each);
    }
  };
  const file = (path: string, bytes: string, mode = 0o644): void => {
    parents(path);
    root.put(path, { kind: 'file', bytes, mode, ...ROOT_OWNED, changedMs: nowMs });
  };
  for (const [path, mode] of Object.entries(DIRECTORIES)) directory(path, mode);
  file('etc/hostname', `${facts.hostname}\n`);
  file('etc/hosts', site.hosts);
  file('etc/resolv.conf', site.resolver);
  file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n');
  file('etc/group', 'root:x:0:\nnobody:x:65534:\n');
  const status = processStatus(facts, facts.privileges);
  for (const process of ['self', '1']) file(`proc/${process}/status`, status, 0o444);
  for (const device of ['null', 'zero', 'random', 'urandom', 'tty'])
    file(`dev/${device}`, '', 0o666);
  file((spec.terminationMessagePath ?? '/dev/termination-log').replace(/^\//, ''), '', 0o666);
  for (const [path, text] of Object.entries(image?.files ?? {}))
    file(path.replace(/^\//, ''), text);
  for (const { mountPath } of spec.volumeMounts ?? []) {
    const path = joined('/', mountPath).slice(1);
    parents(path);
    if (path !== '') directory(path);
  }
  return root;
}

/** What a container sees where. A part of a volume that is mounted and not there is made. */
export function mountsOf(
  { spec }: ContainerSite,
  env: ReadonlyMap<string, string>,
  root: Volume,
  volumes: ReadonlyMap<string, Volume>,
  nowMs: number,
): Mount[] {
  const readOnly = spec.securityContext?.readOnlyRootFilesystem ?? false;
  const mounts: Mount[] = [{ path: '', volume: root, inside: '', readOnly }];
  const group = volumes.get(cgroupVolume(spec.name));
  if (group) mounts.push({ path: CGROUPS_AT, volume: group, inside: '', readOnly: true });
  for (const {
    name,
    mountPath,
    subPath,
    subPathExpr,
    readOnly: isRead = false,
  } of spec.volumeMounts ?? []) {
    const volume = volumes.get(name);
    if (!volume) continue;
    const wanted = subPathExpr ? expanded(subPathExpr, env) : (subPath ?? '');
    const inside = joined('/', wanted).slice(1);
    if (inside !== '' && !volume.entries.has(inside)) makePart(volume, inside, nowMs);
    mounts.push({
      path: joined('/', mountPath).replace(/\/$/, ''),
      volume,
      inside,
      readOnly: isRead || volume.isFixed,
    });
  }
  return mounts;
}

function makePart(volume: Volume, inside: string, nowMs: number): void {
  const parts = inside.split('/');
  const { mode, gid } = volume.entries.get('')!;
  for (const at of parts.keys()) {
    const path = parts.slice(0, at + 1).join('/');
    if (!volume.entries.has(path))
      volume.put(path, { kind: 'directory', bytes: '', mode, uid: 0, gid, changedMs: nowMs });
  }
}

/** `$(NAME)` as the value of a variable, `$$` as a dollar sign; what is not known stays as it is. */
export function expanded(text: string, env: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([A-Za-z_.-][\w.-]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (env.get(name) ?? whole),
  );
}
