import { isIP } from 'node:net';
import { Environment } from '@marcbachmann/cel-js';
import { jsonEqual } from '../../../generator/model/index.ts';

import { addQuantityFunctions } from './quantities.ts';

let shared: Environment | undefined;

/** An environment of its own with the functions of Kubernetes. */
export function celEnvironment(): Environment {
  shared ??= withLibrary();
  return shared.clone();
}

function withLibrary(): Environment {
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
  });
  addLists(environment);
  addTexts(environment);
  addNetworks(environment);
  addQuantityFunctions(environment);
  return environment;
}

type List = readonly unknown[];
type Comparable = bigint | number | string | boolean;

const before = (a: unknown, b: unknown): boolean => (a as Comparable) < (b as Comparable);

function addLists(environment: Environment): void {
  environment.registerFunction('list.isSorted(): bool', (list: List) =>
    list.every((each, at) => at === 0 || !before(each, list[at - 1])),
  );
  environment.registerFunction('list.sum(): dyn', (list: List) =>
    list.length === 0 ? 0n : (list as readonly number[]).reduce((sum, each) => sum + each),
  );
  const best = (list: List, isBetter: (a: unknown, b: unknown) => boolean, name: string) => {
    if (list.length === 0) throw new Error(`${name} called on empty list`);
    return list.reduce((found, each) => (isBetter(each, found) ? each : found));
  };
  environment.registerFunction('list.min(): dyn', (list: List) => best(list, before, 'min'));
  environment.registerFunction('list.max(): dyn', (list: List) =>
    best(list, (a, b) => before(b, a), 'max'),
  );
  const same = (each: unknown) => (other: unknown) => jsonEqual(each, other);
  environment.registerFunction('list.indexOf(dyn): int', (list: List, each: unknown) =>
    BigInt(list.findIndex(same(each))),
  );
  environment.registerFunction('list.lastIndexOf(dyn): int', (list: List, each: unknown) =>
    BigInt(list.findLastIndex(same(each))),
  );
}

function addTexts(environment: Environment): void {
  environment.registerFunction(
    'string.replace(string, string): string',
    (text: string, from: string, to: string) => text.replaceAll(from, () => to),
  );
  environment.registerFunction('string.charAt(int): string', (text: string, at: bigint) => {
    const letters = [...text];
    if (at < 0n || at > BigInt(letters.length)) throw new Error(`index out of range: ${at}`);
    return letters[Number(at)] ?? '';
  });
  environment.registerFunction(
    'string.find(string): string',
    (text: string, pattern: string) => new RegExp(pattern, 'u').exec(text)?.[0] ?? '',
  );
  environment.registerFunction(
    'string.findAll(string): list<string>',
    (text: string, pattern: string) => text.match(new RegExp(pattern, 'gu')) ?? [],
  );
  environment.registerFunction('string.format(list): string', formatted);
}

/** `%s`, `%d` and `%%` of a text. */
function formatted(text: string, values: List): string {
  let next = 0;
  return text.replace(/%([sd%])/g, (_, verb: string) => {
    if (verb === '%') return '%';
    if (next >= values.length) throw new Error(`index ${next} out of range`);
    return String(values[next++]);
  });
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  return family !== 0 && rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= most;
}

function addNetworks(environment: Environment): void {
  environment.registerFunction('isIP(string): bool', (text: string) => isIP(text) !== 0);
  environment.registerFunction('isCIDR(string): bool', (text: string) => isCidr(text));
  environment.registerFunction('isURL(string): bool', (text: string) => URL.canParse(text));
}
