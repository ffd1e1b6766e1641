import type { ResourceRequirements } from '../../generated/core/v1/types.ts';

export type Quantity = NonNullable<ResourceRequirements['requests']>[string];

const SCALES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'] as const;

/** Whole base units of a quantity, rounded up: thousandths for cpu, else units or bytes. */
export function parseAmount(resource: string, quantity: Quantity): number {
  const [, digits, suffix = ''] =
    /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
  const value = Number(digits) * (SCALES[suffix] ?? Number.NaN);
  return Math.ceil(resource === 'cpu' ? value * 1000 : value);
}

/** The shortest way to write an amount of base units. */
export function formatAmount(resource: string, amount: number): Quantity {
  if (resource === 'cpu') return amount % 1000 === 0 ? `${amount / 1000}` : `${amount}m`;
  let [rest, power] = [amount, 0];
  while (rest > 0 && rest % 1024 === 0 && power < BINARY.length - 1) {
    rest /= 1024;
    power++;
  }
  return `${rest}${BINARY[power]!}` as Quantity;
}
