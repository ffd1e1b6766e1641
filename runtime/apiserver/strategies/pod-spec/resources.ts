import type { ResourceRequirements } from '../../../../generated/core/v1/types.ts';
import { compareQuantities } from '../../../meta/index.ts';
import { forbidden, invalid, type Problem, required, unknownName } from '../problem.ts';
import { amount } from './quantities.ts';

type List = Readonly<Record<string, unknown>>;

/** What a container asks for and may use: kinds of resources it can have, amounts, and requests within limits. */
export function resourceProblems(
  { limits = {}, requests = {}, claims = [] }: ResourceRequirements,
  path: string,
  known: ReadonlySet<string>,
): Problem[] {
  return [
    ...listProblems(limits, `${path}.limits`),
    ...listProblems(requests, `${path}.requests`),
    ...boundProblems(limits, requests, path),
    ...hugePageProblems({ ...limits, ...requests }, path),
    ...claims.flatMap(({ name }, at) =>
      known.has(name) ? [] : [unknownName(`${path}.claims[${at}]`, name, claimDetail(known))],
    ),
  ];
}

function claimDetail(known: ReadonlySet<string>): string {
  const names = [...known].sort().join(', ');
  return `must be one of the names in pod.spec.resourceClaims${names ? `: ${names}` : ' which is empty'}`;
}

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
const mayExceed = (name: string): boolean => isNative(name) && !isHugePages(name);
const OF_CONTAINERS = new Set(['cpu', 'memory', 'ephemeral-storage']);

function listProblems(list: List, path: string): Problem[] {
  return Object.entries(list).flatMap(([name, quantity]) => [
    ...(name.includes('/') || OF_CONTAINERS.has(name) || isHugePages(name)
      ? []
      : [invalid(`${path}[${name}]`, name, 'must be a standard resource for containers')]),
    ...amountProblems(`${path}[${name}]`, quantity, !isNative(name)),
  ]);
}

const NANOS = 1_000_000_000n;

/** Of one amount of a resource; of some there are only whole pieces. */
export function amountProblems(field: string, quantity: unknown, isWhole: boolean): Problem[] {
  const { nanos } = amount(quantity);
  const problems: Problem[] = [];
  if (nanos < 0n)
    problems.push(invalid(field, String(quantity), 'must be greater than or equal to 0'));
  if (isWhole && nanos % NANOS !== 0n)
    problems.push(invalid(field, String(quantity), 'must be an integer'));
  return problems;
}

function boundProblems(limits: List, requests: List, path: string): Problem[] {
  return Object.entries(requests).flatMap(([name, request]) => {
    const limit = limits[name];
    if (limit === undefined)
      return mayExceed(name)
        ? []
        : [required(`${path}.limits`, 'Limit must be set for non overcommitable resources')];
    const order = compareQuantities(amount(request), amount(limit));
    const field = `${path}.requests`;
    if (order !== 0 && !mayExceed(name))
      return [invalid(field, request, `must be equal to ${name} limit of ${limit}`)];
    return order > 0
      ? [invalid(field, request, `must be less than or equal to ${name} limit of ${limit}`)]
      : [];
  });
}

function hugePageProblems(all: List, path: string): Problem[] {
  const names = Object.keys(all);
  if (!names.some(isHugePages) || names.includes('cpu') || names.includes('memory')) return [];
  return [forbidden(path, 'HugePages require cpu or memory')];
}
