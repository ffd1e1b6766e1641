import type { Environment } from '@marcbachmann/cel-js';
import { celEnvironment } from '../../../generator/model/index.ts';
import { registerAuthorizer } from './authorizer.ts';

/** Values of the variables, in CEL's form; those that are costly or may fail are getters. */
export type Scope = Readonly<Record<string, unknown>>;

const VARIABLES = [
  'object',
  'oldObject',
  'request',
  'params',
  'namespaceObject',
  'variables',
  'authorizer',
];

function environment(): Environment {
  const made = celEnvironment();
  for (const name of VARIABLES) made.registerVariable(name, 'dyn');
  registerAuthorizer(made);
  return made;
}

type Compiled = (scope: Scope) => unknown;
const shared = environment();
const compiled = new Map<string, Compiled>();
/** Expressions that are remembered; policies are few. */
const COMPILED_MAX = 1000;

/** An expression as a function; throws where it cannot be read. */
export function compile(expression: string): Compiled {
  let found = compiled.get(expression);
  if (!found) {
    if (compiled.size >= COMPILED_MAX) compiled.clear();
    found = shared.parse(expression) as unknown as Compiled;
    compiled.set(expression, found);
  }
  return found;
}

/** The value of an expression; an error says which one failed, as its author `written` it, and why. */
export function evaluate(expression: string, scope: Scope, written = expression): unknown {
  try {
    return compile(expression)(scope);
  } catch (error) {
    throw new Error(`expression '${written}' resulted in error: ${firstLine(error)}`);
  }
}

/** Why an expression cannot be read, in one line; undefined when it can. */
export function expressionProblem(expression: string): string | undefined {
  try {
    compile(expression);
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

/** The library's words begin with a capital, and show the source below. */
function firstLine(error: unknown): string {
  const [text = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return text.replace(/^No such key/, 'no such key');
}
