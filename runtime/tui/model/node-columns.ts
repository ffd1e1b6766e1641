import { type KubeObject, milliUnits, type QuantityText, wholeUnits } from '../../meta/index.ts';
import type { MoreColumns } from './columns.ts';
import { usageAt } from './usage.ts';
import { amountColumn, bytesText, milliText, shareColumn } from './usage-cells.ts';
import { kindById, type World } from './world.ts';

export const NODE_COLUMNS: readonly MoreColumns[] = [
  {
    after: 'ROLES',
    columns: [
      {
        column: { name: 'PODS', align: 'right', optional: true, expendable: 1 },
        cell: (node, { world }) => String(podCount(node, world)),
        size: (node, { world }) => podCount(node, world),
      },
      amountColumn(
        'CPU',
        2,
        milliText,
        (node, { kind, world }) => usageAt(kind, node, world)?.cpuMilli,
      ),
      shareColumn('%CPU', 4, {
        used: (node, { kind, world }) => usageAt(kind, node, world)?.cpuMilli,
        of: cpuOf,
        isBounded: true,
      }),
      amountColumn('CPU/A', 5, milliText, cpuOf),
      amountColumn(
        'MEM',
        2,
        bytesText,
        (node, { kind, world }) => usageAt(kind, node, world)?.memoryBytes,
      ),
      shareColumn('%MEM', 4, {
        used: (node, { kind, world }) => usageAt(kind, node, world)?.memoryBytes,
        of: memoryOf,
        isBounded: true,
      }),
      amountColumn('MEM/A', 5, bytesText, memoryOf),
    ],
  },
];

type Amounts = Readonly<Record<string, QuantityText>>;

/** What pods may have of it. */
function allocatable(node: KubeObject): Amounts {
  const { status } = node as { status?: { allocatable?: Amounts; capacity?: Amounts } };
  return status?.allocatable ?? status?.capacity ?? {};
}

function cpuOf(node: KubeObject): number {
  return milliUnits(allocatable(node).cpu);
}

function memoryOf(node: KubeObject): number {
  return wholeUnits(allocatable(node).memory);
}

/** Pods that are bound to it, by the API server's index. */
function podCount({ metadata: { name = '' } }: KubeObject, world: World): number {
  const pods = kindById(world, 'pods');
  return pods ? world.lister(pods.ref).countIndex('spec.nodeName', name) : 0;
}
