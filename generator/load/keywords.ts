import { type FieldType, FORMAT_CHECKS, ruleProblem } from '../model/index.ts';

/** Says what a keyword's value should be, when it is not that. */
type Complaint = (value: unknown) => string | undefined;

const isText = (value: unknown): boolean => typeof value === 'string';
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const text: Complaint = (value) => (isText(value) ? undefined : 'a text');
const texts: Complaint = (value) =>
  areTexts(value) ? undefined : 'a list of texts (quote those that YAML takes for something else)';
const flag: Complaint = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const number: Complaint = (value) => (typeof value === 'number' ? undefined : 'a number');
const count: Complaint = (value) =>
  Number.isInteger(value) && (value as number) >= 0 ? undefined : 'a number of things';
const anything: Complaint = () => undefined;

function oneOf(names: Iterable<string>): Complaint {
  const allowed = [...names];
  return (value) =>
    allowed.includes(value as string) ? undefined : `one of ${allowed.join(', ')}`;
}

const pattern: Complaint = (value) => {
  if (!isText(value)) return 'a regular expression';
  try {
    new RegExp(value as string);
    return undefined;
  } catch {
    return 'a regular expression that compiles';
  }
};

const rules: Complaint = (value) => {
  if (!Array.isArray(value)) return 'a list of rules';
  for (const each of value as { rule?: unknown; message?: unknown }[]) {
    if (!isText(each?.rule) || !isText(each?.message)) return 'a list of { rule, message }';
    const wrong = ruleProblem(each.rule as string);
    if (wrong) return `CEL that can be read; ${each.rule} cannot: ${wrong}`;
  }
  return undefined;
};

const alternatives: Complaint = (value) => {
  const { kind, fields } = (value ?? {}) as { kind?: unknown; fields?: unknown };
  return isText(kind) && areTexts(fields) ? undefined : '{ kind, fields }';
};

const TYPES: Readonly<Record<FieldType, true>> = {
  object: true,
  array: true,
  string: true,
  integer: true,
  number: true,
  boolean: true,
  intOrString: true,
  any: true,
};
const FORMATS = Object.keys(FORMAT_CHECKS);

/** Keywords copied as they stand, with what their values must be. */
export const KEYWORDS: Readonly<Record<string, Complaint>> = {
  type: oneOf(Object.keys(TYPES)),
  format: oneOf(FORMATS),
  keys: oneOf(FORMATS),
  description: text,
  enum: texts,
  default: anything,
  required: texts,
  whenMissing: text,
  alternatives,
  listType: oneOf(['atomic', 'set', 'map']),
  listMapKeys: texts,
  mapType: oneOf(['granular', 'atomic']),
  patchStrategy: text,
  patchMergeKey: text,
  immutable: flag,
  minimum: number,
  maximum: number,
  minLength: count,
  maxLength: count,
  minItems: count,
  maxItems: count,
  uniqueItems: flag,
  omitZero: flag,
  pattern,
  preserveUnknown: flag,
  nullable: flag,
  rules,
};
