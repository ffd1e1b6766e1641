import type { JsonRule } from '../../../../generator/model/index.ts';
import { type CompiledRule, compiledRules } from '../../cel/index.ts';
import { invalid, type Problem } from '../problem.ts';
import { countWithin, RuleCosts } from './rule-costs.ts';
import { asSchema, type WrittenSchema } from './schema-rules.ts';

/** A schema among the others: at its root, or below a part whose values cannot be told from one write to the next. */
interface Place {
  readonly isRoot: boolean;
  /** How many values of it there are at most in one object; undefined where nothing says. */
  readonly count: number | undefined;
  readonly costs: RuleCosts;
  readonly unsteady?: string;
}

/**
 * Rules in a schema that is otherwise right that CEL cannot make anything of, or that could cost too much. A schema that is stored already
 * may cost what it costs.
 */
export function celProblems(schema: WrittenSchema, at: string, isStored = false): Problem[] {
  const costs = new RuleCosts();
  const found = problemsIn(schema, at, { isRoot: true, count: 1, costs });
  const all = [...found, ...costs.total(at)];
  return isStored ? all.filter(({ reason }) => reason !== 'FieldValueForbidden') : all;
}

function problemsIn(schema: WrittenSchema, at: string, place: Place): Problem[] {
  const inside: Place = { ...place, isRoot: false, count: countWithin(schema, place.count) };
  const values = asSchema(schema.additionalProperties);
  const isKeyed = schema['x-kubernetes-list-type'] === 'map';
  const items: Place = isKeyed || inside.unsteady ? inside : { ...inside, unsteady: at };
  return [
    ...(values ? problemsIn(values, `${at}.additionalProperties`, inside) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
      problemsIn(each, `${at}.properties[${name}]`, inside),
    ),
    ...(schema.items ? problemsIn(schema.items, `${at}.items`, items) : []),
    ...compiledRules(schema, place.isRoot).flatMap((rule, index) => {
      const path = `${at}.x-kubernetes-validations[${index}]`;
      return [
        ...place.costs.observe(rule, schema, path, place),
        ...ruleProblems(rule, path, place),
      ];
    }),
  ];
}

function ruleProblems(compiled: CompiledRule, at: string, { unsteady }: Place): Problem[] {
  const { rule, error, messageError, usesOld } = compiled;
  const found: Problem[] = [];
  if (error !== undefined) found.push(invalidRule(`${at}.rule`, rule, error));
  if (messageError !== undefined)
    found.push(invalidRule(`${at}.messageExpression`, rule, messageError));
  if (usesOld && unsteady !== undefined) {
    const words = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${unsteady}`;
    found.push(invalid(`${at}.rule`, rule.rule, words));
  }
  if (!usesOld && rule.optionalOldSelf !== undefined)
    found.push(
      invalid(
        `${at}.optionalOldSelf`,
        rule.optionalOldSelf,
        'may not be set if oldSelf is not used in rule',
      ),
    );
  return found;
}

/** Rules are shown as the API holds them. */
function invalidRule(field: string, rule: JsonRule, why: string): Problem {
  const { message = '', messageExpression = '', reason = null, fieldPath = '' } = rule;
  const shown = JSON.stringify({
    Rule: rule.rule,
    Message: message,
    MessageExpression: messageExpression,
    Reason: reason,
    FieldPath: fieldPath,
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  });
  const escaped = shown.replace(
    /[<>&]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${escaped}: ${why}` };
}
