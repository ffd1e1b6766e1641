import type { Node } from '../../../generated/core/v1/types.ts';
import { jsonEqual, type KubeObject } from '../../meta/index.ts';
import { amountProblems } from './pod-spec/index.ts';
import { duplicate, forbidden, invalid, type Problem } from './problem.ts';
import type { Strategy } from './strategy.ts';

type StoredNode = Node & KubeObject;

/** Nodes: they register with their status, address ranges come in step and are given once, taints are unique. */
export const nodes: Strategy<StoredNode> = {
  keepsStatusOnCreate: true,
  prepareCreate: (node) => allocatable(inStep(node)),
  prepareUpdate: inStep,
  prepareStatus: allocatable,
  validate: (node, old) => [
    ...(node.spec === old?.spec ? [] : specProblems(node, old)),
    ...(old ? [] : statusProblems(node, undefined)),
  ],
  validateStatus: statusProblems,
};

function inStep(node: StoredNode): StoredNode {
  const { podCIDR, podCIDRs } = node.spec ?? {};
  if (podCIDR && !podCIDRs?.length) return { ...node, spec: { ...node.spec, podCIDRs: [podCIDR] } };
  if (!podCIDR && podCIDRs?.[0]) return { ...node, spec: { ...node.spec, podCIDR: podCIDRs[0] } };
  return node;
}

/** A node that keeps nothing for itself leaves its whole capacity to pods. */
function allocatable(node: StoredNode): StoredNode {
  const { status } = node;
  if (!status?.capacity || status.allocatable) return node;
  return { ...node, status: { ...status, allocatable: status.capacity } };
}

function specProblems(node: StoredNode, old: StoredNode | undefined): Problem[] {
  const { podCIDRs = [], taints } = node.spec ?? {};
  const families = new Set(podCIDRs.map((range) => range.includes(':')));
  const problems: Problem[] = [];
  if (podCIDRs.length > 1 && families.size < podCIDRs.length)
    problems.push(
      invalid('spec.podCIDRs', podCIDRs, 'may specify no more than one CIDR for each IP family'),
    );
  if (taints && taints !== old?.spec?.taints) problems.push(...taintProblems(taints));
  return old ? [...problems, ...fixedProblems(node, old)] : problems;
}

function taintProblems(taints: NonNullable<NonNullable<Node['spec']>['taints']>): Problem[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, at) => {
    const pair = `${taint.key}:${taint.effect}`;
    const isRepeated = seen.has(pair);
    seen.add(pair);
    if (!isRepeated) return [];
    const problem = duplicate(`metadata.taints[${at}]`, taint);
    const message = `${problem.message}: taints must be unique by key and effect pair`;
    return [{ ...problem, message }];
  });
}

const ONCE = (field: string): string =>
  `node updates may not change ${field} except from "" to valid`;

function fixedProblems({ spec }: StoredNode, { spec: before }: StoredNode): Problem[] {
  const problems: Problem[] = [];
  const { podCIDRs, providerID, externalID } = before ?? {};
  if (podCIDRs?.length && !jsonEqual(podCIDRs, spec?.podCIDRs))
    problems.push(forbidden('spec.podCIDRs', ONCE('podCIDR')));
  if (providerID && providerID !== spec?.providerID)
    problems.push(forbidden('spec.providerID', ONCE('providerID')));
  if (spec?.externalID && spec.externalID !== externalID)
    problems.push(forbidden('spec.externalID', 'may not be updated'));
  return problems;
}

const WHOLE = new Set(['pods']);

/** Only what is not stored already is looked at: heartbeats repeat addresses and resources. */
function statusProblems({ status }: Node, old: Node | undefined): Problem[] {
  const { addresses, capacity, allocatable: usable } = status ?? {};
  const before = old?.status;
  return [
    ...(addresses && addresses !== before?.addresses ? addressProblems(addresses) : []),
    ...(capacity === before?.capacity ? [] : listProblems(capacity, 'status.capacity')),
    ...(usable === before?.allocatable ? [] : listProblems(usable, 'status.allocatable')),
  ];
}

function addressProblems(
  addresses: NonNullable<NonNullable<Node['status']>['addresses']>,
): Problem[] {
  return addresses.flatMap((address, at) => {
    const isRepeated = addresses
      .slice(0, at)
      .some((each) => each.type === address.type && each.address === address.address);
    return isRepeated ? [duplicate(`status.addresses[${at}]`, address)] : [];
  });
}

function listProblems(list: Readonly<Record<string, unknown>> = {}, path: string): Problem[] {
  return Object.entries(list).flatMap(([name, quantity]) => {
    const isExtended = name.includes('/') && !name.includes('kubernetes.io/');
    return amountProblems(`${path}.${name}`, quantity, isExtended || WHOLE.has(name));
  });
}
