import { EMPTY, union } from './field-set.ts';
import type { OwnershipRecord } from './ownership.ts';

/** How many managers may have updated one object before the oldest are put together. */
const UPDATE_MANAGERS_MAX = 10;
const BUCKET = 'ancient-changes';

/** The records with the oldest updates under one name when there are too many. Appliers are never put together. */
export function withinCap(records: readonly OwnershipRecord[]): readonly OwnershipRecord[] {
  const updates = records.filter(({ operation }) => operation === 'Update');
  const excess = updates.length - UPDATE_MANAGERS_MAX;
  if (excess <= 0) return records;
  const oldest = updates.sort((a, b) => a.timeMs - b.timeMs).slice(0, excess + 1);
  const { subresource: _, ...newest } = oldest.at(-1)!;
  const fields = oldest.reduce((all, record) => union(all, record.fields), EMPTY);
  return [
    { ...newest, manager: BUCKET, fields },
    ...records.filter((record) => !oldest.includes(record)),
  ];
}
