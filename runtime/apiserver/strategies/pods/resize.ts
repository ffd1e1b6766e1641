import type {
  Container,
  Pod,
  PodSpec,
  ResourceRequirements,
} from '../../../../generated/core/v1/types.ts';
import { compareQuantities } from '../../../meta/index.ts';
import { amount } from '../pod-spec/index.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';
import { qosClassOf } from './qos.ts';

type List = Readonly<Record<string, unknown>>;
type Lists = 'containers' | 'initContainers';

/** What of a pod's new size is not to be had while it runs. */
export function resizeProblems({ spec }: Pod, old: Pod): Problem[] {
  const before = old.spec!;
  const now = spec!;
  if (old.metadata?.annotations?.[MIRROR] !== undefined)
    return [forbidden('', 'static pods cannot be resized')];
  if (before.os?.name === 'windows') return [forbidden('', 'windows pods cannot be resized')];
  const problems = [...qosProblems(now, old), ...podProblems(now.resources, before.resources)];
  const order = [
    ...orderProblems(now, before, 'containers'),
    ...orderProblems(now, before, 'initContainers'),
  ];
  if (order.length > 0) return [...problems, ...order];
  for (const list of ['initContainers', 'containers'] as const)
    for (const [at, container] of (now[list] ?? []).entries())
      problems.push(...containerProblems(container, before[list]![at]!, list, at));
  return problems;
}

const MIRROR = 'kubernetes.io/config.mirror';

function qosProblems(spec: PodSpec, { spec: before, status }: Pod): Problem[] {
  const qosClass = status?.qosClass || qosClassOf(before!);
  if (qosClassOf(spec) === qosClass) return [];
  return [invalid('spec', qosClass, 'Pod QOS Class may not change as a result of resizing')];
}

function orderProblems(now: PodSpec, before: PodSpec, list: Lists): Problem[] {
  const [after = [], prior = []] = [now[list], before[list]];
  if (after.length !== prior.length)
    return [forbidden(`spec.${list}`, `${list} may not be added or removed on resize`)];
  return after.flatMap(({ name }, at) =>
    name === prior[at]!.name
      ? []
      : [
          forbidden(
            `spec.${list}[${at}].name`,
            `${list} may not be renamed or reordered on resize`,
          ),
        ],
  );
}

/** Of what the pod as a whole asks for. */
function podProblems(
  now: ResourceRequirements | undefined,
  before: ResourceRequirements | undefined,
): Problem[] {
  if (!now)
    return before ? [forbidden('spec.resources', 'pod-level resources cannot be removed')] : [];
  const problems = (['requests', 'limits'] as const)
    .filter((side) => isRemoved(now[side], before?.[side]))
    .map((side) =>
      forbidden(`spec.resources.${side}`, `pod-level resource ${side} cannot be removed`),
    );
  if (!isOnlyCompute(now, before ?? {}))
    problems.push(forbidden('spec', 'only cpu and memory resources are mutable at pod-level'));
  return problems;
}

function containerProblems(now: Container, before: Container, list: Lists, at: number): Problem[] {
  const path = `spec.${list}[${at}]`;
  const [size = {}, old = {}] = [now.resources, before.resources];
  const problems = (['requests', 'limits'] as const)
    .filter((side) => isRemoved(size[side], old[side]))
    .map((side) => forbidden(`${path}.resources.${side}`, `resource ${side} cannot be removed`));
  const isSamePolicy = JSON.stringify(now.resizePolicy) === JSON.stringify(before.resizePolicy);
  if (!isOnlyCompute(size, old) || !isSamePolicy)
    problems.push(
      list === 'containers'
        ? forbidden('spec', 'only cpu and memory resources are mutable')
        : forbidden(
            path,
            'only cpu and memory resources for init or sidecar containers are mutable',
          ),
    );
  const isLasting = list === 'containers' || now.restartPolicy === 'Always';
  const restarts = now.resizePolicy?.some((each) => each.restartPolicy === 'RestartContainer');
  if (!isLasting && restarts && !isSame(size, old))
    problems.push(
      forbidden(
        path,
        'non-sidecar init containers with a resize policy of RestartContainer cannot be resized',
      ),
    );
  return problems;
}

function isRemoved(now: List = {}, before: List = {}): boolean {
  return Object.keys(before).some((name) => !(name in now));
}

const SIZES = new Set(['cpu', 'memory']);

/** Whether nothing differs but processor time and memory. */
function isOnlyCompute(now: ResourceRequirements, before: ResourceRequirements): boolean {
  const rest = (list: List = {}): List =>
    Object.fromEntries(Object.entries(list).filter(([name]) => !SIZES.has(name)));
  return (
    alike(rest(now.requests), rest(before.requests)) &&
    alike(rest(now.limits), rest(before.limits)) &&
    JSON.stringify(now.claims ?? []) === JSON.stringify(before.claims ?? [])
  );
}

function isSame(now: ResourceRequirements, before: ResourceRequirements): boolean {
  return alike(now.requests, before.requests) && alike(now.limits, before.limits);
}

function alike(now: List = {}, before: List = {}): boolean {
  const names = Object.keys(now);
  if (names.length !== Object.keys(before).length) return false;
  return names.every(
    (name) => name in before && compareQuantities(amount(now[name]), amount(before[name])) === 0,
  );
}
