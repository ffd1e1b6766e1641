import { pods } from '../../generated/core/v1/resources.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import type { ControllerDeps } from '../client/index.ts';

/** The index that kubelets use too: pods by the node they are bound to. */
const BY_NODE = 'spec.nodeName';

/** The pods bound to a node. Cost: their number. */
export function podsByNode({ transport }: ControllerDeps): (node: string) => readonly Pod[] {
  transport.addIndex<Pod>(pods, BY_NODE, (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
  const lister = transport.lister(pods);
  return (node) => lister.byIndex(BY_NODE, node);
}
