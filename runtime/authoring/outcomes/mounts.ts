import { events, pods } from '../../../generated/core/v1/resources.ts';
import type { Pod, Volume } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import { type Origin, type OutcomeSources, originOf, podFieldOf, podSpecOf } from './origin.ts';

const FAILED = /^MountVolume\.SetUp failed for volume "([^"]+)" : (.*)$/s;

/** A volume that all pods of one template lack. */
interface Lacking {
  readonly volume: string;
  readonly why: string;
  readonly origin: Origin | undefined;
  readonly pods: Set<Pod>;
}

/** Volumes that cannot be set up, each once for all pods of its template. */
export function missingVolumes(sources: OutcomeSources): Finding[] {
  const { transport } = sources;
  const found = new Map<string, Lacking>();
  for (const { reason, message = '', involvedObject } of transport.lister(events).list()) {
    const [, volume, why] = (reason === 'FailedMount' && FAILED.exec(message)) || [];
    if (volume === undefined || why === undefined) continue;
    const { name = '', namespace, uid } = involvedObject;
    const pod = transport.lister(pods).get(name, namespace);
    if (!pod || pod.metadata.uid !== uid || !isWaiting(pod)) continue;
    const object = pod as unknown as KubeObject;
    const origin = originOf(sources, object);
    const key = `${labelOf(origin?.resource.object ?? object)} ${volume} ${why}`;
    const known = found.get(key);
    if (known) known.pods.add(pod);
    else found.set(key, { volume, why, origin, pods: new Set([pod]) });
  }
  return [...found.values()].map(told);
}

/** Where a volume names what is not there. */
function nameField({ configMap, secret }: Volume, why: string): string {
  const [, name] = /^(?:configmap|secret) "([^"]+)" not found$/.exec(why) ?? [];
  if (name === undefined) return '';
  if (configMap?.name === name) return '.configMap.name';
  return secret?.secretName === name ? '.secret.secretName' : '';
}

function isWaiting({ status, metadata }: Pod): boolean {
  const { phase, podIP } = status ?? {};
  return phase === 'Pending' && podIP === undefined && metadata.deletionTimestamp === undefined;
}

function told({ volume, why, origin, pods: all }: Lacking): Finding {
  const [first] = all;
  const { namespace, name } = first!.metadata;
  const whose = all.size === 1 ? `pod ${namespace}/${name}` : `${all.size} pods`;
  const message = `volume ${volume} of ${whose} cannot be set up: ${why}`;
  if (!origin) return finding('E_OUTCOME_VOLUME', message);
  const { volumes = [] } = podSpecOf(origin);
  const at = volumes.findIndex((each) => each.name === volume);
  const field = at < 0 ? '' : nameField(volumes[at]!, why);
  return finding('E_OUTCOME_VOLUME', message, {
    object: labelOf(origin.resource.object),
    ...podFieldOf(origin, at < 0 ? 'spec.volumes' : `spec.volumes[${at}]${field}`),
  });
}
