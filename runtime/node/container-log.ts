import type { Behaviour } from '../../generated/cluster/v1/types.ts';
import type { Container, ContainerState, Pod } from '../../generated/core/v1/types.ts';
import { parseTime } from '../meta/index.ts';
import { compileBehaviours, matching } from './behaviour-match.ts';
import { ephemeralContainers } from './ephemeral.ts';
import { type LogLine, logs } from './logs.ts';

/** Which run of which container. */
export interface LogQuestion {
  /** May be left out when there is only one. */
  readonly container?: string | undefined;
  /** The run before the current one. */
  readonly previous?: boolean | undefined;
}

/** What a container has written, or why that cannot be said. */
export type LogAnswer =
  | { readonly lines: readonly LogLine[]; readonly isOver: boolean }
  | { readonly wrong: string };

/** What a known program has written, and will, in a run; undefined where it is not known. */
export type PlayedLog = (spec: Container, nth: number) => readonly LogLine[] | undefined;

/** The log of one run of a container, as the kubelet has it: what its behaviour writes between its start and its end. */
export function containerLog(
  pod: Pod,
  { container: name, previous = false }: LogQuestion,
  behaviours: readonly Behaviour[],
  nowMs: number,
  played: PlayedLog = () => undefined,
): LogAnswer {
  const found = chosen(pod, name);
  if ('wrong' in found) return found;
  const about = `container "${found.name}" in pod "${pod.metadata?.name}"`;
  const {
    containerStatuses = [],
    initContainerStatuses = [],
    ephemeralContainerStatuses = [],
  } = pod.status ?? {};
  const all = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  const status = all.find((each) => each.name === found.name);
  const state: ContainerState = (previous ? status?.lastState : status?.state) ?? {};
  if (previous && !state.terminated) return { wrong: `previous terminated ${about} not found` };
  if (!pod.spec?.nodeName) return { lines: [], isOver: false };
  const { running, terminated, waiting } = state;
  const last = terminated ?? status?.lastState?.terminated;
  if (!running && !last)
    return { wrong: `${about} is waiting to start: ${waiting?.reason ?? 'ContainerCreating'}` };
  const startedMs = parseTime((running ?? last)?.startedAt);
  const endMs = running ? nowMs : parseTime(last?.finishedAt);
  const spec = matching(compileBehaviours(behaviours), pod, found).find(
    (each) => each.spec.logs !== undefined,
  )?.spec;
  const counted = status?.restartCount ?? 0;
  const nth = previous && (state === status?.lastState || running) ? counted - 1 : counted;
  const own = spec ? undefined : played(found, nth)?.filter(({ atMs }) => atMs <= nowMs);
  return { lines: own ?? logs(spec, startedMs, endMs), isOver: !running };
}

function chosen(pod: Pod, name: string | undefined): Container | { wrong: string } {
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const all = [...initContainers, ...containers, ...ephemeralContainers(pod)];
  const podName = pod.metadata?.name;
  if (name) {
    const found = all.find((each) => each.name === name);
    return found ?? { wrong: `container ${name} is not valid for pod ${podName}` };
  }
  const [only] = containers;
  if (containers.length === 1 && only) return only;
  const names = (list: readonly Container[]): string =>
    `[${list.map((each) => each.name).join(' ')}]`;
  const inits =
    initContainers.length > 0 ? ` or one of the init containers: ${names(initContainers)}` : '';
  return {
    wrong: `a container name must be specified for pod ${podName}, choose one of: ${names(containers)}${inits}`,
  };
}
