import type { Bytes } from '../process.ts';
import { joined } from './paths.ts';
import {
  DENIED,
  EXISTS,
  FileProblem,
  IS_DIRECTORY,
  NOT_DIRECTORY,
  NOT_EMPTY,
  NOT_FOUND,
  READ_ONLY,
} from './problem.ts';
import type { Entry, Volume } from './volume.ts';

/** A volume at a place of a container. */
export interface Mount {
  /** Without a slash at the end; `` is the root. */
  readonly path: string;
  readonly volume: Volume;
  /** The part of the volume that is seen; `` is all. */
  readonly inside: string;
  readonly readOnly: boolean;
}

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

interface Place {
  readonly mount: Mount;
  /** In the volume. */
  readonly key: string;
}

const LINKS_MAX = 20;
/** By which bits of a mode one may do it. */
const READ = 4;
const WRITE = 2;

/** The files of a container, as one of its processes sees them: volumes at their places, permissions, what cannot be written. */
export class FileSystem {
  readonly mounts: readonly Mount[];
  readonly #who: Identity;
  readonly #now: () => number;

  /** Mounts with the root first. */
  constructor(mounts: readonly Mount[], who: Identity, now: () => number) {
    this.mounts = [...mounts].sort((a, b) => a.path.length - b.path.length);
    this.#who = who;
    this.#now = now;
  }

  has(path: string): boolean {
    return this.look(path) !== undefined;
  }

  /** What stands at a path; undefined where nothing does. Follows links, but for the last where it is asked for itself. */
  look(path: string, follow = true): Entry | undefined {
    return this.#find(path, follow)?.entry;
  }

