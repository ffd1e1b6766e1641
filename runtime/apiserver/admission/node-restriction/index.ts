/**
 * What the API server takes from kubelets: only what is about their own node and the pods on it. Who may come to speak at all the
 * Node authorizer and roles decide; here it is the content that is looked at.
 *
 * One function a resource says what is wrong; a request of anybody who is no kubelet passes. Left out: DRA's slices and pod
 * certificates, which this server does not have.
 */
import type { PersistentVolumeClaim } from '../../../../generated/core/v1/types.ts';
import { forbidden, jsonEqual, type KubeObject } from '../../../meta/index.ts';
import { nodeOf } from '../../authorization/index.ts';
import type { Core } from '../../core.ts';
import { about } from '../../kind.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../plugin.ts';
import { wrongNode } from './nodes.ts';
import { wrongPod } from './pods.ts';
import { wrongToken } from './tokens.ts';

type Rule = (attributes: AdmissionAttributes, node: string, core: Core) => string | undefined;

const LEASES = 'kube-node-lease';

const RULES: Readonly<Record<string, Rule>> = {
  pods: wrongPod,
  nodes: wrongNode,
  persistentvolumeclaims: wrongClaim,
  serviceaccounts: (attributes, node, core) =>
    attributes.subresource === 'token' ? wrongToken(attributes, node, core) : undefined,
  'leases.coordination.k8s.io': ({ namespace, name }, node) => {
    if (namespace !== LEASES) return `can only access leases in the "${LEASES}" system namespace`;
    return name === node
      ? undefined
      : 'can only access node lease with the same name as the requesting node';
  },
  'csinodes.storage.k8s.io': ({ name }, node) =>
    name === node ? undefined : 'can only access CSINode with the same name as the requesting node',
};

export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  validate(attributes, core) {
    const { user, kind, name } = attributes;
    const node = nodeOf(user);
    if (node === undefined) return;
    const wrong =
      node === ''
        ? `could not determine node from user "${user.name}"`
        : RULES[kind.id]?.(attributes, node, core);
    if (wrong !== undefined) throw forbidden(about(kind, name), wrong);
  },
};

function wrongClaim(
  { subresource, object, old }: AdmissionAttributes,
  node: string,
): string | undefined {
  if (subresource !== 'status') return 'may only update PVC status';
  if (old && jsonEqual(fixedPart(object), fixedPart(old))) return undefined;
  return `node "${node}" is not allowed to update fields other than status.quantity and status.conditions`;
}

/** All of a claim but what a kubelet reports of its size. */
function fixedPart(object: KubeObject): object {
  const { metadata, status = {}, ...rest } = object as KubeObject & PersistentVolumeClaim;
  const { resourceVersion: _, managedFields: __, ...own } = metadata;
  const {
    capacity: ___,
    conditions: ____,
    allocatedResourceStatuses: _____,
    allocatedResources: ______,
    ...others
  } = status;
  return { ...rest, metadata: own, status: others };
}
