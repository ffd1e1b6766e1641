import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyRule,
} from '../../../../generated/batch/v1/types.ts';
import { invalid, type Problem } from '../problem.ts';

/** What no schema can say against the rules by which failed pods are judged. */
export function failurePolicyProblems(spec: JobSpec, path: string): Problem[] {
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  return (spec.podFailurePolicy?.rules ?? []).flatMap((rule, at) => {
    const place = `${path}.rules[${at}]`;
    return [
      ...actionProblems(rule, spec, `${place}.action`),
      ...(rule.onExitCodes ? codeProblems(rule.onExitCodes, names, `${place}.onExitCodes`) : []),
    ];
  });
}

function actionProblems({ action }: PodFailurePolicyRule, spec: JobSpec, field: string): Problem[] {
  if (action !== 'FailIndex' || spec.backoffLimitPerIndex !== undefined) return [];
  return [invalid(field, action, 'requires the backoffLimitPerIndex to be set')];
}

function codeProblems(
  { containerName, operator, values = [] }: PodFailurePolicyOnExitCodesRequirement,
  names: ReadonlySet<string>,
  path: string,
): Problem[] {
  const field = `${path}.values`;
  const isUnordered = values.some((value, at) => at > 0 && values[at - 1]! > value);
  return [
    ...(containerName !== undefined && !names.has(containerName)
      ? [
          invalid(
            `${path}.containerName`,
            containerName,
            'must be one of the container or initContainer names in the pod template',
          ),
        ]
      : []),
    ...(values.length === 0 ? [invalid(field, values, 'at least one value is required')] : []),
    ...values.flatMap((value, at) =>
      value === 0 && operator === 'In'
        ? [invalid(`${field}[${at}]`, value, 'must not be 0 for the In operator')]
        : [],
    ),
    ...(isUnordered ? [invalid(field, values, 'must be ordered')] : []),
  ];
}