  read(path: string): Bytes {
    const entry = this.#known(path);
    if (entry.kind === 'directory') throw new FileProblem(path, IS_DIRECTORY);
    if (!this.#may(entry, READ)) throw new FileProblem(path, DENIED);
    return entry.bytes;
  }

  /** Writes or appends; a file that is new gets the mode. */
  write(path: string, bytes: Bytes, append = false, mode = 0o644): void {
    if (path === '/dev/null') return;
    const found = this.#find(path, true);
    if (found?.entry.kind === 'directory') throw new FileProblem(path, IS_DIRECTORY);
    const place: Place & { readonly parent?: Entry } = found ?? this.#newPlace(path);
    if (place.mount.readOnly) throw new FileProblem(path, READ_ONLY);
    const before = found?.entry;
    if (before && !this.#may(before, WRITE)) throw new FileProblem(path, DENIED);
    const old = before?.bytes ?? '';
    if (before && append && bytes === '') return;
    place.mount.volume.put(place.key, {
      ...(before ?? this.#fresh(place, 'file', mode)),
      bytes: append ? old + bytes : bytes,
      changedMs: this.#now(),
    });
  }

  makeDirectory(path: string, { parents = false, mode = 0o755 } = {}): void {
    if (this.has(path)) {
      if (parents && this.look(path)?.kind === 'directory') return;
      throw new FileProblem(path, EXISTS);
    }
    if (parents && path !== '/') this.makeDirectory(joined('/', `${path}/..`), { parents, mode });
    const place = this.#newPlace(path);
    if (place.mount.readOnly) throw new FileProblem(path, READ_ONLY);
    place.mount.volume.put(place.key, this.#fresh(place, 'directory', mode));
  }

  link(path: string, target: string): void {
    if (this.look(path, false)) throw new FileProblem(path, EXISTS);
    const place = this.#newPlace(path);
    if (place.mount.readOnly) throw new FileProblem(path, READ_ONLY);
    place.mount.volume.put(place.key, {
      ...this.#fresh(place, 'link', 0o777),
      bytes: target,
    });
  }

  /** Names in a directory, sorted, with the places of volumes. */
  list(path: string): string[] {
    const found = this.#find(path, true);
    if (!found) throw new FileProblem(path, NOT_FOUND);
    if (found.entry.kind !== 'directory') throw new FileProblem(path, NOT_DIRECTORY);
    if (!this.#may(found.entry, READ)) throw new FileProblem(path, DENIED);
    const names = new Set(found.mount.volume.names(found.key));
    const prefix = path === '/' ? '/' : `${path}/`;
    for (const mount of this.mounts)
      if (mount.path.startsWith(prefix)) names.add(mount.path.slice(prefix.length).split('/')[0]!);
    return [...names].sort();
  }

  remove(path: string, recursive = false): void {
    const found = this.#find(path, false);
    if (!found) throw new FileProblem(path, NOT_FOUND);
    const { mount, key, entry } = found;
    if (key === mount.inside) throw new FileProblem(path, 'Device or resource busy');
    this.#mayChangeIn(path);
    const { volume } = mount;
    if (entry.kind === 'directory' && !recursive && volume.names(key).length > 0)
      throw new FileProblem(path, NOT_EMPTY);
    for (const each of volume.below(key)) volume.remove(each);
  }

  /** Moves a file or a directory with all in it. */
  move(from: string, to: string): void {
    const found = this.#find(from, false);
    if (!found) throw new FileProblem(from, NOT_FOUND);
    this.#mayChangeIn(from);
    const place = this.#find(to, false) ?? this.#newPlace(to);
    if (place.mount.readOnly) throw new FileProblem(to, READ_ONLY);
    const all = found.mount.volume.below(found.key);
    for (const each of all) {
      const entry = found.mount.volume.entries.get(each)!;
      found.mount.volume.remove(each);
      place.mount.volume.put(place.key + each.slice(found.key.length), entry);
    }
  }

  change(path: string, by: Partial<Pick<Entry, 'mode' | 'uid' | 'gid' | 'changedMs'>>): void {
    const found = this.#find(path, true);
    if (!found) throw new FileProblem(path, NOT_FOUND);
    if (found.mount.readOnly) throw new FileProblem(path, READ_ONLY);
    if (this.#who.uid !== 0 && this.#who.uid !== found.entry.uid)
      throw new FileProblem(path, 'Operation not permitted');
    found.mount.volume.put(found.key, { ...found.entry, ...by });
  }

  /** The mount that a path is on. */
  mountOf(path: string): Mount {
    return this.#placeOf(path).mount;
  }

  #known(path: string): Entry {
    const entry = this.look(path);
    if (!entry) throw new FileProblem(path, NOT_FOUND);
    return entry;
  }

  #find(path: string, follow: boolean, links = 0): (Place & { readonly entry: Entry }) | undefined {
    if (links > LINKS_MAX) throw new FileProblem(path, 'Too many levels of symbolic links');
    const place = this.#placeOf(path);
    const entry = place.mount.volume.entries.get(place.key);
    if (!entry) return this.#throughLinks(path, follow, links);
    if (entry.kind !== 'link' || !follow) return { ...place, entry };
    const parent = joined('/', `${path}/..`);
    return this.#find(joined(parent, entry.bytes), follow, links + 1);
  }

  /** Where a directory on the way is a link. */
  #throughLinks(
    path: string,
    follow: boolean,
    links: number,
  ): (Place & { readonly entry: Entry }) | undefined {
    const parts = path.split('/');
    for (let count = 2; count < parts.length; count++) {
      const start = parts.slice(0, count).join('/');
      const { mount, key } = this.#placeOf(start);
      const entry = mount.volume.entries.get(key);
      if (entry?.kind !== 'link') continue;
      const target = joined(joined('/', `${start}/..`), entry.bytes);
      const rest = parts.slice(count).join('/');
      return this.#find(joined('/', `${target}/${rest}`), follow, links + 1);
    }
    return undefined;
  }

  #placeOf(path: string): Place {
    const at = path === '/' ? '' : path;
    const mount = this.mounts.findLast(
      (each) => each.path === '' || at === each.path || at.startsWith(`${each.path}/`),
    )!;
    const rest = at.slice(mount.path.length).replace(/^\//, '');
    const key = [mount.inside, rest].filter((part) => part !== '').join('/');
    return { mount, key };
  }

  /** Where a new file goes: its directory must be there and let it. */
  #newPlace(path: string): Place & { readonly parent: Entry } {
    const at = joined('/', `${path}/..`);
    const found = this.#find(at, true);
    if (!found) throw new FileProblem(path, NOT_FOUND);
    if (found.entry.kind !== 'directory') throw new FileProblem(path, NOT_DIRECTORY);
    if (found.mount.readOnly) throw new FileProblem(path, READ_ONLY);
    if (!this.#may(found.entry, WRITE)) throw new FileProblem(path, DENIED);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const key = found.key === '' ? name : `${found.key}/${name}`;
    return { mount: found.mount, key, parent: found.entry };
  }

  #mayChangeIn(path: string): void {
    const parent = this.#find(joined('/', `${path}/..`), true);
    if (parent?.mount.readOnly) throw new FileProblem(path, READ_ONLY);
    if (parent && !this.#may(parent.entry, WRITE)) throw new FileProblem(path, DENIED);
  }

  #fresh(place: Place & { readonly parent?: Entry }, kind: Entry['kind'], mode: number): Entry {
    const parent = place.parent;
    const inherits = parent !== undefined && (parent.mode & 0o2000) !== 0;
    return {
      kind,
      bytes: '',
      mode: kind === 'directory' && inherits ? mode | 0o2000 : mode,
      uid: this.#who.uid,
      gid: inherits ? parent.gid : this.#who.gid,
      changedMs: this.#now(),
    };
  }

  #may({ mode, uid, gid }: Entry, bits: number): boolean {
    const { uid: own, gid: group, groups } = this.#who;
    if (own === 0) return true;
    if (own === uid) return ((mode >> 6) & bits) === bits;
    if (group === gid || groups.includes(gid)) return ((mode >> 3) & bits) === bits;
    return (mode & bits) === bits;
  }
}
