import type { ManagedFieldsEntry } from '../../generated/meta/v1/types.ts';
import type { Schema } from '../../generator/model/schema.ts';
import {
  changedFields,
  commonLeaves,
  difference,
  EMPTY,
  type FieldSet,
  fieldsOf,
  follow,
  mergeApplied,
  pathText,
  removeFields,
  union,
} from './field-set.ts';
import type { Resolve } from './patch.ts';
import { jsonEqual } from '../../generator/model/equal.ts';

/** Who writes, and how: the key of one entry of `managedFields`. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
}

interface OwnershipRecord extends Writer {
  readonly timeMs: number;
  readonly fields: FieldSet;
  /** A change whose fields have not been worked out: nobody has looked since. */
  readonly pending?: { readonly before: unknown; readonly after: unknown };
}

/**
 * Which manager owns which fields of one object. Kept beside the object and worked out when somebody looks: a write only
 * notes the two references, and a manager that writes again while nobody else did only moves the second one.
 */
export type Ownership = readonly OwnershipRecord[];

export const UNOWNED: Ownership = [];

/** The schema of the object and the way to follow its references. */
export interface OwnershipSchema {
  readonly schema: Schema;
  readonly resolve: Resolve;
}

const isSame = (record: Writer, writer: Writer): boolean =>
  record.manager === writer.manager &&
  record.operation === writer.operation &&
  (record.operation === 'Apply' || record.apiVersion === writer.apiVersion) &&
  record.subresource === writer.subresource;

