import { join } from 'node:path';
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  negateQuantity,
  parseQuantity,
  type Quantity,
  quantityOf,
  roundUpQuantity,
  scaledValue,
  subtractQuantities,
  ZERO,
} from '../../meta/index.ts';
import { type AreaResult, Tally } from './report.ts';
import { rowsOf } from './vectors.ts';

type Written = string | null | { readonly scale: number; readonly unscaled?: number };

function read(text: string): Quantity {
  const quantity = parseQuantity(text);
  if (!quantity) throw new TypeError(`${text} is no quantity`);
  return quantity;
}

function quantityOfRow(written: Written): Quantity {
  if (written === null) return ZERO;
  if (typeof written === 'string') return read(written);
  return quantityOf(written.unscaled ?? 0, -written.scale);
}

/** Parsing, printing and arithmetic of quantities. */
export async function run(vectorsDir: string): Promise<AreaResult> {
  const dir = join(vectorsDir, 'quantity');
  const tally = new Tally('quantity');
  await parsing(dir, tally);
  await arithmetic(dir, tally);
  return tally.result();
}

async function parsing(dir: string, tally: Tally): Promise<void> {
  type Parsed = string | boolean | { readonly input: string; readonly expect: string };
  for (const { id, list, case: row } of await rowsOf<Parsed>(dir, 'quantity__TestQuantityParse')) {
    if (list === 'invalid') tally.equal(id, 'refused', parseQuantity(String(row)) ?? 'refused');
    else if (typeof row === 'object') tally.equal(id, row.expect, formatQuantity(read(row.input)));
  }
  type Printed = { readonly in: string; readonly expect: string; readonly alternate: string };
  for (const { id, case: row } of await rowsOf<Printed>(dir, 'quantity__TestQuantityString')) {
    tally.equal(id, row.expect, formatQuantity(read(row.in)));
    if (row.alternate)
      tally.equal(`${id}:alternate`, row.expect, formatQuantity(read(row.alternate)));
  }
}

async function arithmetic(dir: string, tally: Tally): Promise<void> {
  type Pair = { readonly a: string; readonly b: string; readonly expected: string };
  for (const { id, case: row } of await rowsOf<Pair>(dir, 'quantity__TestAdd'))
    tally.equal(id, row.expected, formatQuantity(addQuantities(read(row.a), read(row.b))));
  for (const { id, case: row } of await rowsOf<Pair>(dir, 'quantity__TestSub'))
    tally.equal(id, row.expected, formatQuantity(subtractQuantities(read(row.a), read(row.b))));
  for (const { id, case: row } of await rowsOf<Pair>(dir, 'quantity__TestNeg'))
    tally.equal(id, row.expected, formatQuantity(negateQuantity(read(row.a))));
  type Compared = { readonly x: Written; readonly y: Written; readonly expect: number };
  for (const { id, case: row } of await rowsOf<Compared>(dir, 'quantity__TestQuantityCmp'))
    tally.equal(id, row.expect, compareQuantities(quantityOfRow(row.x), quantityOfRow(row.y)));
  type Rounded = {
    readonly in: string;
    readonly scale: number;
    readonly expect: string;
    readonly ok: boolean;
  };
  for (const { id, case: row } of await rowsOf<Rounded | boolean>(
    dir,
    'quantity__TestQuantityRoundUp',
  )) {
    if (typeof row === 'boolean') continue;
    const { quantity, exact } = roundUpQuantity(read(row.in), row.scale);
    tally.equal(id, [row.expect, row.ok], [formatQuantity(quantity), exact]);
  }
  type Scaled = { readonly fromScale: number; readonly toScale: number; readonly expected: number };
  for (const { id, case: row } of await rowsOf<Scaled>(dir, 'quantity__TestScaledValue')) {
    const value = scaledValue(quantityOf(1, row.fromScale), row.toScale);
    tally.equal(id, row.expected, Number(value));
  }
}
