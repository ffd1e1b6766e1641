import type { Pod } from '../../generated/core/v1/types.ts';
import type { PodVerdict } from './pod-record.ts';

/** Settings of the kernel that are a pod's own business, and of which of its spaces each is. */
const SAFE: ReadonlyMap<string, 'ipc' | 'net'> = new Map([
  ['kernel.shm_rmid_forced', 'ipc'],
  ['net.ipv4.ip_local_port_range', 'net'],
  ['net.ipv4.tcp_syncookies', 'net'],
  ['net.ipv4.ping_group_range', 'net'],
  ['net.ipv4.ip_unprivileged_port_start', 'net'],
  ['net.ipv4.ip_local_reserved_ports', 'net'],
  ['net.ipv4.tcp_keepalive_time', 'net'],
  ['net.ipv4.tcp_fin_timeout', 'net'],
  ['net.ipv4.tcp_keepalive_intvl', 'net'],
  ['net.ipv4.tcp_keepalive_probes', 'net'],
  ['net.ipv4.tcp_rmem', 'net'],
  ['net.ipv4.tcp_wmem', 'net'],
]);

/** Why the kubelet turns a pod away for what it sets of the kernel. */
export function sysctlProblem({ spec }: Pod): PodVerdict | undefined {
  for (const { name } of spec?.securityContext?.sysctls ?? []) {
    const wrong = wrongOf(normal(name), spec?.hostNetwork, spec?.hostIPC);
    if (wrong) return { reason: 'SysctlForbidden', message: `forbidden sysctl: ${wrong}` };
  }
  return undefined;
}

function wrongOf(name: string, isHostNet = false, isHostIpc = false): string | undefined {
  const space = SAFE.get(name);
  const quoted = JSON.stringify(name);
  if (!space) return `${quoted} not allowlisted`;
  const isShared = space === 'net' ? isHostNet : isHostIpc;
  return isShared ? `${quoted} not allowed with host ${space} enabled` : undefined;
}

/** Slashes for dots, where the first of the two is a slash. */
function normal(name: string): string {
  const [first] = /[./]/.exec(name) ?? [];
  if (first !== '/') return name;
  return name.replace(/[./]/g, (each) => (each === '/' ? '.' : '/'));
}
