import type { SourceRange } from './contract.ts';

/** Where brackets are nested deepest in a text, whether they are code or part of a string: for words, not for decisions. */
export function deepestNesting(file: string, text: string): { depth: number; range: SourceRange } {
  let depth = 0;
  let deepest = 0;
  let at = 0;
  for (const { 0: bracket, index } of text.matchAll(/[()[\]{}]/g)) {
    depth = Math.max(0, depth + ('([{'.includes(bracket) ? 1 : -1));
    if (depth <= deepest) continue;
    deepest = depth;
    at = index;
  }
  const before = text.slice(0, at).split('\n');
  const line = before.length;
  const column = before.at(-1)!.length + 1;
  return { depth: deepest, range: { file, line, column, endLine: line, endColumn: column + 1 } };
}
