import type { Container, Pod } from '../../../generated/core/v1/types.ts';
import { milliUnits, podAmounts, scaledValue } from '../../meta/index.ts';

/** By name of the pod, in thousandths of the resource's unit. */
export type Requests = ReadonlyMap<string, number>;

/** What each pod requests of a resource, or one container of each; or what lacks a request. */
export function requestsOf(
  pods: readonly Pod[],
  resource: string,
  container: string | undefined,
): { readonly requests: Requests } | { readonly failure: string } {
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const found = requestOf(pod, resource, container);
    if (typeof found === 'string') return { failure: found };
    requests.set(pod.metadata.name ?? '', found);
  }
  return { requests };
}

const AT_POD_LEVEL = /^(cpu|memory|hugepages-.+)$/;

/** What the pod says of itself, where it says anything; else the sum of what runs in it. */
function requestOf(pod: Pod, resource: string, container: string | undefined): number | string {
  const { metadata, spec } = pod;
  const own = Object.keys(spec?.resources?.requests ?? {});
  if (container !== undefined || !spec || !own.some((name) => AT_POD_LEVEL.test(name)))
    return ofContainers(pod, resource, container);
  const amount = podAmounts(spec, 'requests').get(resource);
  if (amount === undefined)
    return `missing pod-level request for ${resource} in Pod ${metadata.name}`;
  return Number(scaledValue(amount, -3));
}

function ofContainers(pod: Pod, resource: string, container: string | undefined): number | string {
  const all = running(pod);
  const chosen = container === undefined ? all : all.filter(({ name }) => name === container);
  const { name: podName } = pod.metadata;
  if (container !== undefined && chosen.length === 0)
    return `container ${container} not found in Pod ${podName}`;
  let sum = 0;
  for (const { name, resources } of chosen) {
    const request = resources?.requests?.[resource];
    if (request === undefined)
      return `missing request for ${resource} in container ${name} of Pod ${podName}`;
    sum += milliUnits(request);
  }
  return sum;
}

/** Containers that are there for as long as the pod is. */
function running({ spec }: Pod): readonly Container[] {
  const sidecars = spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...(sidecars ?? [])];
}
