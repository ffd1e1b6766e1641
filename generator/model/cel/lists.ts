import type { Environment } from '@marcbachmann/cel-js';
import { jsonEqual } from '../equal.ts';

type List = readonly unknown[];
type Comparable = bigint | number | string | boolean;

/** Functions over lists: their order, sums and places, and lists as sets. */
export function addLists(environment: Environment): void {
  addOrder(environment);
  addPlaces(environment);
  addSets(environment);
}

const before = (a: unknown, b: unknown): boolean => (a as Comparable) < (b as Comparable);

function addOrder(environment: Environment): void {
  environment.registerFunction('list.isSorted(): bool', (list: List) =>
    list.every((each, at) => at === 0 || !before(each, list[at - 1])),
  );
  environment.registerFunction('list.sum(): dyn', (list: List) => list.reduce(sum, 0n));
  environment.registerFunction('list.min(): dyn', (list: List) => best(list, before, 'min'));
  environment.registerFunction('list.max(): dyn', (list: List) =>
    best(list, (a, b) => before(b, a), 'max'),
  );
}

function sum(left: unknown, right: unknown): unknown {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left + right;
  return Number(left) + Number(right);
}

function best(list: List, isBetter: (a: unknown, b: unknown) => boolean, name: string): unknown {
  if (list.length === 0) throw new Error(`${name} called on empty list`);
  return list.reduce((found, each) => (isBetter(each, found) ? each : found));
}

const isSame = (each: unknown) => (other: unknown) => jsonEqual(each, other);

function addPlaces(environment: Environment): void {
  environment.registerFunction('list.indexOf(dyn): int', (list: List, each: unknown) =>
    BigInt(list.findIndex(isSame(each))),
  );
  environment.registerFunction('list.lastIndexOf(dyn): int', (list: List, each: unknown) =>
    BigInt(list.findLastIndex(isSame(each))),
  );
}

type SetTest = (one: List, other: List) => boolean;

function addSets(environment: Environment): void {
  const contains: SetTest = (all, part) => part.every((each) => all.includes(each));
  const tests: Readonly<Record<string, SetTest>> = {
    contains,
    equivalent: (one, other) => contains(one, other) && contains(other, one),
    intersects: (one, other) => one.some((each) => other.includes(each)),
  };
  for (const [name, test] of Object.entries(tests))
    environment.registerFunction(
      `Library.${name}(list, list): bool`,
      (_: unknown, one: List, other: List) => test(one, other),
    );
}
