import { DECODED_FORMATS, FORMAT_COMPLAINTS } from './formats.ts';
import { type FieldProblem, invalid, notSupported, required } from './problem.ts';
import type { Schema } from './schema.ts';

/** Problems are named from the value on: their field is empty. */
type Check = (value: unknown, problems: FieldProblem[]) => void;

/** The checks of a string or number; of an intOrString the limits are the number's, format and pattern the text's. */
export function scalarChecks(schema: Schema): Check[] {
  const { minimum, maximum, minLength, maxLength, pattern } = schema;
  const checks: Check[] = [];
  if (schema.enum) checks.push(enumCheck(schema.enum, schema.format === 'label-selector-operator'));
  const format = formatCheck(schema);
  if (format) checks.push(format);
  if (minimum !== undefined || maximum !== undefined) checks.push(rangeCheck(minimum, maximum));
  if (minLength || maxLength !== undefined) checks.push(lengthCheck(minLength ?? 0, maxLength));
  if (pattern) checks.push(patternCheck(pattern));
  return checks;
}

function enumCheck(allowed: readonly string[], isOperator: boolean): Check {
  return (value, problems) => {
    if (allowed.includes(value as string)) return;
    problems.push(
      isOperator
        ? invalid('', value, 'not a valid selector operator')
        : notSupported('', value, allowed),
    );
  };
}

/** Formats that decoding checks are not checked again; an empty text is left to `required`. */
function formatCheck({ type, format }: Schema): Check | undefined {
  if (!format || DECODED_FORMATS.has(format)) return undefined;
  const complaints = FORMAT_COMPLAINTS[format];
  return (value, problems) => {
    if (value === '' || (type === 'intOrString' && typeof value === 'number')) return;
    for (const wrong of complaints(value as string)) problems.push(invalid('', value, wrong));
  };
}

function rangeCheck(minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY): Check {
  const complaint =
    Number.isFinite(minimum) && Number.isFinite(maximum)
      ? `must be between ${minimum} and ${maximum}, inclusive`
      : minimum === 1
        ? 'must be greater than 0'
        : Number.isFinite(minimum)
          ? `must be greater than or equal to ${minimum}`
          : `must be less than or equal to ${maximum}`;
  return (value, problems) => {
    if (typeof value === 'number' && (value < minimum || value > maximum))
      problems.push(invalid('', value, complaint));
  };
}

function lengthCheck(least: number, most = Number.POSITIVE_INFINITY): Check {
  return (value, problems) => {
    const { length } = value as string;
    if (length < least) problems.push(required(''));
    if (length > most)
      problems.push({
        field: '',
        reason: 'FieldValueTooLong',
        message: `Too long: may not be more than ${most} bytes`,
      });
  };
}

function patternCheck(pattern: string): Check {
  const text = new RegExp(pattern);
  return (value, problems) => {
    if (typeof value === 'string' && !text.test(value))
      problems.push(invalid('', value, `must match the regular expression '${pattern}'`));
  };
}
