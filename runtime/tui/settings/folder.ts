import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { stringify } from 'yaml';
import { KEPT_FILE, type Part, parseFile } from './parse.ts';
import { type KeptScreen, NO_SETTINGS, type Settings, SettingsError } from './settings.ts';

/** A file is read when nothing was written to it for so long. */
const QUIET_MS = 60;
const FILE_BYTES_MAX = 256 * 1024;

/** Where the settings are: `$SLIPWAY_CONFIG_DIR`, else `slipway` below the folder that the system has for such files. */
export function settingsFolder(env: Readonly<Record<string, string | undefined>>): string {
  if (env.SLIPWAY_CONFIG_DIR) return env.SLIPWAY_CONFIG_DIR;
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'slipway');
}

/** A folder of settings, followed while it changes. Of a file with a mistake, what it said last without one holds. */
export class SettingsFolder {
  readonly #path: string;
  readonly #parts = new Map<string, Part>();
  #settings: Settings = NO_SETTINGS;
  #problems: readonly string[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  get path(): string {
    return this.#path;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** What is wrong with the files as they are, each with its file and line. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Reads all that is there; a folder that is not there says nothing. */
  read(): void {
    const names = [...yamlIn(this.#path), ...yamlIn(join(this.#path, 'skins'), 'skins/')];
    const problems: string[] = [];
    for (const name of this.#parts.keys()) if (!names.includes(name)) this.#parts.delete(name);
    for (const name of names) {
      try {
        const text = readFileSync(join(this.#path, name), 'utf8').slice(0, FILE_BYTES_MAX);
        const part = parseFile(name, text);
        if (part) this.#parts.set(name, part);
      } catch (error) {
        problems.push(error instanceof SettingsError ? error.message : `${name}: ${String(error)}`);
      }
    }
    this.#problems = problems;
    this.#settings = merged([...this.#parts.values()]);
  }

  /** Writes down how the screen is, for the next start. Returns the file. */
  keep(screen: KeptScreen): string {
    const file = join(this.#path, KEPT_FILE);
    mkdirSync(this.#path, { recursive: true });
    writeFileSync(`${file}.new`, stringify(screen), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return file;
  }

  /** Reads again and tells so whenever a file changes, until what is returned is called. */
  async follow(changed: () => void): Promise<() => Promise<void>> {
    const { watch } = await import('chokidar');
    const watcher = watch(this.#path, {
      ignoreInitial: true,
      ignored: (path) => !isOurs(relative(this.#path, path)),
      awaitWriteFinish: { stabilityThreshold: QUIET_MS, pollInterval: QUIET_MS / 3 },
    });
    watcher.on('all', (_, path) => {
      // What is kept of the screen is for its next start.
      if (!/\.ya?ml$/.test(path) || basename(path) === KEPT_FILE) return;
      this.read();
      changed();
    });
    // A folder that cannot be followed is as one that does not change.
    watcher.on('error', () => {});
    await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
    return () => watcher.close();
  }
}

/** Whether a path below the folder may say something, or the folder is on the way there. */
function isOurs(path: string): boolean {
  return path === '' || path === 'skins' || /^(skins[/\\])?[^/\\]+\.ya?ml$/.test(path);
}

function yamlIn(folder: string, before = ''): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => before + name);
  } catch {
    return [];
  }
}

function merged(parts: readonly Part[]): Settings {
  let all = NO_SETTINGS;
  for (const part of parts) all = { ...all, ...part, skins: { ...all.skins, ...part.skins } };
  return all;
}
