import { jsonEqual } from '../../generator/model/equal.ts';
import type { Schema } from '../../generator/model/schema.ts';
import { compareFields } from './field-compare.ts';
import { difference, EMPTY, type FieldSet, isLeaf, union } from './field-set.ts';
import type { Json } from './json.ts';
import { withinCap } from './manager-cap.ts';
import type { Resolve } from './merge-strategy.ts';

/** Who writes, and how: the key of one entry of `managedFields`. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
}

export interface OwnershipRecord extends Writer {
  readonly timeMs: number;
  readonly fields: FieldSet;
  /** A change whose fields have not been worked out: nobody has looked since. */
  readonly pending?: PendingChange;
}

/** What a write made of what. */
export interface PendingChange {
  readonly before: unknown;
  readonly after: unknown;
  /** What the server itself did on the way, as two states: the writer does not own it. */
  readonly foreign?: { readonly before: unknown; readonly after: unknown } | undefined;
}

/**
 * Which manager owns which fields of one object. Kept beside the object and worked out when somebody looks: a write only
 * notes the two references, and a manager that writes again while nobody else did only moves the second one.
 */
export type Ownership = readonly OwnershipRecord[];

/** Of an object whose fields nobody keeps track of. */
export const UNOWNED: Ownership = [];

/** The schema of the object and the way to follow its references. */
export interface OwnershipSchema {
  readonly schema: Schema;
  readonly resolve: Resolve;
  /** Status belongs to those who write the status subresource. */
  readonly hasStatus?: boolean;
}

export const isSame = (record: Writer, writer: Writer): boolean =>
  record.manager === writer.manager &&
  record.operation === writer.operation &&
  record.apiVersion === writer.apiVersion &&
  record.subresource === writer.subresource;

/** Changes waiting to be worked out before it is done anyway. */
const PENDING_MAX = 8;

/** Notes that `writer` made `after` of `before` (undefined when it created the object). Work: O(managers). */
export function recordUpdate(
  ownership: Ownership,
  writer: Writer,
  change: PendingChange & { readonly timeMs: number },
  schema: OwnershipSchema,
): Ownership {
  const { before, after, timeMs, foreign } = change;
  if (before !== undefined && ownership.length === 0) return UNOWNED;
  const last = ownership.at(-1);
  if (
    last?.pending &&
    isSame(last, writer) &&
    last.pending.after === before &&
    !takesBack(last.pending.before, before, after)
  ) {
    const { before: first, foreign: others } = last.pending;
    const pending = others ? { before: first, after, foreign: others } : { before: first, after };
    return [...ownership.slice(0, -1), { ...last, timeMs, pending }];
  }
  const waiting = ownership.filter(({ pending }) => pending).length;
  const base = waiting >= PENDING_MAX ? settle(ownership, schema) : ownership;
  const { manager, operation, apiVersion, subresource } = writer;
  const pending = foreign ? { before, after, foreign } : { before, after };
  const record = { manager, operation, apiVersion, subresource, timeMs, fields: EMPTY, pending };
  return base.length === 0 ? [record] : [...base, record];
}

/**
 * Whether the step from `between` to `after` restores anything that the step from `before` to `between` changed: of the
 * two as one change nothing would be left to see, though the writer has the field. Work: what the second step changed.
 */
function takesBack(before: unknown, between: unknown, after: unknown): boolean {
  if (between === after || before === between || before === undefined) return false;
  if (!(isTree(before) && isTree(between) && isTree(after))) return jsonEqual(before, after);
  if (Array.isArray(after) && !(isAsLong(before, after) && isAsLong(between, after))) return true;
  const [old, mid, now] = [before as Json, between as Json, after as Json];
  for (const key of Object.keys(now)) if (takesBack(old[key], mid[key], now[key])) return true;
  return false;
}

const isTree = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isAsLong = (value: object, list: readonly unknown[]): boolean =>
  Array.isArray(value) && value.length === list.length;

