import type ts from 'typescript';
import type { SourceRange } from './contract.ts';
import { rangeIn } from './sites.ts';
import type { SourceFiles } from './source-files.ts';
import { typescript } from './typescript.ts';

/** Constants that are named after each other: more are no longer followed. */
const STEPS_MAX = 32;

/**
 * Finds the text that a value was written as, where the field that has it only names a constant. It goes through identifiers and
 * member accesses to initializers of `const`s in the files of the folder, and leaves everything else where it is: parameters,
 * `let`, calls, conditions.
 */
export class ValueTrace {
  readonly #program: ts.Program | undefined;
  readonly #files: SourceFiles;

  /** `program` is that of the texts which the places are in, none where there is no text; newer ones do not matter to it. */
  constructor(program: ts.Program | undefined, files: SourceFiles) {
    this.#program = program;
    this.#files = files;
  }

  /** Where `value`, which the expression at a place gave, is written; the place itself where that cannot be told. */
  trace(place: SourceRange, value: unknown): SourceRange {
    const source = this.#program?.getSourceFile(this.#files.pathOf(place.file));
    const used = source && expressionAt(source, place);
    if (!used || !isReference(used)) return place;
    const written = this.#follow(used, STEPS_MAX);
    if (written === bare(used) || !canGive(written, value)) return place;
    const from = written.getSourceFile();
    return rangeIn(from, this.#files.shown(from.fileName), written.getStart(from), written.end);
  }

  /** The expression behind a reference; as far as it can be followed. */
  #follow(reference: ts.Node, stepsLeft: number): ts.Node {
    const node = bare(reference);
    const next = stepsLeft > 0 ? this.#initializer(node, stepsLeft - 1) : undefined;
    return next ? this.#follow(next, stepsLeft - 1) : node;
  }

  #initializer(node: ts.Node, stepsLeft: number): ts.Node | undefined {
    const ts = typescript();
    if (ts.isIdentifier(node)) return this.#constant(this.#checker.getSymbolAtLocation(node));
    if (ts.isShorthandPropertyAssignment(node))
      return this.#constant(this.#checker.getShorthandAssignmentValueSymbol(node));
    const key = memberKey(node);
    if (key === undefined) return undefined;
    const { expression } = node as ts.AccessExpression;
    const member = memberOf(this.#follow(expression, stepsLeft), key);
    if (member || !ts.isPropertyAccessExpression(node)) return member;
    return this.#constant(this.#checker.getSymbolAtLocation(node.name));
  }

  #constant(symbol: ts.Symbol | undefined): ts.Node | undefined {
    const ts = typescript();
    const isAlias = symbol && symbol.flags & ts.SymbolFlags.Alias;
    const declared = (isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
    if (!declared || !this.#isOwn(declared.getSourceFile().fileName)) return undefined;
    const isConst =
      ts.isVariableDeclaration(declared) &&
      (ts.getCombinedNodeFlags(declared) & ts.NodeFlags.Const) !== 0 &&
      ts.isIdentifier(declared.name);
    return isConst ? declared.initializer : undefined;
  }

  #isOwn(path: string): boolean {
    return path.startsWith(`${this.#files.folder}/`) && !path.includes('/node_modules/');
  }

  get #checker(): ts.TypeChecker {
    return this.#program!.getTypeChecker();
  }
}

function isReference(node: ts.Node): boolean {
  const ts = typescript();
  const inner = bare(node);
  return (
    ts.isIdentifier(inner) ||
    ts.isShorthandPropertyAssignment(inner) ||
    memberKey(inner) !== undefined
  );
}

/** What is exactly there; undefined for what is spread, as it gives more than one value. */
function expressionAt(
  source: ts.SourceFile,
  { line, column, endLine, endColumn }: SourceRange,
): ts.Node | undefined {
  const ts = typescript();
  const start = source.getPositionOfLineAndCharacter(line - 1, column - 1);
  const end = source.getPositionOfLineAndCharacter(endLine - 1, endColumn - 1);
  const visit = (node: ts.Node): ts.Node | undefined => {
    if (node.pos > start || node.end < end) return undefined;
    if (ts.isSpreadAssignment(node) || ts.isSpreadElement(node))
      if (node.expression.end === end && node.expression.getStart(source) === start)
        return undefined;
    if (node.end === end && node.getStart(source) === start) return node;
    return ts.forEachChild(node, visit);
  };
  return ts.forEachChild(source, visit);
}

/** Without parentheses, and without what is said of its type. */
function bare(node: ts.Node): ts.Node {
  const ts = typescript();
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner) ||
    ts.isNonNullExpression(inner)
  )
    inner = inner.expression;
  return inner;
}

/** The key that a member access names in so many words. */
function memberKey(node: ts.Node): string | undefined {
  const ts = typescript();
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (!ts.isElementAccessExpression(node)) return undefined;
  const { argumentExpression: key } = node;
  return ts.isStringLiteralLike(key) || ts.isNumericLiteral(key) ? key.text : undefined;
}

/** What a literal gives for the key; undefined where a spread or a computed key may have the last word. */
function memberOf(literal: ts.Node, key: string): ts.Node | undefined {
  const ts = typescript();
  if (ts.isArrayLiteralExpression(literal)) {
    const before = literal.elements.slice(0, Number(key) + 1);
    return before.some(ts.isSpreadElement) ? undefined : literal.elements[Number(key)];
  }
  if (!ts.isObjectLiteralExpression(literal)) return undefined;
  const last = literal.properties.findLast((each) => {
    const { name } = each;
    return !name || ts.isComputedPropertyName(name) || name.text === key;
  });
  if (!last) return undefined;
  if (ts.isShorthandPropertyAssignment(last)) return last;
  const isNamed = ts.isPropertyAssignment(last) && !ts.isComputedPropertyName(last.name);
  return isNamed ? last.initializer : undefined;
}

/** Whether the expression can have given the value: a constant's object may have been changed since it was made. */
function canGive(node: ts.Node, value: unknown): boolean {
  const ts = typescript();
  const isObject = typeof value === 'object' && value !== null;
  if (ts.isStringLiteralLike(node)) return node.text === value;
  if (ts.isNumericLiteral(node)) return Number(node.text) === value;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return value === true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return value === false;
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) return isObject;
  return true;
}
