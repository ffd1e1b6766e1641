import { readRedirect, readRedirects } from './read-redirects.ts';
import { Scanner } from './scanner.ts';
import type { Assignment, Node, Part, Redirect, Word } from './syntax.ts';
import type { Cursor } from './words.ts';

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=/;

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
  readonly #scanner: Scanner;

  constructor(cursor: Cursor) {
    this.#scanner = new Scanner(cursor, innerOf);
  }

  script(): Node {
    const list = this.#list();
    if (!this.#scanner.isOver) throw this.#scanner.unexpected();
    return list;
  }

  /** Up to a closing parenthesis, which is taken. */
  inner(close: string): Node {
    const list = this.#list();
    this.#scanner.expect(close);
    return list;
  }

  #list(): Node {
    const parts: Part[] = [];
    let when: Part['when'] = 'always';
    for (;;) {
      this.#scanner.lines();
      if (this.#scanner.isEnd()) break;
      const node = this.#pipeline();
      this.#scanner.blanks();
      const operator = this.#scanner.operator(['&&', '||', ';;', ';', '&', '\n']);
      if (operator === ';;') this.#scanner.take(-2);
      parts.push({ node, when, background: operator === '&' });
      if (operator === undefined || operator === ';;') break;
      when = operator === '&&' ? 'success' : operator === '||' ? 'failure' : 'always';
      if (operator === '\n') this.#scanner.endLine();
    }
    return parts.length === 1 && !parts[0]!.background ? parts[0]!.node : { kind: 'list', parts };
  }

  #pipeline(): Node {
    let negated = false;
    while (this.#scanner.word('!')) negated = !negated;
    const commands = [this.#command()];
    for (;;) {
      this.#scanner.blanks();
      const next = this.#scanner.ahead(2);
      if (!next.startsWith('|') || next === '||') break;
      this.#scanner.take(next === '|&' ? 2 : 1);
      this.#scanner.lines();
      commands.push(this.#command());
    }
    return commands.length === 1 && !negated ? commands[0]! : { kind: 'pipe', negated, commands };
  }

  #command(): Node {
    this.#scanner.blanks();
    if (this.#scanner.ahead(1) === '(') {
      this.#scanner.take(1);
      const body = this.#list();
      this.#scanner.expect(')');
      return { kind: 'group', subshell: true, body, redirects: readRedirects(this.#scanner) };
    }
    if (this.#scanner.word('{')) {
      const body = this.#list();
      this.#scanner.keyword('}');
      return { kind: 'group', subshell: false, body, redirects: readRedirects(this.#scanner) };
    }
    if (this.#scanner.word('if')) return this.#if();
    if (this.#scanner.word('while')) return this.#while(false);
    if (this.#scanner.word('until')) return this.#while(true);
    if (this.#scanner.word('for')) return this.#for();
    if (this.#scanner.word('case')) return this.#case();
    const called = /^([A-Za-z_][\w-]*)[ \t]*\([ \t]*\)/.exec(this.#scanner.ahead(200));
    if (called) {
      this.#scanner.take(called[0].length);
      this.#scanner.lines();
      return { kind: 'function', name: called[1]!, body: this.#command() };
    }
    return this.#simple();
  }

  #if(): Node {
    const branches: { condition: Node; body: Node }[] = [];
    let otherwise: Node | undefined;
    do {
      const condition = this.#list();
      this.#scanner.keyword('then');
      branches.push({ condition, body: this.#list() });
    } while (this.#scanner.word('elif'));
    if (this.#scanner.word('else')) otherwise = this.#list();
    this.#scanner.keyword('fi');
    const redirects = readRedirects(this.#scanner);
    return { kind: 'if', branches, ...(otherwise ? { otherwise } : {}), redirects };
  }

  #while(until: boolean): Node {
    const condition = this.#list();
    return { kind: 'while', until, condition, ...this.#loopBody() };
  }

  #for(): Node {
    this.#scanner.blanks();
    const name = /^[A-Za-z_]\w*/.exec(this.#scanner.ahead())?.[0];
    if (name === undefined) throw this.#scanner.unexpected();
    this.#scanner.take(name.length);
    this.#scanner.lines();
    const words: Word[] = [];
    const hasWords = this.#scanner.word('in');
    while (hasWords) {
      this.#scanner.blanks();
      const word = this.#scanner.readWord();
      if (!word) break;
      words.push(word);
    }
    this.#scanner.blanks();
    this.#scanner.operator([';']);
    this.#scanner.lines();
    return { kind: 'for', name, ...(hasWords ? { words } : {}), ...this.#loopBody() };
  }

  #loopBody(): { body: Node; redirects: readonly Redirect[] } {
    this.#scanner.keyword('do');
    const body = this.#list();
    this.#scanner.keyword('done');
    return { body, redirects: readRedirects(this.#scanner) };
  }

  #case(): Node {
    this.#scanner.blanks();
    const word = this.#scanner.readWord();
    if (!word) throw this.#scanner.unexpected();
    this.#scanner.lines();
    this.#scanner.keyword('in');
    const arms: { patterns: Word[]; body: Node }[] = [];
    for (;;) {
      this.#scanner.lines();
      if (this.#scanner.word('esac')) break;
      if (this.#scanner.ahead(1) === '(') this.#scanner.take(1);
      const patterns: Word[] = [];
      do {
        this.#scanner.blanks();
        const pattern = this.#scanner.readWord();
        if (!pattern) throw this.#scanner.unexpected();
        patterns.push(pattern);
        this.#scanner.blanks();
      } while (this.#scanner.operator(['|']) !== undefined);
      this.#scanner.expect(')');
      const body = this.#list();
      arms.push({ patterns, body });
      this.#scanner.lines();
      this.#scanner.operator([';;']);
    }
    return { kind: 'case', word, arms, redirects: readRedirects(this.#scanner) };
  }

  #simple(): Node {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (;;) {
      this.#scanner.blanks();
      const redirect = readRedirect(this.#scanner);
      if (redirect) {
        redirects.push(...redirect);
        continue;
      }
      const assigned = words.length === 0 && ASSIGNMENT.exec(this.#scanner.ahead(200));
      if (assigned) {
        this.#scanner.take(assigned[0].length);
        assignments.push({ name: assigned[1]!, word: this.#scanner.readWord() ?? [] });
        continue;
      }
      const word = this.#scanner.readWord();
      if (!word) break;
      words.push(word);
    }
    if (words.length + assignments.length + redirects.length === 0)
      throw this.#scanner.unexpected();
    return { kind: 'simple', assignments, words, redirects };
  }
}

function innerOf(cursor: Cursor, close: string): Node {
  return new Parser(cursor).inner(close);
}
