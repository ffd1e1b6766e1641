import type { Interpreter } from '../interpreter.ts';
import { type FieldProblem, joinPath, required } from '../problem.ts';
import type { Schema } from '../schema.ts';
import { withEmbedded } from './embedded.ts';
import { isObject, type JsonSchema } from './json-schema.ts';
import { repeatedItems } from './list-types.ts';
import { prune, withDefaults } from './prune.ts';
import { OBJECT_META, toSchema } from './to-schema.ts';
import { NOWHERE, validate } from './validate.ts';

/** What can be done with objects of one version of a custom resource. */
export interface StructuralInterpreter extends Interpreter {
  readonly schema: Schema;
  /** Without what the schema does not name; the same reference when there is nothing to take out. */
  prune(object: unknown): unknown;
  /** With defaults where something is absent. */
  withDefaults(object: unknown): unknown;
}

/** Reasons after which rules in CEL are not asked: they may count on what is wrong. */
const BLOCKING = new Set<FieldProblem['reason']>([
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
  'FieldValueNotSupported',
]);

const UNCHECKED: FieldProblem = {
  field: NOWHERE,
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

/** The rules of a schema, ready to be asked; undefined where it has none. */
export type RuleCheck = (object: unknown, old: unknown) => readonly FieldProblem[];

/**
 * The interpreter of one structural schema. Metadata are those of all objects: `common` knows them. Types are checked with everything else,
 * not on decoding: a value of a wrong one is invalid, as the API says it of custom resources.
 */
export function compileStructural(
  json: JsonSchema,
  common: Interpreter,
  rules?: RuleCheck,
): StructuralInterpreter {
  const schema = toSchema(json, true);
  const meta = (value: unknown, old: unknown) => common.admit(OBJECT_META, value ?? {}, old);
  const pruned = (object: unknown, found?: string[]) => prune(json, object, true, found);
  const filled = (object: unknown): unknown => withDefaults(json, object);
  return {
    schema,
    prune: (object) => pruned(object),
    withDefaults: filled,
    admit(_, value, old) {
      const unknown: string[] = [];
      const inside: FieldProblem[] = [];
      const body = withEmbedded(json, filled(pruned(value, unknown)), (resource, at) => {
        if (resource.metadata === undefined) return resource;
        const own = meta(resource.metadata, undefined);
        inside.push(...own.problems.map((problem) => inMetadata(problem, at)));
        return own.value === resource.metadata ? resource : { ...resource, metadata: own.value };
      });
      if (!isObject(body)) return { value: body, problems: [] };
      const { metadata } = body;
      const admitted = meta(metadata, isObject(old) ? old.metadata : undefined);
      const problems: FieldProblem[] = [
        ...unknown.sort().map((field) => unknownField(field)),
        ...admitted.problems.map((problem) => inMetadata(problem)),
        ...inside,
      ];
      if (admitted.value === metadata) return { value: body, problems };
      return { value: { ...body, metadata: admitted.value }, problems };
    },
    validate(_, value, old) {
      const object = withoutMetadata(value);
      const before = old === undefined ? undefined : withoutMetadata(old);
      const metadata = isObject(value) ? value.metadata : undefined;
      const storedMetadata = isObject(old) ? old.metadata : undefined;
      const found = [
        ...common.validate(OBJECT_META, metadata ?? {}, storedMetadata).map(namedInMetadata),
        ...validate(json, object, before, ''),
        ...repeatedItems(json, object, before, ''),
        ...embeddedProblems(json, object, common),
      ];
      if (!rules) return found;
      if (found.some(({ reason }) => BLOCKING.has(reason))) return [...found, UNCHECKED];
      return [...found, ...rules(value, old)];
    },
    schemaAt(_, path) {
      let at: Schema | undefined = schema;
      for (const step of path) {
        const next: Schema | undefined =
          typeof step === 'number' ? at.items : (at.properties?.[step] ?? at.values);
        if (!next) return undefined;
        at = common.resolve(next);
      }
      return at;
    },
    resolve: (each) => common.resolve(each),
  };
}

function unknownField(field: string): FieldProblem {
  return { field, reason: 'FieldUnknown', message: `unknown field "${field}"` };
}

const namedInMetadata = (problem: FieldProblem): FieldProblem => ({
  ...problem,
  field: joinPath('metadata', problem.field),
});

function inMetadata(problem: FieldProblem, at = ''): FieldProblem {
  const { field } = namedInMetadata(problem);
  const named = { ...problem, field: joinPath(at, field) };
  return problem.reason === 'FieldUnknown' ? unknownField(named.field) : named;
}

/** Objects of the API inside of one: each says what it is, and has metadata that an object may have. */
function embeddedProblems(json: JsonSchema, object: unknown, common: Interpreter): FieldProblem[] {
  const found: FieldProblem[] = [];
  withEmbedded(json, object, (resource, at) => {
    for (const name of ['apiVersion', 'kind'])
      if (!resource[name]) found.push(required(joinPath(at, name)));
    const { metadata = {} } = resource;
    for (const problem of common.validate(OBJECT_META, metadata, undefined))
      found.push(inMetadata(problem, at));
    return resource;
  });
  return found;
}

/** Metadata are checked by themselves; a schema may only say something of names. */
function withoutMetadata(value: unknown): unknown {
  if (!isObject(value) || !('metadata' in value)) return value;
  const { metadata, ...rest } = value;
  const { name, generateName } = isObject(metadata) ? metadata : {};
  return {
    ...rest,
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(generateName === undefined ? {} : { generateName }),
    },
  };
}
