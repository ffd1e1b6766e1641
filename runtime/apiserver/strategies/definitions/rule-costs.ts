import { type CompiledRule, REQUEST_BYTES_MAX, shapeOf } from '../../cel/index.ts';
import { forbidden, type Problem } from '../problem.ts';
import type { WrittenSchema } from './schema-rules.ts';

/** What one expression may cost by its estimate, and all of a schema together. */
const EXPRESSION_MAX = 10_000_000;
const SCHEMA_MAX = 100_000_000;
/** Only so many are named of those that make a schema too dear, each with a hundredth of the limit at least. */
const NAMED_MAX = 4;

/** The costs of the rules of one schema, as they are found. */
export class RuleCosts {
  readonly #found: { readonly path: string; readonly cost: number }[] = [];

  /** What is wrong with a rule at `at` of a schema of which there can be `count` values in one object; undefined where nothing says. */
  observe(
    { cost, messageCost }: CompiledRule,
    schema: WrittenSchema,
    at: string,
    { count, isRoot }: { readonly count: number | undefined; readonly isRoot: boolean },
  ): Problem[] {
    const { leastBytes = 0 } = shapeOf(schema, isRoot) ?? {};
    const ruleCost = cost * (count ?? Math.floor(REQUEST_BYTES_MAX / (leastBytes + 1)));
    return [
      ...this.#note(`${at}.rule`, 'estimated rule cost', ruleCost),
      ...this.#note(`${at}.messageExpression`, 'estimated messageExpression cost', messageCost),
    ];
  }

  #note(path: string, what: string, cost: number): Problem[] {
    this.#found.push({ path, cost });
    return cost > EXPRESSION_MAX ? [tooDear(path, what, cost, EXPRESSION_MAX)] : [];
  }

  /** What is wrong with the schema at `at` as a whole. */
  total(at: string): Problem[] {
    const total = this.#found.reduce((sum, { cost }) => sum + cost, 0);
    if (total <= SCHEMA_MAX) return [];
    const dearest = this.#found
      .filter(({ cost }) => cost >= SCHEMA_MAX / 100)
      .sort((a, b) => b.cost - a.cost)
      .slice(0, NAMED_MAX);
    const why =
      'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    return [
      ...dearest.map(({ path }) => forbidden(path, why)),
      tooDear(at, what, total, SCHEMA_MAX),
    ];
  }
}

function tooDear(path: string, what: string, cost: number, limit: number): Problem {
  const factor = cost / limit;
  const shown = factor > 100 ? 'more than 100x' : `${factor.toFixed(factor < 1.5 ? 6 : 1)}x`;
  return forbidden(
    path,
    `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, ` +
      'maxProperties, and maxLength where arrays, maps, and strings are declared)',
  );
}

/** Of how many values a schema is at most within one of which there are `count`; undefined where nothing says. */
export function countWithin(schema: WrittenSchema, count: number | undefined): number | undefined {
  const { type, maxItems, maxProperties, additionalProperties } = schema;
  const most =
    type === 'array' ? maxItems : type === 'object' && additionalProperties ? maxProperties : 1;
  return count === undefined || most === undefined ? undefined : count * most;
}
