import type { RuleMaker } from '../rule.ts';

/** Nothing goes while somebody holds on to it, and nothing that is going comes back. */
export const finalizers: RuleMaker = () => ({
  name: 'finalizers are respected',
  check({ type, object, previous }) {
    const { finalizers: left = [], deletionTimestamp, uid } = object.metadata;
    if (type === 'DELETED')
      return left.length > 0 ? `is gone with its finalizers ${left.join(', ')}` : undefined;
    const wasDeleting =
      previous?.metadata.uid === uid && previous?.metadata.deletionTimestamp !== undefined;
    return wasDeleting && deletionTimestamp === undefined ? 'is deleted no more' : undefined;
  },
});
