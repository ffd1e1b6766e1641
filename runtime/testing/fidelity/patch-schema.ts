import type { Schema } from '../../../generator/model/schema.ts';

const SELF: Schema = { ref: 'item' };
const SCALAR: Schema = { type: 'any' };
const MERGING: Schema = {
  type: 'array',
  items: SELF,
  patchStrategy: 'merge',
  patchMergeKey: 'name',
};

/** The kind that the recorded patches are about: one field for each way to merge, and itself inside. */
export const ITEM_SCHEMA: Schema = {
  type: 'object',
  properties: {
    name: SCALAR,
    value: SCALAR,
    other: SCALAR,
    mergingList: MERGING,
    mergeItemPtr: MERGING,
    nonMergingList: { type: 'array', items: SELF },
    mergingIntList: { type: 'array', items: SCALAR, patchStrategy: 'merge' },
    nonMergingIntList: { type: 'array', items: SCALAR },
    simpleMap: { type: 'object', values: SCALAR },
    replacingItem: { type: 'object', values: SCALAR, patchStrategy: 'replace' },
    retainKeysMap: { ...SELF, patchStrategy: 'retainKeys' },
    retainKeysMergingList: { ...MERGING, patchStrategy: 'merge,retainKeys' },
  },
};
