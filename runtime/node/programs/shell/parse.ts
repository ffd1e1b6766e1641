import type { Assignment, Node, Part, Redirect, Word } from './syntax.ts';
import { SyntaxProblem } from './syntax.ts';
import { type Cursor, readQuoted, readWord } from './words.ts';

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
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=/;
const REDIRECT = /^(\d*)(<<-|<<<|<<|>>|>&|<&|>\||>|<)|^(&>>|&>)/;

const trees = new Map<string, Node>();
const TREES_MAX = 1000;

/** A program of the shell as a tree, remembered by its text. Throws a SyntaxProblem. */
export function parseScript(text: string): Node {
  const known = trees.get(text);
  if (known) return known;
  const tree = new Parser({ text, at: 0 }).script();
  if (trees.size >= TREES_MAX) trees.clear();
  trees.set(text, tree);
  return tree;
}

/** By recursive descent, straight over the characters: what a word is depends on where it stands. */
class Parser {
  readonly #cursor: Cursor;
  /** Here-documents whose text follows the line. */
  #awaited: {
    readonly end: string;
    readonly tabs: boolean;
    readonly isPlain: boolean;
    put(word: Word): void;
  }[] = [];

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  script(): Node {
    const list = this.#list();
    if (this.#cursor.at < this.#cursor.text.length) throw this.#unexpected();
    return list;
  }

  /** Up to a closing parenthesis, which is taken. */
  inner(close: string): Node {
    const list = this.#list();
    this.#expect(close);
    return list;
  }

  #list(): Node {
    const parts: Part[] = [];
    let when: Part['when'] = 'always';
    for (;;) {
      this.#skip(true);
      if (this.#isEnd()) break;
      const node = this.#pipeline();
      this.#blanks();
      const operator = this.#operator(['&&', '||', ';;', ';', '&', '\n']);
      if (operator === ';;') this.#cursor.at -= 2;
      parts.push({ node, when, background: operator === '&' });
      if (operator === undefined || operator === ';;') break;
      when = operator === '&&' ? 'success' : operator === '||' ? 'failure' : 'always';
      if (operator === '\n') this.#hereDocuments();
    }
    return parts.length === 1 && !parts[0]!.background ? parts[0]!.node : { kind: 'list', parts };
  }

  #pipeline(): Node {
    let negated = false;
    while (this.#word('!')) negated = !negated;
    const commands = [this.#command()];
    for (;;) {
      this.#blanks();
      const { text, at } = this.#cursor;
      if (text[at] !== '|' || text[at + 1] === '|') break;
      this.#cursor.at += text[at + 1] === '&' ? 2 : 1;
      this.#skip(true);
      commands.push(this.#command());
    }
    return commands.length === 1 && !negated ? commands[0]! : { kind: 'pipe', negated, commands };
  }

  #command(): Node {
    this.#blanks();
    const { text, at } = this.#cursor;
    if (text[at] === '(') {
      this.#cursor.at++;
      const body = this.#list();
      this.#expect(')');
      return { kind: 'group', subshell: true, body, redirects: this.#redirects() };
    }
    if (this.#word('{')) {
      const body = this.#list();
      this.#keyword('}');
      return { kind: 'group', subshell: false, body, redirects: this.#redirects() };
    }
    if (this.#word('if')) return this.#if();
    if (this.#word('while')) return this.#while(false);
    if (this.#word('until')) return this.#while(true);
    if (this.#word('for')) return this.#for();
    if (this.#word('case')) return this.#case();
    const called = /^([A-Za-z_][\w-]*)[ \t]*\([ \t]*\)/.exec(text.slice(at, at + 200));
    if (called) {
      this.#cursor.at += called[0].length;
      this.#skip(true);
      return { kind: 'function', name: called[1]!, body: this.#command() };
    }
    return this.#simple();
  }

  #if(): Node {
    const branches: { condition: Node; body: Node }[] = [];
    let otherwise: Node | undefined;
    do {
      const condition = this.#list();
      this.#keyword('then');
      branches.push({ condition, body: this.#list() });
    } while (this.#word('elif'));
    if (this.#word('else')) otherwise = this.#list();
    this.#keyword('fi');
    const redirects = this.#redirects();
    return { kind: 'if', branches, ...(otherwise ? { otherwise } : {}), redirects };
  }

  #while(until: boolean): Node {
    const condition = this.#list();
    return { kind: 'while', until, condition, ...this.#loopBody() };
  }

  #for(): Node {
    this.#blanks();
    const name = /^[A-Za-z_]\w*/.exec(this.#cursor.text.slice(this.#cursor.at))?.[0];
    if (name === undefined) throw this.#unexpected();
    this.#cursor.at += name.length;
    this.#skip(true);
    const words: Word[] = [];
    const hasWords = this.#word('in');
    while (hasWords) {
      this.#blanks();
      const word = this.#readWord();
      if (!word) break;
      words.push(word);
    }
    this.#blanks();
    this.#operator([';']);
    this.#skip(true);
    return { kind: 'for', name, ...(hasWords ? { words } : {}), ...this.#loopBody() };
  }

  #loopBody(): { body: Node; redirects: readonly Redirect[] } {
    this.#keyword('do');
    const body = this.#list();
    this.#keyword('done');
    return { body, redirects: this.#redirects() };
  }

  #case(): Node {
    this.#blanks();
    const word = this.#readWord();
    if (!word) throw this.#unexpected();
    this.#skip(true);
    this.#keyword('in');
    const arms: { patterns: Word[]; body: Node }[] = [];
    for (;;) {
      this.#skip(true);
      if (this.#word('esac')) break;
      if (this.#cursor.text[this.#cursor.at] === '(') this.#cursor.at++;
      const patterns: Word[] = [];
      do {
        this.#blanks();
        const pattern = this.#readWord();
        if (!pattern) throw this.#unexpected();
        patterns.push(pattern);
        this.#blanks();
      } while (this.#operator(['|']) !== undefined);
      this.#expect(')');
      const body = this.#list();
      arms.push({ patterns, body });
      this.#skip(true);
      this.#operator([';;']);
    }
    return { kind: 'case', word, arms, redirects: this.#redirects() };
  }

  #simple(): Node {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      this.#blanks();
      const redirect = this.#redirect();
      if (redirect) {
        redirects.push(...redirect);
        continue;
      }
      const assigned =
        words.length === 0 &&
        ASSIGNMENT.exec(this.#cursor.text.slice(this.#cursor.at, this.#cursor.at + 200));
      if (assigned) {
        this.#cursor.at += assigned[0].length;
        assignments.push({ name: assigned[1]!, word: this.#readWord() ?? [] });
        continue;
      }
      const word = this.#readWord();
      if (!word) break;
      words.push(word);
    }
    if (words.length + assignments.length + redirects.length === 0) throw this.#unexpected();
    return { kind: 'simple', assignments, words, redirects };
  }

  #redirects(): Redirect[] {
    const all: Redirect[] = [];
    for (;;) {
      this.#blanks();
      const redirect = this.#redirect();
      if (!redirect) return all;
      all.push(...redirect);
    }
  }

  #redirect(): Redirect[] | undefined {
    const rest = this.#cursor.text.slice(this.#cursor.at, this.#cursor.at + 12);
    const [whole, digits = '', operator = '', both] = REDIRECT.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    this.#cursor.at += whole.length;
    this.#blanks();
    if (operator === '<<' || operator === '<<-') return [this.#hereDocument(operator === '<<-')];
    const word = this.#readWord();
    if (!word) throw this.#unexpected();
    if (both !== undefined) {
      const two: Word = [{ kind: 'text', text: '1', quoted: false }];
      return [
        { fd: 1, operator: both === '&>>' ? '>>' : '>', word },
        { fd: 2, operator: '>&', word: two },
      ];
    }
    const fd = digits === '' ? (operator.startsWith('<') ? 0 : 1) : Number(digits);
    return [{ fd, operator: operator === '>|' ? '>' : operator, word }];
  }

  #hereDocument(tabs: boolean): Redirect {
    const word = this.#readWord() ?? [];
    const isPlain = word.some((piece) => piece.kind === 'text' && piece.quoted);
    const end = word.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
    const redirect: { fd: number; operator: string; word: Word } = {
      fd: 0,
      operator: '<<',
      word: [],
    };
    this.#awaited.push({
      end,
      tabs,
      isPlain,
      put: (text) => {
        redirect.word = text;
      },
    });
    return redirect;
  }

  /** Takes the texts that follow a line with `<<`. */
  #hereDocuments(): void {
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
          : readQuoted({ text, at: 0 }, innerOf, undefined),
      );
    }
  }

  #readWord(): Word | undefined {
    return readWord(this.#cursor, innerOf);
  }

  /** Takes a reserved word where it stands alone. */
  #word(wanted: string): boolean {
    this.#blanks();
    const { text, at } = this.#cursor;
    const after = text[at + wanted.length];
    if (!text.startsWith(wanted, at) || (after !== undefined && !/[\s;&|()<>]/.test(after)))
      return false;
    this.#cursor.at += wanted.length;
    return true;
  }

  #keyword(wanted: string): void {
    this.#skip(true);
    if (!this.#word(wanted)) throw this.#unexpected();
  }

  #operator(wanted: readonly string[]): string | undefined {
    const found = wanted.find((each) => this.#cursor.text.startsWith(each, this.#cursor.at));
    if (found !== undefined) this.#cursor.at += found.length;
    return found;
  }

  #expect(char: string): void {
    this.#skip(true);
    if (this.#cursor.text[this.#cursor.at] !== char) throw this.#unexpected();
    this.#cursor.at++;
  }

  #isEnd(): boolean {
    const { text, at } = this.#cursor;
    if (at >= text.length || text[at] === ')' || text.startsWith(';;', at)) return true;
    const word = /^[a-z}]+(?=$|[\s;&|)])/.exec(text.slice(at, at + 8))?.[0];
    return word !== undefined && ENDS.has(word);
  }

  #blanks(): void {
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

  /** Blanks, and lines that end here. */
  #skip(lines: boolean): void {
    this.#blanks();
    while (lines && this.#cursor.text[this.#cursor.at] === '\n') {
      this.#cursor.at++;
      this.#hereDocuments();
      this.#blanks();
    }
  }

  #unexpected(): SyntaxProblem {
    const { text, at } = this.#cursor;
    const what = text.slice(at, at + 20).split(/\s/)[0];
    return new SyntaxProblem(`syntax error: unexpected ${what ? `"${what}"` : 'end of file'}`);
  }
}

function innerOf(cursor: Cursor, close: string): Node {
  return new Parser(cursor).inner(close);
}
