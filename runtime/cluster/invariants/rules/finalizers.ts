import type { RuleMaker } from '../rule.ts';

/**
 * Nothing goes while somebody holds on to it, and nothing that is going comes back. Whoever takes off the last finalizer of what is being
 * deleted ends it; watches show it as it was before.
 */
export const finalizers: RuleMaker = () => ({
  name: 'finalizers are respected',
  excuses: ({ verb }) => verb !== 'delete',
  check({ type, object, previous }) {
    const { finalizers: left = [], deletionTimestamp, uid } = object.metadata;
    if (type === 'DELETED')
      return left.length > 0 ? `is gone with its finalizers ${left.join(', ')}` : undefined;
    const wasDeleting =
      previous?.metadata.uid === uid && previous?.metadata.deletionTimestamp !== undefined;
    return wasDeleting && deletionTimestamp === undefined ? 'is deleted no more' : undefined;
  },
});
