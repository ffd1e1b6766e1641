import { jsonEqual } from '../../../meta/index.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { PageView } from '../view.ts';
import { kindById, objectAt, shortName, type World } from '../world.ts';
import { comparedFields, type Field } from './diff-fields.ts';

const COLUMNS: readonly Column[] = [
  { name: '' },
  { name: 'FIELD', cap: 64, keepsEnd: true },
  { name: 'LINE' },
  { name: 'MANIFEST', cap: 32 },
  { name: 'STORE', cap: 32 },
  { name: 'STATUS', cap: 24 },
  { name: 'BY', expendable: 1 },
];

/**
 * One object three ways, field by field: what its manifest says and where, what the store holds and who wrote that, and
 * what its status answers. Defaults are shown wide; `faults` leaves only what differs.
 */
export function diffListing(
  view: PageView,
  world: World,
  glyphs: { readonly failed: string; readonly pending: string },
): Listing {
  const { resource = '', key = '' } = view.subject ?? {};
  const manifest = world.control.manifestOf(resource, key);
  const kind = kindById(world, resource);
  const found = objectAt(world, resource, key);
  const store = kind && found && world.control.withManagedFields(kind.ref, found);
  const name = `${kind ? shortName(kind) : resource}/${key}`;
  const fields = store ? comparedFields(manifest?.object, store) : [];
  const rows = fields
    .filter((field) => (view.faults ? differs(field) : view.wide || says(field)))
    .map((field): Row => {
      const drifted = field.manifest !== undefined && !same(field.manifest, field.store);
      const behind = field.store !== undefined && !drifted && !answered(field);
      const agrees = field.manifest !== undefined && !drifted;
      const line = field.manifest === undefined ? '' : lineOf(field, manifest);
      return {
        key: field.path,
        cells: [
          drifted ? glyphs.failed : behind ? glyphs.pending : '',
          field.label,
          line,
          text(field.manifest),
          agrees ? '=' : text(field.store),
          text(field.status),
          field.by.join(','),
        ],
        tone: drifted ? 'error' : behind ? 'pending' : 'normal',
        tones: { 2: 'dim', 6: 'dim', ...(agrees ? { 4: 'dim' } : {}) },
        detail: `${field.path}: ${text(field.store)}`,
      };
    });
  const note = manifest ? '' : store ? ' in no manifest' : ' does not exist any more';
  return listingOf(`manifest, store, status ${name}${note}`, COLUMNS, rows, view);
}

type Manifest = ReturnType<World['control']['manifestOf']>;

function lineOf({ path }: Field, manifest: Manifest): string {
  const position = manifest?.positionOf(path);
  return position ? `${position.file.replace(/^.*\//, '')}:${position.line}` : '';
}

function text(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Quantities and the like are written in several ways: `0.5` and `500m` differ here only when the server wrote another. */
function same(a: unknown, b: unknown): boolean {
  return jsonEqual(a, b) || text(a) === text(b);
}

function answered({ store, status }: Field): boolean {
  return status === undefined || same(store, status);
}

function differs(field: Field): boolean {
  const drifted = field.manifest !== undefined && !same(field.manifest, field.store);
  return drifted || (field.store !== undefined && !answered(field));
}

/** Whether somebody says something about a field, so that it is no mere default. */
function says({ manifest, status, by }: Field): boolean {
  return manifest !== undefined || status !== undefined || by.length > 1;
}
