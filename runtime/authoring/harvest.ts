import { describeError, isSilent } from './error-report.ts';
import type { Origins } from './origins.ts';
import {
  type EvaluationResult,
  type Exported,
  type ExportedResource,
  type Failure,
  type Foreign,
  type JobModule,
  PROGRESS,
} from './protocol.ts';
import { Writer } from './writer.ts';

const RESOURCE = Symbol.for('slipway.resource');

/** Collects what manifests export: resources, and lists and promises of them. Each object counts once. */
export class Harvest {
  readonly #resources: ExportedResource[] = [];
  readonly #foreign: Foreign[] = [];
  readonly #failures: Failure[] = [];
  readonly #seen = new Set<object>();
  readonly #failed = new Set<unknown>();
  readonly #origins: Origins;
  readonly #writer: Writer;
  readonly #progress: Int32Array;

  constructor(origins: Origins, progress: SharedArrayBuffer) {
    this.#origins = origins;
    this.#writer = new Writer(origins);
    this.#progress = new Int32Array(progress);
  }

  /** An error of a file, or of one of its exports; the same error that reaches several files counts once. */
  fail(error: unknown, file: string, name?: string): void {
    if (isSilent(error) || this.#failed.has(error)) return;
    this.#failed.add(error);
    this.#failures.push({ file, error: describeError(error), ...(name ? { name } : {}) });
  }

  async take(module: JobModule, namespace: Readonly<Record<string, unknown>>): Promise<void> {
    const names = module.exports.map(({ name }) => name);
    const ordered = [...names.filter((name) => name in namespace), ...Object.keys(namespace)];
    for (const name of new Set(ordered)) {
      const awaits = PROGRESS.awaits + module.index;
      const site = module.exports.find((each) => each.name === name)?.site;
      this.#progress[awaits] = site === undefined ? 0 : site + 1;
      try {
        const value = await settled(namespace[name]);
        this.#visit(value, { file: module.path, name, path: '' }, name === 'default');
      } catch (error) {
        this.fail(error, module.path, name);
      }
      this.#progress[awaits] = 0;
    }
  }

  result(printed: string, evaluateMs: number): EvaluationResult {
    const { objects, origins } = this.#writer;
    return {
      resources: this.#resources,
      foreign: this.#foreign,
      failures: this.#failures,
      objects,
      origins,
      printed,
      evaluateMs,
    };
  }

  #visit(value: unknown, place: Exported & Pick<Foreign, 'item'>, mustBeResource: boolean): void {
    if (isResource(value)) this.#take(value, place);
    else if (Array.isArray(value)) {
      const must = mustBeResource || holdsResource(value);
      for (const [at, each] of value.entries())
        if (!isLeftOut(each)) this.#visit(each, this.#placeIn(place, value, at), must);
    } else if (mustBeResource) {
      const site = isObject(value) ? this.#origins.siteOf(value) : undefined;
      const what = nameOfForeign(value);
      this.#foreign.push({ ...place, what, ...(site === undefined ? {} : { site }) });
    }
  }

  #placeIn(place: Exported, list: readonly unknown[], at: number): Exported {
    const { file, name } = place;
    const item = this.#origins.itemOf(list, at);
    return { file, name, path: `${place.path}[${at}]`, ...(item ? { item } : {}) };
  }

  #take(value: object, place: Exported): void {
    if (this.#seen.has(value)) return;
    this.#seen.add(value);
    const site = this.#origins.siteOf(value);
    const written = this.#writer.write(value);
    this.#resources.push({ ...place, ...written, ...(site === undefined ? {} : { site }) });
  }
}

/** Awaits a promise, and those in lists, at any depth. */
async function settled(value: unknown): Promise<unknown> {
  const own = isThenable(value) ? await value : value;
  if (!Array.isArray(own) || !needsSettling(own)) return own;
  const items: unknown[] = [];
  for (const each of own) items.push(await settled(each));
  return items;
}

const needsSettling = (list: readonly unknown[]): boolean =>
  list.some((each) => isThenable(each) || (Array.isArray(each) && needsSettling(each)));

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof (value as { then?: unknown }).then === 'function';
}

/** `[always, wanted && sometimes]`: what a condition leaves behind. */
const isLeftOut = (value: unknown): boolean =>
  value === undefined || value === null || value === false;

const holdsResource = (list: readonly unknown[]): boolean =>
  list.some((each) => isResource(each) || (Array.isArray(each) && holdsResource(each)));

function isResource(value: unknown): value is object {
  if (!isObject(value)) return false;
  if (RESOURCE in value) return true;
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  const named = [apiVersion, kind].filter((each) => typeof each === 'string').length;
  // A reference has apiVersion and kind too, and neither of these.
  if (named === 2) return isObject(metadata) || 'metadata' in value || 'spec' in value;
  return named === 1 && isObject(metadata);
}

function nameOfForeign(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') {
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    const isNamed = value.name !== '' && value.name !== 'default';
    if (!isNamed) return isClass ? 'a class' : 'a function';
    return `the ${isClass ? 'class' : 'function'} ${value.name}`;
  }
  if (typeof value !== 'object')
    return `the ${typeof value} ${JSON.stringify(value) ?? String(value)}`;
  const { apiVersion, kind } = value as Record<string, unknown>;
  if (typeof apiVersion === 'string' && typeof kind === 'string')
    return `a ${kind} without metadata`;
  return 'an object without apiVersion, kind and metadata';
}
