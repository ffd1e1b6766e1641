import type { Container, Pod } from '../../generated/core/v1/types.ts';

/** A port of the node that a container has for itself. */
interface HostPort {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
}

const ANY_ADDRESS = '0.0.0.0';

/**
 * Whether the pod wants a port of the node that one of `neighbours` has: the same port of the same protocol, on the same address
 * or on all. They are asked for only where the pod wants any.
 */
export function lacksPorts(pod: Pod, neighbours: () => readonly Pod[]): boolean {
  const wanted = hostPortsOf(pod);
  if (wanted.length === 0) return false;
  const taken = neighbours().flatMap(hostPortsOf);
  return wanted.some((port) => taken.some((other) => clash(port, other)));
}

function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  const sidecars = spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...(sidecars ?? [])].flatMap(portsOf);
}

function portsOf({ ports = [] }: Container): HostPort[] {
  return ports
    .filter(({ hostPort = 0 }) => hostPort > 0)
    .map(({ protocol, hostIP, hostPort }) => ({
      protocol: protocol ?? 'TCP',
      ip: hostIP || ANY_ADDRESS,
      port: hostPort!,
    }));
}

function clash(a: HostPort, b: HostPort): boolean {
  if (a.protocol !== b.protocol || a.port !== b.port) return false;
  return a.ip === b.ip || a.ip === ANY_ADDRESS || b.ip === ANY_ADDRESS;
}
