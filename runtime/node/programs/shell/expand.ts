import type { Pause } from '../process.ts';
import { evaluate } from './arithmetic.ts';
import { type Char, hasWildcard, patternSource } from './pattern.ts';
import type { Node, Piece, Word } from './syntax.ts';

/** What expansions need of a shell. */
export interface Expanding {
  /** A variable, positional or special parameter; undefined where it is not set. */
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  readonly positional: readonly string[];
  /** Runs a command and gives what it writes. */
  output(body: Node): WordRun<string>;
  /** Paths that match a pattern, sorted. */
  glob(chars: readonly Char[]): readonly string[];
}

/** What ends the command that is expanded. */
export class ExpansionProblem extends Error {
  override readonly name = 'ExpansionProblem';
}

type Fields = { chars: Char[]; made: boolean }[];

/** The fields that words become: expanded, split at blanks, matched against files. */
export function* expandWords(words: readonly Word[], shell: Expanding): WordRun<string[]> {
  const all: string[] = [];
  for (const word of words) {
    for (const { chars, made } of yield* fieldsOf(word, shell)) {
      if (chars.length === 0 && !made) continue;
      const found = hasWildcard(chars) ? shell.glob(chars) : [];
      if (found.length > 0) all.push(...found);
      else all.push(textOfChars(chars));
    }
  }
  return all;
}

export type WordRun<T> = Generator<Pause, T, void>;

/** A word as one text: the value of an assignment, the target of a redirection. */
export function* expandText(word: Word, shell: Expanding): WordRun<string> {
  return textOfChars(yield* expandChars(word, shell));
}

/** A word as a pattern. */
export function* expandChars(word: Word, shell: Expanding): WordRun<Char[]> {
  const chars: Char[] = [];
  for (const piece of word) {
    const literal = piece.quoted;
    for (const char of (yield* valueOfPiece(piece, shell)) ?? '') chars.push({ char, literal });
  }
  return chars;
}

const textOfChars = (chars: readonly Char[]): string => chars.map(({ char }) => char).join('');

function* fieldsOf(word: Word, shell: Expanding): WordRun<Fields> {
  const fields: Fields = [{ chars: [], made: false }];
  const open = (): Fields[number] => fields.at(-1)!;
  for (const piece of word) {
    if (
      piece.kind === 'parameter' &&
      (piece.name === '@' || piece.name === '*') &&
      !piece.operator
    ) {
      if (piece.quoted && piece.name === '@') {
        for (const [at, each] of shell.positional.entries()) {
          if (at > 0) fields.push({ chars: [], made: true });
          append(open(), each, true);
          open().made = true;
        }
        continue;
      }
    }
    const value = yield* valueOfPiece(piece, shell);
    if (piece.kind === 'text' || piece.quoted) {
      append(open(), value ?? '', piece.quoted);
      if (piece.quoted)
        open().made = !(piece.kind === 'text' && value === '' && word.length > 1 && isAt(word));
      continue;
    }
    split(value ?? '', shell.get('IFS') ?? ' \t\n', fields);
  }
  return fields;
}

/** `"$@"` without any parameter becomes nothing at all. */
function isAt(word: Word): boolean {
  return word.some((piece) => piece.kind === 'parameter' && piece.name === '@');
}

function append(field: Fields[number], text: string, literal: boolean): void {
  for (const char of text) field.chars.push({ char, literal });
}

function split(text: string, separators: string, fields: Fields): void {
  let isBetween = false;
  for (const char of text) {
    if (separators.includes(char)) {
      isBetween = true;
      continue;
    }
    const last = fields.at(-1)!;
    if (isBetween && (last.chars.length > 0 || last.made)) fields.push({ chars: [], made: false });
    isBetween = false;
    fields.at(-1)!.chars.push({ char, literal: false });
  }
  if (isBetween && fields.at(-1)!.chars.length > 0) fields.push({ chars: [], made: false });
}

function* valueOfPiece(piece: Piece, shell: Expanding): WordRun<string | undefined> {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'command':
      return (yield* shell.output(piece.body)).replace(/\n+$/, '');
    case 'arithmetic': {
      const text = yield* expandText(piece.word, shell);
      try {
        return String(evaluate(text, shell));
      } catch (error) {
        throw new ExpansionProblem((error as Error).message);
      }
    }
    case 'parameter':
      return yield* parameter(piece, shell);
  }
}

function* parameter(
  { name, operator, operand = [] }: Piece & { kind: 'parameter' },
  shell: Expanding,
): WordRun<string | undefined> {
  const value = name === '@' || name === '*' ? shell.positional.join(' ') : shell.get(name);
  if (operator === undefined) return value;
  if (operator === 'length') return String((value ?? '').length);
  const isMissing = value === undefined || (operator.startsWith(':') && value === '');
  switch (operator.at(-1)) {
    case '-':
      return isMissing ? yield* expandText(operand, shell) : value;
    case '+':
      return isMissing ? '' : yield* expandText(operand, shell);
    case '=': {
      if (!isMissing) return value;
      const made = yield* expandText(operand, shell);
      shell.set(name, made);
      return made;
    }
    case '?': {
      if (!isMissing) return value;
      const why = yield* expandText(operand, shell);
      throw new ExpansionProblem(`${name}: ${why || 'parameter not set'}`);
    }
    default:
      return yield* trimmed(value ?? '', operator, operand, shell);
  }
}

function* trimmed(
  value: string,
  operator: string,
  operand: Word,
  shell: Expanding,
): WordRun<string> {
  const chars = yield* expandChars(operand, shell);
  if (operator.startsWith('/')) {
    const at = chars.findIndex(({ char, literal }) => char === '/' && !literal);
    const [from, to] = at < 0 ? [chars, []] : [chars.slice(0, at), chars.slice(at + 1)];
    const pattern = new RegExp(patternSource(from), operator === '//' ? 'gs' : 's');
    return value.replace(pattern, () => textOfChars(to));
  }
  const source = patternSource(chars);
  const isPrefix = operator.startsWith('#');
  const cuts = [...Array(value.length + 1).keys()];
  const isLong = operator.length === 2;
  const whole = new RegExp(`^${source}$`, 's');
  const order = isPrefix === isLong ? cuts.reverse() : cuts;
  for (const at of order) {
    const part = isPrefix ? value.slice(0, at) : value.slice(at);
    if (whole.test(part)) return isPrefix ? value.slice(at) : value.slice(0, at);
  }
  return value;
}
