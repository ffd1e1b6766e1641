import { isIP, isIPv4 } from 'node:net';
import type { Format } from './schema.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;

/** Says what is wrong with a value of the format, in Kubernetes' words; undefined when nothing is. */
export type FormatCheck = (value: string | number) => string | undefined;

function matching(source: string, maxLength: number, complaint: string): FormatCheck {
  const pattern = new RegExp(`^${source}$`);
  return (value) => {
    const text = String(value);
    if (text.length > maxLength) return `must be no more than ${maxLength} bytes`;
    return pattern.test(text) ? undefined : complaint;
  };
}

const dnsLabelOnly = matching(
  LABEL,
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an " +
    `alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
);

const dnsSubdomain = matching(
  SUBDOMAIN,
  253,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end " +
    `with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`,
);

const dnsLabel: FormatCheck = (value) => {
  const wrong = dnsLabelOnly(value);
  return wrong && String(value).includes('.') && !dnsSubdomain(value)
    ? 'must not contain dots'
    : wrong;
};

const dns1035 = matching(
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  63,
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end " +
    "with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
);

const namePart = matching(
  QUALIFIED,
  63,
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
    `(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}')`,
);

/** `prefix/name`, where the prefix is a DNS subdomain and may be absent: keys of labels and annotations. */
const labelKey: FormatCheck = (value) => {
  const parts = String(value).split('/');
  if (parts.length > 2)
    return `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  const [prefix, name] = parts.length === 2 ? parts : [undefined, parts[0]];
  if (prefix === '') return 'prefix part must be non-empty';
  const wrongPrefix = prefix === undefined ? undefined : dnsSubdomain(prefix);
  if (wrongPrefix) return `prefix part ${wrongPrefix}`;
  return name === '' ? 'name part must be non-empty' : namePart(name!);
};

const STANDARD_RESOURCE =
  /^(cpu|memory|ephemeral-storage|storage|pods|(hugepages|attachable-volumes)-.+)$/;

const resourceName: FormatCheck = (value) => {
  const wrong = labelKey(value);
  if (wrong || String(value).includes('/') || STANDARD_RESOURCE.test(String(value))) return wrong;
  return 'must be a standard resource type or fully qualified';
};

const configKeyCharacters = matching(
  '[-._a-zA-Z0-9]+',
  253,
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
    "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
);

/** A key that becomes a file's name: nothing that leads out of a folder. */
const configKey: FormatCheck = (value) => {
  if (value === '.' || value === '..') return `must not be '${value}'`;
  return String(value).startsWith('..') ? "must not start with '..'" : configKeyCharacters(value);
};

const labelValue = matching(
  LABEL_VALUE,
  63,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
    `with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${LABEL_VALUE}')`,
);

/** Any text that can stand between two slashes of a URL's path: names of roles and bindings. */
const pathSegment: FormatCheck = (value) => {
  const text = String(value);
  if (text === '.' || text === '..') return `may not be '${text}'`;
  const wrong = ['/', '%'].filter((character) => text.includes(character));
  return wrong.length > 0
    ? wrong.map((character) => `may not contain '${character}'`).join(', ')
    : undefined;
};

const portName: FormatCheck = (value) => {
  const text = String(value);
  if (text.length > 15) return 'must be no more than 15 bytes';
  if (!/^[-a-z0-9]+$/.test(text))
    return 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)';
  if (!/[a-z]/.test(text)) return 'must contain at least one letter (a-z)';
  if (text.includes('--')) return 'must not contain consecutive hyphens';
  return text.startsWith('-') || text.endsWith('-')
    ? 'must not begin or end with a hyphen'
    : undefined;
};

const QUANTITY = /^[+-]?(\d+(\.\d*)?|\.\d+)(([KMGTPE]i|[numkMGTPE]?)|[eE][+-]?\d+)$/;
const BASE64 = /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const TIME =
  /^(\d{4})-(0[1-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const isIp = (text: string): boolean => isIP(text) !== 0 && !text.includes('%');

/** Times found right lately: objects of one moment, and of one life, repeat theirs. */
const times = new Set<string>();
const TIMES_MAX = 256;

function isTime(text: string): boolean {
  if (times.has(text)) return true;
  if (!isTimeText(text)) return false;
  if (times.size >= TIMES_MAX) times.clear();
  times.add(text);
  return true;
}

function isTimeText(text: string): boolean {
  const [, year, month, day] = TIME.exec(text) ?? [];
  return day !== undefined && day !== '00' && Number(day) <= daysIn(Number(year), Number(month));
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', more] = text.split('/');
  const bitsMax = isIPv4(address) ? 32 : 128;
  return more === undefined && isIp(address) && /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax;
}

function integerWithin(low: number, high: number): FormatCheck {
  return (value) =>
    Number.isInteger(value) && (value as number) >= low && (value as number) <= high
      ? undefined
      : `must be an integer from ${low} to ${high}`;
}

const when =
  (holds: (text: string) => boolean, complaint: string): FormatCheck =>
  (value) =>
    holds(String(value)) ? undefined : complaint;

const anything: FormatCheck = () => undefined;

/** Formats that are part of reading a value: one that does not fit cannot be decoded at all. */
export const DECODED_FORMATS: ReadonlySet<Format> = new Set([
  'int32',
  'int64',
  'double',
  'byte',
  'date-time',
  'micro-time',
  'quantity',
  'duration',
]);

/** Every format that a schema may name. */
export const FORMAT_CHECKS: Readonly<Record<Format, FormatCheck>> = {
  int32: integerWithin(-(2 ** 31), 2 ** 31 - 1),
  int64: integerWithin(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  double: anything,
  byte: when((text) => BASE64.test(text), 'must be base64 encoded'),
  'date-time': when(isTime, 'must be a time in RFC 3339, such as 2026-01-31T15:04:05Z'),
  'micro-time': when(
    (text) => isTime(text) && /\.\d{6}[^\d]/.test(text),
    'must be a time in RFC 3339 with six decimals, such as 2026-01-31T15:04:05.000000Z',
  ),
  quantity: when(
    (text) => QUANTITY.test(text),
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ),
  duration: when(
    (text) => /^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text),
    'must be a span of time such as 90s, 10m or 1h30m',
  ),
  'dns-label': dnsLabel,
  'dns-subdomain': dnsSubdomain,
  'dns-1035-label': dns1035,
  'label-key': labelKey,
  'label-value': labelValue,
  'label-selector-operator': anything,
  'port-name': portName,
  'env-name': when(
    (text) => /^[\x20-\x3c\x3e-\x7e]+$/.test(text),
    "a valid environment variable name must consist only of printable ASCII characters other than '='",
  ),
  'config-key': configKey,
  ip: when(isIp, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
  cidr: when(isCidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'),
  'absolute-path': when((text) => text.startsWith('/'), 'must be an absolute path'),
  uuid: when((text) => /^[0-9a-f-]{36}$/i.test(text), 'must be a UUID'),
  'resource-name': resourceName,
  'path-segment': pathSegment,
};
