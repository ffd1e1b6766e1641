import { isIPv6 } from 'node:net';
import type { ServiceCIDR } from '../../../../generated/networking/v1/types.ts';
import { jsonEqual, type KubeObject } from '../../../meta/index.ts';
import { invalid, type Problem, required } from '../problem.ts';
import { isUsable, TAKEN, takenAddresses, USABLE } from '../services/ranges.ts';
import type { Strategy } from '../strategy.ts';

const FIELD = 'spec.cidrs';
const FIXED = 'field is immutable';

/** ServiceCIDRs: one range, or one of each family; a second one may be added, nothing else changes. */
export const serviceCidrs: Strategy<ServiceCIDR & KubeObject> = {
  indexes: { [USABLE]: (cidr) => (isUsable(cidr) ? ['true'] : []) },
  validate({ spec }, old) {
    const cidrs = spec?.cidrs ?? [];
    if (!old) return familyProblems(cidrs);
    const before = old.spec?.cidrs ?? [];
    if (jsonEqual(cidrs, before)) return [];
    if (cidrs.length === before.length)
      return cidrs.flatMap((each, at) =>
        each === before[at] ? [] : [invalid(`${FIELD}[${at}]`, each, FIXED)],
      );
    if (before.length !== 1 || cidrs.length !== 2) return [invalid(FIELD, cidrs, FIXED)];
    const changed = cidrs[0] === before[0] ? [] : [invalid(`${FIELD}[0]`, cidrs[0], FIXED)];
    return [...changed, ...familyProblems(cidrs)];
  },
};

/** IPAddresses, which may be somebody's who allocated them otherwise. */
export const ipAddresses: Strategy = { indexes: { [TAKEN]: takenAddresses } };

function familyProblems(cidrs: readonly string[]): Problem[] {
  if (cidrs.length === 0) return [required(FIELD, 'at least one CIDR required')];
  if (cidrs.length > 2) return [invalid(FIELD, { cidrs }, 'may only hold up to 2 values')];
  const [first, second] = cidrs.map((cidr) => isIPv6(cidr.split('/')[0] ?? ''));
  if (second === undefined || first !== second) return [];
  return [
    invalid(
      FIELD,
      cidrs,
      'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
    ),
  ];
}
