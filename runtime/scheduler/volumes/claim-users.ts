import type { ClusterState } from '../cluster-state.ts';
import type { PodShape } from '../pod-shape.ts';

/** How many pods on nodes use each claim. Filled by a look at all pods when first asked. A fork starts without any. */
export class ClaimUsers {
  readonly #state: ClusterState;
  #users: Map<string, number> | undefined;

  constructor(state: ClusterState) {
    this.#state = state;
  }

  /** Pods that use the claim `namespace/name`. */
  of(key: string): number {
    this.#users ??= this.#fill();
    return this.#users.get(key) ?? 0;
  }

  /** A pod came to (1) or left (-1) a node. */
  count(shape: PodShape, delta: 1 | -1): void {
    if (this.#users && shape.volumes) note(this.#users, shape, delta);
  }

  #fill(): Map<string, number> {
    const users = new Map<string, number>();
    for (let slot = 0; slot < this.#state.slotCount; slot++)
      for (const { shape } of this.#state.at(slot)?.pods ?? [])
        if (shape.volumes) note(users, shape, 1);
    return users;
  }
}

function note(users: Map<string, number>, { namespace, volumes }: PodShape, delta: 1 | -1): void {
  for (const { name } of volumes!.claims) {
    const key = `${namespace}/${name}`;
    const count = (users.get(key) ?? 0) + delta;
    if (count === 0) users.delete(key);
    else users.set(key, count);
  }
}
