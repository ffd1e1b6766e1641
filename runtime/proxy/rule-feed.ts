import { nodes, services } from '../../generated/core/v1/resources.ts';
import type { Node, Service } from '../../generated/core/v1/types.ts';
import { endpointslices } from '../../generated/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../generated/discovery/v1/types.ts';
import type { SubscribeOptions, Subscription, Transport } from '../client/index.ts';
import { keyOf, type ResourceRef } from '../meta/index.ts';
import { PROXY_READS, proxyConfig, serviceRanges } from './configuration.ts';
import {
  type IPFamily,
  type ProxyConfig,
  type ProxyMode,
  type ProxyVersion,
  RuleTracker,
  type StaleFlows,
  staleFlows,
} from './model/index.ts';
import { EMITTERS } from './modes.ts';

export interface RuleFeedOptions {
  readonly transport: Pick<Transport, 'lister' | 'subscribe'>;
  /** A node that exists. */
  readonly node: Node;
  readonly families: readonly IPFamily[];
  /** Instead of the configuration's. */
  readonly mode?: ProxyMode | undefined;
  /** Where the API has no KubeProxyConfiguration. */
  readonly config?: ProxyConfig | undefined;
  readonly version?: ProxyVersion | undefined;
  /** `take` has something to do. Must be cheap. */
  notify(): void;
}

/** A text for the kernel. */
export interface RuleText {
  readonly family: IPFamily;
  readonly mode: ProxyMode;
  /** All rules, for a kernel that has none; else what is to be loaded after all texts before. */
  readonly whole: boolean;
  /** Keys of the services whose rules are other than before; empty for all rules. */
  readonly services: readonly string[];
  readonly text: string;
  /** What the kernel is to forget of UDP after it has loaded the text. */
  readonly staleFlows: readonly StaleFlows[];
}

interface Followed {
  readonly tracker: RuleTracker;
  mode?: ProxyMode;
  update?: ReturnType<NonNullable<(typeof EMITTERS)[ProxyMode]>['follow']>['update'];
}

/** One node's rules, and after that what each change of the API changes in them. Work per event is O(what changed). */
export class RuleFeed {
  readonly #options: RuleFeedOptions;
  readonly #followed: readonly Followed[];
  readonly #subscriptions: Subscription<unknown>[] = [];
  readonly #nodes: Subscription<Node>;
  readonly #services: Subscription<Service>;
  readonly #slices: Subscription<EndpointSlice>;

  constructor(options: RuleFeedOptions) {
    this.#options = options;
    const { node, version = '1.36', families } = options;
    this.#followed = families.map((family) => ({
      tracker: new RuleTracker({ node, family, version }),
    }));
    const name = node.metadata.name;
    this.#nodes = this.#subscribe(nodes, ({ object }) => object.metadata.name === name);
    this.#services = this.#subscribe(services);
    this.#slices = this.#subscribe(endpointslices);
    for (const resource of PROXY_READS.slice(3)) this.#subscribe(resource);
  }

  /** What is to be loaded now; nothing where nothing changed. The first time, all rules. */
  take(): RuleText[] {
    this.#readNode();
    this.#readServices();
    this.#readSlices();
    for (const subscription of this.#subscriptions) while (subscription.next());
    const { transport, mode, config } = this.#options;
    const settings = proxyConfig(transport, mode, config);
    const ranges = serviceRanges(transport);
    return this.#followed.flatMap((followed) => {
      followed.tracker.setConfig(settings);
      followed.tracker.setServiceCIDRs(ranges);
      return commit(followed);
    });
  }

  /** The least time that the configuration wants between two changes of the rules. */
  get minSyncPeriodMs(): number {
    return Math.max(...this.#followed.map(({ tracker }) => tracker.model.settings.minSyncPeriodMs));
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.close();
  }

  #subscribe<T>(
    resource: ResourceRef<T>,
    concerns?: SubscribeOptions<T>['concerns'],
  ): Subscription<T> {
    const { transport, notify } = this.#options;
    const subscription = transport.subscribe(resource, { notify, initial: true, concerns });
    this.#subscriptions.push(subscription);
    return subscription;
  }

  /** A node that is deleted keeps the rules that it has. */
  #readNode(): void {
    for (let event = this.#nodes.next(); event; event = this.#nodes.next())
      if (event.type !== 'DELETED')
        for (const { tracker } of this.#followed) tracker.setNode(event.object);
  }

  #readServices(): void {
    for (let event = this.#services.next(); event; event = this.#services.next())
      for (const { tracker } of this.#followed)
        if (event.type === 'DELETED') tracker.deleteService(keyOf(event.object));
        else tracker.setService(event.object);
  }

  #readSlices(): void {
    for (let event = this.#slices.next(); event; event = this.#slices.next())
      for (const { tracker } of this.#followed)
        if (event.type === 'DELETED') tracker.deleteSlice(keyOf(event.object));
        else tracker.setSlice(event.object);
  }
}

function commit(followed: Followed): RuleText[] {
  const change = followed.tracker.commit();
  const { after, services: changed } = change;
  const { family } = after;
  const { mode } = after.settings;
  const emitter = EMITTERS[mode];
  if (!emitter) return [];
  if (!followed.update || followed.mode !== mode) {
    const follower = emitter.follow(after);
    followed.mode = mode;
    followed.update = (next) => follower.update(next);
    const text = emitter.rules(after);
    return [{ family, mode, whole: true, services: [], text, staleFlows: staleFlows(change) }];
  }
  if (!change.whole && changed.length === 0) return [];
  const text = followed.update(change);
  if (text === '') return [];
  const stale = staleFlows(change);
  return [{ family, mode, whole: false, services: changed, text, staleFlows: stale }];
}
