/** How the two layouts break text into lines: the newer counts characters, the older bytes, as upstream. */

const lengthOf = (text: string): number => [...text].length;
const bytesOf = (text: string): number => Buffer.byteLength(text);

/**
 * Breaks at blanks so that no line is longer than `limit`, a longer word excepted. Line ends and runs of blanks that the text
 * has stay.
 */
export function wrapWords(text: string, limit: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, limit))
    .join('\n');
}

function wrapLine(line: string, limit: number): string {
  let wrapped = '';
  let used = 0;
  for (const [, blanks = '', word = ''] of line.matchAll(/(\s*)(\S+)/g)) {
    const gap = lengthOf(blanks);
    const length = lengthOf(word);
    if (used + gap + Math.min(length, limit - 1) > limit) {
      wrapped += `\n${word}`;
      used = length;
    } else {
      wrapped += `${blanks}${word}`;
      used += gap + length;
    }
  }
  const trailing = /\s*$/.exec(line)![0];
  return used + lengthOf(trailing) <= limit ? wrapped + trailing : wrapped;
}

const LIST_ITEM = /^(\d+\.?|-|\*)\s/;

/**
 * Joins the lines of a text into paragraphs no wider than `limit`. Empty lines, lines of code (indented by four), list items
 * and what follows a colon at the end of a line keep their place.
 */
export function reflow(text: string, limit: number): string[] {
  const lines: string[] = [];
  let words: string[] = [];
  const flush = (): void => {
    if (words.length > 0) lines.push(words.join(' '));
    words = [];
  };
  for (const line of text.split('\n')) {
    const isEmpty = line.trim() === '';
    if (line.startsWith('    ') || (isEmpty && lines.length > 0)) {
      flush();
      lines.push(isEmpty && !line.startsWith('    ') ? '' : line);
      continue;
    }
    if (isEmpty || words.at(-1)?.endsWith(':') || LIST_ITEM.test(line.trim())) flush();
    for (const word of line.split(/\s+/).filter((each) => each !== '')) {
      if (words.length > 0 && bytesOf([...words, word].join(' ')) > limit) flush();
      words.push(word);
    }
  }
  flush();
  return lines;
}
