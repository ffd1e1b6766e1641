import type { Node, Piece, Word } from './syntax.ts';
import { SyntaxProblem } from './syntax.ts';

/** Where a parser stands in its text. */
export interface Cursor {
  readonly text: string;
  at: number;
}

const ENDS_WORD = /[\s;&|<>()]/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*|^[0-9?#@*$!-]/;
const OPERATOR = /^(?::[-=?+]|[-=?+]|%%|%|##|#|\/\/|\/)/;

/** Parses a command list that ends with `close`, which is taken too. */
export type ParseInner = (cursor: Cursor, close: string) => Node;

/** Reads the word that begins here; undefined where none does. */
export function readWord(cursor: Cursor, inner: ParseInner): Word | undefined {
  const pieces: Piece[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain, quoted: false });
    plain = '';
  };
  const startAt = cursor.at;
  for (;;) {
    const char = cursor.text[cursor.at];
    if (char === undefined || ENDS_WORD.test(char)) break;
    if (char === '\\') {
      const next = cursor.text[cursor.at + 1];
      cursor.at += 2;
      if (next === '\n' || next === undefined) continue;
      flush();
      pieces.push({ kind: 'text', text: next, quoted: true });
    } else if (char === "'") {
      flush();
      pieces.push({ kind: 'text', text: single(cursor), quoted: true });
    } else if (char === '"') {
      flush();
      cursor.at++;
      pieces.push(...readQuoted(cursor, inner, '"'));
    } else if (char === '$' || char === '`') {
      const piece = readDollar(cursor, inner, false);
      if (typeof piece === 'string') plain += piece;
      else {
        flush();
        pieces.push(piece);
      }
    } else {
      plain += char;
      cursor.at++;
    }
  }
  flush();
  return cursor.at > startAt ? pieces : undefined;
}

function single(cursor: Cursor): string {
  const end = cursor.text.indexOf("'", cursor.at + 1);
  if (end < 0) throw new SyntaxProblem('unterminated quoted string');
  const text = cursor.text.slice(cursor.at + 1, end);
  cursor.at = end + 1;
  return text;
}

/** What stands between double quotes, or in a text that is expanded like it up to its end. */
export function readQuoted(cursor: Cursor, inner: ParseInner, close: string | undefined): Piece[] {
  const pieces: Piece[] = [{ kind: 'text', text: '', quoted: true }];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain, quoted: true });
    plain = '';
  };
  for (;;) {
    const char = cursor.text[cursor.at];
    if (char === undefined) {
      if (close === undefined) break;
      throw new SyntaxProblem('unterminated quoted string');
    }
    if (char === close) {
      cursor.at++;
      break;
    }
    if (char === '\\') {
      const next = cursor.text[cursor.at + 1] ?? '';
      const escapes = '$`"\\\n'.includes(next) && (next !== '"' || close === '"');
      plain += escapes ? (next === '\n' ? '' : next) : `\\${next}`;
      cursor.at += 2;
    } else if (char === '$' || char === '`') {
      const piece = readDollar(cursor, inner, true);
      if (typeof piece === 'string') plain += piece;
      else {
        flush();
        pieces.push(piece);
      }
    } else {
      plain += char;
      cursor.at++;
    }
  }
  flush();
  return pieces;
}

/** A substitution, or the text that looks like one and is none. */
function readDollar(cursor: Cursor, inner: ParseInner, quoted: boolean): Piece | string {
  const { text } = cursor;
  if (text[cursor.at] === '`') return backquoted(cursor, inner, quoted);
  if (text.startsWith('$((', cursor.at)) {
    const end = closing(text, cursor.at + 1);
    if (text[end - 1] === ')') {
      const word = readQuoted(
        { text: text.slice(cursor.at + 3, end - 1), at: 0 },
        inner,
        undefined,
      );
      cursor.at = end + 1;
      return { kind: 'arithmetic', word, quoted };
    }
  }
  if (text[cursor.at + 1] === '(') {
    cursor.at += 2;
    return { kind: 'command', body: inner(cursor, ')'), quoted };
  }
  if (text[cursor.at + 1] === '{') return braced(cursor, inner, quoted);
  const [name] = NAME.exec(text.slice(cursor.at + 1, cursor.at + 200)) ?? [];
  cursor.at += 1 + (name?.length ?? 0);
  return name === undefined ? '$' : { kind: 'parameter', name, quoted };
}

function backquoted(cursor: Cursor, inner: ParseInner, quoted: boolean): Piece {
  const end = cursor.text.indexOf('`', cursor.at + 1);
  if (end < 0) throw new SyntaxProblem('unterminated backquote');
  const text = cursor.text.slice(cursor.at + 1, end).replace(/\\([`$\\])/g, '$1');
  cursor.at = end + 1;
  return { kind: 'command', body: inner({ text: `${text})`, at: 0 }, ')'), quoted };
}

/** `${name}`, with what is done to its value. */
function braced(cursor: Cursor, inner: ParseInner, quoted: boolean): Piece {
  cursor.at += 2;
  const { text } = cursor;
  const isLength = text[cursor.at] === '#' && text[cursor.at + 1] !== '}';
  if (isLength) cursor.at++;
  const [name] = NAME.exec(text.slice(cursor.at, cursor.at + 200)) ?? [];
  if (name === undefined) throw new SyntaxProblem('bad substitution');
  cursor.at += name.length;
  const [operator] = OPERATOR.exec(text.slice(cursor.at, cursor.at + 2)) ?? [];
  if (operator === undefined) {
    if (text[cursor.at++] !== '}') throw new SyntaxProblem('bad substitution');
    return { kind: 'parameter', name, quoted, ...(isLength ? { operator: 'length' } : {}) };
  }
  cursor.at += operator.length;
  const operand = readOperand(cursor, inner);
  return { kind: 'parameter', name, operator, operand, quoted };
}

function readOperand(cursor: Cursor, inner: ParseInner): Word {
  const pieces: Piece[] = [];
  for (;;) {
    const char = cursor.text[cursor.at];
    if (char === undefined) throw new SyntaxProblem('bad substitution');
    if (char === '}') {
      cursor.at++;
      return pieces;
    }
    if (char === '"') {
      cursor.at++;
      pieces.push(...readQuoted(cursor, inner, '"'));
    } else if (char === "'") pieces.push({ kind: 'text', text: single(cursor), quoted: true });
    else if (char === '$' || char === '`') {
      const piece = readDollar(cursor, inner, false);
      pieces.push(typeof piece === 'string' ? { kind: 'text', text: piece, quoted: false } : piece);
    } else {
      pieces.push({ kind: 'text', text: char, quoted: false });
      cursor.at++;
    }
  }
}

/** Where the parenthesis that opens at `from` closes. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return at;
  }
  throw new SyntaxProblem('missing )');
}
