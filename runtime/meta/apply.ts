import type { ManagedFieldsEntry } from '../../generated/meta/v1/types.ts';
import { refuseDuplicates } from './apply-duplicates.ts';
import { mergeApplied, removeDropped } from './apply-merge.ts';
import { compareFields, statedFields } from './field-compare.ts';
import {
  difference,
  EMPTY,
  type FieldSet,
  inOrder,
  intersection,
  isLeaf,
  pathsOf,
  pathText,
  union,
} from './field-set.ts';
import {
  isSame,
  type Ownership,
  type OwnershipRecord,
  type OwnershipSchema,
  ownedPart,
  sameFields,
  settle,
  type Writer,
  withoutFields,
} from './ownership.ts';
import { formatTime } from './time.ts';

export interface ApplyConflict {
  /** The other manager as a message names it: `"kubectl-edit" using apps/v1`. */
  readonly who: string;
  readonly field: string;
}

export interface Applied {
  readonly object: unknown;
  readonly ownership: Ownership;
  /** Fields that others own with other values; when not forced the rest of the answer is of no use. */
  readonly conflicts: readonly ApplyConflict[];
}

export interface ApplyOptions {
  /** Takes fields from whoever else owns them with other values. */
  readonly force: boolean;
  /** What the same person said another way before; nobody else is asked for the fields of which it is still true. */
  readonly lastApplied?: unknown;
}

/** Server-side apply: `config` is all that `writer` wants to say about the object. `live` is undefined where there is none yet. */
export function applyConfiguration(
  live: unknown,
  config: unknown,
  state: { readonly ownership: Ownership; readonly writer: Writer; readonly timeMs: number },
  options: ApplyOptions,
  schema: OwnershipSchema,
): Applied {
  const { writer, timeMs } = state;
  refuseDuplicates(config, schema);
  const ownership = tracked(live, state, schema);
  const wanted = statedFields(ownedPart(config, writer, schema), schema);
  const others = ownership.filter((record) => !isSame(record, writer));
  const before = ownership.find((record) => isSame(record, writer));
  const merged = mergeApplied(live ?? {}, config, schema);
  // What identifies the object is nobody's, and stated all the same.
  const kept = (): FieldSet =>
    others.reduce((all, { fields }) => union(all, fields), statedFields(config, schema));
  const object = before
    ? removeDropped(merged, { last: before.fields, kept: kept() }, schema)
    : merged;
  const { changed, removed } = compareFields(
    ownedPart(live ?? {}, writer, schema),
    ownedPart(object, writer, schema),
    schema,
  );
  const free = yielding(live, options.lastApplied, writer, schema);
  const contested = difference(changed, free) ?? EMPTY;
  const conflicts = others.flatMap((record) => conflictsWith(record, contested));
  if (conflicts.length > 0 && !options.force) return { object: live, ownership, conflicts };
  const own = isLeaf(wanted) ? [] : [{ ...writer, timeMs, fields: wanted }];
  const gone = union(changed, removed);
  const after = ownership.flatMap((record) =>
    record === before ? own : withoutFields([record], gone),
  );
  const result = before ? after : [...after, ...own];
  const same = object === live && sameFields(ownership, result);
  return { object, ownership: same ? state.ownership : result, conflicts: [] };
}

/** The fields that are in `live` as they were last applied. */
function yielding(
  live: unknown,
  lastApplied: unknown,
  writer: Writer,
  schema: OwnershipSchema,
): FieldSet {
  if (lastApplied === undefined) return EMPTY;
  const said = ownedPart(lastApplied, writer, schema);
  const { changed, removed } = compareFields(said, ownedPart(live ?? {}, writer, schema), schema);
  return difference(statedFields(said, schema), union(changed, removed)) ?? EMPTY;
}

/** Of an object that nobody kept track of, everything belongs to whoever was before. */
function tracked(
  live: unknown,
  state: { readonly ownership: Ownership; readonly writer: Writer; readonly timeMs: number },
  schema: OwnershipSchema,
): Ownership {
  const settled = settle(state.ownership, schema);
  if (live === undefined || settled.length > 0) return settled;
  const { apiVersion } = state.writer;
  const writer: Writer = { manager: 'before-first-apply', operation: 'Update', apiVersion };
  const { changed: fields } = compareFields({}, ownedPart(live, writer, schema), schema);
  return isLeaf(fields) ? settled : [{ ...writer, timeMs: state.timeMs, fields }];
}

function conflictsWith(record: OwnershipRecord, changed: typeof EMPTY): ApplyConflict[] {
  const contested = intersection(record.fields, changed);
  return pathsOf(contested ?? EMPTY).map((path) => ({
    who: nameOf(record),
    field: pathText(path),
  }));
}

function nameOf({ manager, operation, apiVersion, subresource }: OwnershipRecord): string {
  const name = JSON.stringify(manager);
  const at = subresource ? `${name} with subresource ${JSON.stringify(subresource)}` : name;
  return operation === 'Apply' ? at : `${at} using ${apiVersion}`;
}

/** `metadata.managedFields`, as the API shows them. */
export function managedFields(
  ownership: Ownership,
  schema: OwnershipSchema,
  timeText: (ms: number) => string = formatTime,
): ManagedFieldsEntry[] {
  return settle(ownership, schema).map(
    ({ manager, operation, apiVersion, subresource, timeMs, fields }) => ({
      manager,
      operation,
      apiVersion,
      time: timeText(timeMs),
      fieldsType: 'FieldsV1',
      fieldsV1: inOrder(fields) as never,
      ...(subresource ? { subresource } : {}),
    }),
  );
}
