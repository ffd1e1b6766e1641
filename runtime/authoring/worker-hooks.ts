import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MissingImport, UnparsedImport } from './error-report.ts';
import type { Books, Origins } from './origins.ts';
import type { Job, JobModule } from './protocol.ts';

const BOOKS_SCHEME = 'slipway-books:';
const BOOKS_KEY = Symbol.for('slipway.books');

/** The specifier under which a module finds its books. */
export const booksSpecifier = (path: string): string => BOOKS_SCHEME + encodeURIComponent(path);

/**
 * Makes the author's files importable: `import` of a manifest's URL runs its instrumented code as a native ES module, so cycles,
 * live bindings and top-level await are Node's own. Everything else loads as always.
 */
export function installHooks(job: Job, origins: Origins): void {
  const modules = new Map(job.modules.map((module) => [module.path, module]));
  const bookOf = (id: string): Books => {
    const module = modules.get(decodeURIComponent(id))!;
    return origins.booksOf(module.index, module.siteBase);
  };
  Object.defineProperty(globalThis, BOOKS_KEY, { value: bookOf });
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier.startsWith(BOOKS_SCHEME))
        return { url: specifier, format: 'module', shortCircuit: true };
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
      if (url.startsWith(BOOKS_SCHEME))
        return { format: 'module', source: booksModule(url), shortCircuit: true };
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

function booksModule(url: string): string {
  const id = JSON.stringify(url.slice(BOOKS_SCHEME.length));
  return `export const { b, o, m, n, s, l, w, d } = globalThis[Symbol.for('slipway.books')](${id});`;
}

export const urlOf = (path: string): string => pathToFileURL(path).href;
