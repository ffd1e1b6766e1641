import type ts from 'typescript';
import { nameOf } from './sites.ts';
import { typescript } from './typescript.ts';

/** The name under which instrumented code reaches the module of `origins.ts` that keeps its books. */
export const BOOKS = '$slipway';

/**
 * Rewrites a manifest so that, as it runs, each object knows the literal it came from, and an endless loop or await the
 * place where it is. Meaning stays: every expression is wrapped in a call that returns it.
 *
 * - literal `{ … }`, `[ … ]` → `o(site, literal)`
 * - with spreads → `m(site, shape, literal)`, each spread value noted by `s(value)`
 * - `new X(init)` → `n(site, new X(s(init)))`
 * - the body of a loop begins with `l(site)`
 * - a top-level `await p` → `d(base, await w(base, site, p))`, where `base` tells the file
 */
export class Instrumenter {
  readonly #ts = typescript();
  readonly #factory = this.#ts.factory;
  readonly #spans: number[];
  readonly #siteBase: number;
  #source!: ts.SourceFile;
  #functionDepth = 0;

  /** Appends start and end of each site to `spans`; a site's number is its place there, from `siteBase` on. */
  constructor(spans: number[], siteBase: number) {
    this.#spans = spans;
    this.#siteBase = siteBase;
  }

  readonly transformer: ts.TransformerFactory<ts.SourceFile> = (context) => {
    const visit = (node: ts.Node): ts.Node => this.#visit(node, visit, context);
    return (source) => {
      this.#source = source;
      return this.#ts.visitEachChild(source, visit, context);
    };
  };

  #visit(node: ts.Node, visit: ts.Visitor, context: ts.TransformationContext): ts.Node {
    const { isTypeNode, visitEachChild } = this.#ts;
    if (isTypeNode(node)) return node;
    if (this.#isAssignmentToPattern(node))
      return this.#factory.updateBinaryExpression(
        node,
        node.left,
        node.operatorToken,
        visit(node.right) as ts.Expression,
      );
    if (this.#ts.isFunctionLike(node) || this.#ts.isClassLike(node)) {
      this.#functionDepth++;
      const visited = visitEachChild(node, visit, context);
      this.#functionDepth--;
      return visited;
    }
    const inner = (): ts.Node => visitEachChild(node, visit, context);
    if (this.#ts.isObjectLiteralExpression(node))
      return this.#literal(node, node.properties, inner);
    if (this.#ts.isArrayLiteralExpression(node)) return this.#literal(node, node.elements, inner);
    if (this.#ts.isNewExpression(node)) return this.#construction(node, inner);
    if (this.#ts.isIterationStatement(node, false)) return this.#loop(node, visit, context);
    if (this.#ts.isAwaitExpression(node) && this.#functionDepth === 0)
      return this.#topLevelAwait(node, visit);
    return inner();
  }

  /** `({ a, b } = value)`: the left side looks like a literal and is none. */
  #isAssignmentToPattern(node: ts.Node): node is ts.BinaryExpression {
    const ts = this.#ts;
    return (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      (ts.isObjectLiteralExpression(node.left) || ts.isArrayLiteralExpression(node.left))
    );
  }

  #literal(node: ts.Expression, members: readonly ts.Node[], inner: () => ts.Node): ts.Expression {
    const ts = this.#ts;
    const site = this.#site(node);
    const isSpread = (each: ts.Node): boolean =>
      ts.isSpreadAssignment(each) || ts.isSpreadElement(each);
    const visited = inner() as ts.Expression;
    if (!members.some(isSpread) || this.#suspends(node)) return this.#call('o', site, visited);
    const shape = members.map((each) => {
      if (isSpread(each)) return this.#factory.createNumericLiteral(0);
      const name = ts.isObjectLiteralElementLike(each) ? nameOf(each) : undefined;
      return name === undefined
        ? this.#factory.createNull()
        : this.#factory.createStringLiteral(name);
    });
    const shapes = this.#factory.createArrayLiteralExpression(shape);
    return this.#call('m', site, shapes, this.#withNotedSpreads(visited));
  }

  #withNotedSpreads(literal: ts.Expression): ts.Expression {
    const ts = this.#ts;
    const note = <T extends ts.Node>(each: T): ts.Node => {
      if (ts.isSpreadAssignment(each))
        return this.#factory.updateSpreadAssignment(each, this.#call('s', each.expression));
      if (ts.isSpreadElement(each))
        return this.#factory.updateSpreadElement(each, this.#call('s', each.expression));
      return each;
    };
    if (ts.isObjectLiteralExpression(literal))
      return this.#factory.updateObjectLiteralExpression(
        literal,
        literal.properties.map((each) => note(each) as ts.ObjectLiteralElementLike),
      );
    if (!ts.isArrayLiteralExpression(literal)) return literal;
    return this.#factory.updateArrayLiteralExpression(
      literal,
      literal.elements.map((each) => note(each) as ts.Expression),
    );
  }

