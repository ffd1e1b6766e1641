import { type ImportAttributes, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MissingImport, UnparsedImport } from './error-report.ts';
import { BOOKS_URL, type Origins } from './origins.ts';
import type { Job, JobModule } from './protocol.ts';

const BOOKS_KEY = Symbol.for('slipway.books');
const BOOKS_MODULE = `export const { b, o, m, n, s, l, w, d } = globalThis[Symbol.for('slipway.books')];`;

/**
 * Makes the author's files importable: `import` of a manifest's URL runs its instrumented code as a native ES module, so cycles,
 * live bindings and top-level await are Node's own. Everything else loads as always.
 */
export function installHooks(job: Job, origins: Origins): void {
  const modules = new Map(job.modules.map((module) => [module.path, module]));
  const indexes = new Map(job.modules.map(({ siteBase, index }) => [siteBase, index]));
  const books = origins.books((base) => indexes.get(base)!);
  Object.defineProperty(globalThis, BOOKS_KEY, { value: books });
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === BOOKS_URL) return { url: specifier, format: 'module', shortCircuit: true };
      const parent = moduleAt(modules, context.parentURL);
      const target = parent?.targets.get(specifier) ?? ownUrl(modules, specifier);
      if (target !== undefined) return resolved(target, context.importAttributes);
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        throw parent ? new MissingImport(specifier, parent.path, error) : error;
      }
    },
    load(url, context, nextLoad) {
      if (url === BOOKS_URL) return { format: 'module', source: BOOKS_MODULE, shortCircuit: true };
      const module = moduleAt(modules, url);
      if (!module) return nextLoad(url, context);
      if (module.code === undefined) throw new UnparsedImport();
      return { format: 'module', source: module.code, shortCircuit: true };
    },
  });
}

function moduleAt(
  modules: ReadonlyMap<string, JobModule>,
  url: string | undefined,
): JobModule | undefined {
  return url?.startsWith('file:') ? modules.get(fileURLToPath(url)) : undefined;
}

function ownUrl(modules: ReadonlyMap<string, JobModule>, specifier: string): string | undefined {
  return moduleAt(modules, specifier) && specifier;
}

/** JSON is taken with and without its import attribute: the compiler says when one is due. */
function resolved(
  url: string,
  importAttributes: ImportAttributes,
): { url: string; shortCircuit: true; importAttributes: ImportAttributes } {
  const attributes = url.endsWith('.json')
    ? { ...importAttributes, type: 'json' }
    : importAttributes;
  return { url, shortCircuit: true, importAttributes: attributes };
}

export const urlOf = (path: string): string => pathToFileURL(path).href;
