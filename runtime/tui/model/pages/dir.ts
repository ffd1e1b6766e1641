import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { DirEntry, PageView } from '../view.ts';

const COLUMNS: readonly Column[] = [
  { name: 'NAME', flexible: true },
  { name: 'BYTES', align: 'right' },
];

/** A folder of this machine, the one above it first. */
export function dirListing(view: PageView): Listing {
  const rows = [{ name: '..', isFolder: true }, ...(view.entries ?? [])].map(rowOf);
  return listingOf(`dir(${view.subject?.key ?? ''})`, COLUMNS, rows, view);
}

function rowOf({ name, isFolder, bytes }: DirEntry): Row {
  return {
    key: name,
    cells: [isFolder ? `${name}/` : name, bytes === undefined ? '' : String(bytes)],
    tone: isFolder ? 'info' : /\.(ts|ya?ml|json)$/.test(name) ? 'normal' : 'dim',
  };
}
