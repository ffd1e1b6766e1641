/**
 * Types of single values, strict enough that a malformed text is a compile error, and what makes such texts of numbers.
 */
type DecimalSuffix = 'n' | 'u' | 'm' | 'k' | 'M' | 'G' | 'T' | 'P' | 'E';
type BinarySuffix = 'Ki' | 'Mi' | 'Gi' | 'Ti' | 'Pi' | 'Ei';

/** The suffixes of quantities: thousands as `k`, `M`, …, 1,024s as `Ki`, `Mi`, …, and parts down to `n`. */
export type QuantitySuffix = DecimalSuffix | BinarySuffix;

// `${bigint}` and not `${number}`: that would take `1.5 `, with the space. It refuses a leading zero, hence the fractions.
type Digits = `${bigint}`;
type Fraction = Digits | `0${Digits}` | `00${Digits}`;
type Decimal = Digits | `${Digits}.${Fraction}` | `.${Fraction}`;

/** An amount as Kubernetes writes it: `500m`, `1.5Gi`, `2`, `1e3`. Plain numbers are taken too. */
export type Quantity =
  | number
  | Decimal
  | `${Decimal}${QuantitySuffix}`
  | `${Decimal}${'e' | 'E'}${Digits}`;

/** A computed amount: `quantity(2 * heap, 'Mi')`. Throws where a number has no decimal form (NaN, infinite). */
export function quantity(amount: number, suffix: QuantitySuffix | '' = ''): Quantity {
  const text = Number.isFinite(amount) ? plainDecimal(amount) : undefined;
  if (text === undefined) throw new RangeError(`${amount} is no amount`);
  return `${text}${suffix}` as Quantity;
}

/** Without an exponent, which no suffix may follow; to the ninth place, finer than which no quantity is. */
function plainDecimal(amount: number): string {
  const text = String(amount);
  if (!text.includes('e')) return text;
  return Math.abs(amount) < 1 ? amount.toFixed(9).replace(/\.?0+$/, '') : BigInt(amount).toString();
}

/** A number, or a text such as a percentage or a port's name. */
export type IntOrString = number | string;

/** A moment in RFC 3339. */
export type Time = string;

/** A span of time: `90s`, `10m`, `1h30m`. */
export type Duration =
  | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`
  | `${number}${'h' | 'm'}${number}${'m' | 's'}`;

/** An object of kind `T` inside another: what it is may be left out. */
export type Embedded<T extends { readonly apiVersion: string; readonly kind: string }> = Omit<
  T,
  'apiVersion' | 'kind'
> &
  Partial<Pick<T, 'apiVersion' | 'kind'>>;
