import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { cgroupContents } from './cgroups.ts';
import { searchLine } from './dns.ts';
import { hostsOf } from './hosts-file.ts';
import type { Kubelets } from './kubelets.ts';
import type { PodRecord } from './pod-record.ts';
import type { PodScripts } from './pod-worker.ts';
import { isActive } from './program-scripts.ts';
import { ProgramSession, type ProgramSources } from './program-session.ts';
import type { PodSite } from './programs/index.ts';
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

/** The variables of a container, in bytes. */
export function environmentFor(
  kubelets: Kubelets,
  pod: Pod,
  record: PodRecord,
  node: NodeRecord,
  spec: Container,
): ReadonlyMap<string, string> {
  return new Map(sourcesOf(kubelets, pod, record, node).environment(spec));
}

/** What the programs of a pod find on a node. */
export function sourcesOf(
  kubelets: Kubelets,
  pod: Pod,
  { ip: podIp = '', tokens = {} }: PodRecord,
  { name: nodeName, ip: hostIp, allocatable }: NodeRecord,
): ProgramSources {
  const { references, services } = kubelets;
  const place: PodPlace = { pod, podIp, hostIp, nodeName, allocatable, tokens };
  const site: PodSite = {
    pod,
    podIp,
    nodeName,
    hosts: hostsOf(pod, { podIp, nodeName, clusterDomain: kubelets.settings().clusterDomain }),
    resolver: resolverOf(kubelets, pod),
  };
  return {
    site,
    answerer: kubelets.network.answerer({ pod, podIp, nodeName, hostIp }),
    environment: (spec) => environmentOf(references, services, spec, place),
    contents: () => {
      const made = (pod.spec?.volumes ?? []).flatMap((volume) => {
        const files = contentsOf(references, volume, place);
        return files ? [{ volume: volume.name, files }] : [];
      });
      return [...made, ...cgroupContents(pod)];
    },
  };
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
