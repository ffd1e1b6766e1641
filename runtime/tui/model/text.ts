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
  | 'selected';

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of the screen, left to right. */
export type Line = readonly Span[];

export function span(text: string, tone: Tone = 'normal'): Span {
  return { text, tone };
}

/** Cells that `text` takes in a terminal. */
export function widthOf(text: string): number {
  return isPlain(text) ? text.length : stringWidth(text);
}

/** `text` in exactly `width` cells: padded with spaces, or cut with an ellipsis. */
export function padCut(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  if (width <= 0) return '';
  const own = widthOf(text);
  if (own > width) return cut(text, width);
  const padding = ' '.repeat(width - own);
  return align === 'left' ? text + padding : padding + text;
}

/** A line cut or padded to exactly `width` cells; the padding takes the last tone. */
export function fitLine(line: Line, width: number): Line {
  const fitted: Span[] = [];
  let left = width;
  for (const { text, tone } of line) {
    if (left <= 0) break;
    const own = widthOf(text);
    fitted.push({ text: own > left ? cut(text, left) : text, tone });
    left -= own;
  }
  if (left > 0) fitted.push({ text: ' '.repeat(left), tone: fitted.at(-1)?.tone ?? 'normal' });
  return fitted;
}

/** The line without its tones. */
export function plain(line: Line): string {
  return line.map(({ text }) => text).join('');
}

function cut(text: string, width: number): string {
  if (width === 1) return isPlain(text) ? text.slice(0, 1) : '…';
  let kept = '';
  let used = 0;
  for (const character of text) {
    const cells = widthOf(character);
    if (used + cells > width - 1) break;
    kept += character;
    used += cells;
  }
  return `${kept}…${' '.repeat(width - 1 - used)}`;
}

/** Only printable ASCII, where one character is one cell. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}
