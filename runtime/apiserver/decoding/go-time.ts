/** Parts of Go's layout of a time: a number of digits with its name and bounds, or what stands between two numbers. */
const PARTS: readonly (readonly [name: string, width: number, max: number] | string)[] = [
  ['2006', 4, 9999],
  '-',
  ['01', 2, 12],
  '-',
  ['02', 2, 31],
  'T',
  ['15', 2, 23],
  ':',
  ['04', 2, 59],
  ':',
  ['05', 2, 59],
];
const RANGES: Readonly<Record<string, string>> = {
  '01': 'month',
  '02': 'day',
  '15': 'hour',
  '04': 'minute',
  '05': 'second',
};
const ZONE = /^(Z|[+-]\d\d:\d\d)/;

/** What Go says of a text that is no time, in the layout with or without six decimals. */
export function timeError(text: string, withMicros: boolean): string {
  const layout = `2006-01-02T15:04:05${withMicros ? '.000000' : ''}Z07:00`;
  const at = (rest: string, part: string): string =>
    `parsing time ${JSON.stringify(text)} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${part}"`;
  const outOfRange = (what: string): string =>
    `parsing time ${JSON.stringify(text)}: ${what} out of range`;
  let rest = text;
  for (const part of PARTS) {
    if (typeof part === 'string') {
      if (!rest.startsWith(part)) return at(rest, part);
      rest = rest.slice(part.length);
      continue;
    }
    const [name, width, max] = part;
    const digits = rest.slice(0, width);
    if (digits.length < width || !/^\d+$/.test(digits)) return at(rest, name);
    if (Number(digits) > max) return outOfRange(RANGES[name]!);
    rest = rest.slice(width);
  }
  const fraction = /^\.\d+/.exec(rest)?.[0] ?? '';
  if (withMicros && fraction.length < 7) return at(rest, '.000000');
  rest = rest.slice(fraction.length);
  const zone = ZONE.exec(rest)?.[0];
  if (!zone) return at(rest, 'Z07:00');
  rest = rest.slice(zone.length);
  if (rest === '') return outOfRange('day');
  return `parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`;
}
