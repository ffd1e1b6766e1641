import type { ASTNode } from '@marcbachmann/cel-js';
import type { Shape } from './sizes.ts';

/**
 * What an expression can cost at most, in the unit that the API limits: about one step of evaluation. Texts count a tenth of their
 * length for each pass, regular expressions a quarter of theirs for each character, and a macro its body for each element.
 */
export function costOf(ast: unknown, self: Shape | undefined): number {
  const names = self ? ['self', 'oldSelf'] : [];
  const scope: Scope = new Map(names.map((name) => [name, { cost: 0, shape: self }]));
  return estimate(ast as ASTNode, scope).cost;
}

/** What is known of a part of an expression. */
interface Known {
  readonly cost: number;
  readonly shape?: Shape | undefined;
  /** Where the expression itself says how large its value is. */
  readonly size?: number | undefined;
  /** Of a list that the expression makes. */
  readonly element?: Known | undefined;
}

type Scope = ReadonlyMap<string, Known>;

const TRAVERSAL = 0.1;
const REGEX = 0.25;
const LIST = 10;
const MAP = 30;

const traversed = (size: number, factor = TRAVERSAL): number => Math.ceil(size * factor);

/** The type that the checker found, `list<string>`. */
const typeOf = (node: ASTNode): string =>
  String((node as { checkedType?: unknown }).checkedType ?? 'dyn');

const SCALARS = new Set([
  'bool',
  'int',
  'uint',
  'double',
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
]);

/** Unlimited where nothing is known. */
function sizeOf(node: ASTNode, { size, shape }: Known): number {
  return size ?? shape?.most ?? (SCALARS.has(typeOf(node)) ? 1 : Number.POSITIVE_INFINITY);
}

/** Nothing times anything is nothing, however much that is. */
const times = (count: number, cost: number): number =>
  count === 0 || cost === 0 ? 0 : count * cost;

function estimate(node: ASTNode, scope: Scope): Known {
  const { op, args } = node as unknown as { op: string; args: unknown };
  switch (op) {
    case 'value':
      return { cost: 0, size: typeof args === 'string' ? [...args].length : 1 };
    case 'id':
      return { ...scope.get(args as string), cost: 1 };
    case '.':
      return selected(args as [ASTNode, string], scope);
    case '.?':
      return {
        ...selected(args as [ASTNode, string], scope),
        cost: estimate((args as [ASTNode])[0], scope).cost + 1,
      };
    case '[]':
    case '[?]':
      return indexed(args as [ASTNode, ASTNode], scope);
    case 'list':
      return listed(args as ASTNode[], scope);
    case 'map':
      return {
        cost: MAP + sum((args as [ASTNode, ASTNode][]).flat(), scope),
        size: (args as unknown[]).length,
      };
    case 'call': {
      const [name, parts] = args as [string, ASTNode[]];
      return called(name, undefined, parts, scope);
    }
    case 'rcall': {
      const [name, target, parts] = args as [string, ASTNode, ASTNode[]];
      return macro(name, target, parts, scope) ?? called(name, target, parts, scope);
    }
    default:
      return operated(op, (Array.isArray(args) ? args : [args]) as ASTNode[], scope);
  }
}

const sum = (parts: readonly ASTNode[], scope: Scope): number =>
  parts.reduce((total, each) => total + estimate(each, scope).cost, 0);

/** A field costs a step where the value is known to have fields. */
function selected([operand, name]: [ASTNode, string], scope: Scope): Known {
  const { cost, shape } = estimate(operand, scope);
  const type = typeOf(operand);
  const step = type === 'dyn' || SCALARS.has(type) ? 0 : 1;
  return {
    cost: cost + step,
    shape: shape?.fields?.[name] ?? (shape?.isMap ? shape.elements : undefined),
  };
}

function indexed([operand, index]: [ASTNode, ASTNode], scope: Scope): Known {
  const { cost, shape, element } = estimate(operand, scope);
  return {
    ...element,
    shape: element?.shape ?? shape?.elements,
    cost: cost + sum([index], scope) + 1,
  };
}

function listed(parts: readonly ASTNode[], scope: Scope): Known {
  const known = parts.map((each) => ({ ...estimate(each, scope), node: each }));
  const size = Math.max(0, ...known.map((each) => sizeOf(each.node, each)));
  const cost = known.reduce((total, each) => total + each.cost, LIST);
  return { cost, size: parts.length, element: { cost: 0, size } };
}

