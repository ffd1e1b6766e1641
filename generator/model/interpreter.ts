import { type Admit, compileAdmit } from './admit.ts';
import type { FieldProblem } from './problem.ts';
import type { Schema, SchemaSet } from './schema.ts';
import { compileValidate, type Validate } from './validate.ts';

/** All that can be done with values of a schema set. Built-in kinds and custom ones go the same way. */
export interface Interpreter {
  /**
   * Takes unknown fields out (each a `FieldUnknown` problem), reports values of a wrong JSON type, and applies defaults.
   * The result is the same reference when there was nothing to do.
   */
  admit(
    definition: string,
    value: unknown,
    /** The stored object: whatever of `value` is the very same there is not looked at again. */
    old?: unknown,
  ): { value: unknown; problems: readonly FieldProblem[] };
  /** Formats, enums, ranges, required fields, duplicates, rules, and with the stored object also what must not change. */
  validate(definition: string, value: unknown, old?: unknown): readonly FieldProblem[];
  /** The schema at a path of field names and list positions, references followed. */
  schemaAt(definition: string, path: readonly (string | number)[]): Schema | undefined;
  /** Follows a reference; the keywords beside it win over the target's. */
  resolve(schema: Schema): Schema;
}

/** Compiles lazily: a definition costs nothing until a value of it comes by. */
export function compile(set: SchemaSet): Interpreter {
  const resolved = new WeakMap<Schema, Schema>();
  const resolve = (schema: Schema): Schema => {
    if (!schema.ref) return schema;
    const known = resolved.get(schema);
    if (known) return known;
    const target = set.definitions[schema.ref];
    if (!target) throw new Error(`schema ${schema.ref} does not exist`);
    const { ref: _, ...beside } = schema;
    const found = { ...resolve(target), ...beside };
    resolved.set(schema, found);
    return found;
  };
  const heavy = heavyTest(resolve);
  const admits = lazily<Admit>(heavy, (schema, child) =>
    compileAdmit(resolve(schema), child, heavy(schema)),
  );
  const validators = lazily<Validate>(
    heavy,
    (schema, child) => compileValidate(resolve(schema), checkOf(child), heavy(schema)) ?? NO_CHECK,
  );
  /** Scalars without a check are known at once to have none; the rest is found out when first asked. */
  function checkOf(child: (schema: Schema) => Validate): (schema: Schema) => Validate | undefined {
    return (schema) => {
      const { type = 'any' } = resolve(schema);
      if (type === 'object' || type === 'array') return child(schema);
      return compileValidate(resolve(schema), checkOf(child), false);
    };
  }
  const roots = new Map<string, { schema: Schema; admit: Admit; validate: Validate }>();
  function root(definition: string): { schema: Schema; admit: Admit; validate: Validate } {
    let found = roots.get(definition);
    if (!found) {
      const schema = { ref: definition };
      // Whole objects are new each time they come by: only their parts are worth remembering.
      found = {
        schema,
        admit: compileAdmit(resolve(schema), admits, false),
        validate: compileValidate(resolve(schema), checkOf(validators), false) ?? NO_CHECK,
      };
      roots.set(definition, found);
    }
    return found;
  }
  return {
    admit(definition, value, old) {
      const problems: FieldProblem[] = [];
      const admitted = root(definition).admit(value, old, problems);
      return { value: admitted, problems: problems.length === 0 ? problems : problems.map(worded) };
    },
    validate(definition, value, old) {
      const problems: FieldProblem[] = [];
      root(definition).validate(value, old, problems);
      return problems;
    },
    schemaAt(definition, path) {
      let schema: Schema | undefined = resolve(root(definition).schema);
      for (const step of path) {
        const next: Schema | undefined =
          typeof step === 'number' ? schema.items : fieldSchema(schema, step);
        if (!next) return undefined;
        schema = resolve(next);
      }
      return schema;
    },
    resolve,
  };
}

const NO_CHECK: Validate = () => {};

/** Unknown fields are named in their message with the whole path, which is complete only now. */
function worded(problem: FieldProblem): FieldProblem {
  if (problem.reason !== 'FieldUnknown') return problem;
  return { ...problem, message: `unknown field "${problem.field}"` };
}

/** Fields below a schema from which on it pays to remember values by identity. */
const HEAVY_FIELDS = 300;

/**
 * Whether a schema has so many fields below it: pods' specs, templates and volumes have, metadata and statuses have not. Each schema
 * is counted once; one that is on the way to itself counts nothing.
 */
function heavyTest(resolve: (schema: Schema) => Schema): (schema: Schema) => boolean {
  const known = new Map<Schema, number>();
  const count = (schema: Schema): number => {
    const own = resolve(schema);
    const before = known.get(own);
    if (before !== undefined) return before;
    known.set(own, 0);
    let total = 0;
    const add = (child: Schema): void => {
      if (total < HEAVY_FIELDS) total += 1 + count(child);
    };
    for (const name in own.properties) add(own.properties[name]!);
    if (own.items) add(own.items);
    if (own.values) add(own.values);
    known.set(own, total);
    return total;
  };
  return (schema) => count(schema) >= HEAVY_FIELDS;
}

/**
 * A compiler of one function a schema node. That of a heavy one is made when first called, so that a definition costs nothing
 * until a value of it comes by; and so is one that is asked for while it is being made: definitions may refer to each other.
 * Nodes that are only a reference share the function of the definition, and so its memory of clean objects.
 */
function lazily<F extends (...args: never[]) => unknown>(
  isHeavy: (schema: Schema) => boolean,
  make: (schema: Schema, child: (schema: Schema) => F) => F,
): (schema: Schema) => F {
  const made = new Map<string | Schema, F>();
  const of = (schema: Schema): F => {
    const key = plainReference(schema) ?? schema;
    const found = made.get(key);
    if (found) return found;
    let real: F | undefined;
    const lazy = ((...args: never[]) => {
      real ??= make(schema, of);
      return real(...args);
    }) as F;
    made.set(key, lazy);
    if (isHeavy(schema)) return lazy;
    real = make(schema, of);
    made.set(key, real);
    return real;
  };
  return of;
}

function fieldSchema({ properties = {}, values }: Schema, name: string): Schema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : values;
}

/** The definition's name when the reference has nothing beside it that matters for values. */
function plainReference(schema: Schema): string | undefined {
  const {
    ref,
    description: _,
    default: __,
    patchStrategy: ___,
    patchMergeKey: ____,
    ...rest
  } = schema;
  return ref !== undefined && Object.keys(rest).length === 0 ? ref : undefined;
}
