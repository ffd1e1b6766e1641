import type { Pod } from '../../generated/core/v1/types.ts';
import { searchLine } from './dns.ts';
import type { Kubelets } from './kubelets.ts';
import type { PodRecord } from './pod-record.ts';
import type { PodScripts } from './pod-worker.ts';
import { isActive } from './program-scripts.ts';
import { ProgramSession, type ProgramSources } from './program-session.ts';
import { hostnameOf, type PodSite } from './programs/index.ts';
import { contentsOf, environmentOf, type PodPlace } from './references/index.ts';
import type { NodeRecord } from './state.ts';

/** The programs of a pod, where they are followed. */
export function sessionOf(
  kubelets: Kubelets,
  pod: Pod,
  record: PodRecord,
  scripts: PodScripts,
  node: NodeRecord,
): ProgramSession | undefined {
  if (record.terminal || (!record.programs && !isActive(scripts))) return undefined;
  const nowMs = kubelets.context.pace.now();
  return new ProgramSession(
    sourcesOf(kubelets, pod, record, node),
    record.programs?.history,
    nowMs,
  );
}

/** What the programs of a pod find on a node. */
export function sourcesOf(
  kubelets: Kubelets,
  pod: Pod,
  { ip: podIp = '' }: PodRecord,
  { name: nodeName, ip: hostIp, allocatable }: NodeRecord,
): ProgramSources {
  const { references, services } = kubelets;
  const place: PodPlace = { pod, podIp, hostIp, nodeName, allocatable };
  const site: PodSite = {
    pod,
    podIp,
    nodeName,
    hosts: hostsOf(kubelets, pod, podIp, nodeName),
    resolver: resolverOf(kubelets, pod),
  };
  return {
    site,
    answerer: kubelets.network.answerer({ pod, podIp, nodeName, hostIp }),
    environment: (spec) => environmentOf(references, services, spec, place),
    contents: () =>
      (pod.spec?.volumes ?? []).flatMap((volume) => {
        const files = contentsOf(references, volume, place);
        return files ? [{ volume: volume.name, files }] : [];
      }),
  };
}

const LOCAL = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::\tip6-localnet',
  'fe00::\tip6-mcastprefix',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
];

/** The file of names that the kubelet keeps for a pod. */
function hostsOf(kubelets: Kubelets, pod: Pod, podIp: string, nodeName: string): string {
  const { subdomain, hostNetwork, hostAliases = [] } = pod.spec ?? {};
  const hostname = hostnameOf({ pod, nodeName });
  const { clusterDomain } = kubelets.settings();
  const full = `${hostname}.${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}\t`;
  const head = hostNetwork
    ? ['# Kubernetes-managed hosts file (host network).', ...LOCAL]
    : [
        '# Kubernetes-managed hosts file.',
        ...LOCAL,
        `${podIp}\t${subdomain ? full : ''}${hostname}`,
      ];
  const aliases = hostAliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}`);
  const more = aliases.length > 0 ? ['', '# Entries added by HostAliases.', ...aliases] : [];
  return `${[...head, ...more].join('\n')}\n`;
}

function resolverOf(kubelets: Kubelets, pod: Pod): string {
  const { dnsPolicy = 'ClusterFirst', dnsConfig = {} } = pod.spec ?? {};
  const { domains } = searchLine(pod, kubelets.settings().clusterDomain);
  const own = kubelets.network.nameServer();
  const isOfCluster =
    dnsPolicy === 'ClusterFirstWithHostNet' ||
    (dnsPolicy === 'ClusterFirst' && !pod.spec?.hostNetwork);
  const servers = [...(isOfCluster ? [own] : []), ...(dnsConfig.nameservers ?? [])];
  const options = new Map<string, string | undefined>(isOfCluster ? [['ndots', '5']] : []);
  for (const { name, value } of dnsConfig.options ?? []) if (name) options.set(name, value);
  const words = [...options].map(([name, value]) =>
    value === undefined ? name : `${name}:${value}`,
  );
  const lines = [
    ...(domains.length > 0 ? [`search ${domains.join(' ')}`] : []),
    ...servers.map((each) => `nameserver ${each}`),
    ...(words.length > 0 ? [`options ${words.join(' ')}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
