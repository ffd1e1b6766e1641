import type { Container, PodSpec } from '../../../../generated/core/v1/types.ts';
import type { ObjectMeta } from '../../../meta/index.ts';

/** What a check has against a pod: in a word, and in full. */
export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export type CheckPod = (spec: PodSpec, metadata: ObjectMeta) => Violation | undefined;

/** One rule of the standards, in the forms that it had over time: each from a minor version of Kubernetes on. */
export interface Check {
  readonly id: string;
  readonly versions: readonly (readonly [since: number, check: CheckPod])[];
  /** The baseline's check that is part of this one, of a restricted one. */
  readonly overrides?: string;
}

/** Containers of all three sorts. */
export function containersOf(spec: PodSpec): Container[] {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = spec;
  return [...initContainers, ...containers, ...(ephemeralContainers as Container[])];
}

export function namesOf(spec: PodSpec, isBad: (container: Container) => boolean): string[] {
  return containersOf(spec)
    .filter(isBad)
    .map(({ name }) => name);
}

/** `"a", "b"` */
export const quotedList = (items: readonly string[]): string =>
  items.map((each) => JSON.stringify(each)).join(', ');

export const plural = (count: number, one: string, many = `${one}s`): string =>
  count === 1 ? one : many;

/** `containers "a", "b"` */
export const containersText = (names: readonly string[]): string =>
  `${plural(names.length, 'container')} ${quotedList(names)}`;

/** `pod and container "a"`: who set what must not be set. */
export function settersText(isPod: boolean, names: readonly string[]): string {
  return [...(isPod ? ['pod'] : []), ...(names.length > 0 ? [containersText(names)] : [])].join(
    ' and ',
  );
}

/** Without repeats, in order. */
export const sorted = (items: Iterable<string>): string[] => [...new Set(items)].sort();

export const isWindows = ({ os }: PodSpec): boolean => os?.name === 'windows';

/** A pod in a user namespace of its own cannot do on the node what its users can do in it. */
export const hasOwnUsers = ({ hostUsers }: PodSpec): boolean => hostUsers === false;

/** The same check, but not for pods that `isExempt`. */
export function unless(isExempt: (spec: PodSpec) => boolean, check: CheckPod): CheckPod {
  return (spec, metadata) => (isExempt(spec) ? undefined : check(spec, metadata));
}
