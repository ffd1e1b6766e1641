import type { Pod } from '../../generated/core/v1/types.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Rejection, SlotFilter } from './framework.ts';
import type { LocalCache } from './local-cache.ts';
import type { NodeInfo, PodRecord } from './node-info.ts';
import { type PodShape, shapeOf } from './pod-shape.ts';
import type { Profile } from './profile.ts';
import { WhatIf } from './what-if.ts';

/** The pod that is being scheduled, apart from what it asks for. */
export interface Incoming {
  /** `namespace/name`. */
  readonly key: string;
  readonly shape: PodShape;
  /** Where preemption made room for it. */
  readonly nominatedNodeName?: string | undefined;
}

export function incomingOf(pod: Pod): Incoming {
  return {
    key: `${pod.metadata?.namespace ?? ''}/${pod.metadata?.name ?? ''}`,
    shape: shapeOf(pod),
    nominatedNodeName: pod.status?.nominatedNodeName || undefined,
  };
}

/**
 * The filters of one scheduling cycle. A node is judged as it is and, when more important pods are nominated for it, as it
 * will be with those: it must pass both ways, as they may come or not.
 */
export class Cycle {
  readonly profile: Profile;
  readonly incoming: Incoming;
  readonly state: ClusterState;
  readonly cache: LocalCache;
  readonly filters: readonly SlotFilter[];
  /** Slots of nodes that some pod is nominated for. */
  readonly #nominated: ReadonlySet<number> | undefined;

  constructor(
    profile: Profile,
    incoming: Incoming,
    state: ClusterState,
    cache: LocalCache,
    filters: readonly SlotFilter[],
  ) {
    this.profile = profile;
    this.incoming = incoming;
    this.state = state;
    this.cache = cache;
    this.filters = filters;
    this.#nominated = state.nominations.size > 0 ? nominatedSlots(state) : undefined;
  }

  /** The first refusal of the node in a slot; undefined when it can take the pod. */
  rejection(slot: number): Rejection | undefined {
    if (this.#nominated?.has(slot)) {
      const nominated = this.#nominatedFor(slot);
      if (nominated.length > 0) {
        const first = this.#rejectionWith(slot, nominated);
        if (first) return first;
      }
    }
    const { cache, state } = this;
    const fresh = cache.seen[slot] === state.generations[slot];
    const verdict = fresh ? cache.verdict[slot]! : cache.judge(slot, state);
    if (verdict !== 0) return cache.rejections[verdict - 1];
    return this.filters.length > 0 ? this.#refusal(slot, state.at(slot)!) : undefined;
  }

  /** The same for a node as it would be. */
  rejectionIf(whatIf: WhatIf): Rejection | undefined {
    const nominated = this.#nominated?.has(whatIf.slot) ? this.#nominatedFor(whatIf.slot) : [];
    if (nominated.length > 0) {
      for (const record of nominated) whatIf.add(record);
      const rejection = this.#directRejection(whatIf);
      for (const record of nominated) whatIf.remove(record);
      if (rejection) return rejection;
    }
    return this.#directRejection(whatIf);
  }

  #nominatedFor(slot: number): readonly PodRecord[] {
    const { key, shape } = this.incoming;
    const { nominations } = this.state;
    return nominations.against(this.state.at(slot)!.name, { key, priority: shape.priority });
  }

  #rejectionWith(slot: number, nominated: readonly PodRecord[]): Rejection | undefined {
    const whatIf = new WhatIf(this.state, slot);
    for (const record of nominated) whatIf.add(record);
    const rejection = this.#directRejection(whatIf);
    whatIf.end();
    return rejection;
  }

  #directRejection({ slot, node }: WhatIf): Rejection | undefined {
    for (const plugin of this.profile.localFilters) {
      const rejection = plugin.filter?.(this.incoming.shape.requirements, node);
      if (rejection) return rejection;
    }
    return this.#refusal(slot, node);
  }

  #refusal(slot: number, node: NodeInfo): Rejection | undefined {
    for (const filter of this.filters) {
      const rejection = filter(slot, node);
      if (rejection) return rejection;
    }
    return undefined;
  }
}

function nominatedSlots(state: ClusterState): ReadonlySet<number> {
  const slots = new Set<number>();
  for (const name of state.nominations.nodeNames()) {
    const node = state.find(name);
    if (node) slots.add(node.slot);
  }
  return slots;
}
