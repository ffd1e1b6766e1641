import type { Environment } from '@marcbachmann/cel-js';
import {
  compareQuantities,
  parseQuantity,
  type Quantity,
  subtractQuantities,
  addQuantities as sumOf,
} from '../quantity.ts';

/** A quantity as a value of its own type. */
class CelQuantity {
  readonly amount: Quantity;

  constructor(amount: Quantity) {
    this.amount = amount;
  }
}

const UNIT = 1_000_000_000n;
const TYPE = 'Quantity';

function parsed(text: string): CelQuantity {
  const amount = parseQuantity(text);
  if (!amount) throw new Error('quantities must match the regular expression of the API');
  return new CelQuantity(amount);
}

const whole = (amount: bigint): CelQuantity =>
  new CelQuantity({ nanos: amount * UNIT, format: 'DecimalSI' });

type Pair = (a: CelQuantity, b: CelQuantity) => unknown;

/** Quantities as they stand in resources, compared and summed. */
export function addQuantities(environment: Environment): void {
  const compare = (a: CelQuantity, b: CelQuantity): number => compareQuantities(a.amount, b.amount);
  const sum: Pair = (a, b) => new CelQuantity(sumOf(a.amount, b.amount));
  const difference: Pair = (a, b) => new CelQuantity(subtractQuantities(a.amount, b.amount));
  const isWhole = ({ amount }: CelQuantity): boolean => amount.nanos % UNIT === 0n;
  environment.registerType(TYPE, { ctor: CelQuantity, fields: {} });
  environment.registerFunction('quantity(string): Quantity', parsed);
  environment.registerFunction(
    'isQuantity(string): bool',
    (text: string) => parseQuantity(text) !== undefined,
  );
  const pairs: readonly (readonly [string, string, Pair])[] = [
    ['isGreaterThan', 'bool', (a, b) => compare(a, b) > 0],
    ['isLessThan', 'bool', (a, b) => compare(a, b) < 0],
    ['compareTo', 'int', (a, b) => BigInt(compare(a, b))],
    ['add', TYPE, sum],
    ['sub', TYPE, difference],
  ];
  for (const [name, type, run] of pairs)
    environment.registerFunction(`${TYPE}.${name}(${TYPE}): ${type}`, run);
  environment.registerFunction(`${TYPE}.add(int): ${TYPE}`, (a: CelQuantity, b: bigint) =>
    sum(a, whole(b)),
  );
  environment.registerFunction(`${TYPE}.sub(int): ${TYPE}`, (a: CelQuantity, b: bigint) =>
    difference(a, whole(b)),
  );
  environment.registerFunction(`${TYPE}.isInteger(): bool`, isWhole);
  environment.registerFunction(`${TYPE}.asInteger(): int`, (a: CelQuantity) => {
    if (!isWhole(a)) throw new Error('cannot convert value to integer');
    return a.amount.nanos / UNIT;
  });
  environment.registerFunction(
    `${TYPE}.asApproximateFloat(): double`,
    ({ amount }: CelQuantity) => Number(amount.nanos) / Number(UNIT),
  );
  environment.registerFunction(`${TYPE}.sign(): int`, ({ amount }: CelQuantity) =>
    amount.nanos === 0n ? 0n : amount.nanos > 0n ? 1n : -1n,
  );
}
