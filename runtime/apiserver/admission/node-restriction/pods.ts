import type { Pod } from '../../../../generated/core/v1/types.ts';
import { hasLabels, jsonEqual, type KubeObject } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import { referencesOf } from '../../strategies/pod-spec/index.ts';
import { MIRROR } from '../../strategies/pods/mirrors.ts';
import type { AdmissionAttributes } from '../plugin.ts';

type StoredPod = Pod & KubeObject;

/** How what a mirror refers to is called. */
const CALLED: Readonly<Record<string, string>> = { serviceaccounts: 'a service account' };

/** Why a kubelet may not do this to a pod: it makes mirrors, ends and evicts what is on its node, and says how that is. */
export function wrongPod(
  { operation, subresource, object, old }: AdmissionAttributes,
  node: string,
  core: Core,
): string | undefined {
  const pod = object as StoredPod;
  switch (subresource) {
    case undefined:
    case '':
      return wrongItself(operation, pod, node, core);
    case 'status':
      return operation === 'UPDATE' ? wrongStatus(pod, old as StoredPod, node) : undefined;
    case 'eviction':
      return pod.spec?.nodeName === node
        ? undefined
        : `node ${node} can only evict pods with spec.nodeName set to itself`;
    default:
      return `unexpected pod subresource "${subresource}", only 'status' and 'eviction' are allowed`;
  }
}

function wrongItself(
  operation: AdmissionAttributes['operation'],
  pod: StoredPod,
  node: string,
  core: Core,
): string | undefined {
  if (operation === 'CREATE') return wrongMirror(pod, node, core);
  if (operation !== 'DELETE')
    return `unexpected operation "${operation}", node "${node}" can only create and delete mirror pods`;
  return pod.spec?.nodeName === node
    ? undefined
    : `node "${node}" can only delete pods with spec.nodeName set to itself`;
}

function wrongStatus(pod: StoredPod, old: StoredPod, node: string): string | undefined {
  const said = `node "${node}"`;
  if (old.spec?.nodeName !== node)
    return `${said} can only update pod status for pods with spec.nodeName set to itself`;
  const [before, after] = [old.metadata.labels ?? {}, pod.metadata.labels ?? {}];
  if (!hasLabels(before, after) || !hasLabels(after, before))
    return `${said} cannot update labels through pod status`;
  if (!jsonEqual(old.status?.resourceClaimStatuses ?? [], pod.status?.resourceClaimStatuses ?? []))
    return `${said} cannot update resource claim statues`;
  return undefined;
}

function wrongMirror({ metadata, spec }: StoredPod, node: string, core: Core): string | undefined {
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
