import { join, relative } from 'node:path';
import {
  filesUnder,
  type Hashes,
  hashesOf,
  isSame,
  readStamp,
  remove,
  writeWhole,
} from './files.ts';

const FOLDER = 'generated';
const STAMP = join(FOLDER, '.stamp');

/** Schemas, and the rooms of the generator that make something of them. */
function inputsOf(root: string): Hashes {
  const isSource = (path: string): boolean =>
    path.endsWith('.ts') && !/\.(test|fakes)\.ts$/.test(path);
  const rooms = ['load', 'emit', 'model'].flatMap((room) => filesUnder(root, `generator/${room}`));
  return hashesOf(root, [...filesUnder(root, 'schemas'), ...rooms.filter(isSource)]);
}

export function isGenerated(root: string): boolean {
  return isSame(readStamp(join(root, STAMP)), inputsOf(root));
}

/** Writes `generated/` from `schemas/`, and removes what is no longer made. Throws `SchemaProblems`. */
export async function generate(root: string): Promise<void> {
  const inputs = inputsOf(root);
  const { loadSchemas } = await import('../load/index.ts');
  const { emit } = await import('../emit/index.ts');
  const files = emit(loadSchemas(join(root, 'schemas')));
  remove(join(root, STAMP));
  for (const path of filesUnder(root, FOLDER))
    if (!files.has(relative(FOLDER, path).replaceAll('\\', '/'))) remove(join(root, path));
  for (const [path, text] of files) writeWhole(join(root, FOLDER, path), text);
  writeWhole(join(root, STAMP), JSON.stringify(inputs));
}
