/** One piece of a word. `quoted`: what it becomes is neither split nor matched against files. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      /** `:-`, `-`, `:=`, `:?`, `:+`, `%`, `%%`, `#`, `##`, `/`, `//`, or `length`. */
      readonly operator?: string;
      readonly operand?: Word;
      readonly quoted: boolean;
    }
  | { readonly kind: 'command'; readonly body: Node; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly word: Word; readonly quoted: boolean };

export type Word = readonly Piece[];

export interface Redirect {
  readonly fd: number;
  /** `<`, `>`, `>>`, `>&` (to another descriptor), `<<` (the word is the text), `<<<`. */
  readonly operator: string;
  readonly word: Word;
}

export interface Assignment {
  readonly name: string;
  readonly word: Word;
}

/** A command of the shell's grammar. */
export type Node =
  | {
      readonly kind: 'simple';
      readonly assignments: readonly Assignment[];
      readonly words: readonly Word[];
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: 'list'; readonly parts: readonly Part[] }
  | { readonly kind: 'pipe'; readonly negated: boolean; readonly commands: readonly Node[] }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: Node; readonly body: Node }[];
      readonly otherwise?: Node;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'while';
      readonly until: boolean;
      readonly condition: Node;
      readonly body: Node;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      /** Absent: the positional parameters. */
      readonly words?: readonly Word[];
      readonly body: Node;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'case';
      readonly word: Word;
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Node }[];
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: 'group';
      readonly subshell: boolean;
      readonly body: Node;
      readonly redirects: readonly Redirect[];
    }
  | { readonly kind: 'function'; readonly name: string; readonly body: Node };

/** A command in a list, and on what it is run: always, or on success or failure of what came before. */
export interface Part {
  readonly node: Node;
  readonly when: 'always' | 'success' | 'failure';
  readonly background: boolean;
}

/** A text that is no program of the shell. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem';
}
