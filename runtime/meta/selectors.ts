import type { LabelSelector } from '../../generated/meta/v1/types.ts';
import { badRequest } from './status.ts';

export type Labels = Readonly<Record<string, string>>;
export type LabelMatcher = (labels: Labels) => boolean;

interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

const compiled = new WeakMap<object, LabelMatcher>();
const EVERYTHING: LabelMatcher = () => true;
const NOTHING: LabelMatcher = () => false;

/** A `LabelSelector` as a function, remembered by identity. Absent selects nothing, empty everything. */
export function labelMatcher(selector: LabelSelector | undefined): LabelMatcher {
  if (!selector) return NOTHING;
  let found = compiled.get(selector);
  if (!found) {
    found = matcherOf(requirementsOf(selector));
    compiled.set(selector, found);
  }
  return found;
}

export function matchesLabelSelector(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  return labelMatcher(selector)(labels);
}

/** Whether every pair of `wanted` is in `labels`: a Service's or a node selector. */
export function hasLabels(labels: Labels | undefined, wanted: Labels): boolean {
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false;
  return true;
}

/** `a=b,c!=d,e in (x,y),!f` as a function; throws a 400 on text that is no selector. */
export function compileSelector(text: string): LabelMatcher {
  return matcherOf(parseSelector(text));
}

/** A selector as text, in the form that lists take: sorted by key. */
export function formatSelector(selector: LabelSelector): string {
  return requirementsOf(selector)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, operator, values }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      const sorted = [...values].sort();
      if (operator === 'In') return sorted.length === 1 ? `${key}=${sorted[0]}` : `${key} in (${sorted})`;
      return `${key} notin (${sorted})`;
    })
    .join(',');
}

function requirementsOf({ matchLabels, matchExpressions }: LabelSelector): Requirement[] {
  return [
    ...Object.entries(matchLabels ?? {}).map(
      ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
    ),
    ...(matchExpressions ?? []).map(
      ({ key, operator, values }): Requirement => ({
        key,
        operator: operator as Requirement['operator'],
        values: values ?? [],
      }),
    ),
  ];
}

function matcherOf(requirements: readonly Requirement[]): LabelMatcher {
  if (requirements.length === 0) return EVERYTHING;
  const [only, ...others] = requirements.map(requirementMatcher);
  if (only && others.length === 0) return only;
  return (labels) => only!(labels) && others.every((matches) => matches(labels));
}

function requirementMatcher({ key, operator, values }: Requirement): LabelMatcher {
  switch (operator) {
    case 'In': {
      const [only] = values;
      if (values.length === 1) return (labels) => labels[key] === only;
      const wanted = new Set(values);
      return (labels) => labels[key] !== undefined && wanted.has(labels[key]);
    }
    case 'NotIn': {
      const unwanted = new Set(values);
      return (labels) => labels[key] === undefined || !unwanted.has(labels[key]);
    }
    case 'Exists':
      return (labels) => labels[key] !== undefined;
    case 'DoesNotExist':
      return (labels) => labels[key] === undefined;
    case 'Gt':
    case 'Lt': {
      const bound = Number(values[0]);
      const sign = operator === 'Gt' ? 1 : -1;
      return (labels) => {
        const value = labels[key];
        return value !== undefined && /^-?\d+$/.test(value) && sign * (Number(value) - bound) > 0;
      };
    }
  }
}

const TOKEN = /\s*(!=|==|=|,|\(|\)|!|>|<|[^\s,()!=<>]+)/y;

function parseSelector(text: string): Requirement[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match) throw unparsable(text, `unexpected text after ${tokens.join(' ')}`);
    tokens.push(match[1]!);
  }
  const requirements: Requirement[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { requirement, next } = parseRequirement(tokens, at, text);
    requirements.push(requirement);
    at = next;
    if (tokens[at] !== undefined && tokens[at] !== ',')
      throw unparsable(text, `found '${tokens[at]}', expected: ',' or 'end of string'`);
    if (tokens[at] === ',' && at === tokens.length - 1)
      throw unparsable(text, "found '', expected: identifier after ','");
  }
  return requirements;
}

function parseRequirement(
  tokens: readonly string[],
  start: number,
  text: string,
): { requirement: Requirement; next: number } {
  let at = start;
  if (tokens[at] === '!') {
    const key = wordAt(tokens, at + 1, text);
    return { requirement: { key, operator: 'DoesNotExist', values: [] }, next: at + 2 };
  }
  const key = wordAt(tokens, at++, text);
  const operator = tokens[at];
  if (operator === undefined || operator === ',')
    return { requirement: { key, operator: 'Exists', values: [] }, next: at };
  if (operator === 'in' || operator === 'notin') {
    const { values, next } = parseValues(tokens, at + 1, text);
    return { requirement: { key, operator: operator === 'in' ? 'In' : 'NotIn', values }, next };
  }
  const kinds = { '=': 'In', '==': 'In', '!=': 'NotIn', '>': 'Gt', '<': 'Lt' } as const;
  const kind = kinds[operator as keyof typeof kinds];
  if (!kind)
    throw unparsable(text, `found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  const value = tokens[at + 1];
  if (value === undefined || value === ',')
    return { requirement: { key, operator: kind, values: [''] }, next: at + 1 };
  return { requirement: { key, operator: kind, values: [wordAt(tokens, at + 1, text)] }, next: at + 2 };
}

function parseValues(
  tokens: readonly string[],
  start: number,
  text: string,
): { values: string[]; next: number } {
  if (tokens[start] !== '(') throw unparsable(text, `found '${tokens[start] ?? ''}', expected: '('`);
  const values: string[] = [];
  let pending = '';
  for (let at = start + 1; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (token === ')') return { values: [...values, pending], next: at + 1 };
    if (token === ',') {
      values.push(pending);
      pending = '';
    } else pending = token;
  }
  throw unparsable(text, "found '', expected: ')'");
}

function wordAt(tokens: readonly string[], at: number, text: string): string {
  const token = tokens[at];
  if (token === undefined || /^[!=,()<>]/.test(token))
    throw unparsable(text, `found '${token ?? ''}', expected: identifier`);
  return token;
}

function unparsable(text: string, why: string): Error {
  return badRequest(`unable to parse requirement: ${why} in ${JSON.stringify(text)}`);
}

/** `status.phase=Running,spec.nodeName!=n1` as path, value and sense. */
export function parseFieldSelector(
  text: string,
): { readonly path: string; readonly value: string; readonly equal: boolean }[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const match = /^\s*([^=!\s]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part);
      if (!match) throw badRequest(`invalid field selector: ${JSON.stringify(part)}`);
      return { path: match[1]!, equal: match[2] !== '!=', value: match[3]! };
    });
}
