import type { User } from '../../meta/index.ts';

const NODES = 'system:nodes';
const NODE_USER = 'system:node:';

/** The name of the node whose kubelet a user is: empty where he does not say which; undefined for anybody else. */
export function nodeOf({ name, groups }: User): string | undefined {
  const isNode = name.startsWith(NODE_USER) && groups.includes(NODES);
  return isNode ? name.slice(NODE_USER.length) : undefined;
}
