import type { Service } from '../../../generated/core/v1/types.ts';
import { SortedMap } from '../../base/index.ts';

/** What the controller remembers; a clone costs nothing. By key of the service. */
export class BalancerState {
  /** Each service as it was when it was last looked at. */
  readonly seen: SortedMap<Service>;
  /** The nodes that each balancer was last told of, as one text. */
  readonly told: SortedMap<string>;
  /** How often in a row setting up or deleting a balancer has failed. */
  readonly failures: SortedMap<number>;
  /** The nodes that balancers may send traffic to, as one text. */
  backends: string;
  /** Where the search for a free address goes on. */
  next: number;

  constructor(from?: BalancerState) {
    this.seen = from?.seen.clone() ?? new SortedMap();
    this.told = from?.told.clone() ?? new SortedMap();
    this.failures = from?.failures.clone() ?? new SortedMap();
    this.backends = from?.backends ?? '';
    this.next = from?.next ?? 0;
  }

  forget(key: string): void {
    this.seen.delete(key);
    this.told.delete(key);
    this.failures.delete(key);
  }
}
