import type ts from 'typescript';
import type { SourceRange } from './contract.ts';
import { rangeIn } from './sites.ts';
import type { SourceFiles } from './source-files.ts';
import { typescript } from './typescript.ts';
import { assignments, ValueSources } from './value-sources.ts';
import { accessKey, bare, expressionAt, isOwnName, nameText } from './value-syntax.ts';

/** Names that stand for each other: more are no longer followed. */
const STEPS_MAX = 32;

/** What is looked for: a value, where in that of the expression it is, and the name of the object that has it. */
export interface Traced {
  readonly value: unknown;
  readonly keys?: readonly string[];
  readonly owner?: string | undefined;
}

/**
 * Finds the text that a value was written as, where the field that has it names it only. Of all the places that it may come from
 * (`value-sources`) it is the one that has the value, of several the one beside which the object's name is written; else it is as far as
 * the way is without a fork.
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

  /** Where a value is written that the expression at a place gave; the place itself where that cannot be told. */
  trace(place: SourceRange, traced: Traced): SourceRange {
    const source = this.#program?.getSourceFile(this.#files.pathOf(place.file));
    const used = source && expressionAt(source, place);
    if (!used) return place;
    const written = this.#written(used, traced);
    return written ? this.#rangeOf(written) : place;
  }

  #written(used: ts.Node, { value, keys = [], owner }: Traced): ts.Node | undefined {
    if (keys.length === 0 && this.#gives(bare(used), value)) return undefined;
    this.#sources ??= new ValueSources(this.#program!, (path) => this.#isOwn(path));
    const ends = this.#sources.ends(used, keys);
    const giving = ends.filter((end) => this.#gives(end, value));
    if (giving.length === 1) return giving[0];
    const [own, ...others] = owner ? giving.filter((end) => standsBeside(end, owner)) : [];
    if (own && others.length === 0) return own;
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

/** Whether a name is written in the call, list or object around an expression: `app('web', '2')`, `{ web: { cpu: '2' } }`. */
function standsBeside(end: ts.Node, name: string): boolean {
  const ts = typescript();
  const isName = (node: ts.Node): boolean => ts.isStringLiteralLike(node) && node.text === name;
  for (let node = end.parent; !ts.isSourceFile(node) && !ts.isBlock(node); node = node.parent) {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      if (node.arguments?.some(isName)) return true;
    } else if (ts.isPropertyAssignment(node)) {
      if (nameText(node.name) === name) return true;
    } else if (ts.isObjectLiteralExpression(node)) {
      const has = (each: ts.ObjectLiteralElementLike): boolean =>
        ts.isPropertyAssignment(each) && isName(each.initializer);
      if (node.properties.some(has)) return true;
    } else if (ts.isArrayLiteralExpression(node) && node.elements.some(isName)) return true;
  }
  return false;
}

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
