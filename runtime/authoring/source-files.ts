import { isUtf8 } from 'node:buffer';
import {
  type Dirent,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { limits, wallClock } from '../base/index.ts';
import type { Finding, SourceRange } from './contract.ts';
import { finding } from './findings.ts';

/** A file as it was last read. `version` changes exactly when the text does, and is never used twice. */
export interface SourceText {
  readonly path: string;
  readonly version: string;
  readonly text: string;
}

export interface FolderListing {
  /** Absolute paths, sorted by what they are below the folder. */
  readonly manifests: readonly string[];
  /** Declaration files beside them: not evaluated, but the compiler sees them. */
  readonly declarations: readonly string[];
  /** Size of all of them. */
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

interface Known extends SourceText {
  readonly stamp: string;
  /** A file written this shortly before it was read may change again without a new time stamp. */
  readonly fresh: boolean;
}

/** Why a file cannot be taken; with its text and the place in it where it has one. */
interface Failure {
  readonly reason: string;
  readonly help?: string;
  readonly text?: string;
  readonly at?: number;
}

const FRESH_MS = 2_000;
const MANIFEST = /\.(ts|tsx|mts)$/;
const DECLARATION = /\.d\.(ts|mts)$/;
const OTHER = /\.(ya?ml|json|js|mjs|cjs|cts)$/;
const TEST = /\.(test|spec)\.(ts|tsx|mts)$/;

let versions = 0;

/** The files of a project: lists its folder, reads what has changed, and remembers it. */
export class SourceFiles {
  readonly folder: string;
  readonly #relativeTo: string;
  readonly #known = new Map<string, Known>();
  /** Answers since the last refresh: within one check a file does not change. */
  #current = new Map<string, SourceText | undefined>();

  readonly #failures = new Map<string, Failure>();

  constructor(folder: string, relativeTo: string) {
    this.folder = resolve(folder);
    this.#relativeTo = resolve(relativeTo);
  }

  /** How a path is shown: relative when it lies below the chosen folder. */
  shown(path: string): string {
    const below = relative(this.#relativeTo, path);
    return below.startsWith('..') || isAbsolute(below) ? path : below;
  }

  pathOf(shown: string): string {
    return resolve(this.#relativeTo, shown);
  }

  /** Begins a check: forgets what it believed to be current, and lists the folder. */
  refresh(): FolderListing {
    this.#current = new Map();
    this.#failures.clear();
    const walk = new FolderWalk(this.folder, (path) => this.shown(path));
    const listing = walk.run();
    const alive = new Set([...listing.manifests, ...listing.declarations]);
    for (const path of this.#known.keys())
      if (path.startsWith(`${this.folder}/`) && !alive.has(path)) this.#known.delete(path);
    return listing;
  }

  /** The text of a file; undefined when it is not there (any more). */
  read(path: string): SourceText | undefined {
    if (this.#current.has(path)) return this.#current.get(path);
    const found = this.#load(path);
    this.#current.set(path, found);
    return found;
  }

  /** Files that are there and could not be read since the last refresh, and why. */
  failures(): Finding[] {
    return [...this.#failures].map(([path, { reason, help, text, at }]) => {
      const file = this.shown(path);
      return finding('E_MANIFEST_READ', `${file} cannot be read: ${reason}`, {
        ...(help === undefined ? {} : { help }),
        ...(text === undefined || at === undefined ? {} : { range: characterAt(file, text, at) }),
      });
    });
  }

  /** As it was last read, without looking again. */
  lastText(path: string): string | undefined {
    return this.#known.get(path)?.text ?? this.#failures.get(path)?.text;
  }

  #load(path: string): SourceText | undefined {
    const known = this.#known.get(path);
    try {
      const readAtMs = wallClock.now();
      const stat = statSync(path);
      if (!stat.isFile()) return undefined;
      const stamp = `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
      if (known && !known.fresh && known.stamp === stamp) return known;
      const bytes = readFileSync(path);
      if (!isUtf8(bytes)) return this.#fail(path, otherEncoding(bytes));
      const text = bytes.toString().replace(/^\uFEFF/, '');
      const version = known?.text === text ? known.version : String(++versions);
      const next = { path, version, text, stamp, fresh: readAtMs - stat.mtimeMs < FRESH_MS };
      this.#known.set(path, next);
      return next;
    } catch (error) {
      return this.#fail(path, isGone(error) ? undefined : { reason: reasonOf(error) });
    }
  }

  #fail(path: string, failure: Failure | undefined): undefined {
    if (failure) this.#failures.set(path, failure);
    this.#known.delete(path);
  }
}

/** One walk through a folder. Follows links, but enters each real folder and takes each real file once. */
class FolderWalk {
  readonly #folder: string;
  readonly #shown: (path: string) => string;
  readonly #seen = new Set<string>();
  readonly #manifests: string[] = [];
  readonly #declarations: string[] = [];
  readonly #findings: Finding[] = [];
  #bytes = 0;
  /** A file that people would take for a manifest, and that is none. */
  #other: string | undefined;

  constructor(folder: string, shown: (path: string) => string) {
    this.#folder = folder;
    this.#shown = shown;
  }

  run(): FolderListing {
    const why = notAFolder(this.#folder, this.#shown(this.#folder) || '.');
    if (why) return { manifests: [], declarations: [], bytes: 0, findings: [why] };
    this.#enter(this.#folder);
    const findings = this.#findings;
    if (this.#bytes > limits.manifestBytesMax) {
      findings.push(tooLarge(this.#shown(this.#folder) || '.', this.#bytes));
      return { manifests: [], declarations: [], bytes: 0, findings };
    }
    if (this.#manifests.length === 0 && findings.length === 0)
      findings.push(empty(this.#shown(this.#folder) || '.', this.#other));
    const byName = (a: string, b: string): number => (a < b ? -1 : 1);
    return {
      manifests: this.#manifests.sort(byName),
      declarations: this.#declarations.sort(byName),
      bytes: this.#bytes,
      findings,
    };
  }

  #enter(folder: string): void {
    if (!this.#isNew(folder)) return;
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      if (isGone(error)) return;
      const message = `the folder ${this.#shown(folder)} cannot be read: ${reasonOf(error)}`;
      this.#findings.push(finding('E_MANIFEST_READ', message));
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      this.#take(join(folder, entry.name), entry);
    }
  }

  #take(path: string, entry: Dirent): void {
    const isSource = MANIFEST.test(entry.name) && !TEST.test(entry.name);
    if (OTHER.test(entry.name)) this.#other ??= this.#shown(path);
    if (entry.isFile() && !isSource) return;
    let stat: Stats;
    try {
      stat = statSync(path);
    } catch {
      return;
    }
    if (stat.isDirectory()) this.#enter(path);
    if (!stat.isFile() || !isSource || !this.#isNew(path)) return;
    this.#bytes += stat.size;
    if (DECLARATION.test(entry.name)) this.#declarations.push(path);
    else this.#manifests.push(path);
  }

  #isNew(path: string): boolean {
    let real = path;
    try {
      real = realpathSync.native(path);
    } catch {
      return false;
    }
    if (this.#seen.has(real)) return false;
    this.#seen.add(real);
    return true;
  }
}

/** Of bytes that are no UTF-8: what they may be, and the first place where they are not. */
function otherEncoding(bytes: Buffer): Failure {
  const help = 'save it as UTF-8';
  const isUtf16 = /^(fffe|feff)/.test(bytes.toString('hex', 0, 2));
  if (isUtf16) return { reason: 'it is UTF-16', help };
  const text = bytes.toString();
  return { reason: 'it is not UTF-8', help, text, at: text.indexOf('\uFFFD') };
}

function characterAt(file: string, text: string, at: number): SourceRange {
  const before = text.slice(0, at).split('\n');
  const line = before.length;
  const column = before.at(-1)!.length + 1;
  return { file, line, column, endLine: line, endColumn: column + 1 };
}

function notAFolder(folder: string, shown: string): Finding | undefined {
  try {
    if (statSync(folder).isDirectory()) return undefined;
    return finding('E_MANIFEST_FOLDER', `${shown} is a file, not a folder`, {
      help: `name the folder it lies in: ${shown.slice(0, -basename(shown).length) || '.'}`,
    });
  } catch (error) {
    return isGone(error)
      ? finding('E_MANIFEST_FOLDER', `there is no folder ${shown}`)
      : finding('E_MANIFEST_FOLDER', `${shown} cannot be read: ${reasonOf(error)}`);
  }
}

function empty(shown: string, other: string | undefined): Finding {
  const message = `the folder ${shown} holds no manifest`;
  const help = other && `${other} is not read: export its objects from a .ts file`;
  return finding('E_MANIFEST_EMPTY', message, { severity: 'warning', ...(help ? { help } : {}) });
}

function tooLarge(shown: string, bytes: number): Finding {
  const limit = megabytes(limits.manifestBytesMax);
  const message = `the manifests in ${shown} are ${megabytes(bytes)}; at most ${limit} are taken`;
  return finding('E_MANIFEST_TOO_LARGE', message);
}

export const megabytes = (bytes: number): string => `${Math.ceil(bytes / (1024 * 1024))} MiB`;

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? '');
}

const isGone = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

function reasonOf(error: unknown): string {
  const known: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ELOOP: 'its links go in circles',
  };
  return known[codeOf(error)] ?? codeOf(error);
}
