import type { Pod } from '../../generated/core/v1/types.ts';
import { hostnameOf, NODE_HOSTS } from './programs/index.ts';

const LOCAL = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::0\tip6-localnet',
  'fe00::0\tip6-mcastprefix',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
];

interface Place {
  readonly podIp: string;
  readonly nodeName: string;
  readonly clusterDomain: string;
}

/** The file of names that the kubelet keeps for a pod: on its node's network that of the node. */
export function hostsOf(pod: Pod, { podIp, nodeName, clusterDomain }: Place): string {
  const { subdomain, hostNetwork, hostAliases = [] } = pod.spec ?? {};
  const hostname = hostnameOf({ pod, nodeName });
  const full = `${hostname}.${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}\t`;
  const own = `${podIp}\t${subdomain ? full : ''}${hostname}`;
  const lines = hostNetwork
    ? ['# Kubernetes-managed hosts file (host network).', ...NODE_HOSTS]
    : ['# Kubernetes-managed hosts file.', ...LOCAL, own];
  const aliases = hostAliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}`);
  const more = aliases.length > 0 ? ['', '# Entries added by HostAliases.', ...aliases] : [];
  return [...lines, ...more].map((line) => `${line}\n`).join('');
}
