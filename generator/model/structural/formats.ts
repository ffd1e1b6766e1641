import { isIP, isIPv4, isIPv6 } from 'node:net';

/** Whether a text is of a format. */
type FormatTest = (text: string) => boolean;

const pattern =
  (expression: RegExp): FormatTest =>
  (text) =>
    expression.test(text);

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const uuidOf = (version: number): FormatTest =>
  pattern(
    new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$`, 'i'),
  );
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DAYS = /^(\d{4})-(\d{2})-(\d{2})$/;

function isDate(text: string): boolean {
  const [, year, month, day] = DAYS.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

const TIME = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})?$/;

function isDateTime(text: string): boolean {
  const [, date = '', hour = '', minute = '', second = ''] = TIME.exec(text) ?? [];
  return isDate(date) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 61;
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = isIP(address);
  return (
    family !== 0 &&
    rest.length === 0 &&
    /^\d+$/.test(bits) &&
    Number(bits) <= (family === 4 ? 32 : 128)
  );
}

function isUri(text: string): boolean {
  return /^\//.test(text) || URL.canParse(text);
}

/** Formats of texts that are checked, without the dashes of their names. One that is not here is ignored. */
const FORMATS: Readonly<Record<string, FormatTest>> = {
  bsonobjectid: pattern(/^[0-9a-f]{24}$/i),
  byte: pattern(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  cidr: isCidr,
  creditcard: pattern(/^\d[\d -]{11,22}\d$/),
  date: isDate,
  datetime: isDateTime,
  duration: pattern(/^(-?(\d+(\.\d*)?|\.\d+)\s*[a-zµμ]+\s*)+$|^0$/i),
  email: pattern(/^[^\s@]+@[^\s@]+$/),
  hexcolor: pattern(/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i),
  hostname: pattern(
    /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.?$/i,
  ),
  ipv4: isIPv4,
  ipv6: isIPv6,
  isbn: pattern(/^(\d[- ]?){9}[\dX]$|^(\d[- ]?){13}$/),
  isbn10: pattern(/^(\d[- ]?){9}[\dX]$/),
  isbn13: pattern(/^(\d[- ]?){13}$/),
  k8slongname: pattern(new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})*$`)),
  k8sshortname: pattern(new RegExp(`^(?=.{1,63}$)${LABEL}$`)),
  mac: pattern(/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$|^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i),
  password: () => true,
  rgbcolor: pattern(/^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$/),
  ssn: pattern(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
  uri: isUri,
  uuid: pattern(UUID),
  uuid3: uuidOf(3),
  uuid4: uuidOf(4),
  uuid5: uuidOf(5),
};

/** Formats of numbers. */
const NUMBERS: Readonly<Record<string, (value: number) => boolean>> = {
  int32: (value) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31,
  int64: (value) => Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63,
  float: (value) => Math.abs(value) <= 3.4028234663852886e38,
  double: () => true,
};

const nameOf = (format: string): string => format.replaceAll('-', '');

/** Whether anybody knows the format. */
export function isKnownFormat(format: string): boolean {
  return Object.hasOwn(FORMATS, nameOf(format)) || Object.hasOwn(NUMBERS, format);
}

/** Whether a value is of the format, as far as it is about such values. */
export function fitsFormat(format: string, value: unknown): boolean {
  if (typeof value === 'string') {
    const name = nameOf(format);
    return !Object.hasOwn(FORMATS, name) || FORMATS[name]!(value);
  }
  if (typeof value !== 'number' || !Object.hasOwn(NUMBERS, format)) return true;
  return NUMBERS[format]!(value);
}
