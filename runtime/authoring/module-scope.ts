import { dirname, join } from 'node:path';
import { ownPackageRoot } from './slipway-modules.ts';
import { typescript } from './typescript.ts';

interface Overlay {
  readonly path: string;
  readonly text: string;
}

const OWN_CODE = ['dist', 'generated', 'generator', 'runtime'];

/**
 * The disk as module resolution sees it. Manifests are ES modules whatever the nearest package.json says: where it says
 * nothing, it is shown with `"type": "module"`, and where there is none the folder is shown with one.
 */
export class ModuleScope {
  readonly #folder: string;
  readonly #ownRoot = ownPackageRoot();
  /** Looked for when it is first asked for, as the compiler takes its time to load: a folder without manifests does without. */
  #found: { readonly overlay: Overlay | undefined } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get #overlay(): Overlay | undefined {
    this.#found ??= { overlay: overlayFor(this.#folder) };
    return this.#found.overlay;
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

function overlayFor(folder: string): Overlay | undefined {
  const { sys } = typescript();
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, 'package.json');
    const text = sys.readFile(path);
    if (text !== undefined) return asModule(path, text);
    if (at === dirname(at)) break;
  }
  return { path: join(folder, 'package.json'), text: '{ "type": "module" }' };
}

function asModule(path: string, text: string): Overlay | undefined {
  try {
    const manifest = JSON.parse(text) as { readonly type?: unknown };
    if (manifest.type === 'module') return undefined;
    return { path, text: JSON.stringify({ ...manifest, type: 'module' }) };
  } catch {
    return undefined;
  }
}
