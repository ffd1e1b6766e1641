import { humanDuration, type KubeObject, parseTime } from '../../../meta/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { Tone } from '../text.ts';
import { isBroken } from '../tones.ts';
import type { PageView } from '../view.ts';
import { objectAt, type World } from '../world.ts';

type Resources = Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;

interface Container {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly {
    readonly containerPort: number;
    readonly protocol?: string;
    readonly name?: string;
  }[];
  readonly resources?: Partial<Resources>;
  readonly livenessProbe?: object;
  readonly readinessProbe?: object;
  readonly startupProbe?: object;
  readonly restartPolicy?: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: {
    readonly running?: { readonly startedAt?: string };
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  };
  readonly lastState?: { readonly terminated?: { readonly finishedAt?: string } };
}

export interface PodLike extends KubeObject {
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
  readonly status?: {
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

const COLUMNS: readonly Column[] = [
  { name: 'NAME' },
  { name: 'TYPE', expendable: 3 },
  { name: 'READY' },
  { name: 'STATE' },
  { name: 'RESTARTS', align: 'right' },
  { name: 'PROBES', expendable: 4 },
  { name: 'CPU R/L', align: 'right', expendable: 2 },
  { name: 'MEM R/L', align: 'right', expendable: 2 },
  { name: 'PORTS', expendable: 1 },
  { name: 'IMAGE', flexible: true },
  { name: 'AGE', align: 'right' },
];

/** The containers of one pod, those for its start first. */
export function containersListing(view: PageView, world: World): Listing {
  const { resource = '', key = '' } = view.subject ?? {};
  const pod = objectAt(world, resource, key) as PodLike | undefined;
  const { nowMs } = world.control.clock();
  const { containers = [], initContainers = [] } = pod?.spec ?? {};
  const { containerStatuses = [], initContainerStatuses = [] } = pod?.status ?? {};
  const rows = [
    ...initContainers.map((each) => rowOf(each, initContainerStatuses, true, nowMs)),
    ...containers.map((each) => rowOf(each, containerStatuses, false, nowMs)),
  ];
  return listingOf(`containers(${key})`, COLUMNS, rows, view);
}

function rowOf(
  container: Container,
  statuses: readonly ContainerStatus[],
  isInit: boolean,
  nowMs: number,
): Row {
  const { name, image = '', ports = [] } = container;
  const status = statuses.find((each) => each.name === name);
  const { running, waiting } = status?.state ?? {};
  const state = stateOf(status);
  const startedMs = parseTime(running?.startedAt);
  return {
    key: name,
    cells: [
      name,
      isInit ? (container.restartPolicy === 'Always' ? 'sidecar' : 'init') : 'main',
      String(status?.ready ?? false),
      state,
      String(status?.restartCount ?? 0),
      probesOf(container),
      amounts(container, 'cpu'),
      amounts(container, 'memory'),
      ports.map((each) => `${each.containerPort}/${each.protocol ?? 'TCP'}`).join(','),
      image,
      Number.isNaN(startedMs) ? '' : humanDuration(nowMs - startedMs),
    ],
    tone: toneOf(state, status?.ready ?? false),
    ...(waiting?.message ? { detail: waiting.message } : {}),
  };
}

function stateOf(status: ContainerStatus | undefined): string {
  const { running, waiting, terminated } = status?.state ?? {};
  if (running) return 'Running';
  if (terminated) return terminated.reason ?? `ExitCode:${terminated.exitCode ?? 0}`;
  return waiting?.reason ?? 'Waiting';
}

function toneOf(state: string, ready: boolean): Tone {
  if (isBroken(state) || state.startsWith('ExitCode')) return 'error';
  if (state === 'Completed') return 'dim';
  return ready ? 'normal' : 'pending';
}

/** `LRS`: which of liveness, readiness and start-up are probed. */
function probesOf({ livenessProbe, readinessProbe, startupProbe }: Container): string {
  const letters = `${livenessProbe ? 'L' : ''}${readinessProbe ? 'R' : ''}${startupProbe ? 'S' : ''}`;
  return letters || '-';
}

function amounts({ resources }: Container, name: string): string {
  const { requests, limits } = resources ?? {};
  const [asked, most] = [requests?.[name], limits?.[name]];
  return asked === undefined && most === undefined ? '-' : `${asked ?? '-'}/${most ?? '-'}`;
}
