import type { Schema } from '../../generator/model/schema.ts';

/** Follows references of a schema; from the interpreter. */
export type Resolve = (schema: Schema) => Schema;

/** The schema of a value and the way to follow its references. Undefined where the schema says nothing. */
export interface Typed {
  readonly schema: Schema | undefined;
  readonly resolve: Resolve;
}

/** How a strategic merge patch treats a field. */
export interface MergeStrategy {
  readonly strategy: 'merge' | 'replace' | undefined;
  /** The patch also lists the fields that stay. */
  readonly retainKeys: boolean;
  /** What tells the items of a merging list apart; undefined for lists of scalars. */
  readonly key: string | undefined;
  readonly items: Schema | undefined;
}

/** A reference carries the strategy beside it; so both ends are asked. */
export function mergeStrategyOf({ schema, resolve }: Typed): MergeStrategy {
  const own = schema && resolve(schema);
  const strategies = (schema?.patchStrategy ?? own?.patchStrategy ?? '').split(',');
  const strategy = (['merge', 'replace'] as const).find((each) => strategies.includes(each));
  return {
    strategy,
    retainKeys: strategies.includes('retainKeys'),
    key: schema?.patchMergeKey ?? own?.patchMergeKey,
    items: own?.items,
  };
}

/** The schema of a struct's field or a map's value. */
export function schemaOfField(name: string, { schema, resolve }: Typed): Typed {
  const own = schema && resolve(schema);
  return { schema: own?.properties?.[name] ?? own?.values, resolve };
}
