import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaSet } from '../../../generated/registry.ts';
import {
  humanDuration,
  type KindDescriptor,
  type KubeObject,
  tableColumns,
  tableRow,
} from '../../meta/index.ts';
import { type AreaResult, Tally } from './report.ts';
import { rowsOf } from './vectors.ts';

/** When the tables were recorded: what was created "now" is 1.9 s after it. */
const RECORDED_AT = Date.parse('2026-11-22T10:40:44.800Z');

type Case = Readonly<Record<string, unknown>>;
interface ExpectedRow {
  readonly cells: readonly unknown[];
}

/** The cells that `kubectl get` prints, for the kinds that exist. */
export async function run(vectorsDir: string): Promise<AreaResult> {
  const dir = join(vectorsDir, 'printers');
  const tally = new Tally('printers');
  const files = (await readdir(dir)).filter((file) => file.startsWith('printers__TestPrint'));
  for (const file of files.sort())
    for (const { id, case: row } of await rowsOf<Case>(dir, file.replace(/\.json$/, '')))
      compare(id, row, tally);
  await timestamps(dir, tally);
  return tally.result();
}

function compare(id: string, row: Case, tally: Tally): void {
  const expected = (row.expected ?? row.expect) as readonly ExpectedRow[] | undefined;
  const object = Object.values(row).find(isObject);
  const descriptor = object && schemaSet.kinds.find(({ kind }) => kind === object.kind);
  if (!expected || !object || !descriptor) return;
  tally.equal(
    id,
    expected.map(({ cells }) => cells.map(String)),
    expected.map(({ cells }) => cellsOf(descriptor, object, cells.length)),
  );
}

const isObject = (value: unknown): value is KubeObject =>
  typeof value === 'object' && value !== null && 'metadata' in value && 'kind' in value;

/** Columns that are newer than the recording (1.28), of each kind. */
const SINCE: Readonly<Record<string, readonly string[]>> = {
  CronJob: ['Timezone'],
  Job: ['Status'],
  PersistentVolume: ['VolumeAttributesClass'],
  PersistentVolumeClaim: ['VolumeAttributesClass'],
  PriorityClass: ['PreemptionPolicy'],
};
/** Targets of autoscalers name the resource that they are of since 1.31. */
const RESOURCE = /\b(cpu|memory): /g;

/** The usual columns, or the wide ones if there are that many. */
function cellsOf(descriptor: KindDescriptor, object: KubeObject, count: number): string[] {
  const later = SINCE[descriptor.kind] ?? [];
  const columns = tableColumns(descriptor).filter(({ name }) => !later.includes(name));
  const usual = columns.filter(({ priority = 0 }) => priority === 0);
  const cells = tableRow(descriptor, object, RECORDED_AT, count > usual.length ? columns : usual);
  if (descriptor.kind !== 'HorizontalPodAutoscaler') return cells;
  return cells.map((cell) => cell.replace(RESOURCE, ''));
}

/** The moments behind the names of upstream's table, as milliseconds before now. */
const AGO: Readonly<Record<string, number>> = {
  'almost now': -1900,
  now: 0,
  '2 days ago': 2 * 86_400_000,
  '10 years ago': 3652 * 86_400_000,
  'in an hour': 6_000_000,
};

async function timestamps(dir: string, tally: Tally): Promise<void> {
  type Named = { readonly name: string; readonly exp: string };
  for (const file of ['Since', 'Until'])
    for (const { id, case: row } of await rowsOf<Named>(
      dir,
      `printers__TestTranslateTimestamp${file}`,
    )) {
      const ago = AGO[row.name];
      if (ago !== undefined) tally.equal(id, row.exp, humanDuration(ago));
    }
}
