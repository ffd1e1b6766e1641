import type { Node, Service, ServicePort } from '../../../generated/core/v1/types.ts';
import { isDeleting, jsonEqual } from '../../meta/index.ts';

export const FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler';

export type Action =
  | { readonly kind: 'none' }
  | { readonly kind: 'ensure'; readonly change?: Change }
  | { readonly kind: 'delete'; readonly change?: Change };

/** What of a service changed, as its event says it. */
export interface Change {
  readonly reason: string;
  readonly message: string;
}

/** What to do for a service, given how it was when it was last looked at; undefined for one that is new. */
export function decideBalancer(before: Service | undefined, service: Service): Action {
  const wants = wantsLoadBalancer(service);
  const change = before && changeOf(before, service);
  const told = change && 'reason' in change ? { change } : {};
  if (needsCleanup(service)) return { kind: 'delete', ...told };
  if (isDeleting(service) || (before ? change === undefined : !wants)) return { kind: 'none' };
  return { kind: wants ? 'ensure' : 'delete', ...told };
}

export function wantsLoadBalancer({ spec }: Service): boolean {
  return spec?.type === 'LoadBalancer' && spec.loadBalancerClass === undefined;
}

/** Whether the service is still held for a balancer that it is to have no more. */
function needsCleanup(service: Service): boolean {
  const isHeld = service.metadata.finalizers?.includes(FINALIZER) ?? false;
  return isHeld && (isDeleting(service) || service.spec?.type !== 'LoadBalancer');
}

/** The first change that matters to a balancer; an empty one where there is no event for it, undefined when nothing does. */
function changeOf(before: Service, service: Service): Change | object | undefined {
  const [old, now] = [before.spec ?? {}, service.spec ?? {}];
  const [wanted, wants] = [wantsLoadBalancer(before), wantsLoadBalancer(service)];
  if (!wanted && !wants) return undefined;
  if (wanted !== wants) return { reason: 'Type', message: `${old.type} -> ${now.type}` };
  const [ranges, newRanges] = [old.loadBalancerSourceRanges, now.loadBalancerSourceRanges];
  if (!jsonEqual(ranges, newRanges)) {
    const message = `${listText(ranges)} -> ${listText(newRanges)}`;
    return { reason: 'LoadBalancerSourceRanges', message };
  }
  if (!hasSamePorts(old.ports, now.ports) || old.sessionAffinity !== now.sessionAffinity) return {};
  if (!jsonEqual(old.sessionAffinityConfig, now.sessionAffinityConfig)) return {};
  if (old.loadBalancerIP !== now.loadBalancerIP)
    return arrow('LoadbalancerIP', old.loadBalancerIP, now.loadBalancerIP);
  const externalIP = externalChange(old.externalIPs, now.externalIPs);
  if (externalIP) return { reason: 'ExternalIP', message: externalIP };
  if (!jsonEqual(before.metadata.annotations ?? {}, service.metadata.annotations ?? {})) return {};
  if (before.metadata.uid !== service.metadata.uid)
    return arrow('UID', before.metadata.uid, service.metadata.uid);
  if (old.externalTrafficPolicy !== now.externalTrafficPolicy)
    return arrow('ExternalTrafficPolicy', old.externalTrafficPolicy, now.externalTrafficPolicy);
  const [port = 0, newPort = 0] = [old.healthCheckNodePort, now.healthCheckNodePort];
  if (port !== newPort) return arrow('HealthCheckNodePort', port, newPort);
  const [count, newCount] = [old.ipFamilies?.length ?? 0, now.ipFamilies?.length ?? 0];
  if (count === newCount) return undefined;
  return { reason: 'IPFamilies', message: `Count: ${count} -> ${newCount}` };
}

function arrow(reason: string, from: string | number = '', to: string | number = ''): Change {
  return { reason, message: `${from} -> ${to}` };
}

function listText(list: readonly string[] = []): string {
  return `[${list.join(' ')}]`;
}

function externalChange(
  before: readonly string[] = [],
  now: readonly string[] = [],
): string | undefined {
  if (before.length !== now.length) return `Count: ${before.length} -> ${now.length}`;
  const added = now.find((address, at) => address !== before[at]);
  return added === undefined ? undefined : `Added: ${added}`;
}

function hasSamePorts(
  before: readonly ServicePort[] = [],
  now: readonly ServicePort[] = [],
): boolean {
  const parts = ({ name, protocol, port, nodePort, targetPort }: ServicePort) => [
    name ?? '',
    protocol ?? 'TCP',
    port,
    nodePort ?? 0,
    targetPort ?? port,
  ];
  return before === now || jsonEqual(before.map(parts), now.map(parts));
}

/** Whether a balancer may send traffic to the node. */
export function isBackend(node: Node): boolean {
  return (
    !isDeleting(node) &&
    node.metadata.labels?.[EXCLUDED] === undefined &&
    !node.spec?.taints?.some(({ key }) => key === TO_BE_DELETED)
  );
}