function operated(op: string, parts: readonly ASTNode[], scope: Scope): Known {
  const known = parts.map((each) => estimate(each, scope));
  const cost = known.reduce((total, each) => total + each.cost, 0);
  const sizes = known.map((each, at) => sizeOf(parts[at]!, each));
  const [left = 0, right = 0] = sizes;
  const isText = ['string', 'bytes'].includes(typeOf(parts[0]!));
  switch (op) {
    case '&&':
    case '||':
      return { cost };
    case '?:': {
      const [condition, yes, no] = known;
      const dearer = Math.max(yes!.cost, no!.cost);
      const size = Math.max(sizes[1] ?? 0, sizes[2] ?? 0);
      return { cost: condition!.cost + dearer, size, element: yes!.element ?? no!.element };
    }
    case 'in':
      return { cost: cost + (typeOf(parts[1]!).startsWith('map<') ? 1 : right) };
    case '==':
    case '!=':
      return { cost: cost + traversed(Math.min(left, right)) };
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { cost: cost + (isText ? traversed(Math.min(left, right)) : 1) };
    case '+': {
      const size = left + right;
      if (isText) return { cost: cost + traversed(size), size };
      return { cost: cost + 1, ...(typeOf(parts[0]!).startsWith('list<') ? { size } : {}) };
    }
    default:
      return { cost: cost + 1 };
  }
}

/** A function, or a method of `target`. */
function called(
  name: string,
  target: ASTNode | undefined,
  parts: readonly ASTNode[],
  scope: Scope,
): Known {
  if (name === 'has')
    return { cost: estimate((parts[0] as unknown as { args: [ASTNode] }).args[0], scope).cost };
  const own = target ? estimate(target, scope) : { cost: 0 };
  const known = parts.map((each) => estimate(each, scope));
  const cost = own.cost + known.reduce((total, each) => total + each.cost, 0);
  const subject = target ?? parts[0];
  const size = subject ? sizeOf(subject, target ? own : known[0]!) : 0;
  const first = parts[0] ? sizeOf(parts[0], known[0]!) : 0;
  const isText = subject !== undefined && typeOf(subject) === 'string';
  switch (name) {
    case 'startsWith':
    case 'endsWith':
      return { cost: cost + traversed(first) };
    case 'matches':
    case 'find':
    case 'findAll':
      return { cost: cost + times(traversed(size + 1), traversed(first, REGEX)), size };
    case 'contains':
      if (!isText) return { cost: cost + 1 };
      return { cost: cost + times(traversed(size), traversed(first)) };
    case 'lowerAscii':
    case 'upperAscii':
    case 'substring':
    case 'trim':
      return { cost: cost + traversed(size), size };
    case 'sum':
    case 'min':
    case 'max':
    case 'isSorted':
    case 'indexOf':
    case 'lastIndexOf': {
      if (isText) return { cost: cost + times(traversed(size), traversed(first)) };
      const element = elementOf(own, scope);
      const each = element.shape?.most ?? element.size ?? 0;
      return { cost: cost + times(size, 1 + traversed(each)) };
    }
    default:
      return { cost: cost + 1 };
  }
}

/**
 * Of a list what it holds, of a map its keys, of whose length nothing is counted. What an expression makes itself is taken to hold
 * what `self` is: so does the API, since its estimates follow paths from there.
 */
function elementOf({ shape }: Known, scope: Scope): Known {
  const elements = shape?.isMap ? KEY : shape?.elements;
  return { cost: 1, shape: shape ? elements : scope.get('self')?.shape };
}

const KEY: Shape = { most: 0, leastBytes: 2 };

/** What each macro costs for an element beside its body, and once; by how the language writes it out as a loop. */
const LOOPS: Readonly<Record<string, readonly [each: number, once: number]>> = {
  all: [3, 1],
  exists: [4, 1],
  exists_one: [2, 2],
  existsOne: [2, 2],
  map: [12, LIST + 1],
  filter: [13, LIST + 1],
};

function macro(
  name: string,
  target: ASTNode,
  parts: readonly ASTNode[],
  scope: Scope,
): Known | undefined {
  const [variable, ...bodies] = parts;
  const body = bodies.at(-1);
  const called = (variable as { args?: unknown } | undefined)?.args;
  if (!variable || !body || (variable as { op: string }).op !== 'id') return undefined;
  if (name === 'bind' && bodies[0]) {
    const bound = estimate(bodies[0], scope);
    const result = estimate(body, new Map([...scope, [called as string, bound]]));
    return { ...result, cost: LIST + bound.cost + result.cost };
  }
  const [each, once] = LOOPS[name] ?? [];
  if (each === undefined || once === undefined) return undefined;
  const range = estimate(target, scope);
  const inner = new Map([...scope, [called as string, elementOf(range, scope)]]);
  const made = estimate(body, inner);
  const step =
    bodies.length > 1 ? estimate(bodies[0]!, inner).cost + made.cost + each : made.cost + each;
  const count = sizeOf(target, range);
  const cost = range.cost + once + times(count, step);
  if (name === 'map')
    return { cost, size: count, element: { ...made, cost: 0, size: sizeOf(body, made) } };
  return name === 'filter' ? { cost, size: count } : { cost };
}
