import { clusters } from '../../../generated/cluster/v1/resources.ts';
import type { Cluster } from '../../../generated/cluster/v1/types.ts';
import { nodes } from '../../../generated/core/v1/resources.ts';
import type { Node } from '../../../generated/core/v1/types.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { isDeleting, isNotFound, type KubeObject } from '../../meta/index.ts';
import { blockPool, isAllocating, nextFree } from './pool.ts';

const BY_BLOCK = 'spec.podCIDRs';
/** Under which nodes without a block are found. */
const WITHOUT = '';

/** Where the search for a free block goes on. */
interface State {
  readonly next: number;
}

/** Deals out pod ranges. Key: the node. */
export function createNodeIpamController(deps: ControllerDeps<unknown, State>): Controller {
  deps.transport.addIndex<Node>(nodes, BY_BLOCK, (node) => blocksOf(node) ?? [WITHOUT]);
  const lister = listerOf(deps, nodes);
  const clusterLister = listerOf(deps, clusters);
  const waiting = (): string[] =>
    lister.byIndex(BY_BLOCK, WITHOUT).map(({ metadata }) => metadata.name ?? '');
  let { next } = deps.inherited ?? { next: 0 };
  return {
    name: 'nodeipam',
    watches: [
      watch(nodes, ({ type, object, previous }) => {
        // A freed block is for the first of those that wait.
        if (type === 'DELETED') return blocksOf(object) ? waiting().slice(0, 1) : [];
        if (previous && previous.spec?.podCIDRs === object.spec?.podCIDRs) return [];
        return blocksOf(object) ? [] : [object.metadata.name ?? ''];
      }),
      watch(clusters, ({ object, previous }) =>
        networkOf(previous) === networkOf(object) ? [] : waiting(),
      ),
    ],
    async reconcile(name, { client, events }) {
      const node = lister.byKey(name);
      if (!node || isDeleting(node) || blocksOf(node)) return;
      const described = clusterLister.list();
      if (!isAllocating(described)) return;
      const pool = blockPool(described);
      const free = pool && nextFree(pool, next, (block) => lister.countIndex(BY_BLOCK, block) > 0);
      if (!free) {
        const message = `Node ${name} status is now: CIDRNotAvailable`;
        events.event(node as KubeObject, 'Normal', 'CIDRNotAvailable', message);
        return { decision: { block: null } };
      }
      const spec = { podCIDR: free.block, podCIDRs: [free.block] };
      try {
        await client.patch(nodes, { name }, { spec }, { type: 'application/merge-patch+json' });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        return;
      }
      next = (free.index + 1) % pool.size;
      return { decision: { block: free.block } };
    },
    inherit: (): State => ({ next }),
  };
}

/** What of a Cluster says whether and of what nodes receive ranges, as text. */
function networkOf(cluster: Cluster | undefined): string {
  const { network, controllerManager } = cluster?.spec ?? {};
  return JSON.stringify([network, controllerManager?.allocateNodeCIDRs]);
}

function blocksOf({ spec }: Node): readonly string[] | undefined {
  if (spec?.podCIDRs?.length) return spec.podCIDRs;
  return spec?.podCIDR ? [spec.podCIDR] : undefined;
}
