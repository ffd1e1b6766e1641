import type { RuleMaker } from '../rule.ts';

/** Revisions grow with every change, and an object carries that of its last one; its generation does not fall. */
export const revisions: RuleMaker = () => {
  let last = 0;
  return {
    name: 'revisions grow',
    check({ type, object, previous, revision }) {
      const before = last;
      last = Math.max(last, revision);
      if (revision <= before) return `changed at revision ${revision}, after ${before}`;
      if (type === 'DELETED') return undefined;
      if (Number(object.metadata.resourceVersion) !== revision)
        return `has resourceVersion ${object.metadata.resourceVersion} at revision ${revision}`;
      const { generation } = object.metadata;
      const old = previous?.metadata.generation;
      const isSame = previous?.metadata.uid === object.metadata.uid;
      return isSame && old !== undefined && generation !== undefined && generation < old
        ? `goes back from generation ${old} to ${generation}`
        : undefined;
    },
  };
};
