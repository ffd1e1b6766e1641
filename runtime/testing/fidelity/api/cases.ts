import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One recorded request and what of its answer was kept. A step with `do` is something else: a wait, a watch. */
export interface Step {
  readonly do?: 'sleep' | 'wait' | 'watch' | 'watchEnd';
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: unknown;
  readonly raw?: string;
  readonly save?: Readonly<Record<string, string>>;
  readonly retryOn?: readonly number[];
  readonly rec?: string;
  readonly pick?: readonly string[];
  readonly drop?: readonly string[];
  readonly sorted?: boolean;
  readonly warn?: boolean;
  readonly keepStatus?: boolean;
  readonly managed?: boolean;
  readonly ms?: number;
  /** Of a wait: until this status code, … */
  readonly code?: number;
  /** … until this condition is True, … */
  readonly cond?: string;
  /** … or until there is a value at this path, of `eq` if that is given. */
  readonly at?: string;
  readonly eq?: unknown;
  readonly expect?: unknown;
}

/** A single request (suite A) or a sequence of steps in a namespace of its own (suite B). */
export interface Case extends Step {
  readonly id: string;
  readonly suite: 'A' | 'B' | 'D';
  readonly file: string;
  readonly steps?: readonly Step[];
  readonly noNamespace?: boolean;
  readonly namespace?: object;
}

export async function readCases(dir: string, suite: Case['suite']): Promise<Case[]> {
  const files = (await readdir(dir)).filter((file) => file.startsWith(`${suite}-`)).sort();
  const cases: Case[] = [];
  for (const file of files)
    for (const line of (await readFile(join(dir, file), 'utf8')).split('\n'))
      if (line.trim() !== '') cases.push({ ...(JSON.parse(line) as Case), file });
  return cases;
}

/** The word that a run makes up for names; it is in no recorded text. */
export const WORD = 'zqjxkvw';

/** How a recording writes a variable. */
export const variable = (name: string): string => `\${${name}}`;

export type Variables = Record<string, string>;

export const newVariables = (): Variables => ({
  u: WORD,
  U: WORD.toUpperCase(),
  ns: `o-${WORD}`,
});

function expandText(text: string, variables: Variables): string {
  return text.replace(/\$\{(enc:)?([A-Za-z0-9_]+)\}/g, (_, encode, name: string) => {
    const value = variables[name] ?? '';
    return encode ? encodeURIComponent(value) : value;
  });
}

/** Fills in variables, in texts and keys. */
export function expand<T>(value: T, variables: Variables): T {
  if (typeof value === 'string') return expandText(value, variables) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => expand(each, variables)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [
    expandText(key, variables),
    expand(each, variables),
  ]);
  return Object.fromEntries(entries) as T;
}

/** The value at a dotted path in which a backslash protects a dot. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const step of stepsOf(path)) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

export function stepsOf(path: string): string[] {
  return (path.match(/(\\.|[^.])+/g) ?? []).map((step) => step.replaceAll('\\.', '.'));
}
