import type { KindDescriptor, PrinterColumn } from '../../generator/model/schema.ts';
import { CELLS } from './cells.ts';
import { type KubeObject, valueAt } from './object.ts';

const FALLBACK: readonly PrinterColumn[] = [
  { name: 'Name', type: 'string', path: '.metadata.name' },
  { name: 'Age', type: 'date', value: 'age' },
];

/** The columns of `kubectl get` for a kind; name and age for a kind that declares none. */
export function tableColumns({ printerColumns }: KindDescriptor): readonly PrinterColumn[] {
  return printerColumns.length > 0 ? printerColumns : FALLBACK;
}

/** The cells of one object, in the order of `columns`. */
export function tableRow(
  descriptor: KindDescriptor,
  object: KubeObject,
  nowMs: number,
  columns: readonly PrinterColumn[] = tableColumns(descriptor),
): string[] {
  return columns.map(({ path, value }) => {
    const cell = value === undefined ? undefined : CELLS[value];
    if (cell) return cell(object, nowMs);
    const found = path === undefined ? undefined : valueAt(object, path);
    if (found === undefined || found === null) return '';
    return typeof found === 'object' ? JSON.stringify(found) : String(found);
  });
}
