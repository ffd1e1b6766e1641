import type { JobSpec, SuccessPolicyRule } from '../../../../generated/batch/v1/types.ts';
import { invalid, type Problem, required } from '../problem.ts';
import { countIndexes } from './indexes.ts';

/** What no schema can say against the rules by which an Indexed Job counts as successful early. */
export function successPolicyProblems(spec: JobSpec, path: string): Problem[] {
  const { successPolicy, completions = 0 } = spec;
  if (!successPolicy) return [];
  const { rules = [] } = successPolicy;
  if (rules.length === 0)
    return [
      required(
        `${path}.rules`,
        'at least one rules must be specified when the successPolicy is specified',
      ),
    ];
  return rules.flatMap((rule, at) => ruleProblems(rule, completions, `${path}.rules[${at}]`));
}

function ruleProblems(
  { succeededCount: count, succeededIndexes: indexes }: SuccessPolicyRule,
  completions: number,
  path: string,
): Problem[] {
  const counted = indexes === undefined ? undefined : countIndexes(indexes, completions);
  const limits = [
    [completions, 'the number of specified completions'],
    [counted?.total, 'the number of indexes in the specified succeededIndexes field'],
  ] as const;
  return [
    ...(counted?.error === undefined
      ? []
      : [
          invalid(
            `${path}.succeededIndexes`,
            indexes,
            `error parsing succeededIndexes: ${counted.error}`,
          ),
        ]),
    ...limits.flatMap(([limit, what]) =>
      count !== undefined && limit !== undefined && count > limit
        ? [
            invalid(
              `${path}.succeededCount`,
              count,
              `must be less than or equal to ${limit} (${what})`,
            ),
          ]
        : [],
    ),
  ];
}
