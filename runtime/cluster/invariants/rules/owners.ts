import { jsonEqual, type KubeObject } from '../../../meta/index.ts';
import type { RuleMaker } from '../rule.ts';

/** Longest chain of owners that is followed. */
const DEPTH_MAX = 64;

/** Nobody is his own owner's owner. */
export const owners: RuleMaker = () => {
  const ownersOf = new Map<string, readonly string[]>();
  return {
    name: 'owners do not own each other',
    check({ type, object, previous }) {
      const { uid = '', ownerReferences } = object.metadata;
      if (type === 'DELETED') {
        ownersOf.delete(uid);
        return undefined;
      }
      if (type === 'MODIFIED' && isSame(object, previous)) return undefined;
      const own = (ownerReferences ?? []).map((each) => each.uid ?? '');
      if (own.length > 0) ownersOf.set(uid, own);
      else ownersOf.delete(uid);
      return own.some((each) => reaches(each, uid, ownersOf, 0))
        ? 'owns one of its owners'
        : undefined;
    },
  };
};

function isSame({ metadata }: KubeObject, previous: KubeObject | undefined): boolean {
  const before = previous?.metadata.ownerReferences;
  return before === metadata.ownerReferences || jsonEqual(before, metadata.ownerReferences);
}

function reaches(
  from: string,
  to: string,
  ownersOf: ReadonlyMap<string, readonly string[]>,
  depth: number,
): boolean {
  if (from === to) return true;
  if (depth > DEPTH_MAX) return false;
  return (ownersOf.get(from) ?? []).some((each) => reaches(each, to, ownersOf, depth + 1));
}