/** A writer as conflicts name it: `"kubectl-edit" using apps/v1`. */
function writerText({ manager, operation, apiVersion, subresource }: Writer): string {
  const part = subresource ? ` with subresource "${subresource}"` : '';
  return `"${manager}"${part}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

/** Changes waiting to be worked out before it is done anyway. */
const PENDING_MAX = 8;

/** Notes that `writer` made `after` of `before` (undefined when it created the object). Work: O(managers). */
export function recordUpdate(
  ownership: Ownership,
  writer: Writer,
  change: { readonly before: unknown; readonly after: unknown; readonly timeMs: number },
  schema: OwnershipSchema,
): Ownership {
  const { before, after, timeMs } = change;
  const last = ownership.at(-1);
  if (last?.pending && isSame(last, writer) && last.pending.after === before) {
    const pending = { before: last.pending.before, after };
    return [...ownership.slice(0, -1), { ...last, timeMs, pending }];
  }
  const waiting = ownership.filter(({ pending }) => pending).length;
  const base = waiting >= PENDING_MAX ? settle(ownership, schema) : ownership;
  return [...base, { ...writer, timeMs, fields: EMPTY, pending: { before, after } }];
}

/** Works out every pending change, in order: who wrote a field last has it, together with nobody but equal appliers. */
export function settle(ownership: Ownership, schema: OwnershipSchema): Ownership {
  if (!ownership.some(({ pending }) => pending)) return ownership;
  let settled: OwnershipRecord[] = [];
  for (const { pending, ...record } of ownership) {
    if (!pending) {
      settled = [...settled.filter((each) => !isSame(each, record)), record];
      continue;
    }
    const changed = changedFields(
      owned(pending.before),
      owned(pending.after) ?? {},
      schema.schema,
      schema.resolve,
    );
    if (!changed) continue;
    const before = settled.find((each) => isSame(each, record));
    settled = settled
      .filter((each) => !isSame(each, record))
      .flatMap((each) => {
        const left = difference(each.fields, changed);
        return left ? [{ ...each, fields: left }] : [];
      });
    settled.push({ ...record, fields: union(before?.fields ?? EMPTY, changed) });
  }
  return settled;
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

/** The part of an object whose fields have owners: not what identifies it, nor what the server keeps. */
export function owned(object: unknown): unknown {
  if (object === undefined) return undefined;
  const { apiVersion: _, kind: __, metadata, ...rest } = object as Record<string, unknown>;
  const kept = Object.entries((metadata ?? {}) as object).filter(
    ([key]) => !UNOWNED_METADATA.has(key),
  );
  return kept.length > 0 ? { ...rest, metadata: Object.fromEntries(kept) } : rest;
}

export interface Applied {
  readonly object: unknown;
  readonly ownership: Ownership;
  /** Fields that others own with other values, and by whom, in words; when not forced the rest of the answer is of no use. */
  readonly conflicts: readonly { readonly manager: string; readonly field: string }[];
}

/** Server-side apply: `config` is all that `writer` wants to say about the object. */
export function applyConfiguration(
  live: unknown,
  config: unknown,
  state: { readonly ownership: Ownership; readonly writer: Writer; readonly timeMs: number },
  options: { readonly force: boolean },
  schema: OwnershipSchema,
): Applied {
  const { writer, timeMs } = state;
  const { resolve } = schema;
  const ownership = settle(state.ownership, schema);
  const wanted = fieldsOf(owned(config), schema.schema, resolve);
  const others = ownership.filter((record) => !isSame(record, writer));
  const before = ownership.find((record) => isSame(record, writer));
  const lost = new Map<OwnershipRecord, string[][]>();
  for (const record of others) {
    const contested = commonLeaves(wanted, record.fields).filter((path) =>
      differs(path, live, config, schema),
    );
    if (contested.length > 0) lost.set(record, contested);
  }
  const conflicts = [...lost].flatMap(([record, paths]) =>
    paths.map((path) => ({ manager: writerText(record), field: pathText(path) })),
  );
  if (conflicts.length > 0 && !options.force) return { object: live, ownership, conflicts };
  const merged = mergeApplied(live ?? {}, config, schema.schema, resolve);
  const dropped = before && difference(before.fields, wanted);
  const unowned = others.reduce<FieldSet | undefined>(
    (left, { fields }) => left && difference(left, fields),
    dropped,
  );
  const object = unowned ? removeFields(merged, unowned, schema.schema, resolve) : merged;
  const kept = others.flatMap((record) => {
    const paths = lost.get(record);
    const left = paths ? difference(record.fields, setOf(paths)) : record.fields;
    return left ? [{ ...record, fields: left }] : [];
  });
  const same = before && object === live && jsonEqual(before.fields, wanted);
  const own = same ? before : { ...writer, timeMs, fields: wanted };
  return { object, ownership: [...kept, own], conflicts: [] };
}

function setOf(paths: readonly (readonly string[])[]): FieldSet {
  return paths.reduce<FieldSet>((set, path) => {
    const one = path.reduceRight<FieldSet>((below, step) => ({ [step]: below }), EMPTY);
    return union(set, one);
  }, EMPTY);
}

function differs(
  path: readonly string[],
  live: unknown,
  config: unknown,
  { schema, resolve }: OwnershipSchema,
): boolean {
  let own: Schema | undefined = resolve(schema);
  let [left, right] = [live, config];
  for (const step of path) {
    const a: ReturnType<typeof follow> = follow(step, left, own);
    const b: ReturnType<typeof follow> = follow(step, right, own);
    [left, right] = [a.value, b.value];
    own = a.schema && resolve(a.schema);
  }
  return !jsonEqual(left, right);
}

/** `metadata.managedFields`, as the API shows them. */
export function managedFields(
  ownership: Ownership,
  schema: OwnershipSchema,
  formatTime: (ms: number) => string,
): ManagedFieldsEntry[] {
  return settle(ownership, schema).map(
    ({ manager, operation, apiVersion, subresource, timeMs, fields }) => ({
      manager,
      operation,
      apiVersion,
      time: formatTime(timeMs),
      fieldsType: 'FieldsV1',
      fieldsV1: fields as never,
      ...(subresource ? { subresource } : {}),
    }),
  );
}
