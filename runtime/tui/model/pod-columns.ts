import { humanDuration, type KubeObject, keyOf, parseTime } from '../../meta/index.ts';
import type { MoreColumns, ObjectColumn } from './columns.ts';
import type { PodLike } from './pages/containers.ts';
import { podAmount, usageAt } from './usage.ts';
import { amountColumn, bytesText, milliText, shareColumn } from './usage-cells.ts';
import { remember, type World } from './world.ts';

const SIDES = { R: 'requests', L: 'limits' } as const;

const share = (what: 'cpuMilli' | 'memoryBytes', side: keyof typeof SIDES): ObjectColumn =>
  shareColumn(`%${what === 'cpuMilli' ? 'CPU' : 'MEM'}/${side}`, side === 'R' ? 4 : 5, {
    used: (pod, { kind, world }) => usageAt(kind, pod, world)?.[what],
    of: (pod) => podAmount(pod, SIDES[side])[what],
    // More than is asked for is what a node has to spare; more than the limit ends a container or slows it down.
    isBounded: side === 'L',
  });

/** What the pod says of itself in one word, beside kubectl's columns. */
function word(name: string, rank: number, cell: ObjectColumn['cell'], cap = 40): ObjectColumn {
  return { column: { name, optional: true, expendable: rank, cap }, cell };
}

/** Ports of this machine that lead to each pod, by its key. */
function forwardedPorts(world: World): ReadonlyMap<string, string> {
  return remember(world, 'forwarded ports', () => {
    const forwards = world.pods()?.forwards.list() ?? [];
    const byPod = Map.groupBy(forwards, ({ namespace, name }) => `${namespace}/${name}`);
    return new Map(
      [...byPod].map(([key, all]) => [key, all.map(({ localPort }) => localPort).join(',')]),
    );
  });
}

export const POD_COLUMNS: readonly MoreColumns[] = [
  {
    after: 'NAME',
    columns: [
      {
        column: { name: 'PF', optional: true, unlessEmpty: true, cap: 12 },
        cell: (pod, { world }) => forwardedPorts(world).get(keyOf(pod)) ?? '',
      },
    ],
  },
  {
    after: 'RESTARTS',
    columns: [
      {
        column: { name: 'LAST RESTART', optional: true, expendable: 7, goesByItself: true },
        cell: (pod, { nowMs }) => {
          const ms = lastRestartMs(pod);
          return ms === undefined ? '<none>' : humanDuration(nowMs - ms);
        },
        size: lastRestartMs,
      },
      amountColumn(
        'CPU',
        2,
        milliText,
        (pod, { kind, world }) => usageAt(kind, pod, world)?.cpuMilli,
      ),
      share('cpuMilli', 'R'),
      share('cpuMilli', 'L'),
      amountColumn(
        'MEM',
        2,
        bytesText,
        (pod, { kind, world }) => usageAt(kind, pod, world)?.memoryBytes,
      ),
      share('memoryBytes', 'R'),
      share('memoryBytes', 'L'),
    ],
  },
  {
    after: 'NODE',
    columns: [word('SERVICE-ACCOUNT', 8, (pod) => specOf(pod).serviceAccountName ?? '<none>')],
  },
  {
    after: 'READINESS GATES',
    columns: [
      word('QOS', 6, (pod) => (pod as { status?: { qosClass?: string } }).status?.qosClass ?? ''),
      word('LABELS', 9, ({ metadata }) => labelsText(metadata.labels), 60),
    ],
  },
];

function specOf(pod: KubeObject): { readonly serviceAccountName?: string } {
  return (pod as { spec?: { serviceAccountName?: string } }).spec ?? {};
}

function labelsText(labels: KubeObject['metadata']['labels'] = {}): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return texts.length > 0 ? texts.join(',') : '<none>';
}

/** When a container of it last ended to be started again. */
function lastRestartMs(pod: KubeObject): number | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = (pod as PodLike).status ?? {};
  const times = [...initContainerStatuses, ...containerStatuses]
    .map(({ lastState }) => parseTime(lastState?.terminated?.finishedAt))
    .filter((time) => !Number.isNaN(time));
  return times.length > 0 ? Math.max(...times) : undefined;
}
