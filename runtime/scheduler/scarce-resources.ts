import type { NodeInfo } from './node-info.ts';

/**
 * Which nodes have any of an extended resource, or of huge pages: of most of them few nodes have any. Made when first asked
 * after nodes changed; a fork shares it until then.
 */
export class ScarceResources {
  #slots: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(from?: ScarceResources) {
    this.#slots = from ? from.#slots : undefined;
  }

  /** A node came, went or has other amounts. */
  nodesChanged(): void {
    this.#slots = undefined;
  }

  /** Slots of the nodes that have some of the resource, in rising order. */
  slotsWith(resource: string, infos: readonly (NodeInfo | undefined)[]): readonly number[] {
    this.#slots ??= bySlot(infos);
    return this.#slots.get(resource) ?? NONE;
  }
}

const NONE: readonly number[] = [];

function bySlot(infos: readonly (NodeInfo | undefined)[]): ReadonlyMap<string, readonly number[]> {
  const slots = new Map<string, number[]>();
  for (const info of infos)
    for (const [name, amount] of info?.facts?.allocatable.scalars ?? [])
      if (amount > 0) {
        const known = slots.get(name);
        if (known) known.push(info!.slot);
        else slots.set(name, [info!.slot]);
      }
  return slots;
}
