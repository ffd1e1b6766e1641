import type { Environment } from '@marcbachmann/cel-js';

/** A namespace of functions, `sets.contains(a, b)`. */
class Library {}

type Comparable = bigint | number | string;
type List = readonly Comparable[];

/** Kubernetes' own functions over lists and texts, as far as the library lacks them. */
export function registerFunctions(environment: Environment): void {
  const add = environment.registerFunction.bind(environment);
  add('list.sum(): dyn', (list: readonly Comparable[]) => list.reduce(plus, 0n));
  add('list.min(): dyn', (list: readonly Comparable[]) => extreme(list, 'min', (a, b) => a < b));
  add('list.max(): dyn', (list: readonly Comparable[]) => extreme(list, 'max', (a, b) => a > b));
  add('list.isSorted(): bool', (list: readonly Comparable[]) =>
    list.every((each, at) => at === 0 || list[at - 1]! <= each),
  );
  add(
    'string.find(string): string',
    (text: string, pattern: string) => new RegExp(pattern).exec(text)?.[0] ?? '',
  );
  add('string.findAll(string): list<string>', (text: string, pattern: string) => [
    ...(text.match(new RegExp(pattern, 'g')) ?? []),
  ]);
  environment.registerType('Library', Library);
  for (const name of ['jsonpatch', 'sets'])
    environment.registerConstant(name, 'Library', new Library());
  add('Library.escapeKey(string): string', (_: Library, key: string) =>
    key.replaceAll('~', '~0').replaceAll('/', '~1'),
  );
  add('Library.contains(list, list): bool', (_: Library, all: List, part: List) =>
    part.every((each) => all.includes(each)),
  );
  add('Library.intersects(list, list): bool', (_: Library, one: List, other: List) =>
    one.some((each) => other.includes(each)),
  );
  add(
    'Library.equivalent(list, list): bool',
    (_: Library, one: List, other: List) =>
      one.every((each) => other.includes(each)) && other.every((each) => one.includes(each)),
  );
}

function plus(left: Comparable, right: Comparable): Comparable {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left + right;
  return Number(left) + Number(right);
}

function extreme(
  list: readonly Comparable[],
  called: string,
  before: (left: Comparable, right: Comparable) => boolean,
): Comparable {
  if (list.length === 0) throw new Error(`${called} called on empty list`);
  return list.reduce((best, each) => (before(each, best) ? each : best));
}
