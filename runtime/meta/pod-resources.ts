import type { Container, ContainerStatus, Pod, PodSpec } from '../../generated/core/v1/types.ts';
import { compareQuantities, parseQuantity, ZERO } from '../../generator/model/quantity.ts';

type List = Readonly<Record<string, unknown>>;

/** How far a pod's kubelet is with a changed size; empty when it has the size that its spec says. */
export function resizeState({ status }: Pod): string {
  let state = '';
  for (const { type, reason = '', status: is } of status?.conditions ?? [])
    if (is === 'True' && (type === 'PodResizePending' || type === 'PodResizeInProgress'))
      state += `${type}${reason} `;
  return state;
}

/**
 * The pod's spec with the resources that it counts for: while it is being resized the most of what it wants, what its node has set aside for
 * it, and what it has; without what it wants where its node can never give that. The spec itself where they agree.
 */
export function countedSpec(pod: Pod): PodSpec | undefined {
  const { spec, status } = pod;
  if (!spec || !status?.containerStatuses) return spec;
  const isInfeasible = (): boolean => resizeState(pod).includes('Infeasible');
  const containers = counted(spec.containers, status.containerStatuses, isInfeasible);
  const initContainers = counted(spec.initContainers, status.initContainerStatuses, isInfeasible);
  if (containers === spec.containers && initContainers === spec.initContainers) return spec;
  return {
    ...spec,
    ...(containers ? { containers } : {}),
    ...(initContainers ? { initContainers } : {}),
  } as PodSpec;
}

function counted(
  specs: readonly Container[] | undefined,
  statuses: readonly ContainerStatus[] = [],
  isInfeasible: () => boolean,
): readonly Container[] | undefined {
  let changed: Container[] | undefined;
  for (const [at, spec] of (specs ?? []).entries()) {
    const status = statuses[at]?.name === spec.name ? statuses[at] : named(statuses, spec.name);
    const own = status ? countedContainer(spec, status, isInfeasible) : spec;
    if (own === spec) continue;
    changed ??= [...specs!];
    changed[at] = own;
  }
  return changed ?? specs;
}

function named(statuses: readonly ContainerStatus[], name: string): ContainerStatus | undefined {
  return statuses.find((each) => each.name === name);
}

function countedContainer(
  spec: Container,
  { resources, allocatedResources }: ContainerStatus,
  isInfeasible: () => boolean,
): Container {
  const { requests, limits } = spec.resources ?? {};
  if (!resources) return spec;
  if (alike(resources.requests, requests) && alike(resources.limits, limits))
    if (!allocatedResources || alike(allocatedResources, requests)) return spec;
  const wanted = isInfeasible() ? [{}, {}] : [requests, limits];
  const most = highest(highest(wanted[0], resources.requests), allocatedResources);
  const cap = highest(wanted[1], resources.limits);
  if (alike(most, requests) && alike(cap, limits)) return spec;
  return {
    ...spec,
    resources: { ...spec.resources, ...(most ? { requests: most } : {}), limits: cap ?? {} },
  } as Container;
}

/** The higher amount of each resource; one of the two where that is it. */
function highest(a: List | undefined, b: List | undefined): List | undefined {
  if (!b || a === b) return a;
  let sum = a;
  for (const name in b) {
    if (a?.[name] === b[name] || compareQuantities(amount(a?.[name]), amount(b[name])) >= 0)
      continue;
    sum = { ...sum, [name]: b[name] };
  }
  return sum;
}

function alike(a: List | undefined, b: List | undefined): boolean {
  if (a === b) return true;
  const names = Object.keys({ ...a, ...b });
  return names.every((name) => compareQuantities(amount(a?.[name]), amount(b?.[name])) === 0);
}

const amount = (text: unknown) =>
  (text === undefined ? undefined : parseQuantity(String(text))) ?? ZERO;
