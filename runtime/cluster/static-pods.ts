import type { Pod } from '../../generated/core/v1/types.ts';
import { jsonEqual } from '../meta/index.ts';

/** What the folders say from which kubelets run static pods, by path. A fork begins with what its parent knows. */
export class StaticPodFolders {
  #byPath: ReadonlyMap<string, readonly Pod[]>;

  constructor(from?: StaticPodFolders) {
    this.#byPath = from ? from.#byPath : new Map();
  }

  in(path = ''): readonly Pod[] {
    return this.#byPath.get(path) ?? NONE;
  }

  /** Whether that is news. */
  write(path = '', pods: readonly Pod[]): boolean {
    if (jsonEqual(this.in(path), pods)) return false;
    this.#byPath = new Map([...this.#byPath, [path, pods]]);
    return true;
  }
}

const NONE: readonly Pod[] = [];
