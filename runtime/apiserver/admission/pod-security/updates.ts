import type { Container, Pod } from '../../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../../meta/index.ts';

type StoredPod = Pod & KubeObject;

const NOTES = [
  'seccomp.security.alpha.kubernetes.io/pod',
  'container.seccomp.security.alpha.kubernetes.io/',
  'container.apparmor.security.beta.kubernetes.io/',
];

/** Whether an update is one that pods are judged again for: containers came or went, an image or what annotations say of it changed. */
export function isSignificantUpdate(pod: StoredPod, old: StoredPod): boolean {
  const [now, before] = [pod.spec, old.spec];
  if (now === before && pod.metadata.annotations === old.metadata.annotations) return false;
  const isOther = (which: 'containers' | 'initContainers' | 'ephemeralContainers'): boolean => {
    const [after = [], prior = []] = [now?.[which], before?.[which]] as (
      | readonly Container[]
      | undefined
    )[];
    if (after.length !== prior.length) return true;
    return after.some(
      ({ image, name }, at) => image !== prior[at]?.image || name !== prior[at]?.name,
    );
  };
  if (isOther('containers') || isOther('initContainers') || isOther('ephemeralContainers'))
    return true;
  return notesOf(pod) !== notesOf(old);
}

function notesOf({ metadata }: StoredPod): string {
  const notes = Object.entries(metadata.annotations ?? {}).filter(([key]) =>
    NOTES.some((each) => key.startsWith(each)),
  );
  return JSON.stringify(notes.sort(([a], [b]) => (a < b ? -1 : 1)));
}
