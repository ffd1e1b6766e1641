import type { Container, PodSpec } from '../../../../generated/core/v1/types.ts';
import {
  type CheckPod,
  containersOf,
  namesOf,
  plural,
  quotedList,
  settersText,
  sorted,
} from './check.ts';

const TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

/** Labels of SELinux: one of the types for containers, and neither user nor role. */
export function seLinuxOptions(...more: string[]): CheckPod {
  const allowed = new Set([...TYPES, ...more]);
  const isBad = (holder: Holder): boolean => {
    const { type = '', user, role } = optionsOf(holder);
    return !allowed.has(type) || Boolean(user) || Boolean(role);
  };
  return (spec) => {
    const setters = settersText(isBad(spec), namesOf(spec, isBad));
    if (setters === '') return undefined;
    const options = [spec, ...containersOf(spec)].map(optionsOf);
    const types = sorted(options.map(({ type = '' }) => type).filter((each) => !allowed.has(each)));
    const wrong = [
      ...(types.length > 0 ? [`${plural(types.length, 'type')} ${quotedList(types)}`] : []),
      ...(options.some(({ user }) => user) ? ['user may not be set'] : []),
      ...(options.some(({ role }) => role) ? ['role may not be set'] : []),
    ];
    const detail = `${setters} set forbidden securityContext.seLinuxOptions: ${wrong.join('; ')}`;
    return { reason: 'seLinuxOptions', detail };
  };
}

type Holder = Pick<Container, 'securityContext'> | PodSpec;

function optionsOf({ securityContext }: Holder) {
  return securityContext?.seLinuxOptions ?? {};
}
