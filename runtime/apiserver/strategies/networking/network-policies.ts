import { BlockList, isIPv6 } from 'node:net';
import type {
  IPBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
} from '../../../../generated/networking/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import type { KubeObject } from '../../../meta/index.ts';
import { invalid, type Problem } from '../problem.ts';
import type { Strategy } from '../strategy.ts';

type StoredPolicy = NetworkPolicy & KubeObject;

/** NetworkPolicies: the directions that follow from the rules, and exceptions within their ranges. */
export const networkPolicies: Strategy<StoredPolicy> = {
  prepareCreate: withTypes,
  prepareUpdate: withTypes,
  validate({ spec = {} }, old) {
    if (old && spec === old.spec) return [];
    const { ingress = [], egress = [], policyTypes = [] } = spec;
    return [
      ...ingress.flatMap(({ from }, at) => peerProblems(from, `spec.ingress[${at}].from`)),
      ...egress.flatMap(({ to }, at) => peerProblems(to, `spec.egress[${at}].to`)),
      ...(policyTypes.length > 2
        ? [invalid('spec.policyTypes', policyTypes, 'may not specify more than two policyTypes')]
        : []),
    ];
  },
};

function withTypes(policy: StoredPolicy): StoredPolicy {
  const { spec = {} } = policy;
  if (spec.policyTypes?.length) return policy;
  const policyTypes = spec.egress?.length
    ? (['Ingress', 'Egress'] as const)
    : (['Ingress'] as const);
  return { ...policy, spec: { ...spec, policyTypes } };
}

function peerProblems(peers: readonly NetworkPolicyPeer[] = [], path: string): Problem[] {
  return peers.flatMap(({ ipBlock }, at) =>
    ipBlock ? blockProblems(ipBlock, `${path}[${at}].ipBlock`) : [],
  );
}

function blockProblems({ cidr, except = [] }: IPBlock, path: string): Problem[] {
  const isRange = (text: string): boolean => !FORMAT_CHECKS.cidr(text);
  if (!cidr || !isRange(cidr)) return [];
  return except.flatMap((each, at) =>
    !isRange(each) || isStrictlyWithin(each, cidr)
      ? []
      : [invalid(`${path}.except[${at}]`, each, 'must be a strict subset of `cidr`')],
  );
}

function isStrictlyWithin(inner: string, outer: string): boolean {
  const [address = '', bits] = inner.split('/');
  const [network = '', outerBits] = outer.split('/');
  if (isIPv6(address) !== isIPv6(network) || Number(bits) <= Number(outerBits)) return false;
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  const range = new BlockList();
  range.addSubnet(network, Number(outerBits), family);
  return range.check(address, family);
}
