import type {
  Container,
  Pod,
  ResourceRequirements,
  Volume,
} from '../../generated/core/v1/types.ts';
import { type Amounts, amountsOf, NO_AMOUNTS, plus, podAmounts } from './amounts.ts';
import { qosOf } from './eviction/index.ts';
import { CGROUPS_AT, cgroupVolume, type MadeFile } from './programs/index.ts';
import { isSidecar } from './sidecar.ts';

type Files = Readonly<Record<string, MadeFile>>;

export interface VolumeContents {
  readonly volume: string;
  readonly files: Files;
}

/** What a control group holds its processes to. Absent: as much as there is. */
interface Size {
  /** Thousandths of a processor. */
  readonly cpuRequest: number;
  readonly cpuLimit?: number | undefined;
  readonly memoryLimit?: number | undefined;
}

/** What the files of control groups say, for each container of a pod, and for volumes that show those of the node. */
export function cgroupContents(pod: Pod): readonly VolumeContents[] {
  const { containers = [], initContainers = [], volumes = [], resources } = pod.spec ?? {};
  const own = [...containers, ...initContainers].map(
    (each): VolumeContents => ({
      volume: cgroupVolume(each.name),
      files: filesOf(each, resources),
    }),
  );
  const shown = volumes
    .filter(({ hostPath }) => hostPath?.path === CGROUPS_AT)
    .map(({ name }: Volume): VolumeContents => ({ volume: name, files: treeOf(pod) }));
  return shown.length > 0 ? [...own, ...shown] : own;
}

const NO_RESOURCES: ResourceRequirements = {};
const known = new WeakMap<ResourceRequirements, Files>();

/** Of a container; the pod's own limits hold where it has none. */
function filesOf(
  { resources = NO_RESOURCES }: Container,
  pod: ResourceRequirements | undefined,
): Files {
  const found = pod ? undefined : known.get(resources);
  if (found) return found;
  const requests = amountsOf(resources.requests);
  const limits = { ...amountsOf(pod?.limits), ...amountsOf(resources.limits) };
  const { cpu: cpuRequest = resources.requests?.cpu === undefined ? limits['cpu'] : 0 } = requests;
  const files = made({ cpuRequest: cpuRequest ?? 0, ...limitsIn(limits) });
  if (!pod) known.set(resources, files);
  return files;
}

function limitsIn(limits: Amounts): Pick<Size, 'cpuLimit' | 'memoryLimit'> {
  return { cpuLimit: limits['cpu'] || undefined, memoryLimit: limits['memory'] || undefined };
}

/** Of a pod, in the tree of its node, as systemd names it. */
function treeOf(pod: Pod): Files {
  const qosClass = qosOf(pod);
  const uid = (pod.metadata.uid ?? '').replaceAll('-', '_');
  const group = qosClass === 'Guaranteed' ? 'kubepods' : `kubepods-${qosClass.toLowerCase()}`;
  const above = qosClass === 'Guaranteed' ? '' : `${group}.slice/`;
  const path = `kubepods.slice/${above}${group}-pod${uid}.slice`;
  const files = Object.entries(made(podSize(pod)));
  return Object.fromEntries(files.map(([name, file]) => [`${path}/${name}`, file]));
}

/** A limit holds for a pod where each of its containers has one, or the pod itself. */
function podSize(pod: Pod): Size {
  const { containers = [], initContainers = [], resources } = pod.spec ?? {};
  const all = [...containers, ...initContainers];
  const staying = [...containers, ...initContainers.filter(isSidecar)];
  const sum = staying.reduce<Amounts>(
    (before, each) => plus(before, amountsOf(each.resources?.limits)),
    NO_AMOUNTS,
  );
  const limits: Record<string, number> = { ...sum };
  for (const each of all) {
    const own = amountsOf(each.resources?.limits);
    for (const name of ['cpu', 'memory']) {
      if (!own[name]) limits[name] = 0;
      else if (limits[name] !== 0) limits[name] = Math.max(limits[name] ?? 0, own[name]!);
    }
  }
  const whole = limitsIn({ ...limits, ...amountsOf(resources?.limits) });
  return { cpuRequest: podAmounts(pod)['cpu'] ?? 0, ...whole };
}

const PERIOD_US = 100_000;
const QUOTA_US_MIN = 1_000;
const READABLE = 0o644;

function made({ cpuRequest, cpuLimit, memoryLimit }: Size): Files {
  const quota = cpuLimit ? Math.max(QUOTA_US_MIN, (cpuLimit * PERIOD_US) / 1000) : 'max';
  const texts: Readonly<Record<string, string | number>> = {
    'cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma',
    'cpu.max': `${typeof quota === 'number' ? Math.floor(quota) : quota} ${PERIOD_US}`,
    'cpu.weight': weightOf(sharesOf(cpuRequest)),
    'memory.high': 'max',
    'memory.low': 0,
    'memory.max': memoryLimit ?? 'max',
    'memory.min': 0,
    'memory.swap.max': 0,
    'pids.max': 'max',
  };
  const files: Record<string, MadeFile> = {};
  for (const [name, text] of Object.entries(texts))
    files[name] = { bytes: `${text}\n`, mode: READABLE };
  return files;
}

const SHARES_MIN = 2;
const SHARES_MAX = 262_144;
const SHARES_A_CPU = 1_024;

function sharesOf(milliCpu: number): number {
  const shares = Math.floor((milliCpu * SHARES_A_CPU) / 1000);
  return Math.min(SHARES_MAX, Math.max(SHARES_MIN, shares));
}

/** Shares of old as a weight from 1 to 10000: a curve through both ends and through 100 for a whole processor. */
function weightOf(shares: number): number {
  if (shares <= SHARES_MIN) return 1;
  if (shares >= SHARES_MAX) return 10_000;
  const log = Math.log2(shares);
  return Math.ceil(10 ** ((log * log + 125 * log) / 612 - 7 / 34));
}
