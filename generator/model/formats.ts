import { isIP, isIPv4 } from 'node:net';
import type { Format } from './schema.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;
const SUBDOMAIN_ONLY = new RegExp(`^${SUBDOMAIN}$`);

/** Says what is wrong with a value of the format first, in Kubernetes' words; undefined when nothing is. */
export type FormatCheck = (value: string | number) => string | undefined;

/** All that is wrong with a value of the format. */
type Complaints = (value: string | number) => readonly string[];

const NONE: readonly string[] = [];

function matching(
  source: string,
  maxLength: number,
  complaint: string,
  unit = 'characters',
): Complaints {
  const pattern = new RegExp(`^${source}$`);
  return (value) => {
    const text = String(value);
    const fits = text.length <= maxLength;
    if (fits && pattern.test(text)) return NONE;
    return [
      ...(fits ? [] : [`must be no more than ${maxLength} ${unit}`]),
      ...(pattern.test(text) ? [] : [complaint]),
    ];
  };
}

const dnsLabelOnly = matching(
  LABEL,
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an " +
    `alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
);

const NO_SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end " +
  `with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;
const dnsSubdomain = matching(SUBDOMAIN, 253, NO_SUBDOMAIN);
const dnsPrefix = matching(SUBDOMAIN, 253, NO_SUBDOMAIN, 'bytes');

const dnsLabel: Complaints = (value) => {
  const wrong = dnsLabelOnly(value);
  const isDotted =
    wrong.length > 0 && String(value).includes('.') && SUBDOMAIN_ONLY.test(`${value}`);
  return isDotted ? [...wrong.slice(0, -1), 'must not contain dots'] : wrong;
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
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
    `(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}')`,
  'bytes',
);

const EMPTY = 'must be non-empty';

/** `prefix/name`, where the prefix is a DNS subdomain and may be absent: keys of labels and annotations. */
const labelKey: Complaints = (value) => {
  const parts = String(value).split('/');
  if (parts.length > 2)
    return [
      `a valid label key ${namePart('')[0]} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const [prefix, name] = parts.length === 2 ? parts : [undefined, parts[0]!];
  const wrongPrefix = prefix === undefined ? NONE : prefix === '' ? [EMPTY] : dnsPrefix(prefix);
  const wrongName = name === '' ? [EMPTY, ...namePart('')] : namePart(name!);
  if (wrongPrefix.length + wrongName.length === 0) return NONE;
  return [
    ...wrongPrefix.map((each) => `prefix part ${each}`),
    ...wrongName.map((each) => `name part ${each}`),
  ];
};

const STANDARD_RESOURCE =
  /^(cpu|memory|ephemeral-storage|storage|pods|(hugepages|attachable-volumes)-.+)$/;

const resourceName: Complaints = (value) => {
  const wrong = labelKey(value);
  const isKnown = String(value).includes('/') || STANDARD_RESOURCE.test(String(value));
  return wrong.length > 0 || isKnown
    ? wrong
    : ['must be a standard resource type or fully qualified'];
};

const configKeyCharacters = matching(
  '[-._a-zA-Z0-9]+',
  253,
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
    "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
);

/** A key that becomes a file's name: nothing that leads out of a folder. */
const configKey: Complaints = (value) => {
  const wrong = configKeyCharacters(value);
  if (value === '.' || value === '..') return [...wrong, `must not be '${value}'`];
  return String(value).startsWith('..') ? [...wrong, "must not start with '..'"] : wrong;
};

const labelValue = matching(
  LABEL_VALUE,
  63,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
    `with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${LABEL_VALUE}')`,
  'bytes',
);

/** Any text that can stand between two slashes of a URL's path: names of roles and bindings. */
const pathSegment: Complaints = (value) => {
  const text = String(value);
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%']
    .filter((character) => text.includes(character))
    .map((character) => `may not contain '${character}'`);
};

const portName: Complaints = (value) => {
  const text = String(value);
  const complaints: readonly (readonly [isWrong: boolean, complaint: string])[] = [
    [text.length > 15, 'must be no more than 15 characters'],
    [
      !/^[-a-z0-9]+$/.test(text),
      'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
    [!/[a-z]/.test(text), 'must contain at least one letter (a-z)'],
    [text.includes('--'), 'must not contain consecutive hyphens'],
    [/^-|-$/.test(text), 'must not begin or end with a hyphen'],
  ];
  return complaints.filter(([isWrong]) => isWrong).map(([, complaint]) => complaint);
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

function integerWithin(low: number, high: number): Complaints {
  return (value) =>
    Number.isInteger(value) && (value as number) >= low && (value as number) <= high
      ? NONE
      : [`must be an integer from ${low} to ${high}`];
}

const when =
  (holds: (text: string) => boolean, complaint: string): Complaints =>
  (value) =>
    holds(String(value)) ? NONE : [complaint];

const anything: Complaints = () => NONE;

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

/** Every format that a schema may name, and all that is wrong with a value of it. */
export const FORMAT_COMPLAINTS: Readonly<Record<Format, Complaints>> = {
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

/** The same, where the first complaint is enough. */
export const FORMAT_CHECKS = Object.fromEntries(
  Object.entries(FORMAT_COMPLAINTS).map(([format, complaints]) => [
    format,
    (value: string | number) => complaints(value)[0],
  ]),
) as unknown as Readonly<Record<Format, FormatCheck>>;
