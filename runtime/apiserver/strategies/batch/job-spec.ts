import type { JobSpec } from '../../../../generated/batch/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import { invalid, notSupported, type Problem, required, tooLong } from '../problem.ts';
import { failurePolicyProblems } from './failure-policy.ts';
import { successPolicyProblems } from './success-policy.ts';

/** What no schema can say against the spec of a Job, selector and template apart. */
export function jobSpecProblems(
  spec: JobSpec,
  path: string,
  found: readonly Problem[],
): readonly Problem[] {
  const isIndexed = spec.completionMode === 'Indexed';
  return [
    ...(spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined
      ? [required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified')]
      : []),
    ...managerProblems(spec.managedBy, `${path}.managedBy`),
    ...(isIndexed ? indexedProblems(spec, path) : unindexedProblems(spec, path)),
    ...failurePolicyProblems(spec, `${path}.podFailurePolicy`),
    ...(isIndexed ? successPolicyProblems(spec, `${path}.successPolicy`) : []),
    ...replacementProblems(spec, `${path}.podReplacementPolicy`, found),
    ...restartProblems(spec, `${path}.template.spec.restartPolicy`, found),
  ];
}

const MANAGER_MAX = 63;

/** The name of a controller: a domain, a slash, and a path below it. */
function managerProblems(name: string | undefined, field: string): Problem[] {
  if (name === undefined) return [];
  const slash = name.indexOf('/');
  const [domain, path] = [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)];
  const length = name.length > MANAGER_MAX ? [tooLong(field, MANAGER_MAX)] : [];
  if (slash <= 0 || path === '')
    return [
      ...length,
      invalid(field, name, 'must be a domain-prefixed path (such as "acme.io/foo")'),
    ];
  const wrong = FORMAT_CHECKS['dns-subdomain'](domain);
  return wrong ? [...length, invalid(field, domain, wrong)] : length;
}

const PARALLELISM_MAX = 100_000;
/** More indexes than this are a great many: then parallelism and failures are limited too. */
const COMPLETIONS_MANY = 100_000;
const AMONG_MANY_MAX = 10_000;

function indexedProblems(spec: JobSpec, path: string): Problem[] {
  const { completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex } = spec;
  if (completions === undefined)
    return [required(`${path}.completions`, 'when completion mode is Indexed')];
  const problems: Problem[] = [];
  if (parallelism > PARALLELISM_MAX)
    problems.push(
      invalid(
        `${path}.parallelism`,
        parallelism,
        `must be less than or equal to ${PARALLELISM_MAX} when completion mode is Indexed`,
      ),
    );
  if (maxFailedIndexes !== undefined && maxFailedIndexes > completions)
    problems.push(
      invalid(
        `${path}.maxFailedIndexes`,
        maxFailedIndexes,
        'must be less than or equal to completions',
      ),
    );
  if (completions > COMPLETIONS_MANY && backoffLimitPerIndex !== undefined)
    problems.push(...amongManyProblems(spec, path));
  return problems;
}

function amongManyProblems(spec: JobSpec, path: string): Problem[] {
  const { parallelism = 0, maxFailedIndexes } = spec;
  const limit =
    `must be less than or equal to ${AMONG_MANY_MAX} when completions are above ${COMPLETIONS_MANY} ` +
    'and used with backoff limit per index';
  const field = `${path}.maxFailedIndexes`;
  return [
    ...(maxFailedIndexes === undefined
      ? [required(field, `must be specified when completions is above ${COMPLETIONS_MANY}`)]
      : []),
    ...(parallelism > AMONG_MANY_MAX ? [invalid(`${path}.parallelism`, parallelism, limit)] : []),
    ...((maxFailedIndexes ?? 0) > AMONG_MANY_MAX ? [invalid(field, maxFailedIndexes, limit)] : []),
  ];
}

function unindexedProblems(spec: JobSpec, path: string): Problem[] {
  return (['backoffLimitPerIndex', 'maxFailedIndexes', 'successPolicy'] as const).flatMap((name) =>
    spec[name] === undefined
      ? []
      : [invalid(`${path}.${name}`, spec[name], 'requires indexed completion mode')],
  );
}

function replacementProblems(
  { podReplacementPolicy: policy, podFailurePolicy }: JobSpec,
  field: string,
  found: readonly Problem[],
): Problem[] {
  const isOdd = found.some((problem) => problem.field === field);
  if (!podFailurePolicy || policy === undefined || policy === 'Failed' || isOdd) return [];
  return [notSupported(field, policy, ['Failed'])];
}

/** Always, which is also what a template says that says nothing, would never end. */
function restartProblems(
  { template, podFailurePolicy }: JobSpec,
  field: string,
  found: readonly Problem[],
): Problem[] {
  const policy = template?.spec?.restartPolicy;
  if (policy === undefined || policy === 'Always')
    return [required(field, 'valid values: "OnFailure", "Never"')];
  if (policy === 'Never' || !podFailurePolicy || found.some((problem) => problem.field === field))
    return [];
  return [invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified')];
}
