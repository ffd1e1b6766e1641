import {
  humanDuration,
  type KubeObject,
  type PrinterColumn,
  parseTime,
  tableColumns,
  tableRow,
} from '../../meta/index.ts';
import type { CustomColumn, CustomView } from '../settings/index.ts';
import { type Kind, kindByName, remember, type World } from './world.ts';

/** A column of a list of one kind: kubectl's, or a user's own. */
export type ListColumn = PrinterColumn & { readonly own?: CustomColumn };

/** What a user has said of the list of a kind. */
export function customView(kind: Kind, world: World): CustomView | undefined {
  const views = world.settings?.views ?? {};
  const byKind = remember(world, 'custom views', () => {
    const named = Object.entries(views).flatMap(([name, view]) => {
      const found = kindByName(world, plainName(name));
      return found ? [[found, view] as const] : [];
    });
    return new Map(named);
  });
  return byKind.get(kind);
}

/** `deployments.apps` for `apps/v1/deployments`, `pods` for `v1/pods`; other names as they are. */
export function plainName(name: string): string {
  const parts = name.split('/');
  if (parts.length === 3) return `${parts[2]}.${parts[0]}`;
  return parts.length === 2 ? parts[1]! : name;
}

/** The columns of a kind: those that the user wants, in their order, and in wide output the others; else kubectl's. */
export function columnsFor(kind: Kind, world: World, isWide = false): readonly ListColumn[] {
  const printed = tableColumns(kind.descriptor);
  const wanted = customView(kind, world)?.columns;
  if (!wanted) return printed;
  const known = (name: string): PrinterColumn | undefined =>
    printed.find((column) => column.name.toUpperCase() === name);
  const first = wanted.flatMap((own): ListColumn[] => {
    const { priority: _, ...column } = known(own.name) ?? { name: own.name, type: 'string' };
    if (own.path === undefined && !known(own.name)) return [];
    const shown = own.path === undefined ? column : { name: own.name, type: 'string' as const };
    return [{ ...shown, ...(own.isWide ? { priority: 1 } : {}), own }];
  });
  if (!isWide) return first;
  const others = printed
    .filter(({ name }) => !wanted.some((own) => own.name === name.toUpperCase()))
    .map((column) => ({ ...column, priority: 1 }));
  return [...first, ...others];
}

/** The cells of one object, in the order of the columns. */
export function cellsOf(
  kind: Kind,
  object: KubeObject,
  nowMs: number,
  columns: readonly ListColumn[],
): string[] {
  const cells = tableRow(kind.descriptor, object, nowMs, columns);
  columns.forEach(({ own }, at) => {
    if (own?.path !== undefined) cells[at] = cellOf(object, own, nowMs);
  });
  return cells;
}

function cellOf(object: KubeObject, { path = '', isAge }: CustomColumn, nowMs: number): string {
  const text = valuesAt(object, stepsOf(path))
    .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
    .join(',');
  const ms = isAge ? parseTime(text) : Number.NaN;
  return Number.isNaN(ms) ? text : humanDuration(nowMs - ms);
}

/** `.metadata.labels.app\.kubernetes\.io/name`, `.spec.containers[*].image`, `.data['a.b']` as names and places. */
function stepsOf(path: string): readonly string[] {
  const steps = path.matchAll(/\[['"]([^'"]*)['"]\]|\[(\d+|\*)\]|((?:\\.|[^.[\]\\])+)/g);
  return [...steps].map(([, quoted, place, plain = '']) =>
    (quoted ?? place ?? plain).replaceAll('\\', ''),
  );
}

function valuesAt(value: unknown, [step, ...rest]: readonly string[]): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (step === undefined) return [value];
  if (step === '*' && Array.isArray(value)) return value.flatMap((each) => valuesAt(each, rest));
  return valuesAt((value as Record<string, unknown>)[step], rest);
}
