import { dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Compiler } from './compiler.ts';
import type { SourceRange } from './contract.ts';
import { type Job, type JobModule, PROGRESS } from './protocol.ts';
import { isSlipway, type SlipwayResolver } from './slipway-modules.ts';
import type { SourceFiles } from './source-files.ts';
import { type Transformed, transform } from './transform.ts';
import { booksSpecifier } from './worker-hooks.ts';

/** A file of the author's in a job, with what is needed to find places in it again. */
export interface Prepared {
  readonly module: JobModule;
  readonly transformed: Transformed | undefined;
}

export interface PreparedJob {
  readonly job: Job;
  readonly modules: readonly Prepared[];
  /** Modules of this package that the manifests import. */
  readonly packages: readonly string[];
  /** The place with a number of the job. */
  site(number: number): SourceRange;
  find(number: number): { readonly transformed: Transformed; readonly site: number } | undefined;
  at(path: string): Prepared | undefined;
}

const RUNNABLE = new Set(['.ts', '.tsx', '.mts']);

/** Transforms what has changed and puts jobs together. */
export class JobBuilder {
  readonly #files: SourceFiles;
  readonly #compiler: Compiler;
  readonly #slipway: SlipwayResolver;
  #transformed = new Map<string, { key: string; transformed: Transformed }>();

  constructor(files: SourceFiles, compiler: Compiler, slipway: SlipwayResolver) {
    this.#files = files;
    this.#compiler = compiler;
    this.#slipway = slipway;
  }

  /** All that the manifests import goes along; files in `broken` do not parse and are only named. */
  build(manifests: readonly string[], broken: ReadonlySet<string>): PreparedJob {
    const packages = new Set<string>();
    const modules: Prepared[] = [];
    const paths = new Set(manifests);
    let siteBase = 0;
    for (const path of paths) {
      const targets = this.#targets(path, paths, packages);
      const transformed = broken.has(path) ? undefined : this.#transform(path);
      const exports = transformed?.exports ?? [];
      const code = transformed?.code;
      const index = modules.length;
      const module = { path, index, siteBase, targets, exports, ...(code ? { code } : {}) };
      modules.push({ module, transformed });
      siteBase += transformed?.sites.count ?? 0;
    }
    for (const path of this.#transformed.keys())
      if (!paths.has(path)) this.#transformed.delete(path);
    const progress = new SharedArrayBuffer((PROGRESS.awaits + modules.length) * 4);
    const job = { modules: modules.map(({ module }) => module), manifests, progress };
    return { job, modules, packages: [...packages], ...lookUps(modules) };
  }

  /** Where the imports of a file lead; what is the author's own joins `paths`. */
  #targets(path: string, paths: Set<string>, packages: Set<string>): Map<string, string> {
    const targets = new Map<string, string>();
    for (const { specifier } of this.#compiler.importsOf(path)) {
      const url = this.#target(specifier, path, paths);
      if (url === undefined) continue;
      targets.set(specifier, url);
      if (isSlipway(specifier)) packages.add(url);
    }
    return targets;
  }

  #target(specifier: string, from: string, paths: Set<string>): string | undefined {
    if (isSlipway(specifier)) {
      const module = this.#slipway(specifier, dirname(from))?.module;
      return module && pathToFileURL(module).href;
    }
    const target = this.#compiler.localTarget(specifier, from);
    if (target === undefined || /\.d\.[cm]?ts$/.test(target)) return undefined;
    if (RUNNABLE.has(extname(target))) {
      if (!this.#files.read(target)) return undefined;
      paths.add(target);
    }
    return pathToFileURL(target).href;
  }

  #transform(path: string): Transformed | undefined {
    const source = this.#compiler.source(path);
    const version = this.#files.read(path)?.version;
    if (!source || version === undefined) return undefined;
    const { jsx, jsxImportSource, experimentalDecorators } = this.#compiler.options;
    const key = [version, jsx, jsxImportSource, experimentalDecorators].join();
    const known = this.#transformed.get(path);
    if (known?.key === key) return known.transformed;
    const id = booksSpecifier(path);
    const transformed = transform(source, this.#files.shown(path), id, this.#compiler.options);
    this.#transformed.set(path, { key, transformed });
    return transformed;
  }
}

function lookUps(modules: readonly Prepared[]): Pick<PreparedJob, 'site' | 'find' | 'at'> {
  const byPath = new Map(modules.map((each) => [each.module.path, each]));
  const find: PreparedJob['find'] = (number) => {
    const owner = modules.findLast(
      ({ module, transformed }) => transformed && module.siteBase <= number,
    );
    if (!owner?.transformed || number < 0) return undefined;
    return { transformed: owner.transformed, site: number - owner.module.siteBase };
  };
  return {
    find,
    at: (path) => byPath.get(path),
    site(number) {
      const found = find(number)!;
      return found.transformed.sites.range(found.site);
    },
  };
}
