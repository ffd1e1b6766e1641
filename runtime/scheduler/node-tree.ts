interface Zone {
  readonly name: string;
  readonly slots: number[];
}

/**
 * The order in which nodes are looked at: one node of each zone in turn, so that a sample of the nodes spreads over the
 * zones. Zones and the nodes within them stand in the order in which they came.
 */
export class NodeTree {
  #zones: Zone[];
  #shared = false;
  #order: Int32Array | undefined;

  constructor(from?: NodeTree) {
    this.#zones = from ? from.#zones : [];
    this.#order = from ? from.#order : undefined;
    if (from) {
      this.#shared = true;
      from.#shared = true;
    }
  }

  add(zoneName: string, slot: number): void {
    this.#own();
    const zone = this.#zones.find(({ name }) => name === zoneName);
    if (zone) zone.slots.push(slot);
    else this.#zones.push({ name: zoneName, slots: [slot] });
  }

  remove(zoneName: string, slot: number): void {
    this.#own();
    const at = this.#zones.findIndex(({ name }) => name === zoneName);
    if (at < 0) return;
    const { slots } = this.#zones[at]!;
    const index = slots.indexOf(slot);
    if (index >= 0) slots.splice(index, 1);
    if (slots.length === 0) this.#zones.splice(at, 1);
  }

  /** Slots of all nodes, interleaved by zone; made anew only after nodes came or went. */
  order(): Int32Array {
    this.#order ??= interleave(this.#zones);
    return this.#order;
  }

  #own(): void {
    this.#order = undefined;
    if (!this.#shared) return;
    this.#zones = this.#zones.map(({ name, slots }) => ({ name, slots: slots.slice() }));
    this.#shared = false;
  }
}

function interleave(zones: readonly Zone[]): Int32Array {
  const order = new Int32Array(zones.reduce((sum, { slots }) => sum + slots.length, 0));
  let filled = 0;
  for (let row = 0; filled < order.length; row++)
    for (const { slots } of zones) if (row < slots.length) order[filled++] = slots[row]!;
  return order;
}
