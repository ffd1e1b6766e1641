import type {
  NodeSelectorTerm,
  PodSpec,
  Taint,
  Toleration,
} from '../../generated/core/v1/types.ts';
import { FORMAT_CHECKS } from '../../generator/model/formats.ts';
import type { ObjectMeta } from './object.ts';
import { hasLabels, labelMatcher } from './selectors.ts';

/** What a pod asks of a node is asked of its name and labels. */
export interface NodeIdentity {
  readonly metadata: ObjectMeta;
}

export type NodeMatcher = (node: NodeIdentity) => boolean;

/** Whether the toleration covers the taint; an empty key (with Exists) or effect covers all. */
export function tolerates(
  { key, operator = 'Equal', value = '', effect }: Toleration,
  taint: Taint,
): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return Boolean(key) && value === (taint.value ?? '');
}

const matchers = new WeakMap<PodSpec, NodeMatcher>();

/** Whether a node is one that the pod's node selector and required node affinity take; remembered by identity of the spec. */
export function nodeMatcher(spec: PodSpec): NodeMatcher {
  let found = matchers.get(spec);
  if (!found) {
    found = compile(spec);
    matchers.set(spec, found);
  }
  return found;
}

function compile({ nodeSelector = {}, affinity }: PodSpec): NodeMatcher {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms?.map(compileTerm);
  return (node) =>
    hasLabels(node.metadata.labels, nodeSelector) &&
    (terms === undefined || terms.some((matches) => matches(node)));
}

/** A term without requirements, or with something that cannot be a label's value, takes no node. */
function compileTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): NodeMatcher {
  const isSound = matchExpressions.every(({ values = [] }) =>
    values.every((value) => FORMAT_CHECKS['label-value'](value) === undefined),
  );
  if (!isSound || matchExpressions.length + matchFields.length === 0) return () => false;
  const byLabels = labelMatcher({ matchExpressions } as Parameters<typeof labelMatcher>[0]);
  return ({ metadata: { name = '', labels = {} } }) =>
    byLabels(labels) &&
    matchFields.every(
      ({ key, operator, values = [] }) =>
        key === 'metadata.name' &&
        values.length === 1 &&
        ((operator === 'In' && values[0] === name) || (operator === 'NotIn' && values[0] !== name)),
    );
}
