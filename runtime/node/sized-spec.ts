import type { Container, ContainerStatus, Pod, PodSpec } from '../../generated/core/v1/types.ts';
import { jsonEqual, resizeState } from '../meta/index.ts';

type Containers = readonly Container[];

/** Whether two specs of a pod ask for the same. */
export function isSameSize(a: PodSpec, b: PodSpec): boolean {
  return (
    a === b ||
    (alike(a.containers, b.containers) &&
      alike(a.initContainers, b.initContainers) &&
      jsonEqual(a.resources, b.resources))
  );
}

function alike(a: Containers = [], b: Containers = []): boolean {
  return a === b || a.every((each, at) => jsonEqual(each.resources, b[at]?.resources));
}

/**
 * The size that a kubelet had set aside for a pod as it last said so, which one that starts anew goes on from: the spec's, unless the pod
 * waits for that.
 */
export function reportedSize(pod: Pod): PodSpec | undefined {
  const { spec, status } = pod;
  if (!spec || !resizeState(pod).includes('PodResizePending')) return spec;
  const reported = (list: Containers | undefined, statuses: readonly ContainerStatus[] = []) =>
    list?.map((container) => {
      const { resources, allocatedResources } =
        statuses.find(({ name }) => name === container.name) ?? {};
      const size = { ...container.resources, ...resources };
      const requests = allocatedResources ?? size.requests;
      return { ...container, resources: { ...size, ...(requests ? { requests } : {}) } };
    });
  const init = reported(spec.initContainers, status?.initContainerStatuses);
  return {
    ...spec,
    containers: reported(spec.containers, status?.containerStatuses)!,
    ...(init ? { initContainers: init } : {}),
  };
}

const made = new WeakMap<PodSpec, WeakMap<PodSpec, PodSpec>>();

/** `spec` with the resources that `size`, another spec of the same pod, has; the same where it has them itself. One value for the two. */
export function sizedAs(spec: PodSpec, size: PodSpec): PodSpec {
  if (isSameSize(spec, size)) return spec;
  const known = made.get(spec)?.get(size);
  if (known) return known;
  const { resources: _, ...rest } = spec;
  const init = withSizes(spec.initContainers, size.initContainers);
  const sized: PodSpec = {
    ...rest,
    ...(size.resources ? { resources: size.resources } : {}),
    containers: withSizes(spec.containers, size.containers)!,
    ...(init ? { initContainers: init } : {}),
  };
  const bySize = made.get(spec) ?? new WeakMap<PodSpec, PodSpec>();
  bySize.set(size, sized);
  made.set(spec, bySize);
  return sized;
}

function withSizes(specs: Containers | undefined, sizes: Containers = []): Containers | undefined {
  return specs?.map((container, at) => {
    const { resources: _, ...rest } = container;
    const resources = sizes[at]?.resources;
    return resources ? { ...rest, resources } : rest;
  });
}
