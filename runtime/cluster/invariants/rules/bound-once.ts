import type { Pod } from '../../../../generated/core/v1/types.ts';
import type { RuleMaker } from '../rule.ts';

/** A pod that is on a node stays there, until it is deleted. */
export const boundOnce: RuleMaker = () => ({
  name: 'a pod is bound once',
  resources: ['pods'],
  check({ type, object, previous }) {
    if (type !== 'MODIFIED' || previous?.metadata.uid !== object.metadata.uid) return undefined;
    const before = (previous as unknown as Pod).spec?.nodeName;
    const now = (object as unknown as Pod).spec?.nodeName;
    return before && before !== now ? `was bound to ${before}, then to ${now}` : undefined;
  },
});
