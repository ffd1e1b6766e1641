import { FORMAT_CHECKS } from '../../generator/model/formats.ts';

export type Labels = Readonly<Record<string, string>>;
export type LabelMatcher = (labels: Labels) => boolean;

const OPERATORS = ['in', 'notin', '=', '==', '!=', 'gt', 'lt', 'exists', '!'] as const;

/** Operators that stand between a key and values, in the order that error texts list them. */
export const BINARY_OPERATORS = OPERATORS.slice(0, 7);

/** Named as upstream's selection operators. */
export type Operator = (typeof OPERATORS)[number];

/** One condition of a label selector. Values are sorted and without repeats. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** One thing that is wrong with a requirement, in the words of a field error. */
export interface RequirementProblem {
  readonly field: string;
  readonly reason: 'Invalid value' | 'Unsupported value';
  /** As Go prints it. */
  readonly value: string;
  readonly detail: string;
}

export function problemText({ field, reason, value, detail }: RequirementProblem): string {
  return `${field}: ${reason}: ${value}: ${detail}`;
}

/** What is wrong with a key, an operator and values put together; nothing for a requirement. */
export function requirementProblems(
  key: string,
  operator: string,
  values: readonly string[],
): RequirementProblem[] {
  return [
    ...keyProblems(key),
    ...countProblems(operator, values),
    ...values.flatMap((value, at) => valueProblems(key, value, at)),
  ];
}

const invalid = (field: string, value: string, detail: string): RequirementProblem => ({
  field,
  reason: 'Invalid value',
  value,
  detail,
});

export function keyProblems(key: string): RequirementProblem[] {
  const detail = FORMAT_CHECKS['label-key'](key);
  return detail === undefined ? [] : [invalid('key', JSON.stringify(key), detail)];
}

function valueProblems(key: string, value: string, at: number): RequirementProblem[] {
  const detail = FORMAT_CHECKS['label-value'](value);
  return detail === undefined
    ? []
    : [invalid(`values[${at}][${key}]`, JSON.stringify(value), detail)];
}

function countProblems(operator: string, values: readonly string[]): RequirementProblem[] {
  const list = `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
  const wrong = (when: boolean, detail: string): RequirementProblem[] =>
    when ? [invalid('values', list, detail)] : [];
  switch (operator) {
    case 'in':
    case 'notin':
      return wrong(values.length === 0, "for 'in', 'notin' operators, values set can't be empty");
    case '=':
    case '==':
    case '!=':
      return wrong(values.length !== 1, 'exact-match compatibility requires one single value');
    case 'exists':
    case '!':
      return wrong(values.length > 0, 'values set must be empty for exists and does not exist');
    case 'gt':
    case 'lt':
      return [
        ...wrong(values.length !== 1, "for 'Gt', 'Lt' operators, exactly one value is required"),
        ...values.flatMap(boundProblems),
      ];
    default: {
      const supported = OPERATORS.map((each) => JSON.stringify(each)).join(', ');
      const value = JSON.stringify(operator);
      const detail = `supported values: ${supported}`;
      return [{ field: 'operator', reason: 'Unsupported value', value, detail }];
    }
  }
}

function boundProblems(value: string, at: number): RequirementProblem[] {
  if (integerOf(value) !== undefined) return [];
  const detail = "for 'Gt', 'Lt' operators, the value must be an integer";
  return [invalid(`values[${at}]`, JSON.stringify(value), detail)];
}

function integerOf(text: string): bigint | undefined {
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
}

/** The requirement as a function of labels. Values that are no integers match no bound. */
export function requirementMatcher({ key, operator, values }: Requirement): LabelMatcher {
  switch (operator) {
    case '=':
    case '==':
    case 'in': {
      const [only] = values;
      if (values.length === 1) return (labels) => labels[key] === only;
      const wanted = new Set(values);
      return (labels) => labels[key] !== undefined && wanted.has(labels[key]);
    }
    case '!=':
    case 'notin': {
      const unwanted = new Set(values);
      return (labels) => labels[key] === undefined || !unwanted.has(labels[key]);
    }
    case 'exists':
      return (labels) => labels[key] !== undefined;
    case '!':
      return (labels) => labels[key] === undefined;
    case 'gt':
    case 'lt':
      return boundMatcher(key, operator, integerOf(values[0] ?? ''));
    default:
      return () => false;
  }
}

function boundMatcher(key: string, operator: 'gt' | 'lt', bound: bigint | undefined): LabelMatcher {
  return (labels) => {
    const value = integerOf(labels[key] ?? '');
    if (value === undefined || bound === undefined) return false;
    return operator === 'gt' ? value > bound : value < bound;
  };
}

/** As selectors are printed: `x in (a,b)`, `x=a`, `!x`; nothing for what has no operator. */
export function formatRequirement({ key, operator, values }: Requirement): string {
  const list = [...values].sort().join(',');
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${list})`;
    case 'gt':
      return `${key}>${list}`;
    case 'lt':
      return `${key}<${list}`;
    default:
      return operator ? `${key}${operator}${list}` : '';
  }
}
