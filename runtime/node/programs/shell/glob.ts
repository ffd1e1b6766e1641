import { type FileSystem, joined } from '../files/index.ts';
import { type Char, hasWildcard, matchesPattern } from './pattern.ts';

/** The paths that match a pattern, sorted; none where there is no such file. */
export function globbed(chars: readonly Char[], files: FileSystem, cwd: string): string[] {
  const parts: Char[][] = [[]];
  for (const each of chars) {
    if (each.char === '/') parts.push([]);
    else parts.at(-1)!.push(each);
  }
  const isRooted = parts[0]!.length === 0 && parts.length > 1;
  let found = [isRooted ? '/' : ''];
  for (const part of isRooted ? parts.slice(1) : parts)
    found = found.flatMap((base) => below(base, part, files, cwd));
  return found.sort();
}

function below(base: string, part: readonly Char[], files: FileSystem, cwd: string): string[] {
  const name = part.map(({ char }) => char).join('');
  const full = (each: string): string =>
    base === '' || base.endsWith('/') ? base + each : `${base}/${each}`;
  if (!hasWildcard(part)) return files.has(joined(cwd, full(name))) ? [full(name)] : [];
  const directory = joined(cwd, base === '' ? '.' : base);
  if (files.look(directory)?.kind !== 'directory') return [];
  return files
    .list(directory)
    .filter(
      (each) => (each.startsWith('.') ? name.startsWith('.') : true) && matchesPattern(part, each),
    )
    .map(full);
}
