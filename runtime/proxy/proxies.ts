import { nodes, services } from '../../generated/core/v1/resources.ts';
import type { Node } from '../../generated/core/v1/types.ts';
import { endpointslices } from '../../generated/discovery/v1/resources.ts';
import { limits } from '../base/index.ts';
import { proxyConfig, type Reading, serviceRanges } from './configuration.ts';
import {
  type HealthCheckAnswer,
  healthChecks,
  type IPFamily,
  type ProxyConfig,
  type ProxyHealth,
  type ProxyMode,
  type ProxyVersion,
  proxyHealth,
  type RuleModel,
  RuleTracker,
} from './model/index.ts';

/** What one node's proxy makes of the services as they are now. */
export interface NodeProxy {
  readonly node: string;
  /** The mode that was asked for, or that its configuration says. */
  readonly mode: ProxyMode;
  readonly models: Readonly<Record<IPFamily, RuleModel>>;
  /** Answers on the services' health check node ports. */
  readonly healthChecks: readonly HealthCheckAnswer[];
  /** The proxy's own answer on its health port. */
  readonly health: ProxyHealth;
}

type Views = Readonly<Record<IPFamily, RuleTracker>>;

/**
 * The proxies of all nodes, lazily: nothing is worked out before somebody looks, and a second look at a node derives only what
 * changed since. A look reads the API and changes nothing, so that a cluster runs the same whether anybody looks or not.
 */
export class Proxies {
  readonly #transport: Reading;
  readonly #version: ProxyVersion;
  /** By node and mode; the one looked at last is at the end. */
  readonly #views = new Map<string, Views>();

  constructor(transport: Reading, version: ProxyVersion = '1.36') {
    this.#transport = transport;
    this.#version = version;
  }

  /** Undefined when there is no such node. */
  look(nodeName: string, wanted?: ProxyMode): NodeProxy | undefined {
    const node = this.#transport.lister(nodes).get(nodeName);
    if (!node) return undefined;
    const config = proxyConfig(this.#transport, wanted);
    const views = this.#viewsOf(node, config, wanted);
    const serviceList = this.#transport.lister(services).list();
    const slices = this.#transport.lister(endpointslices).list();
    const serviceCIDRs = serviceRanges(this.#transport);
    for (const tracker of [views.IPv4, views.IPv6]) {
      tracker.setNode(node);
      tracker.setConfig(config);
      tracker.setServiceCIDRs(serviceCIDRs);
      tracker.setAll(serviceList, slices);
      tracker.commit();
    }
    const models = { IPv4: views.IPv4.model, IPv6: views.IPv6.model };
    return {
      node: nodeName,
      mode: models.IPv4.settings.mode,
      models,
      healthChecks: healthChecks([models.IPv4, models.IPv6]),
      health: proxyHealth(node, this.#version),
    };
  }

  #viewsOf(node: Node, config: ProxyConfig, wanted: ProxyMode | undefined): Views {
    const key = `${node.metadata.name} ${wanted ?? ''}`;
    const options = { node, config, version: this.#version };
    const views = this.#views.get(key) ?? {
      IPv4: new RuleTracker({ ...options, family: 'IPv4' }),
      IPv6: new RuleTracker({ ...options, family: 'IPv6' }),
    };
    this.#views.delete(key);
    this.#views.set(key, views);
    const [oldest] = this.#views.keys();
    if (this.#views.size > limits.proxyViews) this.#views.delete(oldest!);
    return views;
  }
}
