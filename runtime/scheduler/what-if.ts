import type { ClusterState } from './cluster-state.ts';
import type { NodeInfo, PodRecord } from './node-info.ts';

/**
 * A node as it would be without some of its pods, or with others. While it lasts, the state's sums over nodes say the same;
 * the state's own node does not change, so that nothing kept about it has to be looked at again. `end` must be called.
 */
export class WhatIf {
  readonly slot: number;
  readonly node: NodeInfo;
  readonly #state: ClusterState;
  readonly #done: { readonly record: PodRecord; readonly delta: 1 | -1 }[] = [];

  constructor(state: ClusterState, slot: number) {
    this.#state = state;
    this.slot = slot;
    this.node = state.at(slot)!.copy({});
  }

  add(record: PodRecord): void {
    this.node.addPod(record);
    this.#note(record, 1);
  }

  remove(record: PodRecord): void {
    this.node.removeAt(this.node.indexOf(record.uid, record.key));
    this.#note(record, -1);
  }

  /** Makes the state's sums what they were. */
  end(): void {
    for (let step = this.#done.pop(); step; step = this.#done.pop())
      this.#state.count(step.record, this.slot, step.delta === 1 ? -1 : 1);
  }

  #note(record: PodRecord, delta: 1 | -1): void {
    this.#state.count(record, this.slot, delta);
    this.#done.push({ record, delta });
  }
}
