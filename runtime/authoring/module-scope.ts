import { dirname, join } from 'node:path';
import { ownPackageRoot } from './slipway-modules.ts';
import { typescript } from './typescript.ts';

const OWN_CODE = ['dist', 'generated', 'generator', 'runtime'];

/**
 * The disk as module resolution sees it. Manifests are ES modules whatever the nearest package.json says: where it says
 * nothing, it is shown with `"type": "module"`, and where there is none the folder is shown with one.
 */
export class ModuleScope {
  readonly #overlay: { readonly path: string; readonly text: string } | undefined;
  readonly #ownRoot = ownPackageRoot();

  constructor(folder: string) {
    this.#overlay = overlayFor(folder);
  }

  fileExists(path: string): boolean {
    return path === this.#overlay?.path || typescript().sys.fileExists(path);
  }

  readFile(path: string): string | undefined {
    return path === this.#overlay?.path ? this.#overlay.text : typescript().sys.readFile(path);
  }

  /** Whether a file is code of the package that this program is. */
  isOfSlipway(path: string): boolean {
    return OWN_CODE.some((part) => path.startsWith(`${this.#ownRoot}/${part}/`));
  }
}

function overlayFor(folder: string): { path: string; text: string } | undefined {
  const { sys } = typescript();
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, 'package.json');
    const text = sys.readFile(path);
    if (text !== undefined) return asModule(path, text);
    if (at === dirname(at)) break;
  }
  return { path: join(folder, 'package.json'), text: '{ "type": "module" }' };
}

function asModule(path: string, text: string): { path: string; text: string } | undefined {
  try {
    const manifest = JSON.parse(text) as { readonly type?: unknown };
    if (manifest.type === 'module') return undefined;
    return { path, text: JSON.stringify({ ...manifest, type: 'module' }) };
  } catch {
    return undefined;
  }
}
