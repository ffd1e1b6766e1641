import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One row of an upstream table. `list` names the table where a test has several. */
export interface Row<T = Record<string, unknown>> {
  readonly list?: string;
  readonly key?: string;
  readonly case: T;
}

/** Reads the rows of `file`, each with an id to find it again. */
export async function rowsOf<T>(
  dir: string,
  file: string,
): Promise<readonly (Row<T> & { readonly id: string })[]> {
  const rows = JSON.parse(await readFile(join(dir, `${file}.json`), 'utf8')) as Row<T>[];
  return rows.map((row, at) => ({ ...row, id: `${file}#${at}` }));
}