  #construction(node: ts.NewExpression, inner: () => ts.Node): ts.Expression {
    const site = this.#site(node);
    const visited = inner() as ts.NewExpression;
    const [init, ...others] = visited.arguments ?? [];
    if (!init || this.#ts.isSpreadElement(init) || this.#suspends(node))
      return this.#call('o', site, visited);
    const noted = [this.#call('s', init), ...others];
    const { expression, typeArguments } = visited;
    const made = this.#factory.updateNewExpression(visited, expression, typeArguments, noted);
    return this.#call('n', site, made);
  }

  #loop(
    node: ts.IterationStatement,
    visit: ts.Visitor,
    context: ts.TransformationContext,
  ): ts.Node {
    const ts = this.#ts;
    const isPattern = (each: ts.Node): boolean =>
      (ts.isForOfStatement(node) || ts.isForInStatement(node)) &&
      each === node.initializer &&
      (ts.isObjectLiteralExpression(each) || ts.isArrayLiteralExpression(each));
    const body = node.statement;
    const site = this.#sites(node.getStart(this.#source), body.getFullStart());
    const child = (each: ts.Node): ts.Node | undefined => {
      if (isPattern(each)) return each;
      const visited = visit(each) as ts.Node;
      if (each !== body) return visited;
      const tick = this.#factory.createExpressionStatement(this.#call('l', site));
      return this.#factory.createBlock([tick, visited as ts.Statement], true);
    };
    return ts.visitEachChild(node, child, context);
  }

  #topLevelAwait(node: ts.AwaitExpression, visit: ts.Visitor): ts.Expression {
    const site = this.#site(node);
    const awaited = visit(node.expression) as ts.Expression;
    const base = this.#factory.createNumericLiteral(this.#siteBase);
    const waiting = this.#call('w', base, site, awaited);
    return this.#call('d', base, this.#factory.updateAwaitExpression(node, waiting));
  }

  /** Whether evaluating may pause in the middle, so that others' spreads would be noted in between. */
  #suspends(node: ts.Node): boolean {
    return /\b(await|yield)\b/.test(this.#source.text.slice(node.pos, node.end));
  }

  #site(node: ts.Node): ts.NumericLiteral {
    return this.#sites(node.getStart(this.#source), node.end);
  }

  #sites(start: number, end: number): ts.NumericLiteral {
    this.#spans.push(start, end);
    return this.#factory.createNumericLiteral(this.#siteBase + this.#spans.length / 2 - 1);
  }

  #call(name: string, ...parameters: ts.Expression[]): ts.Expression {
    const { createCallExpression, createIdentifier, createPropertyAccessExpression } =
      this.#factory;
    const callee = createPropertyAccessExpression(createIdentifier(BOOKS), name);
    return createCallExpression(callee, undefined, parameters);
  }
}
