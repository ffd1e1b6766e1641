import {
  below,
  correlated,
  type FieldProblem,
  invalid,
  type JsonRule,
  type JsonSchema,
  jsonEqual,
  NOWHERE,
  type RuleCheck,
  valuesOf,
} from '../../../generator/model/index.ts';
import type { CelProgram } from './compile.ts';
import { type CompiledRule, compiledRules, pathIn } from './rule-program.ts';
import { celValue } from './values.ts';

/** The rules of a schema in CEL; undefined where it has none. `isRoot`: its values are whole objects. */
export function ruleCheck(schema: JsonSchema, isRoot = true): RuleCheck | undefined {
  if (!hasRules(schema)) return undefined;
  return (object, old) => {
    const isSame = old !== undefined && jsonEqual(object, old);
    return problemsIn(schema, { value: object, old, isSame: () => isSame, at: '', isRoot });
  };
}

const withRules = new WeakMap<JsonSchema, boolean>();

function hasRules(schema: JsonSchema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const { items, properties = {}, 'x-kubernetes-validations': own = [] } = schema;
  const values = valuesOf(schema);
  const inside = [
    ...Object.values(properties),
    ...(items ? [items] : []),
    ...(values ? [values] : []),
  ];
  const found = own.length > 0 || inside.some(hasRules);
  withRules.set(schema, found);
  return found;
}

/** A value among the others of its object. */
interface Place {
  readonly value: unknown;
  /** What was stored there; undefined where that cannot be told. */
  readonly old: unknown;
  /** Whether it is as it was stored, or what holds it is where that cannot be told. */
  readonly isSame: () => boolean;
  readonly at: string;
  readonly isRoot: boolean;
}

function problemsIn(schema: JsonSchema, place: Place): FieldProblem[] {
  const { value } = place;
  if (value === null || value === undefined || !hasRules(schema)) return [];
  const own = ownProblems(schema, place);
  if (Array.isArray(value)) return [...own, ...itemProblems(schema, value, place)];
  return typeof value === 'object' ? [...own, ...fieldProblems(schema, value, place)] : own;
}

function itemProblems(
  schema: JsonSchema,
  list: readonly unknown[],
  { old, isSame, at }: Place,
): FieldProblem[] {
  const { items } = schema;
  if (!items) return [];
  const before = correlated(schema, old);
  const isKeyed = schema['x-kubernetes-list-type'] === 'map';
  return list.flatMap((value, index) => {
    const was = before(value);
    const stays = isKeyed && was !== undefined ? () => jsonEqual(value, was) : isSame;
    return problemsIn(items, {
      value,
      old: was,
      isSame: stays,
      at: `${at}[${index}]`,
      isRoot: false,
    });
  });
}

function fieldProblems(schema: JsonSchema, object: object, { old, at }: Place): FieldProblem[] {
  const { properties = {} } = schema;
  const values = valuesOf(schema);
  const before = (old ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(object).flatMap(([name, value]) => {
    const child = Object.hasOwn(properties, name) ? properties[name] : values;
    if (!child) return [];
    const was = before[name];
    const isSame = (): boolean => was !== undefined && jsonEqual(value, was);
    const place = { value, old: was, isSame, at: below(schema, at, name), isRoot: false };
    return problemsIn(child, place);
  });
}

function ownProblems(
  schema: JsonSchema,
  { value, old, isSame, at, isRoot }: Place,
): FieldProblem[] {
  const rules = compiledRules(schema, isRoot);
  if (rules.length === 0) return [];
  const isNew = old === undefined || old === null;
  const self = celValue(schema, value, isRoot);
  const oldSelf = isNew ? undefined : celValue(schema, old, isRoot);
  const found: FieldProblem[] = [];
  for (const compiled of rules) {
    const { rule, program, error, usesOld } = compiled;
    if (error !== undefined) {
      found.push(invalid(pathOf(at), schema.type ?? '', `rule compile error: ${error}`));
      continue;
    }
    if (!program || (usesOld && isNew && !rule.optionalOldSelf)) continue;
    const before = compiled.asOld(oldSelf);
    const variables = { self, ...(before === undefined ? {} : { oldSelf: before }) };
    const outcome = evaluated(program, variables);
    if ('value' in outcome && outcome.value === true) continue;
    // What was stored before there was the rule is not the client's doing.
    if ('value' in outcome && !usesOld && isSame()) continue;
    found.push(
      'value' in outcome
        ? brokenRule(compiled, schema, value, variables, at)
        : unanswered(rule, schema, at, outcome.error),
    );
  }
  return found;
}

const pathOf = (at: string): string => (at === '' ? NOWHERE : at);

function evaluated(
  program: CelProgram,
  variables: Readonly<Record<string, unknown>>,
): { readonly value: unknown } | { readonly error: string } {
  try {
    return { value: program.run(variables) };
  } catch (error) {
    const [text = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    return { error: text.charAt(0).toLowerCase() + text.slice(1) };
  }
}

const shownRule = ({ rule, message }: JsonRule): string => (message ? message : rule).trim();

function unanswered(rule: JsonRule, schema: JsonSchema, at: string, why: string): FieldProblem {
  const words = why.startsWith('no such overload')
    ? `'${why}': call arguments did not match a supported operator, function or macro signature for rule: ${shownRule(rule)}`
    : `${why} evaluating rule: ${shownRule(rule)}`;
  return invalid(pathOf(at), schema.type ?? '', words);
}

function brokenRule(
  { rule, message }: CompiledRule,
  schema: JsonSchema,
  value: unknown,
  variables: Readonly<Record<string, unknown>>,
  at: string,
): FieldProblem {
  const steps = rule.fieldPath ? (pathIn(schema, rule.fieldPath) ?? []) : [];
  const field = [...(at === '' ? [] : [at]), ...steps].join('.');
  const told = message ? messageOf(message, variables) : undefined;
  const detail = told ?? (rule.message ? rule.message.trim() : `failed rule: ${shownRule(rule)}`);
  return problem(rule.reason, pathOf(field), shownValue(schema, value), detail);
}

/** What a message says of the value; undefined where it says nothing that could be shown. */
function messageOf(
  program: CelProgram,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  const outcome = evaluated(program, variables);
  const text = 'value' in outcome && typeof outcome.value === 'string' ? outcome.value.trim() : '';
  return text === '' || /[\r\n]/.test(text) ? undefined : text;
}

/** Objects and lists are not shown. */
const shownValue = ({ type }: JsonSchema, value: unknown): string | undefined =>
  type === 'object' || type === 'array' ? undefined : JSON.stringify(value);

function problem(
  reason = 'FieldValueInvalid',
  field: string,
  value: string | undefined,
  detail: string,
): FieldProblem {
  const shown = value === undefined ? '' : `: ${value}`;
  switch (reason) {
    case 'FieldValueRequired':
      return { field, reason, message: `Required value: ${detail}` };
    case 'FieldValueForbidden':
      return { field, reason, message: `Forbidden: ${detail}` };
    case 'FieldValueDuplicate':
      return { field, reason, message: `Duplicate value${shown}` };
    default:
      return { field, reason: 'FieldValueInvalid', message: `Invalid value${shown}: ${detail}` };
  }
}
