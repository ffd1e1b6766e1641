import type { Bytes } from '../process.ts';

/** A file or a directory. */
export interface Entry {
  readonly kind: 'file' | 'directory' | 'link';
  /** Of a file its content, of a link its target. */
  readonly bytes: Bytes;
  /** Permission bits, with those for setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly changedMs: number;
}

/** What stands at the paths of a volume, without slashes at the ends; `` is its root. */
export type Entries = ReadonlyMap<string, Entry>;

const DISK_KIB = 104_857_600;

/** Files that containers share, or that one has for itself. */
export class Volume {
  /** As `df` and `stat` call it. */
  readonly type: string;
  readonly entries: Map<string, Entry>;
  /** What `df` says that it holds. */
  readonly sizeKib: number;
  /** Nobody writes to it but whoever makes it. */
  isFixed = false;
  /** Changes so far. */
  version = 0;

  constructor(
    { type, sizeKib = DISK_KIB }: { readonly type: string; readonly sizeKib?: number | undefined },
    root: Pick<Entry, 'mode' | 'uid' | 'gid'>,
    nowMs: number,
  ) {
    this.type = type;
    this.sizeKib = sizeKib;
    this.entries = new Map([['', { kind: 'directory', bytes: '', changedMs: nowMs, ...root }]]);
  }

  put(path: string, entry: Entry): void {
    this.entries.set(path, entry);
    this.version++;
  }

  remove(path: string): void {
    this.entries.delete(path);
    this.version++;
  }

  /** Names below a directory, sorted. */
  names(path: string): string[] {
    const prefix = path === '' ? '' : `${path}/`;
    const found: string[] = [];
    for (const each of this.entries.keys())
      if (each !== '' && each.startsWith(prefix) && each.indexOf('/', prefix.length) < 0)
        found.push(each.slice(prefix.length));
    return found.sort();
  }

  /** Everything at and below a path. */
  below(path: string): string[] {
    return [...this.entries.keys()].filter((each) => each === path || each.startsWith(`${path}/`));
  }
}
