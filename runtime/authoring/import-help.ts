import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isSlipway } from './slipway-modules.ts';
import { nearest } from './suggest.ts';

/** The way out of an import that leads nowhere; `specifiers` are those of this package. */
export function importHelp(
  specifier: string,
  from: string,
  specifiers: readonly string[],
): string | undefined {
  if (isSlipway(specifier)) {
    const meant = nearest(specifier, specifiers);
    return meant ? `did you mean '${meant}'?` : `there are ${specifiers.join(', ')}`;
  }
  if (specifier.startsWith('.')) return relativeHelp(specifier, from);
  if (specifier.startsWith('node:')) return 'npm install --save-dev @types/node';
  if (specifier.startsWith('#') || specifier.startsWith('/')) return undefined;
  const parts = specifier.split('/');
  return `npm install ${parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')}`;
}

function relativeHelp(specifier: string, from: string): string | undefined {
  const target = resolve(dirname(from), specifier);
  let names: string[];
  try {
    names = readdirSync(dirname(target));
  } catch {
    return `there is no folder ${dirname(specifier)}`;
  }
  const wanted = basename(target);
  const candidates = names.filter((name) => join(dirname(target), name) !== from);
  const meant = candidates.find((name) => name === `${wanted}.ts`) ?? nearest(wanted, candidates);
  if (!meant) return undefined;
  const folder = specifier.slice(0, specifier.length - wanted.length);
  return `did you mean '${folder}${meant}'?`;
}
