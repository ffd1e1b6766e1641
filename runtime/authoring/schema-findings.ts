import {
  type FieldProblem,
  FORMAT_CHECKS,
  type Interpreter,
  type KindDescriptor,
  NOWHERE,
  type Schema,
} from '../../generator/model/index.ts';
import type { Code } from './codes.ts';
import { explainPath, keyFor, lastName, parentPath, parseFieldPath } from './field-path.ts';
import { nearest } from './suggest.ts';

/** A problem of a field in an author's words. */
export interface Worded {
  readonly code: Code;
  readonly message: string;
  readonly fieldPath: string;
  readonly help: string;
  /** The mark belongs under the field's name, not its value. */
  readonly isAboutName: boolean;
}

interface About {
  readonly problem: FieldProblem;
  readonly kind: KindDescriptor;
  readonly interpreter: Interpreter;
  readonly value: unknown;
  readonly schema: Schema | undefined;
  readonly isKey: boolean;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  intOrString: 'an integer or a string',
  'integer,string': 'an integer or a string',
  quantity: 'a quantity such as 500m or 1.5Gi',
};

const SHOWN_MAX = 60;

/** Words a problem of the interpreter, or a cause of a server's Status, for the author of `object`. */
export function wordProblem(
  problem: FieldProblem,
  kind: KindDescriptor,
  object: unknown,
  interpreter: Interpreter,
): Worded {
  const { field, value, isKey } = subjectOf(problem, object);
  const schema = schemaAtPath(interpreter, kind.schema, field);
  const about = { problem: { ...problem, field }, kind, interpreter, value, schema, isKey };
  const { code, message, hint } = WORDINGS[problem.reason](about);
  const isUnknown = problem.reason === 'FieldUnknown';
  const at = isUnknown ? parentPath(field) : field;
  const explain = `slipway explain ${[kind.singular, explainPath(at)].filter(Boolean).join('.')}`;
  const help = hint ? `${hint}   ${explain}` : explain;
  return { code, message, fieldPath: field, help, isAboutName: isKey || isUnknown };
}

