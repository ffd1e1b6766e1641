import type { ResourceRequirements } from '../../generated/core/v1/types.ts';

export type Quantity = NonNullable<ResourceRequirements['requests']>[string];

/** Placeholder until meta lands. */
const SUFFIX: Readonly<Record<string, number>> = { n:1e-9,u:1e-6,m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E:1e18, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2**60 };
export function parseAmount(name: string, quantity: string | number): number {
  const m = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(quantity));
  const v = m ? Number(m[1]) * (SUFFIX[m[2]!] ?? Number.NaN) : Number.NaN;
  return name === 'cpu' ? Math.ceil(v * 1000) : Math.ceil(v);
}
export function formatAmount(name: string, amount: number): Quantity {
  if (name === 'cpu') return amount % 1000 === 0 ? `${amount / 1000}` : `${amount}m`;
  return amount > 0 && amount % 1024 === 0 ? `${amount / 1024}Ki` : `${amount}`;
}
