import { resourcequotas } from '../../../generated/core/v1/resources.ts';
import { type KubeObject, resourceId } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import { type Origin, type OutcomeSources, originOf, podFieldOf, podSpecOf } from './origin.ts';
import { greediest } from './requests.ts';

/** What a server's refusal says of a quota. */
interface Excess {
  readonly quota: string;
  /** `requests.cpu`, the first of what there is too much of. */
  readonly resource: string;
  /** `exceeded quota: …` and nothing of what stands before it, which names a pod that was never made. */
  readonly text: string;
}

const EXCEEDED = /exceeded quota: (\S+), requested: ([^=,\s]+)=.*$/s;

/** `refused` is an object whose pods a quota does not let it make, and what the server said; undefined if it said something else. */
export function overQuota(
  sources: OutcomeSources,
  refused: KubeObject,
  message: string,
): Finding | undefined {
  const excess = excessIn(message);
  if (!excess) return undefined;
  const { namespace } = refused.metadata;
  const limit = sources.manifestOf(resourceId(resourcequotas), `${namespace}/${excess.quota}`);
  const at = limit?.rangeOf(`spec.hard[${excess.resource}]`);
  const related = at ? [{ message: `${labelOf(limit!.object)} limits it`, range: at }] : [];
  const found = originOf(sources, refused);
  const place = found && placeIn(found, excess);
  return finding('E_OUTCOME_QUOTA', `${labelOf(refused)} may make no more: ${excess.text}`, {
    ...(found ? { object: labelOf(found.resource.object) } : {}),
    ...place,
    ...(related.length > 0 ? { related } : {}),
  });
}

function excessIn(message: string): Excess | undefined {
  const [text, quota, resource] = EXCEEDED.exec(message) ?? [];
  return text && quota && resource ? { text, quota, resource } : undefined;
}

/** The request or limit that counts against the quota; the number of replicas where objects are counted. */
function placeIn(origin: Origin, { resource: counted }: Excess) {
  if (origin.template === undefined) return at(origin, 'spec');
  const [, list = 'requests', name = counted] = /^(requests|limits)\.(.+)$/.exec(counted) ?? [];
  const { containers = [] } = podSpecOf(origin);
  const index = greediest(containers, list as 'requests' | 'limits', name);
  return index === undefined
    ? at(origin, 'spec.replicas')
    : podFieldOf(origin, `spec.containers[${index}].resources.${list}[${name}]`);
}

function at({ resource }: Origin, fieldPath: string) {
  return { fieldPath, range: resource.rangeOf(fieldPath) };
}