/**
 * Works out every pending change, in order. Who changed a field last has it alone; who removes one takes it from all. When
 * nobody owns anything any more, an update is not kept track of.
 */
export function settle(ownership: Ownership, schema: OwnershipSchema): Ownership {
  if (!ownership.some(({ pending }) => pending)) return ownership;
  let settled: OwnershipRecord[] = [];
  for (const each of ownership) {
    const { pending, ...record } = each;
    if (!pending) settled.push(record);
    else if (pending.before === undefined && settled.length === 0)
      settled = [...settledCreation(each, schema)];
    else if (pending.before === undefined || settled.length > 0)
      settled = withChange(settled, record, pending, schema);
  }
  return withinCap(settled);
}

const creations = new WeakMap<OwnershipRecord, readonly OwnershipRecord[]>();

/** What the creator owns: asked again with every state of the object that somebody looks at. */
function settledCreation(
  creation: OwnershipRecord,
  schema: OwnershipSchema,
): readonly OwnershipRecord[] {
  let settled = creations.get(creation);
  if (!settled) {
    const { pending, ...record } = creation;
    settled = withChange([], record, pending!, schema);
    creations.set(creation, settled);
  }
  return settled;
}

function withChange(
  settled: readonly OwnershipRecord[],
  writer: OwnershipRecord,
  { before, after, foreign }: PendingChange,
  schema: OwnershipSchema,
): OwnershipRecord[] {
  const { changed: all, removed } = compared(before ?? {}, after, writer, schema);
  const changed =
    (foreign ? difference(all, foreignFields(foreign, writer, schema)) : all) ?? EMPTY;
  if (isLeaf(changed) && isLeaf(removed)) return [...settled];
  const own = settled.find((each) => isSame(each, writer));
  const fields = difference(union(own?.fields ?? EMPTY, changed), removed);
  const rest = settled.filter((each) => each !== own);
  return [
    ...withoutFields(rest, union(changed, removed)),
    ...(fields ? [{ ...writer, fields }] : []),
  ];
}

/** What the server filled in or changed, but for what the writer had said himself. */
function foreignFields(
  { before, after }: NonNullable<PendingChange['foreign']>,
  writer: Writer,
  schema: OwnershipSchema,
): FieldSet {
  const { changed } = compared(before, after, writer, schema);
  const said = compared({}, before, writer, schema).changed;
  return difference(changed, said) ?? EMPTY;
}

function compared(
  before: unknown,
  after: unknown,
  writer: Writer,
  schema: OwnershipSchema,
): ReturnType<typeof compareFields> {
  const [old, now] = [ownedPart(before, writer, schema), ownedPart(after, writer, schema)];
  return compareFields(old, now, schema);
}

/** The records after `fields` went to somebody else; one that has nothing left goes. */
export function withoutFields(
  records: readonly OwnershipRecord[],
  fields: FieldSet,
): OwnershipRecord[] {
  return records.flatMap((record) => {
    const left = difference(record.fields, fields);
    if (left === record.fields) return [record];
    return left ? [{ ...record, fields: left }] : [];
  });
}

const UNOWNED_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

/** The part of an object that `writer` can own: not what identifies it, what the server keeps, or what is another endpoint's. */
export function ownedPart(
  object: unknown,
  { subresource }: Pick<Writer, 'subresource'>,
  { hasStatus }: OwnershipSchema,
): Json {
  const { apiVersion: _, kind: __, metadata, ...rest } = object as Json;
  if (hasStatus && subresource === undefined) delete rest.status;
  if (subresource === 'status') delete rest.spec;
  const kept = Object.entries((metadata ?? {}) as Json).filter(
    ([key]) => !UNOWNED_METADATA.has(key),
  );
  return kept.length > 0 ? { ...rest, metadata: Object.fromEntries(kept) } : rest;
}

/** Whether two ownerships say the same of every manager but when. */
export function sameFields(a: Ownership, b: Ownership): boolean {
  return jsonEqual(
    a.map(({ timeMs: _, ...record }) => record),
    b.map(({ timeMs: _, ...record }) => record),
  );
}
