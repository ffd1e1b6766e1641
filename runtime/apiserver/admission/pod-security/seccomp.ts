import type { Container, PodSpec } from '../../../../generated/core/v1/types.ts';
import {
  type CheckPod,
  containersOf,
  containersText,
  namesOf,
  plural,
  quotedList,
  settersText,
  sorted,
} from './check.ts';

const POD = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const ALLOWED = new Set(['Localhost', 'RuntimeDefault']);
const FIELD = 'securityContext.seccompProfile.type';

/** Before there was a field for it. */
export const seccompByAnnotation: CheckPod = (spec, { annotations = {} }) => {
  const keys = [POD, ...containersOf(spec).map(({ name }) => CONTAINER + name)];
  const forbidden = sorted(
    keys.flatMap((key) => {
      const value = annotations[key];
      if (value === undefined || isAllowed(value)) return [];
      return [`${key}=${JSON.stringify(value)}`];
    }),
  );
  if (forbidden.length === 0) return undefined;
  return {
    reason: 'seccompProfile',
    detail: `forbidden ${plural(forbidden.length, 'annotation')} ${forbidden.join(', ')}`,
  };
};

const isAllowed = (value: string): boolean =>
  value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');

/** No profile, or one of those that confine. */
export const seccompByField: CheckPod = (spec) => {
  const isBad = (holder: Pick<Container, 'securityContext'> | PodSpec): boolean => {
    const type = typeOf(holder);
    return type !== undefined && !ALLOWED.has(type);
  };
  const setters = settersText(isBad(spec), namesOf(spec, isBad));
  if (setters === '') return undefined;
  const holders = [spec, ...containersOf(spec)].filter(isBad);
  const types = quotedList(sorted(holders.map((each) => typeOf(each)!)));
  return { reason: 'seccompProfile', detail: `${setters} must not set ${FIELD} to ${types}` };
};

/** A profile that confines, of the pod or of every container. */
export const seccompRequired: CheckPod = (spec, metadata) => {
  const wrong = seccompByField(spec, metadata);
  if (wrong || typeOf(spec) !== undefined) return wrong;
  const names = namesOf(spec, (each) => typeOf(each) === undefined);
  if (names.length === 0) return undefined;
  return {
    reason: 'seccompProfile',
    detail: `pod or ${containersText(names)} must set ${FIELD} to "RuntimeDefault" or "Localhost"`,
  };
};

function typeOf({ securityContext }: Pick<Container, 'securityContext'> | PodSpec) {
  return securityContext?.seccompProfile?.type;
}
