import { type Environment, Optional } from '@marcbachmann/cel-js';
import { celEnvironment, type JsonRule, type JsonSchema } from '../../../generator/model/index.ts';
import { type CelProgram, compileCel } from './compile.ts';
import { shapeOf } from './sizes.ts';
import { declareType } from './types.ts';

/** One rule of a schema, ready to be asked, or why it cannot be. */
export interface CompiledRule {
  readonly rule: JsonRule;
  readonly program?: CelProgram;
  readonly error?: string;
  readonly message?: CelProgram;
  readonly messageError?: string;
  /** What each may cost at most for one value; 0 for what cannot be asked. */
  readonly cost: number;
  readonly messageCost: number;
  /** Compares with what was there before. */
  readonly usesOld: boolean;
  /** Makes of what was there before, or undefined, what `oldSelf` is. */
  asOld(before: unknown): unknown;
}

const known = new WeakMap<JsonSchema, readonly CompiledRule[]>();

/** The rules of a schema, whose values `self` and `oldSelf` are. Compiled once. */
export function compiledRules(schema: JsonSchema, isRoot: boolean): readonly CompiledRule[] {
  const found =
    known.get(schema) ??
    (schema['x-kubernetes-validations'] ?? []).map((rule) => compiledRule(schema, isRoot, rule));
  known.set(schema, found);
  return found;
}

const NONE: ReadonlySet<string> = new Set();

function compiledRule(schema: JsonSchema, isRoot: boolean, rule: JsonRule): CompiledRule {
  const environment = celEnvironment();
  const type = declareType(environment, schema, isRoot);
  environment.registerVariable('self', type);
  environment.registerVariable('oldSelf', rule.optionalOldSelf ? `optional<${type}>` : type);
  const made = compileCel(environment, rule.rule);
  const program = 'program' in made ? made.program : undefined;
  const shape = shapeOf(schema, isRoot);
  const { messageExpression } = rule;
  const told = messageExpression ? compileCel(environment, messageExpression) : undefined;
  const message = told && 'program' in told ? told.program : undefined;
  const isBool = program?.type === 'bool' || program?.type === 'dyn';
  return {
    rule,
    cost: program?.cost(shape) ?? 0,
    messageCost: message?.cost(shape) ?? 0,
    usesOld: (program?.names ?? NONE).has('oldSelf'),
    asOld: rule.optionalOldSelf ? optionalOf(environment, type) : (before) => before,
    ...(program && isBool ? { program } : {}),
    ...('error' in made ? { error: made.error } : {}),
    ...(program && !isBool ? { error: 'cel expression must evaluate to a bool' } : {}),
    ...(message?.type === 'string' ? { message } : {}),
    ...(told && 'error' in told
      ? { messageError: `messageExpression ${told.error}` }
      : message && message.type !== 'string'
        ? { messageError: 'messageExpression must evaluate to a string' }
        : {}),
  };
}

/** Values of declared types get into an optional by an expression alone. */
function optionalOf(environment: Environment, type: string): (before: unknown) => unknown {
  const inner = environment.clone().registerVariable('before', type);
  const wrap = inner.parse('optional.of(before)');
  return (before) => (before === undefined ? Optional.none() : wrap({ before }));
}

const STEP = /\.([A-Za-z_][A-Za-z0-9_]*)|\['((?:[^'\\]|\\.)*)'\]/y;

/** The steps of a rule's `fieldPath` and the schema there; undefined where the path is none. */
export function pathIn(schema: JsonSchema, path: string): readonly string[] | undefined {
  const steps: string[] = [];
  let at: JsonSchema | undefined = schema;
  STEP.lastIndex = 0;
  for (let end = 0; end < path.length; end = STEP.lastIndex) {
    STEP.lastIndex = end;
    const found = STEP.exec(path);
    if (!found) return undefined;
    const name: string = found[1] ?? (found[2] ?? '').replace(/\\(.)/g, '$1');
    at = at?.properties?.[name] ?? valuesIn(at);
    if (!at) return undefined;
    steps.push(name);
  }
  return steps;
}

const valuesIn = (schema: JsonSchema | undefined): JsonSchema | undefined =>
  typeof schema?.additionalProperties === 'object'
    ? (schema.additionalProperties as JsonSchema)
    : undefined;
