import type { RuleModel, ServiceRules } from '../model/index.ts';
import {
  chainNames,
  chainText,
  dispatchText,
  type TextContext,
  textContext,
} from './port-rules.ts';
import { CANARY, chainLine, FILTER_JUMPS, NAT_JUMPS, sharedText } from './shared-chains.ts';

/** The rules of services, in parts to be joined. */
export interface ServiceParts {
  readonly filter: string[];
  readonly natChains: string[];
  readonly natRules: string[];
}

/** Adds the rules of one service; those of its own chains only if `chains` says so. */
export function addService(
  parts: ServiceParts,
  { ports }: ServiceRules,
  context: TextContext,
  chains: boolean,
): void {
  for (const port of ports) {
    const { filter, nat } = dispatchText(port);
    parts.filter.push(filter);
    parts.natRules.push(nat);
    if (!chains) continue;
    const own = chainText(port, context);
    for (const chain of own.chains) parts.natChains.push(chainLine(chain));
    parts.natRules.push(own.rules);
  }
}

/** Chains that a service has in the nat table. */
export function serviceChains({ ports }: ServiceRules): string[] {
  return ports.flatMap(chainNames);
}

/**
 * What `iptables-restore --noflush` (`ip6tables-restore` for IPv6) takes on a full sync of kube-proxy, to the letter but for the
 * order of services, which is by name here and by chance there.
 */
export function restoreText(model: RuleModel, stale: readonly string[] = []): string {
  return assemble(model, partsOf(model), stale);
}

function partsOf(model: RuleModel): ServiceParts {
  const context = textContext(model);
  const parts: ServiceParts = { filter: [], natChains: [], natRules: [] };
  for (const rules of model.services.values()) addService(parts, rules, context, true);
  return parts;
}

/** Puts the rules of services between those that are always there. Chains in `stale` are emptied and deleted. */
export function assemble(
  model: RuleModel,
  { filter, natChains, natRules }: ServiceParts,
  stale: readonly string[],
): string {
  const shared = sharedText(model);
  return [
    '*filter\n',
    shared.filterChains,
    shared.filterStart,
    ...filter,
    shared.filterEnd,
    'COMMIT\n*nat\n',
    shared.natChains,
    ...natChains,
    ...stale.map(chainLine),
    shared.natStart,
    ...natRules,
    ...stale.map((chain) => `-X ${chain}\n`),
    shared.natEnd,
    'COMMIT\n',
  ].join('');
}

/**
 * Text that makes an empty kernel what kube-proxy makes of it. Beside `restoreText` it has what kube-proxy does by separate
 * commands: the jumps from the kernel's own chains, the chain that it shares with the kubelet, and its canaries.
 */
export function kernelText(model: RuleModel): string {
  const shared = sharedText(model);
  const { filter, natChains, natRules } = partsOf(model);
  const guarded = shared.filterStart !== '';
  return [
    `*mangle\n${chainLine(CANARY)}COMMIT\n*filter\n`,
    shared.filterChains,
    guarded ? '' : chainLine('KUBE-FIREWALL'),
    chainLine(CANARY),
    FILTER_JUMPS,
    shared.filterStart,
    ...filter,
    shared.filterEnd,
    'COMMIT\n*nat\n',
    shared.natChains,
    chainLine(CANARY),
    ...natChains,
    NAT_JUMPS,
    shared.natStart,
    ...natRules,
    shared.natEnd,
    'COMMIT\n',
  ].join('');
}
