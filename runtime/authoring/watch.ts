import { relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { afterWall, wallClock } from '../base/index.ts';
import { Coalescer, type FileEvent } from './coalesce.ts';

/** What a manifest can be or import. */
const SOURCE = /\.([cm]?[jt]s|tsx|json)$/;
const SKIPPED = /^(node_modules|\..+)$/;

export interface FolderWatch {
  /** Resolves once no change can be missed any more. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/**
 * Calls `changed` after every burst of changes to source files (those that match `source`) of the folder and of those below it, `node_modules` and hidden
 * ones apart. A file that is gone again, links that lead in a circle and a folder that goes and comes back are no errors.
 */
export function watchFolder(
  folder: string,
  changed: () => void,
  failed: (error: unknown) => void,
  source = SOURCE,
): FolderWatch {
  const burst = new Coalescer();
  let cancel: (() => void) | undefined;

  function wait(): void {
    cancel?.();
    const { dueMs } = burst;
    if (dueMs === undefined) return;
    cancel = afterWall(Math.max(0, dueMs - wallClock.now()), () => {
      burst.take();
      changed();
    });
  }

  const watcher = watch(folder, {
    ignoreInitial: true,
    atomic: false,
    ignored: (path, stats) => !isFollowed(relative(folder, path), stats?.isFile() === true, source),
  });
  watcher.on('all', (event, path) => {
    if (!isFileEvent(event)) return;
    burst.note(event, path, wallClock.now());
    wait();
  });
  watcher.on('error', failed);
  return {
    ready: new Promise((resolve) => watcher.once('ready', () => resolve())),
    async close() {
      cancel?.();
      await watcher.close();
    },
  };
}

/** Whether a change of the file or folder at `path`, relative to the manifests, can change what they say. */
export function isFollowed(path: string, isFile: boolean, source = SOURCE): boolean {
  if (path.split(sep).some((part) => part !== '..' && SKIPPED.test(part))) return false;
  return !isFile || source.test(path);
}

function isFileEvent(event: string): event is FileEvent {
  return event === 'add' || event === 'change' || event === 'unlink';
}
