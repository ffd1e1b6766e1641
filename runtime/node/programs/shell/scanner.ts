import { SyntaxProblem, type Word } from './syntax.ts';
import { type Cursor, type ParseInner, readQuoted, readWord } from './words.ts';

/** Reserved words that end a list of commands. */
const ENDS: ReadonlySet<string> = new Set([
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'esac',
  '}',
]);

/** A here-document whose text follows the line. */
export interface HereDocument {
  readonly end: string;
  /** Tabs at the beginnings of its lines are no part of it. */
  readonly tabs: boolean;
  /** Nothing in it is expanded. */
  readonly isPlain: boolean;
  put(word: Word): void;
}

/** The text of a program, read on from where its parser stands. */
export class Scanner {
  readonly #cursor: Cursor;
  readonly #inner: ParseInner;
  #awaited: HereDocument[] = [];

  constructor(cursor: Cursor, inner: ParseInner) {
    this.#cursor = cursor;
    this.#inner = inner;
  }

  get isOver(): boolean {
    return this.#cursor.at >= this.#cursor.text.length;
  }

  /** The text from here on, at most so many characters of it. */
  ahead(length = Number.POSITIVE_INFINITY): string {
    return this.#cursor.text.slice(this.#cursor.at, this.#cursor.at + length);
  }

  /** Goes on by so many characters, or back. */
  take(length: number): void {
    this.#cursor.at += length;
  }

  await(document: HereDocument): void {
    this.#awaited.push(document);
  }

  /** Takes the texts that follow a line with `<<`, which ended here. */
  endLine(): void {
    for (const { end, tabs, isPlain, put } of this.#awaited.splice(0)) {
      const lines: string[] = [];
      for (;;) {
        const { text, at } = this.#cursor;
        if (at >= text.length) break;
        const stop = text.indexOf('\n', at);
        const line = text.slice(at, stop < 0 ? undefined : stop);
        this.#cursor.at = stop < 0 ? text.length : stop + 1;
        const shown = tabs ? line.replace(/^\t+/, '') : line;
        if (shown === end) break;
        lines.push(`${shown}\n`);
      }
      const text = lines.join('');
      put(
        isPlain
          ? [{ kind: 'text', text, quoted: true }]
          : readQuoted({ text, at: 0 }, this.#inner, undefined),
      );
    }
  }

  /** The word that begins here; undefined where none does. */
  readWord(): Word | undefined {
    return readWord(this.#cursor, this.#inner);
  }

  /** Takes a reserved word where it stands alone. */
  word(wanted: string): boolean {
    this.blanks();
    const { text, at } = this.#cursor;
    const after = text[at + wanted.length];
    if (!text.startsWith(wanted, at) || (after !== undefined && !/[\s;&|()<>]/.test(after)))
      return false;
    this.#cursor.at += wanted.length;
    return true;
  }

  /** Takes a reserved word that must come next. Throws a SyntaxProblem where another does. */
  keyword(wanted: string): void {
    this.lines();
    if (!this.word(wanted)) throw this.unexpected();
  }

  /** Takes the first of the operators that stands here. */
  operator(wanted: readonly string[]): string | undefined {
    const found = wanted.find((each) => this.#cursor.text.startsWith(each, this.#cursor.at));
    if (found !== undefined) this.#cursor.at += found.length;
    return found;
  }

  /** Takes a character that must come next. Throws a SyntaxProblem where another does. */
  expect(char: string): void {
    this.lines();
    if (this.#cursor.text[this.#cursor.at] !== char) throw this.unexpected();
    this.#cursor.at++;
  }

  /** Whether a list of commands ends here. */
  isEnd(): boolean {
    const { text, at } = this.#cursor;
    if (at >= text.length || text[at] === ')' || text.startsWith(';;', at)) return true;
    const word = /^[a-z}]+(?=$|[\s;&|)])/.exec(text.slice(at, at + 8))?.[0];
    return word !== undefined && ENDS.has(word);
  }

  /** Takes blanks, comments, and ends of lines that are escaped. */
  blanks(): void {
    for (;;) {
      const { text, at } = this.#cursor;
      if (text[at] === ' ' || text[at] === '\t' || text[at] === '\r') this.#cursor.at++;
      else if (text[at] === '\\' && text[at + 1] === '\n') this.#cursor.at += 2;
      else if (text[at] === '#' && (at === 0 || /[\s;&|(]/.test(text[at - 1]!))) {
        const end = text.indexOf('\n', at);
        this.#cursor.at = end < 0 ? text.length : end;
      } else return;
    }
  }

  /** Takes blanks, and the lines that end here. */
  lines(): void {
    this.blanks();
    while (this.#cursor.text[this.#cursor.at] === '\n') {
      this.#cursor.at++;
      this.endLine();
      this.blanks();
    }
  }

  unexpected(): SyntaxProblem {
    const { text, at } = this.#cursor;
    const what = text.slice(at, at + 20).split(/\s/)[0];
    return new SyntaxProblem(`syntax error: unexpected ${what ? `"${what}"` : 'end of file'}`);
  }
}
