import type { Schema } from './schema.ts';

/** Scalars that OpenAPI has a definition of its own for, because no one JSON type covers them. */
const SCALARS: Readonly<Record<string, string>> = {
  IntOrString: 'Either a whole number or a text, for instance a percentage or the name of a port.',
  Quantity:
    'An amount with an optional suffix: decimal ones such as m, k, M or G, or binary ones such as Ki, Mi or Gi; or with a ' +
    'decimal exponent, as in 1e3.',
};

/** `Quantity` or `IntOrString`, where the schema is one. */
export function scalarName({ type, format }: Schema): string | undefined {
  if (type === 'intOrString') return 'IntOrString';
  return format === 'quantity' ? 'Quantity' : undefined;
}

/** What explain and OpenAPI documents say of such a scalar. */
export const scalarText = (name: string): string | undefined => SCALARS[name];
