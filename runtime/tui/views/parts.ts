import { type Line, type Span, widthOf } from '../model/text.ts';

/** A piece of a line that goes when there is too little room: those with the highest number first; 0 stays. */
export interface Part {
  readonly spans: readonly Span[];
  readonly expendable: number;
}

export function part(expendable: number, ...spans: readonly Span[]): Part {
  return { spans, expendable };
}

/** The parts side by side, without those that the width has no room for. */
export function joinParts(parts: readonly Part[], width: number): Line {
  let kept = parts;
  while (cellsOf(kept) > width) {
    const most = Math.max(...kept.map(({ expendable }) => expendable));
    if (most <= 0) break;
    const at = kept.findLastIndex(({ expendable }) => expendable === most);
    kept = kept.filter((_, each) => each !== at);
  }
  return kept.flatMap(({ spans }) => spans);
}

function cellsOf(parts: readonly Part[]): number {
  return parts.reduce(
    (sum, { spans }) => sum + spans.reduce((cells, { text }) => cells + widthOf(text), 0),
    0,
  );
}
