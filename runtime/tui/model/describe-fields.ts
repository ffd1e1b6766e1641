import { parseTime } from '../../meta/index.ts';
import { selectorText } from './drill.ts';
import { type Line, padCut, span, widthOf, wrapped } from './text.ts';
import { longTime } from './text-time.ts';

/** A field of a description: what it is called, what stands beside it, and what stands below it. */
export interface Field {
  readonly label: string;
  readonly values: readonly string[];
  readonly below: readonly Field[];
}

/** Fields whose keys are data and not names of fields: they are shown as written. */
const MAPS = new Set(
  (
    'labels annotations data stringData binaryData requests limits capacity allocatable ' +
    'allocatedResources hard used nodeSelector matchLabels overhead parameters'
  ).split(' '),
);
/** Selectors read as one line, `a=b,c in (d)`; labels as a line each. */
const SELECTORS = /^(s|.*S)elector$/;
const PAIRS = new Set(['labels', 'annotations', 'matchLabels']);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export function leaf(label: string, ...values: readonly string[]): Field {
  return { label, values, below: [] };
}

/** The fields of an object, in its order; what is empty is left out. */
export function fieldsOf(object: object): readonly Field[] {
  return Object.entries(object).flatMap(([name, value]) => fieldOf(name, value) ?? []);
}

