import type { NodeRules } from '../client/index.ts';
import { EMITTERS, type Emitter, type NodeProxy, Proxies, type ProxyMode } from '../proxy/index.ts';
import type { Cluster } from './cluster.ts';

export { PROXY_NEEDS, PROXY_READS, RuleFeed, type RuleText } from '../proxy/index.ts';

/** The modes whose rules can be written. */
export const RULE_MODES: ReadonlyMap<string, Emitter> = new Map(Object.entries(EMITTERS));

const proxies = new WeakMap<Cluster, Proxies>();

/** What the proxy of a node makes of the objects as they are now, in the mode of its configuration or another. */
export function lookAtProxy(
  cluster: Cluster,
  node: string,
  mode?: ProxyMode,
): NodeProxy | undefined {
  let known = proxies.get(cluster);
  if (!known) {
    known = new Proxies(cluster.transport, cluster.options.kubernetesVersion);
    proxies.set(cluster, known);
  }
  return known.look(node, mode);
}

/** The text of a node's rules, without a text where nobody can write that mode's. */
export function nodeRules(cluster: Cluster, node: string, mode?: string): NodeRules | undefined {
  const proxy = lookAtProxy(cluster, node, mode as ProxyMode | undefined);
  if (!proxy) return undefined;
  const emitter = EMITTERS[proxy.mode];
  return {
    node,
    mode: proxy.mode,
    texts: emitter
      ? Object.values(proxy.models).map((model) => ({
          family: model.family,
          text: emitter.rules(model),
        }))
      : [],
  };
}
