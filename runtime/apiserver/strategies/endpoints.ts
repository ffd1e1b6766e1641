import { isIP } from 'node:net';
import type {
  EndpointAddress,
  EndpointSubset,
  Endpoints,
} from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { specialAddress } from './addresses.ts';
import { invalid, type Problem, required } from './problem.ts';
import type { Strategy } from './strategy.ts';

/** Endpoints: addresses that traffic can be sent to, and a name for each of several ports. */
export const endpoints: Strategy<Endpoints & KubeObject> = {
  validate({ subsets = [] }, old) {
    return subsets.flatMap((subset, at) =>
      subset === old?.subsets?.[at] ? [] : subsetProblems(subset, `subsets[${at}]`),
    );
  },
};

function subsetProblems(subset: EndpointSubset, path: string): Problem[] {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
  return [
    ...addresses.flatMap((each, at) => addressProblems(each, `${path}.addresses[${at}]`)),
    ...notReadyAddresses.flatMap((each, at) =>
      addressProblems(each, `${path}.notReadyAddresses[${at}]`),
    ),
    ...ports.flatMap(({ name }, at) =>
      ports.length > 1 && !name ? [required(`${path}.ports[${at}].name`)] : [],
    ),
  ];
}

const NO_ADDRESS = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

function addressProblems({ ip }: EndpointAddress, path: string): Problem[] {
  const isAddress = isIP(ip) !== 0 && !ip.includes('%');
  const wrong = isAddress ? specialAddress(ip) : NO_ADDRESS;
  return wrong ? [invalid(`${path}.ip`, ip, wrong)] : [];
}
