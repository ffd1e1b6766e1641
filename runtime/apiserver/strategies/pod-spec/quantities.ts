import { parseQuantity, type Quantity, ZERO } from '../../../meta/index.ts';

/** An amount as a number to compare; what is no amount, which the schema reports, counts as none. */
export function amount(text: unknown): Quantity {
  return parseQuantity(String(text)) ?? ZERO;
}
