import type {
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Volume,
} from '../../../generated/core/v1/types.ts';
import type { PolicyRule } from '../../../generated/rbac/v1/types.ts';
import type { VolumeAttachment } from '../../../generated/storage/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Access, Decision, ResourceAccess } from './access.ts';
import { isPathAccess } from './access.ts';
import type { RoleReader } from './authorizer.ts';
import { refersTo } from './pod-references.ts';
import { allows } from './rules.ts';

const LEASES = 'kube-node-lease';
const NODE_NAME = 'spec.nodeName';
const SECRET_REFS = [
  'controllerPublishSecretRef',
  'nodePublishSecretRef',
  'nodeStageSecretRef',
  'controllerExpandSecretRef',
  'nodeExpandSecretRef',
] as const;

const YES: Decision = { allowed: true, reason: '' };
const no = (reason = ''): Decision => ({ allowed: false, reason });

type Rule = (node: string, access: ResourceAccess, reader: RoleReader) => Decision;

/** By `<resource>.<group>`: what a kubelet gets only in so far as it is about its own node. */
const RULES: Readonly<Record<string, Rule>> = {
  secrets: readable(secretIsNear),
  configmaps: readable((node, access, reader) => podsRefer(node, access, reader, 'configMap')),
  persistentvolumeclaims: (node, access, reader) =>
    access.subresource === 'status'
      ? ['update', 'patch'].includes(access.verb)
        ? related(node, access, reader, claimIsNear)
        : no('can only get/update/patch this type')
      : gettable(claimIsNear)(node, access, reader),
  persistentvolumes: gettable(volumeIsNear),
  'volumeattachments.storage.k8s.io': gettable((node, { name = '' }, reader) => {
    const found = reader.object('volumeattachments.storage.k8s.io', name);
    return (found as VolumeAttachment | undefined)?.spec.nodeName === node;
  }),
  serviceaccounts: accounts,
  'leases.coordination.k8s.io': own('a node lease', 'node lease', LEASES),
  'csinodes.storage.k8s.io': own('a CSINode', 'CSINode', undefined),
  nodes: nodesRule,
  pods: podsRule,
};

/**
 * Decides what kubelets may do: what their role says, but secrets, config maps, claims, volumes, attachments, accounts and pods only where a
 * pod on their node leads to them, and leases, CSINodes and Nodes only by their own name. What is near is looked for from the pods of the node on,
 * when somebody asks.
 */
export function decideForNode(
  node: string,
  access: Access,
  reader: RoleReader,
  nodeRules: readonly PolicyRule[],
): Decision {
  if (!isPathAccess(access)) {
    const { group, resource } = access;
    const rule = RULES[group === '' ? resource : `${resource}.${group}`];
    if (rule) return rule(node, access, reader);
  }
  return nodeRules.some((rule) => allows(rule, access)) ? YES : no();
}

type Near = (node: string, access: ResourceAccess, reader: RoleReader) => boolean;

function related(node: string, access: ResourceAccess, reader: RoleReader, near: Near): Decision {
  if (!access.name) return no('No Object name found');
  if (near(node, access, reader)) return YES;
  return no(`no relationship found between node '${node}' and this object`);
}

function gettable(near: Near): Rule {
  return (node, access, reader) => {
    if (access.verb !== 'get') return no('can only get individual resources of this type');
    if (access.subresource) return no('cannot get subresource');
    return related(node, access, reader, near);
  };
}

function readable(near: Near): Rule {
  return (node, access, reader) => {
    if (!['get', 'list', 'watch'].includes(access.verb))
      return no('can only read resources of this type');
    if (access.subresource) return no('cannot read subresource');
    if (!access.namespace) return no('can only read namespaced object of this type');
    return related(node, access, reader, near);
  };
}

function accounts(node: string, access: ResourceAccess, reader: RoleReader): Decision {
  const near: Near = (each, { namespace, name }, all) =>
    podsOf(each, namespace, all).some(({ spec }) => spec?.serviceAccountName === name);
  if (access.verb === 'get' && !access.subresource) return readable(near)(node, access, reader);
  if (access.verb !== 'create' || !access.name)
    return no('can only create tokens for individual service accounts');
  if (access.subresource !== 'token')
    return no('can only create token subresource of serviceaccount');
  return related(node, access, reader, near);
}

