import { type KubeObject, type PrinterColumn, resourceId, tableRow } from '../../meta/index.ts';
import type { Column } from './listing.ts';
import { NODE_COLUMNS } from './node-columns.ts';
import { POD_COLUMNS } from './pod-columns.ts';
import type { Tone } from './text.ts';
import type { Kind, World } from './world.ts';

/** One column of a list of objects. */
export interface ObjectColumn {
  readonly column: Column;
  cell(object: KubeObject, looking: Looking): string;
  /** What it is sorted by where that is no text of the cell; undefined comes first. */
  size?(object: KubeObject, looking: Looking): number | undefined;
  /** Where it differs from the row's. */
  tone?(object: KubeObject, looking: Looking): Tone | undefined;
}

/** What cells are worked out with. */
export interface Looking {
  readonly kind: Kind;
  readonly world: World;
  readonly nowMs: number;
}

/** Columns that stand behind one that is printed, or before the age where there is none of that name. */
export interface MoreColumns {
  readonly after: string;
  readonly columns: readonly ObjectColumn[];
}

/** What some kinds show beside what kubectl prints, and how soon kubectl's wide columns of theirs go for lack of room. */
const MORE: Readonly<
  Record<string, readonly [more: readonly MoreColumns[], ranks: Readonly<Record<string, number>>]>
> = {
  pods: [POD_COLUMNS, { NODE: 1, IP: 3, 'NOMINATED NODE': 8, 'READINESS GATES': 8 }],
  nodes: [
    NODE_COLUMNS,
    {
      'INTERNAL-IP': 3,
      'OS-IMAGE': 6,
      'KERNEL-VERSION': 7,
      'CONTAINER-RUNTIME': 8,
      'EXTERNAL-IP': 7,
    },
  ],
};

/** Kubectl's columns, those of its wide output where there is room or they are asked for, the kind's own, and last its age. */
export function objectColumns(
  kind: Kind,
  printed: readonly PrinterColumn[],
  isWide: boolean,
): readonly ObjectColumn[] {
  const [more, ranks] = MORE[resourceId(kind.ref)] ?? [[], {}];
  const columns = printed.flatMap((each): ObjectColumn[] => {
    const own = printedColumn(each, ranks);
    const { name } = own.column;
    return [own, ...more.flatMap(({ after, columns: added }) => (after === name ? added : []))];
  });
  const shown = isWide ? columns.map(asked) : columns;
  const isAge = ({ column }: ObjectColumn): boolean => column.name === 'AGE';
  return [...shown.filter((each) => !isAge(each)), ...shown.filter(isAge)];
}

function printedColumn(
  printed: PrinterColumn,
  ranks: Readonly<Record<string, number>>,
): ObjectColumn {
  const { name: title, type, priority = 0 } = printed;
  const name = title.toUpperCase();
  return {
    column: {
      name,
      ...(name === 'NAME' ? { keepsBoth: true } : {}),
      ...(name === 'RESTARTS' ? { short: withoutAside } : {}),
      ...(type === 'integer' ? { align: 'right' } : {}),
      ...(title === 'Message' ? { flexible: true } : {}),
      ...(tellsTime(printed) ? { goesByItself: true } : {}),
      ...(priority > 0 ? { optional: true, expendable: ranks[name] ?? priority } : {}),
    },
    cell: (object, { kind, nowMs }) => tableRow(kind.descriptor, object, nowMs, [printed])[0] ?? '',
  };
}

/** `10` of `10 (4m ago)`. */
function withoutAside(cell: string): string {
  return cell.replace(/ \(.*\)$/, '');
}

/** Ages, and how long something has run. */
function tellsTime({ type, value = '' }: PrinterColumn): boolean {
  return type === 'date' || /^age$|(Seen|Duration|LastSchedule)$/.test(value);
}

/** As it is in a wide list: there even if it says nothing. */
function asked({ column: { optional: _, ...column }, ...rest }: ObjectColumn): ObjectColumn {
  return { ...rest, column };
}
