import { isIP } from 'node:net';
import { forbidden, invalid, type Problem } from '../problem.ts';
import type { StoredService } from './service.ts';

const PATH = 'status.loadBalancer.ingress';

/** Only a load balancer reports where it can be reached, and names as names. */
export function statusProblems({ spec, status }: StoredService): Problem[] {
  const { ingress = [] } = status?.loadBalancer ?? {};
  if (ingress.length === 0) return [];
  if (spec?.type !== 'LoadBalancer')
    return [forbidden(PATH, 'may only be used when `spec.type` is "LoadBalancer"')];
  return ingress.flatMap(({ hostname, ip, ipMode }, at) => {
    const problems: Problem[] = [];
    if (hostname && isIP(hostname) !== 0)
      problems.push(
        invalid(`${PATH}[${at}].hostname`, hostname, 'must be a DNS name, not an IP address'),
      );
    if (ipMode && !ip)
      problems.push(
        forbidden(`${PATH}[${at}].ipMode`, 'may not be specified when `ip` is not set'),
      );
    return problems;
  });
}
