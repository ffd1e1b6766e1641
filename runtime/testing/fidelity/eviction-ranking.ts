import type { Pod } from '../../../generated/core/v1/types.ts';
import {
  byDisk,
  byMemory,
  byPriority,
  byProcesses,
  type DiskPart,
  type DiskResource,
  exceedsDisk,
  exceedsMemory,
  type Order,
  orderedBy,
  type PodStats,
  type StatsOf,
} from '../../node/eviction/index.ts';
import type { Tally } from './report.ts';
import { rowsOf } from './vectors.ts';

interface RankingRow {
  /** A call of upstream's: `exceedMemoryRequests(statsFn), priority, memory(statsFn)`. */
  readonly orderedBy: string;
  readonly expectedOrder: readonly Pod[];
  readonly stats: Readonly<Record<string, { readonly object: PodStats }>>;
}

const FILES = [
  'ranking__TestOrderedByPriorityInodes',
  'ranking__TestOrderedByPriorityMemory',
  'ranking__TestOrderedbyInodes',
];

/** The pods are handed in backwards, so that an order that says nothing is no match. */
export async function playRanking(dir: string, tally: Tally): Promise<void> {
  for (const file of FILES)
    for (const { id, case: row } of await rowsOf<RankingRow>(dir, file)) {
      const stats: StatsOf = ({ metadata }) =>
        row.stats[metadata.uid ?? metadata.name ?? '']?.object;
      const ranked = row.expectedOrder
        .toReversed()
        .sort(orderedBy(...ordersIn(row.orderedBy, stats)));
      const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);
      tally.equal(id, names(row.expectedOrder), names(ranked));
    }
}

const PARTS: Readonly<Record<string, DiskPart>> = {
  fsStatsRoot: 'rootfs',
  fsStatsLogs: 'logs',
  fsStatsLocalVolumeSource: 'volumes',
};

function ordersIn(text: string, stats: StatsOf): Order[] {
  const orders: Order[] = [];
  for (const [, name, args = ''] of text.matchAll(/(\w+)(?:\(([^()]*)\))?/g)) {
    const parts = Object.keys(PARTS)
      .filter((each) => args.includes(each))
      .map((each) => PARTS[each]!);
    const resource: DiskResource = args.includes('resourceInodes') ? 'inodes' : 'ephemeral-storage';
    const made = orderNamed(name!, stats, parts, resource);
    if (made) orders.push(made);
  }
  return orders;
}

function orderNamed(
  name: string,
  stats: StatsOf,
  parts: readonly DiskPart[],
  resource: DiskResource,
): Order | undefined {
  switch (name) {
    case 'priority':
      return byPriority;
    case 'exceedMemoryRequests':
      return exceedsMemory(stats);
    case 'memory':
      return byMemory(stats);
    case 'process':
      return byProcesses(stats);
    case 'exceedDiskRequests':
      return exceedsDisk(stats, parts, resource);
    case 'disk':
      return byDisk(stats, parts, resource);
    default:
      return undefined;
  }
}
