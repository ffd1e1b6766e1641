import type {
  Node,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  Pod,
  Taint,
  Toleration,
} from '../../generated/core/v1/types.ts';
import { type Amounts, podAmounts } from './amounts.ts';
import { lacksPorts } from './host-ports.ts';
import type { PodVerdict } from './pod-record.ts';

/** What a node has, and what is left of it. */
export interface Room {
  readonly allocatable: Amounts;
  readonly used: Amounts;
  /** The pods that run there. */
  neighbours(): readonly Pod[];
}

/**
 * The kubelet's own check of a pod that was bound to it: enough left of every resource, the node the one that the pod
 * selects, its host ports free, no taint that would evict it. The scheduler has looked before; a pod that names its node itself has not.
 */
export function refuse(
  pod: Pod,
  node: Node | undefined,
  { allocatable, used, neighbours }: Room,
): PodVerdict | undefined {
  const [short] = shortages(pod, allocatable, used);
  if (short) {
    const { resource, requested, inUse, capacity } = short;
    return {
      reason: `OutOf${resource}`,
      message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${inUse}, capacity: ${capacity}`,
    };
  }
  return node ? refusePlace(pod, node, neighbours) : undefined;
}

/** A resource of which the pod wants more than is left. */
export interface Shortage {
  readonly resource: string;
  readonly requested: number;
  readonly inUse: number;
  readonly capacity: number;
}

export function shortages(pod: Pod, allocatable: Amounts, used: Amounts): Shortage[] {
  const found: Shortage[] = [];
  const wants = podAmounts(pod);
  for (const resource in wants) {
    const requested = wants[resource]!;
    const inUse = used[resource] ?? 0;
    const capacity = allocatable[resource] ?? 0;
    if (requested > 0 && inUse + requested > capacity)
      found.push({ resource, requested, inUse, capacity });
  }
  return found;
}

/** What speaks against the node itself, however much is left of its resources. */
export function refusePlace(
  pod: Pod,
  node: Node,
  neighbours: Room['neighbours'],
): PodVerdict | undefined {
  if (!selects(pod, node))
    return {
      reason: 'NodeAffinity',
      message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    };
  if (lacksPorts(pod, neighbours))
    return {
      reason: 'NodePorts',
      message:
        "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    };
  const taint = node.spec?.taints?.find(
    (each) =>
      each.effect === 'NoExecute' && !pod.spec?.tolerations?.some((t) => tolerates(t, each)),
  );
  return taint
    ? {
        reason: 'TaintToleration',
        message:
          "Predicate TaintToleration failed: node(s) had taints that the pod doesn't tolerate",
      }
    : undefined;
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return toleration.key !== undefined && (toleration.value ?? '') === (taint.value ?? '');
}

function selects(pod: Pod, node: Node): boolean {
  const labels = node.metadata?.labels ?? {};
  for (const [key, value] of Object.entries(pod.spec?.nodeSelector ?? {}))
    if (labels[key] !== value) return false;
  const terms =
    pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      ?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => matchesTerm(term, node, labels));
}

function matchesTerm(
  term: NodeSelectorTerm,
  node: Node,
  labels: Readonly<Record<string, string>>,
): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((each) => matches(each, labels[each.key])) &&
    matchFields.every((each) => matches(each, node.metadata?.name))
  );
}

function matches(
  { operator, values = [] }: NodeSelectorRequirement,
  value: string | undefined,
): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
