import {
  type ASTNode,
  TypeError as CelTypeError,
  type Environment,
  ParseError,
} from '@marcbachmann/cel-js';

import { costOf } from './cost.ts';
import type { Shape } from './sizes.ts';

/** An expression that can be evaluated. */
export interface CelProgram {
  /** Type of what comes out. */
  readonly type: string;
  /** What it costs at most where `self` has this shape. */
  cost(self: Shape | undefined): number;
  /** Names of variables and of fields' first parts. */
  readonly names: ReadonlySet<string>;
  /** Throws an error whose first line says why there is no value. */
  run(variables: Readonly<Record<string, unknown>>): unknown;
}

/** An expression ready to run, or why it is none, in the words of the API. */
export function compileCel(
  environment: Environment,
  text: string,
): { readonly program: CelProgram } | { readonly error: string } {
  try {
    const parsed = environment.parse(text);
    const { valid, type, error } = parsed.check();
    if (!valid) return { error: failure(text, error) };
    const names = new Set<string>();
    collectNames(parsed.ast, names);
    return {
      program: {
        type: type ?? 'dyn',
        names,
        run: (variables) => parsed(variables),
        cost: (self) => costOf(parsed.ast, self),
      },
    };
  } catch (error) {
    return { error: failure(text, error) };
  }
}

function collectNames(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) for (const each of node) collectNames(each, names);
  if (typeof node !== 'object' || node === null || !('op' in node)) return;
  const { op, args } = node as ASTNode;
  if (op === 'id') names.add(args as string);
  else collectNames(args, names);
}

interface Found {
  readonly words: string;
  /** Offset in the text. */
  readonly at: number;
}

function failure(text: string, error: unknown): string {
  const { words, at } = found(text, error);
  const lines = text.slice(0, at).split('\n');
  const column = lines.at(-1)!.length;
  const line = text.split('\n')[lines.length - 1] ?? '';
  const mark = '.'.repeat(column);
  return `compilation failed: ERROR: <input>:${lines.length}:${column + 1}: ${words}\n | ${line}\n | ${mark}^`;
}

const FIELD = /^No such key: (.+)$/;
const VARIABLE = /^Unknown variable: (.+)$/;
const OPERATOR = /^no such overload: (.+) (\S+) (.+)$/;
const CALL = /^found no matching overload for '(?:.+\.)?(\w+)\((.*)\)'$/;

function found(text: string, error: unknown): Found {
  if (!(error instanceof ParseError) && !(error instanceof CelTypeError))
    return { words: error instanceof Error ? error.message : String(error), at: 0 };
  const { summary, range } = error as unknown as {
    summary: string;
    range?: { start: number; end: number };
  };
  const { start = 0, end = text.length } = range ?? {};
  if (error instanceof ParseError) return { words: `Syntax error: ${summary}`, at: start };
  const [, field] = FIELD.exec(summary) ?? [];
  if (field !== undefined) return { words: `undefined field '${field}'`, at: start - 1 };
  const [, variable] = VARIABLE.exec(summary) ?? [];
  if (variable !== undefined)
    return { words: `undeclared reference to '${variable}' (in container '')`, at: start };
  const [, left, operator, right] = OPERATOR.exec(summary) ?? [];
  if (operator !== undefined)
    return {
      words: `found no matching overload for '_${operator}_' applied to '(${left}, ${right})'`,
      at: Math.max(start, text.indexOf(` ${operator} `, start) + 1),
    };
  const [, called] = CALL.exec(summary) ?? [];
  if (called !== undefined) {
    const at = text.slice(start, end).lastIndexOf(`${called}(`) + called.length;
    return { words: `undeclared reference to '${called}' (in container '')`, at: start + at };
  }
  return { words: summary, at: start };
}
