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
  admit(definition: string, value: unknown): { value: unknown; problems: readonly FieldProblem[] };
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
  const admits = lazily<Admit>((schema, child) => compileAdmit(resolve(schema), child));
  const validates = lazily<Validate>((schema, child) => compileValidate(resolve(schema), child));
  const root = (definition: string): Schema => roots.get(definition) ?? addRoot(definition);
  const roots = new Map<string, Schema>();
  function addRoot(definition: string): Schema {
    const schema = { ref: definition };
    roots.set(definition, schema);
    return schema;
  }
  return {
    admit(definition, value) {
      const problems: FieldProblem[] = [];
      return { value: admits(root(definition))(value, '', problems), problems };
    },
    validate(definition, value, old) {
      const problems: FieldProblem[] = [];
      validates(root(definition))(value, old, '', problems);
      return problems;
    },
    schemaAt(definition, path) {
      let schema: Schema | undefined = resolve(root(definition));
      for (const step of path) {
        const next: Schema | undefined =
          typeof step === 'number' ? schema.items : (schema.properties?.[step] ?? schema.values);
        if (!next) return undefined;
        schema = resolve(next);
      }
      return schema;
    },
    resolve,
  };
}

/**
 * A compiler of one function a schema node, made when first called: that is what lets definitions refer to each other.
 * Nodes that are only a reference share the function of the definition, and so its memory of clean objects.
 */
function lazily<F extends (...args: never[]) => unknown>(
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
    return lazy;
  };
  return of;
}

/** The definition's name when the reference has nothing beside it that matters for values. */
function plainReference(schema: Schema): string | undefined {
  const { ref, description: _, default: __, patchStrategy: ___, patchMergeKey: ____, ...rest } = schema;
  return ref !== undefined && Object.keys(rest).length === 0 ? ref : undefined;
}
