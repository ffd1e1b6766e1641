import type { Clock, Random } from '../../base/index.ts';

/** `None` spreads every connection; `ClientIP` keeps a client with its endpoint for `timeoutSeconds` after its last use. */
export type Affinity =
  | { readonly type: 'None' }
  | { readonly type: 'ClientIP'; readonly timeoutSeconds: number };

/** There is no endpoint to connect to: the service is not known, or has none. */
export class NoEndpoint extends Error {
  override readonly name = 'NoEndpoint';
}

interface Stuck {
  endpoint: string;
  lastUsedMs: number;
}

interface Balanced {
  endpoints: readonly string[];
  /** The endpoint whose turn is next. */
  index: number;
  affinity: Affinity;
  /** By the client's address, without its port. */
  readonly stuck: Map<string, Stuck>;
}

/**
 * The round-robin balancer of the userspace proxy (`LoadBalancerRR`). Holds, per service port, the endpoints (`ip:port`), whose
 * turn it is, and which client sticks to which endpoint. No sockets, no timers: time is asked of `clock` when a connection comes.
 *
 * A list of endpoints that is really another one is shuffled and begun anew, so that the proxies of all nodes do not
 * send their first connections to the same pod.
 */
export class LoadBalancer {
  readonly #services = new Map<string, Balanced>();
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(options: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = options.clock;
    this.#random = options.random;
  }

  /**
   * Makes a service port known, or changes its affinity. Upstream keeps the timeout that came first until the port is
   * deleted; here the one that the Service says holds from now on.
   */
  setService(service: string, affinity: Affinity): void {
    const known = this.#services.get(service);
    if (!known)
      this.#services.set(service, { endpoints: [], index: 0, affinity, stuck: new Map() });
    else known.affinity = affinity;
  }

  deleteService(service: string): void {
    this.#services.delete(service);
  }

  /** The same endpoints in another order change nothing: neither whose turn it is nor who sticks to what. */
  setEndpoints(service: string, endpoints: readonly string[]): void {
    this.setService(service, this.#services.get(service)?.affinity ?? { type: 'None' });
    const state = this.#services.get(service)!;
    const now = new Set(endpoints);
    if (now.size === state.endpoints.length && state.endpoints.every((one) => now.has(one))) return;
    for (const [client, { endpoint }] of state.stuck)
      if (!now.has(endpoint)) state.stuck.delete(client);
    state.endpoints = this.#shuffled([...now]);
    state.index = 0;
  }

  hasEndpoints(service: string): boolean {
    return (this.#services.get(service)?.endpoints.length ?? 0) > 0;
  }

  /**
   * The endpoint for a connection from `client`. With `anew`, as after a failed attempt, the client is not kept with the
   * endpoint that it had; it sticks to the one that it gets now.
   */
  nextEndpoint(service: string, client: string, anew = false): string {
    const state = this.#services.get(service);
    if (!state) throw new NoEndpoint('missing service entry');
    const { endpoints, affinity, stuck } = state;
    if (endpoints.length === 0) throw new NoEndpoint('missing endpoints');
    const nowMs = this.#clock.now();
    if (affinity.type === 'ClientIP' && !anew) {
      const kept = stuck.get(client);
      if (kept && !expired(kept, affinity.timeoutSeconds, nowMs)) {
        kept.lastUsedMs = nowMs;
        return kept.endpoint;
      }
    }
    const endpoint = endpoints[state.index]!;
    state.index = (state.index + 1) % endpoints.length;
    if (affinity.type === 'ClientIP') stuck.set(client, { endpoint, lastUsedMs: nowMs });
    return endpoint;
  }

  /** Forgets the clients whose time is over. Without it nothing goes wrong but memory. */
  forgetExpired(): void {
    const nowMs = this.#clock.now();
    for (const { affinity, stuck } of this.#services.values())
      for (const [client, kept] of stuck)
        if (affinity.type === 'None' || expired(kept, affinity.timeoutSeconds, nowMs))
          stuck.delete(client);
  }

  /** How many clients stick to an endpoint of the service. */
  stuckClients(service: string): number {
    return this.#services.get(service)?.stuck.size ?? 0;
  }

  #shuffled(list: string[]): readonly string[] {
    for (let at = list.length - 1; at > 0; at--) {
      const other = this.#random.below(at + 1);
      [list[at], list[other]] = [list[other]!, list[at]!];
    }
    return list;
  }
}

/** Upstream counts whole seconds. */
function expired({ lastUsedMs }: Stuck, timeoutSeconds: number, nowMs: number): boolean {
  return Math.floor((nowMs - lastUsedMs) / 1000) >= timeoutSeconds;
}
