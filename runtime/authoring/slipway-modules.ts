import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a `slipway/…` specifier means: the file that types it and the file that runs. */
export interface SlipwayModule {
  readonly types: string;
  readonly module: string;
}

/** Resolves `specifier` as imported from a file in `folder`; undefined when no package has it. */
export type SlipwayResolver = (specifier: string, folder: string) => SlipwayModule | undefined;

interface Package {
  readonly name?: string;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const PACKAGE = 'slipway';
const fromSources = import.meta.url.endsWith('.ts');

/** The root of the package that this file belongs to. */
export function ownPackageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (readPackage(folder)?.name !== PACKAGE && folder !== dirname(folder))
    folder = dirname(folder);
  return folder;
}

/**
 * As Node would for the user's own files: `node_modules/slipway` from the folder upwards, or the package that the folder lies
 * in; else `fallbackRoot`, so that manifests need no installation beside them. Where a build is missing the sources serve;
 * when this program itself runs from sources, those of its own package go first, because its build may be stale.
 */
export function slipwayResolver(fallbackRoot: string = ownPackageRoot()): SlipwayResolver {
  const ownRoot = ownPackageRoot();
  const found = new Map<string, SlipwayModule | undefined>();
  return (specifier, folder) => {
    const key = `${folder}\0${specifier}`;
    if (found.has(key)) return found.get(key);
    const subpath = `.${specifier.slice(PACKAGE.length)}`;
    const roots = [...new Set([packageFor(folder) ?? fallbackRoot, fallbackRoot])];
    let module: SlipwayModule | undefined;
    for (const root of roots) module ??= moduleOf(root, subpath, fromSources && root === ownRoot);
    found.set(key, module);
    return module;
  };
}

function packageFor(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const installed = join(at, 'node_modules', PACKAGE);
    if (existsSync(join(installed, 'package.json'))) return installed;
    if (readPackage(at)?.name === PACKAGE) return at;
    if (at === dirname(at)) return undefined;
  }
}

function readPackage(folder: string): Package | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Package;
  } catch {
    return undefined;
  }
}

function moduleOf(root: string, subpath: string, sourcesFirst: boolean): SlipwayModule | undefined {
  const target = exportedTarget(readPackage(root)?.exports ?? {}, subpath);
  if (!target?.types || !target.default) return undefined;
  const built = { types: join(root, target.types), module: join(root, target.default) };
  const source = join(root, target.default.replace(/^\.\/dist\//, '').replace(/\.js$/, '.ts'));
  const choices = [built, { types: source, module: source }];
  if (sourcesFirst) choices.reverse();
  return choices.find(({ types, module }) => existsSync(types) && existsSync(module));
}

/** The conditions of an entry of `exports`, exact or with one star. */
function exportedTarget(
  exports: NonNullable<Package['exports']>,
  subpath: string,
): Readonly<Record<string, string>> | undefined {
  const exact = exports[subpath];
  if (exact) return typeof exact === 'string' ? { types: exact, default: exact } : exact;
  for (const [pattern, target] of Object.entries(exports)) {
    const [before, after] = pattern.split('*');
    if (before === undefined || after === undefined || typeof target === 'string') continue;
    if (!subpath.startsWith(before) || !subpath.endsWith(after)) continue;
    const star = subpath.slice(before.length, subpath.length - after.length);
    return Object.fromEntries(
      Object.entries(target).map(([condition, path]) => [condition, path.replaceAll('*', star)]),
    );
  }
  return undefined;
}

/** What manifests may import of the package, for hints: `slipway/apps/v1`. */
export function isSlipway(specifier: string): boolean {
  return specifier === PACKAGE || specifier.startsWith(`${PACKAGE}/`);
}
