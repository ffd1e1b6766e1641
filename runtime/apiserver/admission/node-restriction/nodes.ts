import type { Node } from '../../../../generated/core/v1/types.ts';
import { jsonEqual, type KubeObject } from '../../../meta/index.ts';
import type { AdmissionAttributes } from '../plugin.ts';

type StoredNode = Node & KubeObject;
type Labels = Readonly<Record<string, string>>;

/** Labels in Kubernetes' own namespaces that a kubelet may give its Node. */
const OWN_LABELS: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);
/** Namespaces of labels, with all below them. */
const OWN_NAMESPACES = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const KUBERNETES = ['kubernetes.io', 'k8s.io'];
/** What tells nodes apart that are trusted with something: a node does not say it of itself. */
const RESTRICTED = 'node-restriction.kubernetes.io';

/** Why a kubelet may not write a Node so: only its own, and nothing by which it would draw other pods to itself. */
export function wrongNode(
  { operation, name, object, old }: AdmissionAttributes,
  node: string,
): string | undefined {
  const said = `node "${node}"`;
  if (name !== node) return `${said} is not allowed to modify node "${name}"`;
  const after = object as StoredNode;
  if (operation === 'CREATE') {
    if (after.spec?.configSource !== undefined)
      return `${said} is not allowed to create pods with a non-nil configSource`;
    const labels = forbiddenLabels(after.metadata.labels, {});
    return labels && `${said} is not allowed to set the following labels: ${labels}`;
  }
  return operation === 'UPDATE' ? wrongChange(after, old as StoredNode, said) : undefined;
}

function wrongChange(after: StoredNode, before: StoredNode, said: string): string | undefined {
  const { configSource, taints = [] } = after.spec ?? {};
  if (configSource !== undefined && !jsonEqual(configSource, before.spec?.configSource))
    return `${said} is not allowed to update configSource to a new non-nil configSource`;
  if (!jsonEqual(taints, before.spec?.taints ?? []))
    return `${said} is not allowed to modify taints`;
  const owners = after.metadata.ownerReferences ?? [];
  if (!jsonEqual(owners, before.metadata.ownerReferences ?? []))
    return `${said} is not allowed to modify ownerReferences`;
  const labels = forbiddenLabels(after.metadata.labels, before.metadata.labels);
  return labels && `is not allowed to modify labels: ${labels}`;
}

/** The labels that differ and that a kubelet has no say in, in the order of their keys. */
function forbiddenLabels(after: Labels = {}, before: Labels = {}): string | undefined {
  if (after === before) return undefined;
  const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
  const wrong = [...keys].filter((key) => after[key] !== before[key] && isForbidden(key)).sort();
  return wrong.length === 0 ? undefined : wrong.join(', ');
}

function isForbidden(key: string): boolean {
  const slash = key.indexOf('/');
  const namespace = slash < 0 ? '' : key.slice(0, slash);
  const isIn = (whole: string): boolean => namespace === whole || namespace.endsWith(`.${whole}`);
  if (isIn(RESTRICTED)) return true;
  return KUBERNETES.some(isIn) && !OWN_LABELS.has(key) && !OWN_NAMESPACES.some(isIn);
}
