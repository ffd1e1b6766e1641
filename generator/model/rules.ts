import { celEnvironment } from './cel/index.ts';
import type { FieldProblem } from './problem.ts';
import type { Rule } from './schema.ts';

type Compiled = (context: { self: unknown; oldSelf?: unknown }) => unknown;

/** Types of values are checked elsewhere: here every one is any. */
const environment = celEnvironment()
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn');
const compiled = new Map<string, Compiled>();

/** A CEL rule as a function, compiled once however many schemas carry it. */
function compileRule(rule: string): Compiled {
  let found = compiled.get(rule);
  if (!found) {
    found = shortCut(rule) ?? (environment.parse(rule) as unknown as Compiled);
    compiled.set(rule, found);
  }
  return found;
}

const SIMPLE = /^self\.(\w+) != ''$/;

/** The commonest rule, on objects as frequent as owner references, without the cost of an evaluation. */
function shortCut(rule: string): Compiled | undefined {
  const field = SIMPLE.exec(rule)?.[1];
  return field === undefined
    ? undefined
    : ({ self }) => (self as Record<string, unknown>)[field] !== '';
}

/** Why a rule cannot be read as CEL, in one line; undefined when it can. */
export function ruleProblem(rule: string): string | undefined {
  try {
    compileRule(rule);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
  }
}

/** What `rules` say of `value`. A rule that mentions `oldSelf` holds for updates only. */
export function checkRules(
  rules: readonly Rule[],
  value: unknown,
  old: unknown,
  problems: FieldProblem[],
): void {
  for (const rule of rules) {
    const needsOld = rule.rule.includes('oldSelf');
    if (needsOld && old === undefined) continue;
    const context = needsOld ? { self: value, oldSelf: old } : { self: value };
    if (holds(rule, context)) continue;
    const reason = (rule.reason ?? 'FieldValueInvalid') as FieldProblem['reason'];
    const field = (rule.fieldPath ?? '').replace(/^\./, '');
    problems.push({
      field,
      reason,
      message: messageFor(rule, reason, valueAt(value, rule.fieldPath)),
    });
  }
}

/** A rule that cannot be evaluated (a field of another type) does not hold against the author: types are checked elsewhere. */
function holds(rule: Rule, context: { self: unknown; oldSelf?: unknown }): boolean {
  try {
    return compileRule(rule.rule)(context) !== false;
  } catch {
    return true;
  }
}

function valueAt(value: unknown, path = ''): unknown {
  let found = value;
  for (const step of path.split('.').filter((name) => name !== ''))
    found = (found as Record<string, unknown> | undefined)?.[step];
  return found;
}

/** How the API words each reason; those left out show the value. */
const WORDS: Readonly<Record<string, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
};

function messageFor(rule: Rule, reason: string, value: unknown): string {
  const shown = JSON.stringify(value) ?? 'null';
  const words = WORDS[reason] ?? `${PREFIXES[reason] ?? 'Invalid value'}: ${shown}`;
  return rule.message === '' ? words : `${words}: ${rule.message}`;
}

const PREFIXES: Readonly<Record<string, string>> = {
  FieldValueNotSupported: 'Unsupported value',
  FieldValueDuplicate: 'Duplicate value',
};
