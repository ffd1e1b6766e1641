import type { LabelSelector } from '../../generated/meta/v1/types.ts';
import { parseRequirements } from './label-parser.ts';
import {
  formatRequirement,
  type LabelMatcher,
  type Labels,
  type Operator,
  type Requirement,
  requirementMatcher,
} from './label-requirement.ts';
import { badRequest } from './status.ts';

const compiled = new WeakMap<object, LabelMatcher>();
const EVERYTHING: LabelMatcher = () => true;
const NOTHING: LabelMatcher = () => false;

/** A `LabelSelector` as a function, remembered by identity. Absent selects nothing, empty everything. */
export function labelMatcher(selector: LabelSelector | undefined): LabelMatcher {
  if (!selector) return NOTHING;
  let found = compiled.get(selector);
  if (!found) {
    found = requirementsMatcher(requirementsOf(selector));
    compiled.set(selector, found);
  }
  return found;
}

export function matchesLabelSelector(
  selector: LabelSelector | undefined,
  labels: Labels = {},
): boolean {
  return labelMatcher(selector)(labels);
}

/** Whether every pair of `wanted` is in `labels`: a Service's or a node selector. */
export function hasLabels(labels: Labels | undefined, wanted: Labels): boolean {
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false;
  return true;
}

/** `a=b,c!=d,e in (x,y),!f` as a function; throws a 400 on text that is no selector. */
export function compileSelector(text: string): LabelMatcher {
  return requirementsMatcher(parseRequirements(text));
}

/** The pairs of a selector that says nothing but `a=b,c=d`; throws a 400 on any other. */
export function exactLabels(text: string): Labels {
  const labels: Record<string, string> = {};
  for (const { key, operator, values } of parseRequirements(text)) {
    if (operator !== '=')
      throw badRequest(`invalid selector: ${text}: only key=value is taken here`);
    labels[key] = values[0]!;
  }
  return labels;
}

/** A selector as text, in the form that lists take: sorted by key. */
export function formatSelector(selector: LabelSelector): string {
  return requirementsOf(selector)
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(formatRequirement)
    .join(',');
}

export function requirementsMatcher(requirements: readonly Requirement[]): LabelMatcher {
  if (requirements.length === 0) return EVERYTHING;
  const [only, ...others] = requirements.map(requirementMatcher);
  if (only && others.length === 0) return only;
  return (labels) => only!(labels) && others.every((matches) => matches(labels));
}

const OPERATOR_OF: Readonly<Record<string, Operator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
};

function requirementsOf({ matchLabels, matchExpressions }: LabelSelector): Requirement[] {
  return [
    ...Object.entries(matchLabels ?? {}).map(
      ([key, value]): Requirement => ({ key, operator: '=', values: [value] }),
    ),
    ...(matchExpressions ?? []).map(
      ({ key, operator, values }): Requirement => ({
        key,
        operator: OPERATOR_OF[operator] as Operator,
        values: values ?? [],
      }),
    ),
  ];
}
