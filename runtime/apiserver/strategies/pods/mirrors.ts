import type { Pod } from '../../../../generated/core/v1/types.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';

/** Says of which static pod of its node an object is the mirror. */
export const MIRROR = 'kubernetes.io/config.mirror';
const FIELD = `metadata.annotations[${MIRROR}]`;
const NONE: readonly Problem[] = [];

/** A mirror is made as one, on the node that has made it, and stays the mirror of the same pod. */
export function mirrorProblems(pod: Pod, old: Pod | undefined): readonly Problem[] {
  const now = pod.metadata.annotations?.[MIRROR];
  const before = old?.metadata.annotations?.[MIRROR];
  if (now !== before && old)
    return [
      before === undefined
        ? forbidden(FIELD, 'may not add mirror pod annotation')
        : forbidden(FIELD, 'may not remove or update mirror pod annotation'),
    ];
  if (now === undefined || pod.spec?.nodeName) return NONE;
  return [invalid(FIELD, now, 'must set spec.nodeName if mirror pod annotation is set')];
}
