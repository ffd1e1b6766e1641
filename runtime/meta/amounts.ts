import { parseQuantity, scaledValue } from '../../generator/model/quantity.ts';

/** A quantity as objects carry it: text, or a plain number. */
export type QuantityText = string | number;

const PLAIN = /^(\d{1,9})(m|k|M|G|Ki|Mi|Gi|Ti)?$/;
const FACTORS: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** An amount that has been read. Thousandths and whole units are both rounded up. */
interface Amount {
  readonly units: number;
  readonly millis: number;
}

/** Texts that have been read. A cluster has few different ones; what grows beyond is foreign input. */
const known = new Map<QuantityText, Amount>();
const KNOWN_MAX = 10_000;
const NOTHING: Amount = { units: 0, millis: 0 };

/** Whole units of a quantity, rounded up: bytes, or pieces of an extended resource. 0 for what is no quantity. */
export function wholeUnits(quantity: QuantityText | undefined): number {
  return quantity === undefined ? 0 : amountOf(quantity).units;
}

/** Thousandths of a quantity, rounded up, as CPU is counted. 0 for what is no quantity. */
export function milliUnits(quantity: QuantityText | undefined): number {
  return quantity === undefined ? 0 : amountOf(quantity).millis;
}

/** Base units of a resource: thousandths of `cpu`, whole units of all else. */
export function baseUnits(resource: string, quantity: QuantityText | undefined): number {
  return resource === 'cpu' ? milliUnits(quantity) : wholeUnits(quantity);
}

function amountOf(quantity: QuantityText): Amount {
  let amount = known.get(quantity);
  if (amount === undefined) {
    amount = read(String(quantity));
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(quantity, amount);
  }
  return amount;
}

function read(text: string): Amount {
  const plain = PLAIN.exec(text);
  if (plain) {
    const [, digits, suffix] = plain;
    const value = Number(digits);
    if (suffix === 'm') return { units: Math.ceil(value / 1000), millis: value };
    const units = suffix === undefined ? value : value * FACTORS[suffix]!;
    if (units <= Number.MAX_SAFE_INTEGER / 1000) return { units, millis: units * 1000 };
  }
  const quantity = parseQuantity(text);
  if (!quantity) return NOTHING;
  return { units: Number(scaledValue(quantity, 0)), millis: Number(scaledValue(quantity, -3)) };
}
