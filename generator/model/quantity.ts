/** How an amount is written: `64Mi`, `500m` or `1e3`. Arithmetic keeps the family, printing may leave it. */
export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

/**
 * An exact amount, as `resource.Quantity` is one. A billionth is the least there is, and what is finer was rounded away
 * from zero when it was read. Immutable.
 */
export interface Quantity {
  readonly nanos: bigint;
  readonly format: QuantityFormat;
}

const GRAMMAR = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d+)|([KMGTPE]i)|([numkMGTPE]?))$/;
const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const NANO = -9;
const NANOS = 10n ** 9n;
/** The binary family stops at the largest signed 64-bit number; the decimal ones do not. */
const BINARY_MAX = (2n ** 63n - 1n) * NANOS;
/** Longer numbers are not kept as they were written. */
const KEPT_DIGITS_MAX = 15;
/** Exponents beyond are refused: nobody means them, and to write them out would take all memory. */
const EXPONENT_MAX = 400;

export const ZERO: Quantity = Object.freeze({ nanos: 0n, format: 'DecimalSI' });

/** The amount that a text means; undefined for a text that is no quantity. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = GRAMMAR.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', e, exponent, binary, decimal = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  const signed = sign === '-' ? -digits : digits;
  if (binary !== undefined) {
    const factor = 1024n ** BigInt(BINARY_SUFFIXES.indexOf(binary));
    return binaryQuantity(signed * factor, fraction.length);
  }
  const power = e ? Number(exponent) : (DECIMAL_SUFFIXES.indexOf(decimal) - 3) * 3;
  if (Math.abs(power) > EXPONENT_MAX) return undefined;
  const nanos = shifted(signed, power - fraction.length - NANO);
  return { nanos, format: e ? 'DecimalExponent' : 'DecimalSI' };
}

/** Below one there is nothing that binary suffixes could say: such an amount goes over to the decimal family. */
function binaryQuantity(unscaled: bigint, decimals: number): Quantity {
  const nanos = shifted(unscaled, -decimals - NANO);
  const size = magnitude(nanos);
  if (size > BINARY_MAX)
    return { nanos: nanos < 0n ? -BINARY_MAX : BINARY_MAX, format: 'BinarySI' };
  return { nanos, format: size > 0n && size < NANOS ? 'DecimalSI' : 'BinarySI' };
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** `value` × 10^`power`, rounded away from zero. */
function shifted(value: bigint, power: number): bigint {
  return power >= 0 ? value * 10n ** BigInt(power) : dividedUp(value, 10n ** BigInt(-power));
}

function dividedUp(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  if (value % divisor === 0n) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

/** The canonical text: no fraction, the largest suffix that leaves none, in the amount's own family where it can say it. */
export function formatQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return '0';
  const size = magnitude(nanos);
  if (format === 'BinarySI' && size >= 1024n * NANOS && nanos % NANOS === 0n) {
    const { mantissa, steps } = stripped(nanos / NANOS, 1024n, BINARY_SUFFIXES.length - 1);
    return `${mantissa}${BINARY_SUFFIXES[steps]}`;
  }
  if (format === 'DecimalExponent') {
    const { mantissa, steps } = stripped(nanos, 1000n, Number.POSITIVE_INFINITY);
    const exponent = NANO + 3 * steps;
    return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
  }
  const { mantissa, steps } = stripped(nanos, 1000n, DECIMAL_SUFFIXES.length - 1);
  return `${mantissa}${DECIMAL_SUFFIXES[steps]}`;
}

/** Takes factors out of a number other than 0, as often as they are in it, at most `stepsMax` times. */
function stripped(
  value: bigint,
  factor: bigint,
  stepsMax: number,
): { mantissa: bigint; steps: number } {
  let [mantissa, steps] = [value, 0];
  while (steps < stepsMax && mantissa % factor === 0n) {
    mantissa /= factor;
    steps++;
  }
  return { mantissa, steps };
}

export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  if (a.nanos === b.nanos) return 0;
  return a.nanos < b.nanos ? -1 : 1;
}

/** The sum, in the family of `a` unless that is nothing. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

/** The difference, in the family of `a` unless that is nothing. */
export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return addQuantities(a, negateQuantity(b));
}

export function negateQuantity({ nanos, format }: Quantity): Quantity {
  return { nanos: -nanos, format };
}

/** The next multiple of 10^`scale` away from zero, and whether the amount was one already. */
export function roundUpQuantity(
  { nanos, format }: Quantity,
  scale: number,
): { readonly quantity: Quantity; readonly exact: boolean } {
  if (scale <= NANO) return { quantity: { nanos, format }, exact: true };
  const unit = 10n ** BigInt(scale - NANO);
  const rounded = dividedUp(nanos, unit) * unit;
  return { quantity: { nanos: rounded, format }, exact: rounded === nanos };
}

/** How many 10^`scale` the amount is, rounded away from zero: at scale -3 thousandths, at 0 whole units. */
export function scaledValue({ nanos }: Quantity, scale: number): bigint {
  return shifted(nanos, NANO - scale);
}

/** So many 10^`scale`, in the decimal family unless another is named. */
export function quantityOf(
  value: bigint | number,
  scale = 0,
  format: QuantityFormat = 'DecimalSI',
): Quantity {
  return { nanos: shifted(BigInt(value), scale - NANO), format };
}

/**
 * The text that the API stores for an amount as it was written: canonical, unless the text is one already that leaves nothing
 * to shorten (`+1`, `1e3`, `1.500`), which is kept. With `least` amounts are rounded up to 10^`least`. Undefined for a text that
 * is no quantity.
 */
export function canonicalQuantity(text: string, least = NANO): string | undefined {
  const match = GRAMMAR.exec(text);
  const quantity = parseQuantity(text);
  if (!match || !quantity) return undefined;
  const [, , whole = '', fraction = '', e, exponent, binary, decimal = ''] = match;
  if (quantity.nanos === 0n) return '0';
  const digits = (whole.replace(/^0+/, '') || '0') + fraction;
  if (binary !== undefined && fraction === '') {
    // What eight does not divide, 1024 does not either: no larger suffix would do.
    if (digits.length <= KEPT_DIGITS_MAX && Number(digits) % 8 !== 0) return text;
  } else if (binary === undefined) {
    const power = e ? Number(exponent) : (DECIMAL_SUFFIXES.indexOf(decimal) - 3) * 3;
    const scale = power - fraction.length;
    const isShort = scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
    if (isShort && scale >= least && digits.length <= KEPT_DIGITS_MAX) return text;
  }
  return formatQuantity(roundUpQuantity(quantity, least).quantity);
}