interface Wording {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** The type that a message names, in the words of our admission or of the validator of JSON schemas. */
const wantedType = (message: string): string | undefined =>
  (/expected (\w+), got/.exec(message) ?? / in body must be of type ([^:]+): /.exec(message))?.[1];

const NAMELESS: Wording = {
  code: 'E_MANIFEST_NAME',
  message: 'a resource needs a `name`, or a `generateName` to have one made up',
};

const named = ({ problem }: About): string => `\`${lastName(problem.field) || 'the object'}\``;

const WORDINGS: Readonly<Record<FieldProblem['reason'], (about: About) => Wording>> = {
  FieldUnknown: (about) => {
    const { problem, kind, interpreter } = about;
    const parent = parentPath(problem.field);
    const siblings = schemaAtPath(interpreter, kind.schema, parent)?.properties ?? {};
    const meant = nearest(lastName(problem.field), Object.keys(siblings));
    const owner = parent === '' ? kind.kind : `\`${parent}\``;
    return {
      code: 'E_MANIFEST_UNKNOWN_FIELD',
      message: `${owner} has no field ${named(about)}`,
      hint: meant && `did you mean \`${meant}\`?`,
    };
  },
  FieldValueTypeInvalid: (about) => {
    const wanted = wantedType(about.problem.message);
    // A text that cannot be decoded: of the right JSON type, and yet no quantity or time.
    if (wanted === undefined) return WORDINGS.FieldValueInvalid(about);
    const words = TYPE_WORDS[wanted] ?? wanted;
    const { value } = about;
    const isNumeric = typeof value === 'string' && value !== '' && Number.isFinite(Number(value));
    const unquoted = isNumeric && /^(integer|number)$/.test(wanted);
    const quoted = wanted === 'string' && (typeof value === 'number' || typeof value === 'boolean');
    const form = unquoted ? value : quoted ? `'${value}'` : undefined;
    return {
      code: 'E_MANIFEST_TYPE',
      message: `${named(about)} must be ${words}; got ${shown(value)}`,
      hint: form && `write ${form}`,
    };
  },
  FieldValueNotSupported: (about) => {
    const allowed = about.schema?.enum ?? supportedIn(about.problem.message);
    const meant = nearest(String(about.value), allowed);
    return {
      code: 'E_MANIFEST_ENUM',
      message: `${named(about)} must be one of ${allowed.join(', ')}; got ${shown(about.value)}`,
      hint: meant && `did you mean '${meant}'?`,
    };
  },
  FieldValueRequired: (about) => {
    const { problem, value, kind } = about;
    const detail = detailOf(problem.message, 'Required value');
    const parent = parentPath(problem.field);
    const owner = parent === '' ? kind.kind : `\`${parent}\``;
    const isEmpty = value === '' || (Array.isArray(value) && value.length === 0);
    const what = isEmpty ? 'must not be empty' : `is required in ${owner}`;
    if (problem.field === 'metadata.name') return NAMELESS;
    const message = `${named(about)} ${what}${detail && `: ${detail}`}`;
    return { code: 'E_MANIFEST_REQUIRED', message };
  },
  FieldValueInvalid: (about) => {
    const { value, schema } = about;
    if (schema?.format === 'quantity')
      return {
        code: 'E_MANIFEST_QUANTITY',
        message: `${named(about)} must be a quantity such as 500m, 1.5Gi or 2; got ${shown(value)}`,
        hint: meantQuantity(String(value)),
      };
    const detail = withoutExpression(invalidDetail(about));
    const got = typeof value === 'object' || value === undefined ? '' : `; got ${shown(value)}`;
    const subject = about.isKey
      ? `the key of \`${lastName(parentPath(about.problem.field))}\``
      : named(about);
    const message = `${subject} is not valid: ${detail}${got}`;
    return { code: 'E_MANIFEST_VALUE', message, hint: meantName(about) };
  },
  FieldValueDuplicate: (about) => ({
    code: 'E_MANIFEST_DUPLICATE_ITEM',
    message: `${named(about)} is there twice: ${detailOf(about.problem.message, 'Duplicate value')}`,
  }),
  FieldValueForbidden: (about) => ({
    code: 'E_MANIFEST_FORBIDDEN',
    message: `${named(about)} may not be set: ${detailOf(about.problem.message, 'Forbidden')}`,
  }),
  FieldValueTooLong: (about) => ({
    code: 'E_MANIFEST_VALUE',
    message: `${named(about)} is ${lowerFirst(about.problem.message)}`,
  }),
  FieldValueTooMany: (about) => ({
    code: 'E_MANIFEST_VALUE',
    message: `${named(about)} has ${lowerFirst(about.problem.message)}`,
  }),
};

/** Whether a Status cause is one that the interpreter could have found as well. */
export function isWordable(reason: string): reason is FieldProblem['reason'] {
  return Object.hasOwn(WORDINGS, reason);
}

interface Subject {
  readonly field: string;
  readonly value: unknown;
  /** The key of a map is wrong, not its value. */
  readonly isKey: boolean;
}

/**
 * What a problem is about. The API names the map where a label's key or value is wrong, and the entry where another key is; the
 * text it shows tells which.
 */
function subjectOf({ field: named, message }: FieldProblem, object: unknown): Subject {
  const field =
    named === NOWHERE ? (/^Invalid value: "": "(\S*)" /.exec(message)?.[1] ?? '') : named;
  const text = /^Invalid value: ("(?:[^"\\]|\\.)*"): /.exec(message)?.[1];
  const value = valueAtPath(object, field);
  if (text === undefined) return { field, value, isKey: false };
  const shownText = String(JSON.parse(text));
  if (typeof value !== 'object' || value === null) {
    const key = /\[([^\]]*)\]$/.exec(field)?.[1];
    const isKey = key === shownText && value !== shownText;
    return isKey ? { field, value: key, isKey } : { field, value, isKey };
  }
  if (Object.hasOwn(value, shownText))
    return { field: `${field}[${shownText}]`, value: shownText, isKey: true };
  const entry = Object.entries(value).find(([, each]) => each === shownText);
  const entryField = entry ? `${field}[${entry[0]}]` : field;
  return { field: entryField, value: entry ? shownText : value, isKey: false };
}