/** A field by its name in the API: `containerID` is labelled `Container ID`. */
export function fieldOf(name: string, value: unknown): Field | undefined {
  const label = labelOf(name);
  if (value === null || value === undefined || value === '' || SAID_TWICE.has(name))
    return undefined;
  if (typeof value !== 'object') return leaf(label, ...scalar(value).split('\n'));
  if (Array.isArray(value)) return value.length === 0 ? undefined : listField(label, value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
  if (entries.length === 0) return undefined;
  if (SELECTORS.test(name) && !entries.some(([key]) => key === 'nodeSelectorTerms'))
    return leaf(label, selectorText(value) ?? '');
  if (PAIRS.has(name)) return leaf(label, ...entries.map(([key, each]) => `${key}=${each}`));
  if (MAPS.has(name)) return { label, values: [], below: entries.map(mapEntry) };
  if (name === 'template') return templateField(value);
  return structField(label, entries);
}

/** A template of pods: its labels and its spec side by side, as those of a pod are. */
function templateField({ metadata = {}, spec = {} }: { metadata?: object; spec?: object }): Field {
  return { label: 'Pod Template', values: [], below: fieldsOf({ ...metadata, ...spec }) };
}

/** Names that kubectl shortens. */
const CALLED: Readonly<Record<string, string>> = {
  phase: 'Status',
  nodeName: 'Node',
  serviceAccountName: 'Service Account',
  podIP: 'IP',
  podIPs: 'IPs',
};
/** Names for what is said by another field already. */
const SAID_TWICE = new Set(['serviceAccount', 'hostIPs']);
const WORDS: Readonly<Record<string, string>> = {
  Dns: 'DNS',
  Os: 'OS',
  Qos: 'QoS',
  Tcp: 'TCP',
  Http: 'HTTP',
  Ip: 'IP',
};

/** `restartPolicy` as kubectl would head it: `Restart Policy`. */
export function labelOf(name: string): string {
  const words = name.match(/[A-Z]{2,}s?(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]/g) ?? [name];
  const capitals = words.map((word) => word[0]!.toUpperCase() + word.slice(1));
  return CALLED[name] ?? capitals.map((word) => WORDS[word] ?? word).join(' ');
}

function mapEntry([key, value]: readonly [string, unknown]): Field {
  return leaf(key, ...(isScalar(value) ? scalar(value) : JSON.stringify(value)).split('\n'));
}

/** A structure with one structure in it is a choice (a container's state, a probe's way): the choice stands beside the label. */
function structField(label: string, entries: readonly (readonly [string, unknown])[]): Field {
  const [only] = entries;
  if (
    only &&
    entries.length === 1 &&
    isObject(only[1]) &&
    !MAPS.has(only[0]) &&
    !PAIRS.has(only[0])
  )
    return { label, values: [labelOf(only[0])], below: fieldsOf(only[1]) };
  return {
    label,
    values: [],
    below: entries.flatMap(([name, value]) => fieldOf(name, value) ?? []),
  };
}

function listField(label: string, items: readonly unknown[]): Field {
  if (items.every(isScalar))
    return leaf(label, ...items.flatMap((each) => scalar(each).split('\n')));
  if (items.every(isNamed)) return { label, values: [], below: items.map(namedItem) };
  if (items.every(isFlat)) return leaf(label, ...items.map(flatText));
  const below = items.map(
    (item, at): Field => ({
      label: String(at + 1),
      values: [],
      below: isObject(item) ? fieldsOf(item) : [leaf('Value', JSON.stringify(item))],
    }),
  );
  return { label, values: [], below };
}

/** `- name: x, value: y` reads as `x: y`, any other named item as a block called by its name. */
function namedItem(item: { readonly name: string }): Field {
  const { name, ...rest } = item;
  const [only, ...others] = Object.entries(rest);
  if (!only) return leaf(name, '');
  if (others.length === 0 && isScalar(only[1])) return leaf(name, ...scalar(only[1]).split('\n'));
  if (others.length === 0 && isEmpty(only[1])) return leaf(name, labelOf(only[0]));
  return structField(name, Object.entries(rest));
}

/** `10.0.0.1` of `{ip}`, `Hostname: n1` of `{type, address}`, `key=a, operator=Exists` of anything else. */
function flatText(item: object): string {
  const entries = Object.entries(item);
  const [first, second] = entries;
  if (entries.length === 1) return scalar(first![1]);
  if (entries.length === 2 && first![0] === 'type') return `${first![1]}: ${scalar(second![1])}`;
  return entries.map(([name, value]) => `${name}=${scalar(value)}`).join(', ');
}

function scalar(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const text = String(value);
  return TIME.test(text) ? longTime(parseTime(text)) : text;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function isNamed(value: unknown): value is { readonly name: string } {
  return isObject(value) && 'name' in value && typeof value.name === 'string';
}

function isFlat(value: unknown): value is object {
  return isObject(value) && Object.values(value).every(isScalar);
}

/** Values stand to the right of labels up to this long; a longer label moves its own value. */
const LABEL_CELLS = 24;

/** Fields as lines: labels of one level line up, values stand below each other and are wrapped, what is below is indented. */
export function fieldLines(fields: readonly Field[], columns: number, indent = 0): readonly Line[] {
  const labelled = fields.filter(({ values }) => values.length > 0);
  const longest = Math.max(0, ...labelled.map(({ label }) => widthOf(label)));
  const width = Math.min(LABEL_CELLS, longest);
  const start = indent + width + 3;
  const room = Math.max(24, columns - start);
  return fields.flatMap(({ label, values, below }): readonly Line[] => {
    const head = span(`${' '.repeat(indent)}${label}:`, 'key');
    const gap = ' '.repeat(Math.max(0, width - widthOf(label)) + 2);
    const [first, ...others] = values.flatMap((value) => wrapped(value, room));
    return [
      first ? [head, span(gap + first)] : [head],
      ...others.map((value): Line => [span(' '.repeat(start) + value)]),
      ...fieldLines(below, columns, indent + 2),
    ];
  });
}

/** A table inside a description, with kubectl's rule under the heads; what is too long in the last column goes on below it. */
export function ruledTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): readonly (readonly string[])[] {
  const widths = heads.map((head, at) =>
    Math.max(widthOf(head), ...rows.map((row) => widthOf(row[at] ?? ''))),
  );
  const start = INDENT + widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(24, columns - start);
  return [heads, heads.map((head) => '-'.repeat(head.length)), ...rows].map((cells) => {
    const first = cells.slice(0, -1).map((cell, at) => `${padCut(cell, widths[at] ?? 0)}  `);
    return wrapped(cells.at(-1) ?? '', room, 0).map((text, at) => {
      const before = at === 0 ? ' '.repeat(INDENT) + first.join('') : ' '.repeat(start);
      return (before + text).trimEnd();
    });
  });
}

const INDENT = 2;
