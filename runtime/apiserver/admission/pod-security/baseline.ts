import type {
  Container,
  LifecycleHandler,
  PodSpec,
  Probe,
} from '../../../../generated/core/v1/types.ts';
import {
  type Check,
  type CheckPod,
  containersOf,
  containersText,
  hasOwnUsers,
  namesOf,
  plural,
  quotedList,
  settersText,
  sorted,
  unless,
} from './check.ts';
import { seLinuxOptions } from './se-linux.ts';
import { seccompByAnnotation, seccompByField } from './seccomp.ts';

const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';
const ALLOWED_ARMOR = new Set(['RuntimeDefault', 'Localhost']);

const appArmorProfile: CheckPod = (spec, { annotations = {} }) => {
  const isBad = (holder: Pick<Container, 'securityContext'> | PodSpec): boolean => {
    const type = holder.securityContext?.appArmorProfile?.type;
    return type !== undefined && !ALLOWED_ARMOR.has(type);
  };
  const names = namesOf(spec, isBad);
  const holders = [...(isBad(spec) ? [spec] : []), ...containersOf(spec).filter(isBad)];
  const types = sorted(holders.map((each) => each.securityContext?.appArmorProfile?.type ?? ''));
  const notes = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(APP_ARMOR) && !isAllowedArmor(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .sort();
  const setters = [
    ...(holders.length > 0 ? [settersText(isBad(spec), names)] : []),
    ...(notes.length > 0 ? [plural(notes.length, 'annotation')] : []),
  ];
  if (setters.length === 0) return undefined;
  const values = [...types, ...notes];
  // Annotations are quoted as they are, with the quotes of their values.
  const list = values.map((each) => `"${each}"`).join(', ');
  return {
    reason: plural(values.length, 'forbidden AppArmor profile'),
    detail: `${setters.join(' and ')} must not set AppArmor profile type to ${list}`,
  };
};

const isAllowedArmor = (value: string): boolean =>
  value === '' || value === 'runtime/default' || value.startsWith('localhost/');

const DEFAULT_CAPABILITIES = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const capabilities: CheckPod = (spec) => {
  const others = ({ securityContext }: Container): readonly string[] =>
    (securityContext?.capabilities?.add ?? []).filter((each) => !DEFAULT_CAPABILITIES.has(each));
  const names = namesOf(spec, (each) => others(each).length > 0);
  if (names.length === 0) return undefined;
  const all = quotedList(sorted(containersOf(spec).flatMap(others)));
  return {
    reason: 'non-default capabilities',
    detail: `${containersText(names)} must not include ${all} in securityContext.capabilities.add`,
  };
};

const hostNamespaces: CheckPod = ({ hostNetwork, hostPID, hostIPC }) => {
  const shared = [
    ...(hostNetwork ? ['hostNetwork=true'] : []),
    ...(hostPID ? ['hostPID=true'] : []),
    ...(hostIPC ? ['hostIPC=true'] : []),
  ];
  if (shared.length === 0) return undefined;
  return { reason: 'host namespaces', detail: shared.join(', ') };
};

const hostPathVolumes: CheckPod = ({ volumes = [] }) => {
  const names = volumes.filter(({ hostPath }) => hostPath).map(({ name }) => name);
  if (names.length === 0) return undefined;
  const detail = `${plural(names.length, 'volume')} ${quotedList(names)}`;
  return { reason: 'hostPath volumes', detail };
};

const hostPorts: CheckPod = (spec) => {
  const portsOf = ({ ports = [] }: Container): string[] =>
    ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
  const names = namesOf(spec, (each) => portsOf(each).length > 0);
  if (names.length === 0) return undefined;
  const all = sorted(containersOf(spec).flatMap(portsOf));
  const use = plural(names.length, 'uses', 'use');
  return {
    reason: 'hostPort',
    detail: `${containersText(names)} ${use} ${plural(all.length, 'hostPort')} ${all.join(', ')}`,
  };
};

type Handler = Pick<Probe & LifecycleHandler, 'httpGet' | 'tcpSocket'>;

const hostProbes: CheckPod = (spec) => {
  const hostsOf = (container: Container): string[] => {
    const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
    const { postStart, preStop } = lifecycle ?? {};
    return [livenessProbe, readinessProbe, startupProbe, postStart, preStop].flatMap(handlerHosts);
  };
  const names = sorted(namesOf(spec, (each) => hostsOf(each).length > 0));
  if (names.length === 0) return undefined;
  const hosts = sorted(containersOf(spec).flatMap(hostsOf));
  const use = plural(names.length, 'uses', 'use');
  const what = plural(hosts.length, 'probe or lifecycle host');
  return {
    reason: 'probe or lifecycle host',
    detail: `${containersText(names)} ${use} ${what} ${quotedList(hosts)}`,
  };
};

function handlerHosts(handler: Handler | undefined): string[] {
  const { httpGet, tcpSocket } = handler ?? {};
  return [httpGet?.host, tcpSocket?.host].filter((host): host is string => Boolean(host));
}

const privileged: CheckPod = (spec) => {
  const names = namesOf(spec, ({ securityContext }) => securityContext?.privileged === true);
  if (names.length === 0) return undefined;
  return {
    reason: 'privileged',
    detail: `${containersText(names)} must not set securityContext.privileged=true`,
  };
};

export const procMount: CheckPod = (spec) => {
  const typeOf = ({ securityContext }: Container): string =>
    securityContext?.procMount ?? 'Default';
  const bad = containersOf(spec).filter((each) => typeOf(each) !== 'Default');
  if (bad.length === 0) return undefined;
  const who = containersText(bad.map(({ name }) => name));
  const types = quotedList(sorted(bad.map(typeOf)));
  return {
    reason: 'procMount',
    detail: `${who} must not set securityContext.procMount to ${types}`,
  };
};

const SYSCTLS_1_0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const SYSCTLS_1_27 = [...SYSCTLS_1_0, 'net.ipv4.ip_local_reserved_ports'];
const SYSCTLS_1_29 = [
  ...SYSCTLS_1_27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const SYSCTLS_1_32 = [...SYSCTLS_1_29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

function sysctls(allowed: readonly string[]): CheckPod {
  return ({ securityContext }) => {
    const others = (securityContext?.sysctls ?? [])
      .map(({ name }) => name)
      .filter((name) => !allowed.includes(name));
    if (others.length === 0) return undefined;
    return { reason: 'forbidden sysctls', detail: others.join(', ') };
  };
}

const windowsHostProcess: CheckPod = (spec) => {
  const isHost = ({ securityContext }: Pick<Container, 'securityContext'> | PodSpec): boolean =>
    securityContext?.windowsOptions?.hostProcess === true;
  const setters = settersText(isHost(spec), namesOf(spec, isHost));
  if (setters === '') return undefined;
  return {
    reason: 'hostProcess',
    detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true`,
  };
};

/** By their names, in which order they speak. */
export const BASELINE: readonly Check[] = [
  { id: 'appArmorProfile', versions: [[0, appArmorProfile]] },
  { id: 'capabilities_baseline', versions: [[0, capabilities]] },
  { id: 'hostNamespaces', versions: [[0, hostNamespaces]] },
  { id: 'hostPathVolumes', versions: [[0, hostPathVolumes]] },
  { id: 'hostPorts', versions: [[0, hostPorts]] },
  { id: 'hostProbesAndHostLifecycle', versions: [[34, hostProbes]] },
  { id: 'privileged', versions: [[0, privileged]] },
  {
    id: 'procMount',
    versions: [
      [0, procMount],
      [35, unless(hasOwnUsers, procMount)],
    ],
  },
  {
    id: 'seLinuxOptions',
    versions: [
      [0, seLinuxOptions()],
      [31, seLinuxOptions('container_engine_t')],
    ],
  },
  {
    id: 'seccompProfile_baseline',
    versions: [
      [0, seccompByAnnotation],
      [19, seccompByField],
    ],
  },
  {
    id: 'sysctls',
    versions: [
      [0, sysctls(SYSCTLS_1_0)],
      [27, sysctls(SYSCTLS_1_27)],
      [29, sysctls(SYSCTLS_1_29)],
      [32, sysctls(SYSCTLS_1_32)],
    ],
  },
  { id: 'windowsHostProcess', versions: [[0, windowsHostProcess]] },
];
