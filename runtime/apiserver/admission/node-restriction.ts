import type { Pod } from '../../../generated/core/v1/types.ts';
import { forbidden, type KubeObject, type User } from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { about } from '../kind.ts';
import { referencesOf } from '../strategies/pod-spec/index.ts';
import { MIRROR } from '../strategies/pods/mirrors.ts';
import type { AdmissionPlugin } from './plugin.ts';

const NODES = 'system:nodes';
const NODE_USER = 'system:node:';
/** How what a mirror refers to is called. */
const CALLED: Readonly<Record<string, string>> = { serviceaccounts: 'a service account' };

/**
 * Kubelets make no pods but mirrors of what they run, which refer to nothing, and delete none but those on their node.
 * What it says upstream of a kubelet's own Node, leases and tokens is left out: there is no check of those.
 */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  resource: 'pods',
  validate({ operation, kind, name, object, user }, core) {
    const node = nodeOf(user);
    if (node === undefined) return;
    const pod = object as KubeObject & Pod;
    const wrong =
      operation === 'CREATE'
        ? wrongMirror(pod, node, core)
        : operation === 'DELETE' && pod.spec?.nodeName !== node
          ? `node "${node}" can only delete pods with spec.nodeName set to itself`
          : undefined;
    if (wrong !== undefined) throw forbidden(about(kind, name), wrong);
  },
};

function nodeOf({ name, groups }: User): string | undefined {
  const isNode = name.startsWith(NODE_USER) && groups.includes(NODES);
  return isNode ? name.slice(NODE_USER.length) : undefined;
}

function wrongMirror(
  { metadata, spec }: KubeObject & Pod,
  node: string,
  core: Core,
): string | undefined {
  const said = `node "${node}"`;
  if (metadata.annotations?.[MIRROR] === undefined)
    return `pod does not have "${MIRROR}" annotation, ${said} can only create mirror pods`;
  if (spec?.nodeName !== node)
    return `${said} can only create pods with spec.nodeName set to itself`;
  const [owner, ...others] = metadata.ownerReferences ?? [];
  if (others.length > 0)
    return `${said} can only create pods with a single owner reference set to itself`;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    return `${said} can only create pods with an owner reference set to itself`;
  if (!owner.controller)
    return `${said} can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion)
    return `${said} must not set blockOwnerDeletion on an owner reference`;
  const { uid } = core.object('nodes', node)?.metadata ?? {};
  if (owner.uid !== uid) return `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`;
  const resource = referencesOf(spec)[0]?.resource;
  return resource && `${said} can not create pods that reference ${CALLED[resource] ?? resource}`;
}
