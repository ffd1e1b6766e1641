import type { Node } from '../../../generated/core/v1/types.ts';
import { type FieldProblem, forbidden } from '../../../generator/model/index.ts';
import { jsonEqual, type KubeObject } from '../../meta/index.ts';
import type { Strategy } from './strategy.ts';

type StoredNode = Node & KubeObject;

const ONCE = (field: string): string =>
  `node updates may not change ${field} except from "" to valid`;

/** Nodes: address ranges come in step and are given once. */
export const nodes: Strategy<StoredNode> = {
  prepareCreate: inStep,
  prepareUpdate: inStep,
  validate(node, old) {
    if (!old) return [];
    const problems: FieldProblem[] = [];
    const { podCIDRs, providerID } = old.spec ?? {};
    if (podCIDRs?.length && !jsonEqual(podCIDRs, node.spec?.podCIDRs))
      problems.push(forbidden('spec.podCIDRs', ONCE('podCIDR')));
    if (providerID && providerID !== node.spec?.providerID)
      problems.push(forbidden('spec.providerID', ONCE('providerID')));
    return problems;
  },
};

function inStep(node: StoredNode): StoredNode {
  const { podCIDR, podCIDRs } = node.spec ?? {};
  if (podCIDR && !podCIDRs?.length) return { ...node, spec: { ...node.spec, podCIDRs: [podCIDR] } };
  if (!podCIDR && podCIDRs?.[0])
    return { ...node, spec: { ...node.spec, podCIDR: podCIDRs[0] } };
  return node;
}
