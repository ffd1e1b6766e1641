import { dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Compiler } from './compiler.ts';
import type { SourceRange } from './contract.ts';
import { type Job, type JobModule, PROGRESS } from './protocol.ts';
import type { Sites } from './sites.ts';
import { isSlipway, type SlipwayResolver } from './slipway-modules.ts';
import type { SourceFiles } from './source-files.ts';
import { runningOptions, type Transformed, transform } from './transform.ts';
import { ValueTrace } from './value-trace.ts';

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
  /** The sites of the file that has the number. */
  find(number: number): Sites | undefined;
  at(path: string): Prepared | undefined;
  /** From places where constants are used to where they are written. */
  readonly values: ValueTrace;
}

/** Sites cross to the worker and back as 32-bit integers; far below that, numbering begins anew. */
const SITES_MAX = 2 ** 30;
const RUNNABLE = new Set(['.ts', '.tsx', '.mts']);

/** Transforms what has changed and puts jobs together. */
export class JobBuilder {
  readonly #files: SourceFiles;
  readonly #compiler: Compiler;
  readonly #slipway: SlipwayResolver;
  readonly #transformed = new Map<string, { key: string; transformed: Transformed }>();
  #nextSite = 0;

  constructor(files: SourceFiles, compiler: Compiler, slipway: SlipwayResolver) {
    this.#files = files;
    this.#compiler = compiler;
    this.#slipway = slipway;
  }

  /** All that the manifests import goes along; a file that does not parse is only named. */
  build(manifests: readonly string[]): PreparedJob {
    if (this.#nextSite > SITES_MAX) {
      this.#transformed.clear();
      this.#nextSite = 0;
    }
    const packages = new Set<string>();
    const modules: Prepared[] = [];
    const paths = new Set(manifests);
    for (const path of paths) {
      const targets = this.#targets(path, paths, packages);
      const transformed = this.#transform(path);
      const exports = transformed?.exports ?? [];
      const code = transformed?.code;
      const index = modules.length;
      const siteBase = transformed?.sites.base ?? -1;
      const module = { path, index, siteBase, targets, exports, ...(code ? { code } : {}) };
      modules.push({ module, transformed });
    }
    for (const path of this.#transformed.keys())
      if (!paths.has(path)) this.#transformed.delete(path);
    const progress = new SharedArrayBuffer((PROGRESS.awaits + modules.length) * 4);
    const job = { modules: modules.map(({ module }) => module), manifests, progress };
    const values = new ValueTrace(modules[0] && this.#compiler.program, this.#files);
    return { job, modules, packages: [...packages], values, ...lookUps(modules) };
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
    if (!source || version === undefined || this.#compiler.syntaxErrors(path).length > 0)
      return undefined;
    const key = version + JSON.stringify(runningOptions(this.#compiler.options));
    const known = this.#transformed.get(path);
    if (known?.key === key) return known.transformed;
    const shown = this.#files.shown(path);
    const transformed = transform(source, shown, this.#nextSite, this.#compiler.options);
    this.#nextSite += transformed.sites.count + 1;
    this.#transformed.set(path, { key, transformed });
    return transformed;
  }
}

function lookUps(modules: readonly Prepared[]): Pick<PreparedJob, 'site' | 'find' | 'at'> {
  const byPath = new Map(modules.map((each) => [each.module.path, each]));
  const all = modules.flatMap(({ transformed }) => (transformed ? [transformed.sites] : []));
  const sorted = all.sort((a, b) => a.base - b.base);
  const find = (number: number): Sites | undefined => {
    let low = 0;
    let high = sorted.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (sorted[middle]!.base <= number) low = middle;
      else high = middle - 1;
    }
    return sorted[low];
  };
  return { find, at: (path) => byPath.get(path), site: (number) => find(number)!.range(number) };
}
