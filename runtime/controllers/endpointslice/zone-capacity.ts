import type { Node } from '../../../generated/core/v1/types.ts';
import type { Lister } from '../../client/index.ts';
import { type NodePlace, placeOf, type ZoneShares } from './topology.ts';

/**
 * What CPU the nodes of each zone have. Reads all nodes when it is asked first, and then only those that change; costs
 * nothing as long as nobody asks.
 */
export class ZoneCapacity {
  readonly #nodes: Pick<Lister<Node>, 'byKey' | 'list'>;
  readonly #zones = new Map<string, number>();
  #places: Map<string, NodePlace> | undefined;
  /** Nodes without a zone or CPU: one leaves all in the dark. */
  #unknown = 0;

  constructor(nodes: Pick<Lister<Node>, 'byKey' | 'list'>) {
    this.#nodes = nodes;
  }

  shares(): ZoneShares | undefined {
    if (!this.#places) {
      this.#places = new Map();
      for (const node of this.#nodes.list()) this.#place(node.metadata.name ?? '', node);
    }
    if (this.#unknown > 0 || this.#zones.size < 2) return undefined;
    const total = [...this.#zones.values()].reduce((sum, cpu) => sum + cpu, 0);
    const sorted = [...this.#zones].sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(sorted.map(([zone, cpu]) => [zone, cpu / total]));
  }

  /** Looks again at a node that came, changed or went. */
  refresh(name: string): void {
    if (this.#places) this.#place(name, this.#nodes.byKey(name));
  }

  #place(name: string, node: Node | undefined): void {
    const before = this.#places?.get(name);
    const now = node && placeOf(node);
    if (before) this.#count(before, -1);
    if (now) this.#count(now, 1);
    if (now) this.#places?.set(name, now);
    else this.#places?.delete(name);
  }

  #count({ zone, cpu }: NodePlace, sign: 1 | -1): void {
    if (!zone || cpu === 0) {
      this.#unknown += sign;
      return;
    }
    const left = (this.#zones.get(zone) ?? 0) + sign * cpu;
    if (left === 0) this.#zones.delete(zone);
    else this.#zones.set(zone, left);
  }
}
