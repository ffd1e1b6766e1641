import type ts from 'typescript';
import type { SourceRange } from './contract.ts';
import { rangeIn } from './sites.ts';
import type { SourceFiles } from './source-files.ts';
import { typescript } from './typescript.ts';
import { assignments, ValueSources } from './value-sources.ts';
import { accessKey, bare, expressionAt, isOwnName, nameText } from './value-syntax.ts';

/** Names that stand for each other: more are no longer followed. */
const STEPS_MAX = 32;

/**
 * Finds the text that a value was written as, where the field that has it names it only. Of all the places that it may come from
 * (`value-sources`) it is the one that has the value; where several have it, or none, it is as far as the way is without a fork.
 */
export class ValueTrace {
  readonly #program: ts.Program | undefined;
  readonly #files: SourceFiles;
  #sources: ValueSources | undefined;

  /** `program` is that of the texts which the places are in, none where there is no text; newer ones do not matter to it. */
  constructor(program: ts.Program | undefined, files: SourceFiles) {
    this.#program = program;
    this.#files = files;
  }

  /**
   * Where `value` is written, which the expression at a place gave, or had below `keys`; the place itself where that cannot be
   * told.
   */
  trace(place: SourceRange, value: unknown, keys: readonly string[] = []): SourceRange {
    const source = this.#program?.getSourceFile(this.#files.pathOf(place.file));
    const used = source && expressionAt(source, place);
    if (!used) return place;
    const written = this.#written(used, value, keys);
    return written ? this.#rangeOf(written) : place;
  }

  #written(used: ts.Node, value: unknown, keys: readonly string[]): ts.Node | undefined {
    if (keys.length === 0 && this.#gives(bare(used), value)) return undefined;
    this.#sources ??= new ValueSources(this.#program!, (path) => this.#isOwn(path));
    const ends = this.#sources.ends(used, keys);
    const giving = ends.filter((end) => this.#gives(end, value));
    if (giving.length === 1) return giving[0];
    if (keys.length > 0) return undefined;
    const set = giving.length === 0 ? this.#assigned(ends, value) : undefined;
    if (set) return set;
    const last = this.#unforked(used);
    return last === bare(used) || isLiteral(last) ? undefined : last;
  }

  /** As far back as there is one way only. */
  #unforked(used: ts.Node): ts.Node {
    let node = bare(used);
    for (let step = 0; step < STEPS_MAX; step++) {
      const [next, ...others] = this.#sources!.next(node);
      if (!next || others.length > 0) break;
      node = bare(next);
    }
    return node;
  }

  /** What a member of an object was set to after its literal gave it another value. */
  #assigned(ends: readonly ts.Node[], value: unknown): ts.Node | undefined {
    const ts = typescript();
    const set = ends.flatMap((end) => {
      const { parent } = end;
      const name = ts.isPropertyAssignment(parent) ? nameText(parent.name) : undefined;
      if (name === undefined) return [];
      return assignments(end.getSourceFile()).flatMap(({ left, right }) =>
        accessKey(left)?.key === name && this.#gives(bare(right), value) ? [right] : [],
      );
    });
    const [only, ...others] = new Set(set);
    return others.length === 0 ? only : undefined;
  }

  /** Whether the literal is that of the value. */
  #gives(node: ts.Node, value: unknown): boolean {
    const ts = typescript();
    if (ts.isObjectLiteralExpression(node)) return isObject(value) && !Array.isArray(value);
    if (ts.isArrayLiteralExpression(node)) return Array.isArray(value);
    if (ts.isStringLiteralLike(node)) return node.text === value;
    if (ts.isNumericLiteral(node)) return Number(node.text) === value;
    if (ts.isIdentifier(node) && isOwnName(node)) return node.text === value;
    if (ts.isEnumMember(node)) return this.#sources?.constant(node) === value;
    if (ts.isPrefixUnaryExpression(node))
      return ts.isNumericLiteral(node.operand) && Number(node.getText()) === value;
    if (node.kind === ts.SyntaxKind.TrueKeyword) return value === true;
    return node.kind === ts.SyntaxKind.FalseKeyword && value === false;
  }

  #rangeOf(node: ts.Node): SourceRange {
    const from = node.getSourceFile();
    return rangeIn(from, this.#files.shown(from.fileName), node.getStart(from), node.end);
  }

  #isOwn(path: string): boolean {
    return path.startsWith(`${this.#files.folder}/`) && !path.includes('/node_modules/');
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** Whether it says what the value is: if that is not the value, the object was changed since. */
function isLiteral(node: ts.Node): boolean {
  const ts = typescript();
  return (
    ts.isLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  );
}
