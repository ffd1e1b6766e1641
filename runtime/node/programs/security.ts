import type { Container, PodSecurityContext } from '../../../generated/core/v1/types.ts';
import type { Identity } from './files/index.ts';

/** What the kernel lets the processes of a container do. */
export interface Privileges {
  /** Names without `CAP_`, that a process of root has. */
  readonly capabilities: ReadonlySet<string>;
  /** A program gives nobody more than it was started with. */
  readonly noNewPrivs: boolean;
  /** System calls go through a filter. */
  readonly isFiltered: boolean;
}

/** In the order of their numbers. */
const CAPABILITIES: readonly string[] = [
  'CHOWN',
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  'FOWNER',
  'FSETID',
  'KILL',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'LINUX_IMMUTABLE',
  'NET_BIND_SERVICE',
  'NET_BROADCAST',
  'NET_ADMIN',
  'NET_RAW',
  'IPC_LOCK',
  'IPC_OWNER',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_CHROOT',
  'SYS_PTRACE',
  'SYS_PACCT',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_NICE',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'MKNOD',
  'LEASE',
  'AUDIT_WRITE',
  'AUDIT_CONTROL',
  'SETFCAP',
  'MAC_OVERRIDE',
  'MAC_ADMIN',
  'SYSLOG',
  'WAKE_ALARM',
  'BLOCK_SUSPEND',
  'AUDIT_READ',
  'PERFMON',
  'BPF',
  'CHECKPOINT_RESTORE',
];

/** What the container runtime leaves to a container of which nothing is said. */
const USUAL: readonly string[] = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SYS_CHROOT',
  'MKNOD',
  'AUDIT_WRITE',
  'SETFCAP',
];

/** By the security contexts of a container and of its pod. */
export function privilegesOf(
  { securityContext = {} }: Container,
  pod: PodSecurityContext,
): Privileges {
  const { privileged, allowPrivilegeEscalation, capabilities, seccompProfile } = securityContext;
  const profile = seccompProfile ?? pod.seccompProfile;
  return {
    capabilities: privileged
      ? new Set(CAPABILITIES)
      : changed(capabilities?.add, capabilities?.drop),
    noNewPrivs: allowPrivilegeEscalation === false,
    isFiltered: !privileged && profile !== undefined && profile.type !== 'Unconfined',
  };
}

function changed(add: readonly string[] = [], drop: readonly string[] = []): Set<string> {
  const named = (words: readonly string[]) => words.map((word) => word.replace(/^CAP_/, ''));
  const [added, dropped] = [named(add), named(drop)];
  const kept = new Set(added.includes('ALL') ? CAPABILITIES : USUAL);
  if (dropped.includes('ALL')) kept.clear();
  for (const name of dropped) kept.delete(name);
  for (const name of added) if (CAPABILITIES.includes(name)) kept.add(name);
  return kept;
}

function maskOf(capabilities: ReadonlySet<string>): string {
  let mask = 0n;
  for (const [bit, name] of CAPABILITIES.entries())
    if (capabilities.has(name)) mask |= 1n << BigInt(bit);
  return mask.toString(16).padStart(16, '0');
}

const NONE: ReadonlySet<string> = new Set();
const FILTERED = 2;

/** `/proc/self/status`: who a process is and what it may do. */
export function processStatus(
  { uid, gid, groups }: Identity,
  { capabilities, noNewPrivs, isFiltered }: Privileges,
): string {
  // Whoever is not root has what he may get, and nothing of it.
  const own = maskOf(uid === 0 ? capabilities : NONE);
  const four = (id: number): string => [id, id, id, id].join('\t');
  const lines: readonly (readonly [string, string | number])[] = [
    ['Name', 'sh'],
    ['Umask', '0022'],
    ['State', 'R (running)'],
    ['Tgid', 1],
    ['Pid', 1],
    ['PPid', 0],
    ['Uid', four(uid)],
    ['Gid', four(gid)],
    ['Groups', [...new Set([gid, ...groups])].join(' ')],
    ['CapInh', maskOf(NONE)],
    ['CapPrm', own],
    ['CapEff', own],
    ['CapBnd', maskOf(capabilities)],
    ['CapAmb', maskOf(NONE)],
    ['NoNewPrivs', noNewPrivs ? 1 : 0],
    ['Seccomp', isFiltered ? FILTERED : 0],
    ['Seccomp_filters', isFiltered ? 1 : 0],
  ];
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join('');
}
