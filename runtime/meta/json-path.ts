import { isObject } from './json.ts';

/** One step of a path: a field, an index, a range, everything, everything below, or the items that a comparison picks. */
type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly at: number }
  | { readonly kind: 'slice'; readonly from: number; readonly to: number | undefined }
  | { readonly kind: 'all' }
  | { readonly kind: 'deep'; readonly name: string }
  | {
      readonly kind: 'filter';
      readonly path: readonly Step[];
      readonly test: Comparison | undefined;
    };

interface Comparison {
  readonly operator: string;
  readonly value: unknown;
}

const paths = new Map<string, readonly Step[] | undefined>();
const PATHS_MAX = 4096;

/**
 * All values at a JSONPath of kubectl's dialect: `.spec.ports[0].name`, `.metadata.annotations.a\\.b`, `.items[*].x`, `..x`,
 * `.status.conditions[?(@.type=="Ready")].status`. Nothing where the path leads nowhere; undefined for what is no path.
 */
export function jsonPathValues(object: unknown, path: string): readonly unknown[] | undefined {
  if (!paths.has(path)) {
    if (paths.size >= PATHS_MAX) paths.clear();
    paths.set(path, new PathReader(path).read());
  }
  const steps = paths.get(path);
  return steps && valuesAt([object], steps);
}

function valuesAt(found: readonly unknown[], steps: readonly Step[]): readonly unknown[] {
  return steps.reduce((values, step) => values.flatMap((value) => take(value, step)), found);
}

function take(value: unknown, step: Step): readonly unknown[] {
  switch (step.kind) {
    case 'field':
      return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case 'index':
      return Array.isArray(value) ? (value as unknown[]).slice(step.at).slice(0, 1) : [];
    case 'slice':
      return Array.isArray(value) ? (value as unknown[]).slice(step.from, step.to) : [];
    case 'all':
      return childrenOf(value);
    case 'deep':
      return deep(value, step.name);
    case 'filter':
      return (Array.isArray(value) ? (value as unknown[]) : []).filter((item) =>
        fits(valuesAt([item], step.path), step.test),
      );
  }
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function deep(value: unknown, name: string): unknown[] {
  const own = isObject(value) && Object.hasOwn(value, name) ? [value[name]] : [];
  return [...own, ...childrenOf(value).flatMap((child) => deep(child, name))];
}

function fits([found]: readonly unknown[], test: Comparison | undefined): boolean {
  if (!test) return found !== undefined;
  if (found === undefined) return false;
  const { operator, value } = test;
  if (operator === '==') return found === value;
  if (operator === '!=') return found !== value;
  if (typeof found !== typeof value) return false;
  const [left, right] = [found as number, value as number];
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}

const FIELD = /^(?:\\.|[^.[\]\\])+/;
const FILTER = /^\[\?\(@(.*?)\s*(?:(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|[^\s)]+))?\s*\)\]/;

/** Reads the text of a path from left to right. */
class PathReader {
  #rest: string;

  constructor(path: string) {
    this.#rest = path.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, '');
  }

  read(): readonly Step[] | undefined {
    const steps: Step[] = [];
    while (this.#rest !== '') {
      const step = this.#step();
      if (!step) return undefined;
      if (step !== 'none') steps.push(step);
    }
    return steps;
  }

  #step(): Step | 'none' | undefined {
    if (this.#rest === '.') return this.#taken(1, 'none');
    if (this.#rest.startsWith('..')) return this.#field(2, 'deep');
    if (this.#rest.startsWith('.[')) return this.#taken(1, 'none');
    if (this.#rest.startsWith('.')) return this.#field(1, 'field');
    return this.#rest.startsWith('[') ? this.#bracket() : this.#field(0, 'field');
  }

  #field(skipped: number, kind: 'field' | 'deep'): Step | undefined {
    const [name] = FIELD.exec(this.#rest.slice(skipped)) ?? [];
    if (name === undefined) return undefined;
    const step: Step =
      name === '*' ? { kind: 'all' } : { kind, name: name.replace(/\\(.)/g, '$1') };
    return this.#taken(skipped + name.length, step);
  }

  #bracket(): Step | undefined {
    const [filter, inside = '', operator, text] = FILTER.exec(this.#rest) ?? [];
    if (filter !== undefined) {
      const path = new PathReader(inside).read();
      if (!path) return undefined;
      const test = operator === undefined ? undefined : { operator, value: literalOf(text ?? '') };
      return this.#taken(filter.length, { kind: 'filter', path, test });
    }
    const [whole, content = ''] = /^\[([^\]]*)\]/.exec(this.#rest) ?? [];
    if (whole === undefined) return undefined;
    const step = stepIn(content);
    return step && this.#taken(whole.length, step);
  }

  #taken<T>(length: number, step: T): T {
    this.#rest = this.#rest.slice(length);
    return step;
  }
}

function stepIn(content: string): Step | undefined {
  if (content === '*') return { kind: 'all' };
  const [, name] = /^(?:"(.*)"|'(.*)')$/.exec(content)?.filter((each) => each !== undefined) ?? [];
  if (name !== undefined) return { kind: 'field', name };
  if (/^-?\d+$/.test(content)) return { kind: 'index', at: Number(content) };
  const [slice, from, to] = /^(-?\d*):(-?\d*)$/.exec(content) ?? [];
  if (slice === undefined) return undefined;
  return { kind: 'slice', from: Number(from || 0), to: to ? Number(to) : undefined };
}

function literalOf(text: string): unknown {
  if (/^["']/.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  return Number.isNaN(Number(text)) ? text : Number(text);
}