export function valueAtPath(object: unknown, path: string): unknown {
  let value = object;
  for (const step of parseFieldPath(path)) {
    if (typeof value !== 'object' || value === null) return undefined;
    const key = keyFor(step, value);
    value = key === undefined ? undefined : (value as Record<string, unknown>)[key];
  }
  return value;
}

export function schemaAtPath(
  interpreter: Interpreter,
  name: string,
  path: string,
): Schema | undefined {
  const steps = parseFieldPath(path).map((step) => (typeof step === 'object' ? 0 : step));
  return interpreter.schemaAt(name, steps);
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
};

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function supportedIn(message: string): string[] {
  const list = message.split('supported values: ')[1] ?? '';
  return Array.from(list.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, each]) => each!);
}

function detailOf(message: string, head: string): string {
  return message.startsWith(`${head}: `) ? message.slice(head.length + 2) : '';
}

/** `Invalid value: <json>: <detail>`, where the value may be that of a parent which a rule was about. */
function invalidDetail({ problem }: About): string {
  const rest = detailOf(problem.message, 'Invalid value') || problem.message;
  return withoutPlace(withoutValue(rest));
}

/** The validator of JSON schemas names the field once more. */
const withoutPlace = (detail: string): string =>
  detail.replace(/^\S* in body /, '').replace(/^"\S*" (?=must (?:not )?validate)/, '');

function withoutValue(rest: string): string {
  const scalar = /^(?:"(?:[^"\\]|\\.)*"|-?[\d.eE+]+|true|false|null): /.exec(rest);
  if (scalar) return rest.slice(scalar[0].length);
  const close = /^[[{]/.test(rest) ? endOfJson(rest) : -1;
  return close < 0 ? rest : rest.slice(close).replace(/^: /, '');
}

function endOfJson(text: string): number {
  let depth = 0;
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/g)) {
    if (/^[[{]/.test(token[0])) depth++;
    else if (/^[\]}]/.test(token[0]) && --depth === 0) return token.index + 1;
  }
  return -1;
}

/** Kubernetes adds the regular expression and more examples: one example is enough. */
function withoutExpression(detail: string): string {
  return detail.replace(/\(e\.g\. ([^,)]*),[^)]*regex used for validation is '.*'\)/, '(e.g. $1)');
}

const UNIT_SLIPS: readonly (readonly [RegExp, string])[] = [
  [/^([\d.]+)\s*([kmgtpe])ib?$/i, '$1$2i'],
  [/^([\d.]+)\s*([mgtpe])b?$/i, '$1$2'],
  [/^([\d.]+)\s*kb?$/i, '$1k'],
  [/^([\d.]+)\s*(?:cores?|cpus?)$/i, '$1'],
];

function meantQuantity(value: string): string | undefined {
  const joined = value.replace(/\s+/g, '');
  if (joined !== value && !FORMAT_CHECKS.quantity(joined)) return `did you mean '${joined}'?`;
  for (const [slip, form] of UNIT_SLIPS) {
    if (!slip.test(value)) continue;
    const text = value.replace(slip, form).replace(/[a-z]i$/, (unit) => capital(unit));
    const meant = /i$/.test(text) ? text : text.replace(/[mgtpe]$/, (unit) => unit.toUpperCase());
    return FORMAT_CHECKS.quantity(meant) ? undefined : `did you mean '${meant}'?`;
  }
  return undefined;
}

const capital = (unit: string): string => unit.charAt(0).toUpperCase() + unit.slice(1);

/** A name that only has the wrong letters. */
function meantName({ value, schema, problem, kind }: About): string | undefined {
  const format = problem.field === 'metadata.name' ? kind.nameFormat : schema?.format;
  if (typeof value !== 'string' || !format?.startsWith('dns-')) return undefined;
  const meant = value
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return meant === '' || FORMAT_CHECKS[format](meant) ? undefined : `did you mean '${meant}'?`;
}
