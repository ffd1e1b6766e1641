import type ts from 'typescript';
import { typescript } from './typescript.ts';

/** Without parentheses, and without what is said of its type. */
export function bare(node: ts.Node): ts.Node {
  const ts = typescript();
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isAwaitExpression(inner)
  )
    inner = inner.expression;
  return inner;
}

/** The text of a name in a literal, a pattern or an access; undefined for one that is worked out. */
export function nameText(name: ts.Node | undefined): string | undefined {
  const ts = typescript();
  if (!name) return undefined;
  if (ts.isComputedPropertyName(name)) return nameText(name.expression);
  const isPlain = ts.isIdentifier(name) && !ts.isComputedPropertyName(name.parent);
  return isPlain || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)
    ? name.text
    : undefined;
}

/** The key of a member access, or what it is worked out by; undefined for what is no member access. */
export function accessKey(node: ts.Node): { readonly key: string | undefined } | undefined {
  const ts = typescript();
  if (ts.isPropertyAccessExpression(node)) return { key: node.name.text };
  if (!ts.isElementAccessExpression(node)) return undefined;
  const { argumentExpression: key } = node;
  return { key: ts.isIdentifier(key) ? undefined : nameText(key) };
}

/** What a function may return, without what functions in it do. */
export function returnsOf(body: ts.Node | undefined): ts.Expression[] {
  const ts = typescript();
  if (!body) return [];
  if (!ts.isBlock(body)) return [body as ts.Expression];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression);
    else if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}

/** A name in a literal that stands for itself, as `Object.keys` gives it. */
export function isOwnName(node: ts.Node): boolean {
  const { parent } = node;
  return typescript().isPropertyAssignment(parent) && parent.name === node;
}

/** What is exactly there; undefined for what is spread, as it gives more than one value. */
export function expressionAt(
  source: ts.SourceFile,
  range: { line: number; column: number; endLine: number; endColumn: number },
): ts.Node | undefined {
  const ts = typescript();
  const start = source.getPositionOfLineAndCharacter(range.line - 1, range.column - 1);
  const end = source.getPositionOfLineAndCharacter(range.endLine - 1, range.endColumn - 1);
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
