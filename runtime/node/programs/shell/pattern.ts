/** A character of a pattern; `literal` where it was quoted and means itself. */
export interface Char {
  readonly char: string;
  readonly literal: boolean;
}

export const hasWildcard = (chars: readonly Char[]): boolean =>
  chars.some(({ char, literal }) => !literal && '*?['.includes(char));

/** `*`, `?` and `[a-z]` as a regular expression without its ends. Bytes of a path's parts do not match across `/`. */
export function patternSource(chars: readonly Char[], any = '.'): string {
  let source = '';
  for (let at = 0; at < chars.length; at++) {
    const { char, literal } = chars[at]!;
    if (literal) source += escaped(char);
    else if (char === '*') source += `${any}*`;
    else if (char === '?') source += any;
    else if (char === '[') {
      const end = chars.findIndex((each, i) => i > at + 1 && each.char === ']' && !each.literal);
      if (end < 0) source += '\\[';
      else {
        source += setOf(
          chars
            .slice(at + 1, end)
            .map((each) => each.char)
            .join(''),
        );
        at = end;
      }
    } else source += escaped(char);
  }
  return source;
}

const CLASSES: Readonly<Record<string, string>> = {
  '[:alpha:]': 'A-Za-z',
  '[:digit:]': '0-9',
  '[:alnum:]': 'A-Za-z0-9',
  '[:space:]': '\\s',
  '[:upper:]': 'A-Z',
  '[:lower:]': 'a-z',
};

function setOf(inside: string): string {
  const negated = /^[!^]/.test(inside);
  let body = negated ? inside.slice(1) : inside;
  body = body.replace(/[\\\]^]/g, '\\$&');
  for (const [name, set] of Object.entries(CLASSES))
    body = body.replaceAll(name.replace(/\]/g, '\\]'), set);
  return `[${negated ? '^' : ''}${body}]`;
}

const escaped = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

export function matchesPattern(chars: readonly Char[], text: string): boolean {
  return new RegExp(`^${patternSource(chars)}$`, 's').test(text);
}
