import { humanDuration, type KubeObject, parseTime } from '../../meta/index.ts';
import type { CustomColumn, CustomView } from '../settings/index.ts';
import type { ObjectColumn } from './columns.ts';
import { type Kind, kindByName, remember, type World } from './world.ts';

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

/** Whether a user has columns with values that kubectl does not print. */
export const hasValues = (view: CustomView | undefined): boolean =>
  view?.columns.some(({ path }) => path !== undefined) ?? false;

/** The columns that a user wants, of those that are known and of their own, in their order; in wide output the others behind. */
export function wantedColumns(
  known: readonly ObjectColumn[],
  { columns: wanted }: CustomView,
  isWide: boolean,
): readonly ObjectColumn[] {
  const first = wanted.flatMap((own): ObjectColumn[] => {
    const found =
      own.path === undefined ? known.find((each) => isNamed(each, own)) : ownColumn(own);
    return found ? [placed(found, own, isWide)] : [];
  });
  if (!isWide) return first;
  const others = known.filter((each) => !wanted.some((own) => isNamed(each, own)));
  return [...first, ...others.map(lastToStay)];
}

const isNamed = ({ column }: ObjectColumn, { name }: CustomColumn): boolean => column.name === name;

const ownColumn = (own: CustomColumn): ObjectColumn => ({
  column: { name: own.name, ...(own.isAge ? { goesByItself: true } : {}) },
  cell: (object, { nowMs }) => cellOf(object, own, nowMs),
});

/** As the user wants it: always there, or where there is room for wide output. */
function placed(known: ObjectColumn, { isRight, isWide: isOfWide }: CustomColumn, isWide: boolean) {
  const { optional: _, expendable: __, ...column } = known.column;
  const room = isWide ? { expendable: 1 } : { optional: true, expendable: 1 };
  return {
    ...known,
    column: {
      ...column,
      ...(isRight ? { align: 'right' as const } : {}),
      ...(isOfWide ? room : {}),
    },
  };
}

const lastToStay = ({ column, ...rest }: ObjectColumn): ObjectColumn => ({
  ...rest,
  column: { ...column, expendable: column.expendable ?? 1 },
});

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
