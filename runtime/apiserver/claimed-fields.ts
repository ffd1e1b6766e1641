import type { ManagedFieldsEntry } from '../../generated/meta/v1/types.ts';
import {
  jsonEqual,
  type KubeObject,
  type Ownership,
  type OwnershipRecord,
  parseTime,
  UNOWNED,
} from '../meta/index.ts';
import type { ServedKind } from './kind.ts';
import type { Row } from './row.ts';
import { invalid, type Problem } from './strategies/problem.ts';
import { presented } from './watch.ts';

/** The managed fields that an object came with from a client, if it came with some. */
export type ClaimedFields = readonly ManagedFieldsEntry[] | undefined;

/**
 * Who owns the fields of a stored object, after what a client sent as its managed fields: those that it has, unless the client has
 * other ones, for which it is believed. One empty entry clears them, and then nobody keeps track; no entry says nothing, so that
 * clients that know nothing of them do not clear them.
 */
export function claimedOwnership(kind: ServedKind, row: Row, claimed: ClaimedFields): Ownership {
  if (!claimed || claimed.length === 0) return row.ownership;
  if (claimed.length === 1 && Object.keys(claimed[0]!).length === 0) return UNOWNED;
  if (jsonEqual(presented(kind, row).metadata.managedFields ?? [], claimed)) return row.ownership;
  const records = claimed.map(recordOf);
  return records.every((each) => each !== undefined) ? records : row.ownership;
}

/** Undefined for what is none: nothing of it is then believed. */
function recordOf(entry: ManagedFieldsEntry): OwnershipRecord | undefined {
  const { manager = '', operation, apiVersion, time, fieldsV1, subresource } = entry;
  const isWhole = (operation === 'Apply' || operation === 'Update') && apiVersion && fieldsV1;
  if (!isWhole) return undefined;
  const timeMs = time === undefined ? 0 : parseTime(time);
  return { manager, operation, apiVersion, subresource, timeMs, fields: fieldsV1 as never };
}

/** What is wrong with managed fields that a client sent. */
export function claimProblems(claimed: ClaimedFields): Problem[] {
  if (!claimed || (claimed.length === 1 && Object.keys(claimed[0]!).length === 0)) return [];
  return claimed.flatMap(({ operation = '' as const, fieldsType = '' as const }, at) => {
    const field = `metadata.managedFields[${at}]`;
    return [
      ...(operation === 'Apply' || operation === 'Update'
        ? []
        : [invalid(`${field}.operation`, operation, 'must be `Apply` or `Update`')]),
      ...(fieldsType === 'FieldsV1'
        ? []
        : [invalid(`${field}.fieldsType`, fieldsType, 'must be `FieldsV1`')]),
    ];
  });
}

/** Whether a JSON patch is about managed fields, which stored objects do not carry until somebody looks. */
function touchesFields(patch: unknown): boolean {
  if (!Array.isArray(patch)) return false;
  return patch.some((step: { path?: unknown; from?: unknown } | null) =>
    [step?.path, step?.from].some(
      (path) => typeof path === 'string' && (path === '/metadata' || path.startsWith(FIELDS)),
    ),
  );
}

const FIELDS = '/metadata/managedFields';

/** The object with its managed fields, for a patch that is about them. */
export function forPatch(kind: ServedKind, row: Row, patch: unknown): KubeObject {
  return touchesFields(patch) ? presented(kind, row) : row.object;
}
