import { parse } from '@marcbachmann/cel-js';
import { childPath, type FieldProblem } from './problem.ts';
import type { Rule } from './schema.ts';

type Compiled = (context: { self: unknown; oldSelf?: unknown }) => unknown;

const compiled = new Map<string, Compiled>();

/** A CEL rule as a function, compiled once however many schemas carry it. */
function compileRule(rule: string): Compiled {
  let found = compiled.get(rule);
  if (!found) {
    found = parse(rule) as unknown as Compiled;
    compiled.set(rule, found);
  }
  return found;
}

/** What `rules` say of `value`. A rule that mentions `oldSelf` holds for updates only. */
export function checkRules(
  rules: readonly Rule[],
  value: unknown,
  old: unknown,
  path: string,
  problems: FieldProblem[],
): void {
  for (const rule of rules) {
    const needsOld = rule.rule.includes('oldSelf');
    if (needsOld && old === undefined) continue;
    const context = needsOld ? { self: value, oldSelf: old } : { self: value };
    if (holds(rule, context)) continue;
    const reason = (rule.reason ?? 'FieldValueInvalid') as FieldProblem['reason'];
    const field = rule.fieldPath ? childPath(path, rule.fieldPath.replace(/^\./, '')) : path;
    problems.push({ field, reason, message: messageFor(rule, reason, value) });
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

function messageFor(rule: Rule, reason: string, value: unknown): string {
  switch (reason) {
    case 'FieldValueRequired':
      return `Required value: ${rule.message}`;
    case 'FieldValueForbidden':
      return `Forbidden: ${rule.message}`;
    case 'FieldValueDuplicate':
      return `Duplicate value: ${rule.message}`;
    default:
      return `Invalid value: ${JSON.stringify(value)}: ${rule.message}`;
  }
}