/** What a kubelet keeps under its own name. With `create` the name is not known yet: admission looks at it. */
function own(article: string, what: string, namespace: string | undefined): Rule {
  return (node, access) => {
    if (!['get', 'create', 'update', 'patch', 'delete'].includes(access.verb))
      return no(`can only get, create, update, patch, or delete ${article}`);
    if (namespace !== undefined && access.namespace !== namespace)
      return no(`can only access leases in the "${namespace}" system namespace`);
    if (namespace === undefined && access.subresource)
      return no(`cannot authorize ${what} subresources`);
    if (access.verb !== 'create' && access.name !== node)
      return no(`can only access ${what} with the same name as the requesting node`);
    return YES;
  };
}

function nodesRule(node: string, { verb, subresource, name }: ResourceAccess): Decision {
  if (subresource) return subresource === 'status' && isChange(verb) ? YES : no();
  if (verb === 'create' || isChange(verb)) return YES;
  if (!['get', 'list', 'watch'].includes(verb)) return no();
  if (name === node) return YES;
  return no(
    name
      ? `node '${node}' cannot read '${name}', only its own Node object`
      : `node '${node}' cannot read all nodes, only its own Node object`,
  );
}

function podsRule(node: string, access: ResourceAccess, reader: RoleReader): Decision {
  const { verb, subresource, name, fieldSelector = {} } = access;
  if (subresource === 'status') return isChange(verb) ? YES : no();
  if (subresource) return subresource === 'eviction' && verb === 'create' ? YES : no();
  const near: Near = (each, { namespace, name: pod }, all) =>
    podsOf(each, namespace, all).some(({ metadata }) => metadata.name === pod);
  if (verb === 'get') return gettable(near)(node, access, reader);
  if (verb === 'create' || verb === 'delete') return YES;
  if (verb !== 'list' && verb !== 'watch') return no();
  if (fieldSelector[NODE_NAME] === node) return YES;
  if (name) return related(node, access, reader, near);
  return no('can only list/watch pods with spec.nodeName field selector');
}

const isChange = (verb: string): boolean => verb === 'update' || verb === 'patch';

type StoredPod = Pod & KubeObject;

function podsOf(node: string, namespace: string | undefined, reader: RoleReader): StoredPod[] {
  const all = reader.byIndex('pods', NODE_NAME, node) as readonly StoredPod[];
  return all.filter(({ metadata }) => metadata.namespace === namespace);
}

function podsRefer(
  node: string,
  { namespace, name = '' }: ResourceAccess,
  reader: RoleReader,
  what: 'configMap' | 'secret',
): boolean {
  return podsOf(node, namespace, reader).some(({ spec }) => spec && refersTo(spec, what, name));
}

/** A pod names it, or a volume that a pod's claim is bound to does. */
function secretIsNear(node: string, access: ResourceAccess, reader: RoleReader): boolean {
  if (podsRefer(node, access, reader, 'secret')) return true;
  return volumesOf(node, reader).some(({ spec }) =>
    SECRET_REFS.some((field) => {
      const found = spec?.csi?.[field];
      return found?.name === access.name && found?.namespace === access.namespace;
    }),
  );
}

function claimIsNear(
  node: string,
  { namespace, name }: ResourceAccess,
  reader: RoleReader,
): boolean {
  return podsOf(node, namespace, reader).some((pod) => claimsOf(pod).includes(name ?? ''));
}

function volumeIsNear(node: string, { name }: ResourceAccess, reader: RoleReader): boolean {
  return volumesOf(node, reader).some(({ metadata }) => metadata.name === name);
}

function claimsOf({ metadata, spec }: StoredPod): string[] {
  return (spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }: Volume) =>
    persistentVolumeClaim
      ? [persistentVolumeClaim.claimName]
      : ephemeral
        ? [`${metadata.name}-${name}`]
        : [],
  );
}

/** The volumes that claims of the node's pods are bound to. */
function volumesOf(node: string, reader: RoleReader): (PersistentVolume & KubeObject)[] {
  const pods = reader.byIndex('pods', NODE_NAME, node) as readonly StoredPod[];
  return pods.flatMap((pod) =>
    claimsOf(pod).flatMap((claim) => {
      const { namespace } = pod.metadata;
      const found = reader.object('persistentvolumeclaims', `${namespace}/${claim}`);
      const name = (found as PersistentVolumeClaim | undefined)?.spec?.volumeName;
      const volume = name && (reader.object('persistentvolumes', name) as PersistentVolume);
      const of = volume ? volume.spec?.claimRef : undefined;
      const isOurs = of?.name === claim && of.namespace === namespace;
      return volume && isOurs ? [volume as PersistentVolume & KubeObject] : [];
    }),
  );
}
