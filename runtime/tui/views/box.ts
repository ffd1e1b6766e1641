import { fitLine, type Line, padCut, type Span, span, widthOf } from '../model/text.ts';
import type { Glyphs } from '../theme.ts';

export interface BoxContent {
  readonly title: readonly Span[];
  readonly lines: readonly Line[];
  /** Stands in the upper border to the right, where there is room. */
  readonly aside?: Span;
  /** Stands in the lower border: what the chosen row says in full, or how far a text is scrolled. */
  readonly below?: Span;
  /** Stands in the lower border to the right, where there is room. */
  readonly belowAside?: Span;
}

/** A frame around `rows` lines, exactly `columns` wide. */
export function box(content: BoxContent, columns: number, rows: number, glyphs: Glyphs): Line[] {
  const { horizontal, vertical, corners } = glyphs;
  const [topLeft, topRight, bottomLeft, bottomRight] = corners;
  const lines: Line[] = [
    edge(topLeft, content.title, topRight, columns, horizontal, content.aside),
  ];
  for (let at = 0; at < rows; at++) {
    const line = fitLine(content.lines[at] ?? [], columns - 4);
    lines.push([span(`${vertical} `, 'dim'), ...line, span(` ${vertical}`, 'dim')]);
  }
  const { belowAside } = content;
  const room = columns - 6 - (belowAside ? widthOf(belowAside.text) + 4 : 0);
  const below = content.below ? [shortened(content.below, room)] : [];
  lines.push(edge(bottomLeft, below, bottomRight, columns, horizontal, belowAside));
  return lines;
}

function shortened({ text, tone }: Span, width: number): Span {
  return span(widthOf(text) > width ? padCut(text, width) : text, tone);
}

function edge(
  left: string,
  text: readonly Span[],
  corner: string,
  columns: number,
  horizontal: string,
  aside?: Span,
): Line {
  const cells = text.reduce((sum, each) => sum + widthOf(each.text), 0);
  const words = cells === 0 ? [] : [span(' '), ...text, span(' ')];
  const used = cells === 0 ? 0 : cells + 2;
  const room = Math.max(0, columns - 3 - used);
  const right = aside ? widthOf(aside.text) + 3 : 0;
  if (aside && right < room) {
    const line = horizontal.repeat(room - right);
    const before = [span(left + horizontal, 'dim'), ...words, span(line, 'dim')];
    const after = [span(' '), aside, span(` ${horizontal}${corner}`, 'dim')];
    return [...fitLine(before, columns - 1 - right), ...after];
  }
  const rest = horizontal.repeat(room);
  const start = fitLine([span(left + horizontal, 'dim'), ...words, span(rest, 'dim')], columns - 1);
  return [...start, span(corner, 'dim')];
}
