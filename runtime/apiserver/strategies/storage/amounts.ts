import { amount } from '../pod-spec/index.ts';
import { invalid, type Problem } from '../problem.ts';

/** Of an amount that must be something. */
export function positiveProblems(quantity: unknown, field: string): Problem[] {
  return amount(quantity).nanos > 0n
    ? []
    : [invalid(field, String(quantity), 'must be greater than zero')];
}

/** Of an amount that may be nothing. */
export function nonnegativeProblems(quantity: unknown, field: string): Problem[] {
  return amount(quantity).nanos >= 0n
    ? []
    : [invalid(field, String(quantity), 'must be greater than or equal to 0')];
}
