import type { KindDescriptor, PrinterColumn } from '../../generator/model/schema.ts';
import { ago } from './cell.ts';
import { CELLS } from './cells.ts';
import { jsonPathValues } from './json-path.ts';
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
  return columns.map((column) => {
    const { path, value, jsonPath } = column;
    if (jsonPath !== undefined) return String(jsonCell(column, object, nowMs) ?? '');
    const cell = value === undefined ? undefined : CELLS[value];
    if (cell) return cell(object, nowMs);
    const found = path === undefined ? undefined : valueAt(object, path);
    if (found === undefined || found === null) return '';
    return typeof found === 'object' ? JSON.stringify(found) : String(found);
  });
}

/** A cell of a custom resource's column, as JSON: null where there is no value of the column's type. */
export function jsonCell(
  { type, jsonPath = '' }: PrinterColumn,
  object: KubeObject,
  nowMs: number,
): string | number | boolean | null {
  const [value] = jsonPathValues(object, jsonPath) ?? [];
  if (value === undefined) return null;
  switch (type) {
    case 'string':
      return textOf(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : ago(value, nowMs);
  }
}

/** Objects and lists as JSON; a null as Go prints nothing that is there. */
function textOf(value: unknown): string {
  if (value === null) return '<nil>';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
