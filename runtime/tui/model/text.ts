import stringWidth from 'string-width';

/** What a piece of text means; the theme turns it into colours, or into none. */
export type Tone =
  | 'normal'
  | 'dim'
  | 'title'
  | 'key'
  | 'ok'
  | 'pending'
  | 'error'
  | 'info'
  | 'selected'
  /** What a row is about has just come, has just changed, is on its way out, begins, or is through. */
  | 'added'
  | 'modified'
  | 'deleted'
  | 'highlight'
  | 'completed';

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of the screen, left to right. */
export type Line = readonly Span[];

export function span(text: string, tone: Tone = 'normal'): Span {
  return { text, tone };
}

/** The line without its tones. */
export function plain(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** Text of objects without what would move a terminal's cursor: each control character becomes a space. */
export function printable(text: string): string {
  return isAscii(text)
    ? text
    : text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e]/gu, ' ');
}

/** What moves a terminal's cursor or colours it. */
const SEQUENCES = /\u001b(\[[0-9;?]*[ -/]*[@-~]|\][^\u0007]*\u0007|.)/g;

/** What programs wrote for a terminal, without colours and movements: nothing of them is shown. */
export function withoutSequences(text: string): string {
  return text.includes('\u001b') ? text.replace(SEQUENCES, '') : text;
}

/** Cells that printable `text` takes in a terminal. */
export function widthOf(text: string): number {
  return isSimple(text) ? text.length : stringWidth(text);
}

/** `text` in exactly `width` cells: padded with spaces, or cut with an ellipsis. */
export function padCut(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  if (width <= 0) return '';
  const shown = printable(text);
  const own = widthOf(shown);
  if (own > width) return cut(shown, width);
  const padding = ' '.repeat(width - own);
  return align === 'left' ? shown + padding : padding + shown;
}

/** `text` in at most `width` cells, without its beginning when it is longer. */
export function keepEnd(text: string, width: number): string {
  const shown = printable(text);
  const own = widthOf(shown);
  return own <= width ? shown : `…${tail(shown, own - Math.max(0, width - 1))}`;
}

/** Cells in which names differ that were made of one name. */
const ENDING = 5;

/** `text` in at most `width` cells, without its middle when it is longer. */
export function keepBoth(text: string, width: number): string {
  const shown = printable(text);
  const own = widthOf(shown);
  if (own <= width) return shown;
  const room = Math.max(0, width - 1);
  const end = Math.min(Math.floor(room / 2), Math.max(ENDING, Math.floor(room / 3)));
  return `${head(shown, room - end)}…${tail(shown, own - end)}`;
}

/** A line cut or padded to exactly `width` cells. */
export function fitLine(line: Line, width: number): Line {
  const fitted: Span[] = [];
  let left = Math.max(0, width);
  for (const { text, tone } of line) {
    if (left === 0) break;
    const shown = printable(text);
    const own = widthOf(shown);
    fitted.push({ text: own > left ? cut(shown, left) : shown, tone });
    left -= Math.min(own, left);
  }
  if (left > 0) fitted.push(span(' '.repeat(left)));
  return fitted;
}

/** What is left of a line without its first `cells`; a wide character cut in half leaves a space. */
export function dropCells(line: Line, cells: number): Line {
  let toDrop = cells;
  const kept: Span[] = [];
  for (const { text, tone } of line) {
    const shown = printable(text);
    const own = widthOf(shown);
    if (own <= toDrop) {
      toDrop -= own;
      continue;
    }
    kept.push({ text: toDrop === 0 ? shown : tail(shown, toDrop), tone });
    toDrop = 0;
  }
  return kept;
}

/** A text in lines of at most `width` cells, broken at spaces; the lines that go on are indented by as much as the first and `hanging` more. */
export function wrapped(text: string, width: number, hanging = 2): readonly string[] {
  const lines: string[] = [];
  const indent = /^\s*/.exec(text)![0] + ' '.repeat(hanging);
  let rest = text;
  while (widthOf(rest) > width && widthOf(indent) + 8 < width) {
    const fits = head(rest, width + 1);
    const space = fits.lastIndexOf(' ');
    const at = space > indent.length ? space : head(rest, width).trimEnd().length;
    lines.push(rest.slice(0, at));
    rest = indent + rest.slice(at).trimStart();
  }
  return [...lines, rest];
}

/** `line` with `over` laid on it from cell `left` on. Both keep their widths. */
export function overlay(line: Line, over: Line, left: number, width: number): Line {
  const before = takeCells(line, left);
  return [...before, ...over, ...dropCells(line, left + width)];
}

/** The first `cells` of a line, without an ellipsis. */
function takeCells(line: Line, cells: number): Line {
  let left = cells;
  const taken: Span[] = [];
  for (const { text, tone } of line) {
    if (left === 0) break;
    const kept = head(printable(text), left);
    taken.push({ text: kept, tone });
    left -= widthOf(kept);
  }
  return left > 0 ? [...taken, span(' '.repeat(left))] : taken;
}

function head(text: string, cells: number): string {
  if (widthOf(text) <= cells) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) > cells) break;
    kept += character;
  }
  return kept + ' '.repeat(cells - widthOf(kept));
}

function tail(text: string, cells: number): string {
  const whole = widthOf(text);
  const characters = [...text];
  for (let at = 1; at <= characters.length; at++) {
    const rest = characters.slice(at).join('');
    const left = whole - cells - widthOf(rest);
    if (left >= 0) return ' '.repeat(left) + rest;
  }
  return '';
}

function cut(text: string, width: number): string {
  const kept = head(text, width - 1).trimEnd();
  return `${kept}…${' '.repeat(width - 1 - widthOf(kept))}`;
}

/** Only printable ASCII, where one character is one cell. */
function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

/**
 * Only characters that are one cell each, whatever stands beside them: ASCII, and what we draw with (box drawing, bars,
 * shapes, arrows, ellipsis). Measuring anything else takes a hundred times as long.
 */
function isSimple(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isOneCell =
      (code >= 0x20 && code <= 0x7e) ||
      (code >= 0x2500 && code <= 0x25fc) ||
      (code >= 0x2190 && code <= 0x21ff) ||
      code === 0x2026;
    if (!isOneCell) return false;
  }
  return true;
}

const ASCII_FOR: Readonly<Record<string, string>> = {
  '…': '~',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '✗': 'x',
  Δ: '*',
  '✓': '+',
  '·': '.',
  '–': '-',
  '—': '-',
  '›': '>',
  '❯': '>',
  '≤': '<',
};

/** The line in ASCII, cell for cell. */
export function asciiLine(line: Line): Line {
  return line.map(({ text, tone }) =>
    isAscii(text) ? { text, tone } : { text: ascii(text), tone },
  );
}

function ascii(text: string): string {
  const whole = widthOf(text);
  const replaced = [...text]
    .map((each) => (isAscii(each) ? each : (ASCII_FOR[each] ?? '?'.repeat(stringWidth(each)))))
    .join('');
  return replaced.slice(0, whole).padEnd(whole);
}
