import type ts from 'typescript';
import { typescript } from './typescript.ts';
import { Calls } from './value-calls.ts';
import { accessKey, bare, isOwnName, nameText, returnsOf } from './value-syntax.ts';

/** Expressions that are looked at for one value. */
const LOOKS_MAX = 2_000;
/** Names, members and calls behind each other. */
const STEPS_MAX = 32;

/** Methods whose callback gets the elements of what they are called on. */
const EACH = new Set(['map', 'forEach', 'flatMap', 'filter', 'find', 'some', 'every']);
/** Methods that give elements of what they are called on. */
const SAME = new Set(['filter', 'slice', 'toSorted', 'sort', 'reverse', 'toReversed', 'concat']);
/** Functions of `Object` and beside it that give the members of what they are given. */
const COPIES = new Set(['freeze', 'seal', 'assign', 'structuredClone']);

/**
 * Where values may come from: the expressions at the end of all ways back from one, over names, members, patterns, parameters,
 * conditions, loops and functions of the folder. What is worked out is an end.
 */
export class ValueSources {
  readonly #checker: ts.TypeChecker;
  readonly #isOwn: (path: string) => boolean;
  readonly #calls: Calls;
  #looksLeft = 0;
  #stepsLeft = STEPS_MAX;

  constructor(program: ts.Program, isOwn: (path: string) => boolean) {
    this.#checker = program.getTypeChecker();
    this.#isOwn = isOwn;
    const own = program.getSourceFiles().filter(({ fileName }) => isOwn(fileName));
    this.#calls = new Calls(own, this.#checker);
  }

  /** The ends of all ways back from an expression, and from a member of its value below `keys`. */
  ends(node: ts.Node, keys: readonly string[] = []): ts.Node[] {
    this.#looksLeft = LOOKS_MAX;
    let found = this.#ends(node);
    for (const key of keys) found = found.flatMap((each) => this.#endsOf(this.#members(each, key)));
    return [...new Set(found)];
  }

  /** The next expressions on the way back; none at an end. */
  next(node: ts.Node): ts.Node[] {
    this.#looksLeft = LOOKS_MAX;
    return this.#next(bare(node));
  }

  constant(member: ts.EnumMember): string | number | undefined {
    return this.#checker.getConstantValue(member);
  }

  #endsOf(nodes: readonly ts.Node[]): ts.Node[] {
    return nodes.flatMap((each) => this.#ends(each));
  }

  #ends(from: ts.Node): ts.Node[] {
    const node = bare(from);
    if (this.#looksLeft-- <= 0 || this.#stepsLeft <= 0) return [node];
    this.#stepsLeft--;
    const next = this.#next(node);
    const found = next.length === 0 ? [node] : this.#endsOf(next);
    this.#stepsLeft++;
    return found;
  }

  #next(node: ts.Node): ts.Node[] {
    const ts = typescript();
    if (isOwnName(node)) return [];
    if (ts.isIdentifier(node)) return this.#declared(this.#checker.getSymbolAtLocation(node));
    if (ts.isShorthandPropertyAssignment(node))
      return this.#declared(this.#checker.getShorthandAssignmentValueSymbol(node));
    if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse];
    if (ts.isBinaryExpression(node)) return alternatives(node);
    if (ts.isCallExpression(node)) return this.#returned(node);
    const access = accessKey(node);
    return access ? this.#accessed(node as ts.AccessExpression, access.key) : [];
  }

  #accessed(node: ts.AccessExpression, key: string | undefined): ts.Node[] {
    const ts = typescript();
    const found = this.#ends(node.expression).flatMap((each) => this.#members(each, key));
    if (found.length > 0 || !ts.isPropertyAccessExpression(node)) return found;
    return this.#declared(this.#checker.getSymbolAtLocation(node.name));
  }

  #declared(symbol: ts.Symbol | undefined): ts.Node[] {
    const isAlias = symbol && symbol.flags & typescript().SymbolFlags.Alias;
    const meant = isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const all = meant?.declarations ?? [];
    return all
      .filter((each) => this.#isOwn(each.getSourceFile().fileName))
      .flatMap((each) => this.#given(each));
  }

  /** The expressions that a declaration gives its name to. */
  #given(declared: ts.Node): ts.Node[] {
    const ts = typescript();
    if (ts.isVariableDeclaration(declared)) return this.#variable(declared);
    if (ts.isBindingElement(declared)) return this.#bound(declared);
    if (ts.isParameter(declared))
      return [...optional(declared.initializer), ...this.#passed(declared)];
    if (ts.isEnumMember(declared)) return [declared.initializer ?? declared];
    if (ts.isPropertyAssignment(declared)) return [declared.initializer];
    if (ts.isShorthandPropertyAssignment(declared))
      return this.#declared(this.#checker.getShorthandAssignmentValueSymbol(declared));
    if (ts.isPropertyDeclaration(declared)) return optional(declared.initializer);
    if (ts.isGetAccessor(declared)) return returnsOf(declared.body);
    if (ts.isExportAssignment(declared)) return [declared.expression];
    if (!ts.isSourceFile(declared) || !declared.fileName.endsWith('.json')) return [];
    return declared.statements.flatMap((each) =>
      ts.isExpressionStatement(each) ? [each.expression] : [],
    );
  }

  #variable(declared: ts.VariableDeclaration): ts.Node[] {
    const ts = typescript();
    const loop = declared.parent.parent;
    if (ts.isForOfStatement(loop)) return this.#elements(loop.expression);
    const isConst = (ts.getCombinedNodeFlags(declared) & ts.NodeFlags.Const) !== 0;
    const later = isConst ? [] : this.#assigned(declared);
    return [...optional(declared.initializer), ...later];
  }

  /** What is assigned to a variable later, in its file. */
  #assigned(declared: ts.VariableDeclaration): ts.Node[] {
    const ts = typescript();
    const symbol = this.#checker.getSymbolAtLocation(declared.name);
    return assignments(declared.getSourceFile()).flatMap(({ left, right }) =>
      ts.isIdentifier(left) && this.#checker.getSymbolAtLocation(left) === symbol ? [right] : [],
    );
  }

  /** A name in a pattern: what stands there by default, and the member of what is taken apart. */
  #bound(element: ts.BindingElement): ts.Node[] {
    const ts = typescript();
    const { parent: pattern, propertyName, name, dotDotDotToken, initializer } = element;
    const whole = this.#endsOf(this.#takenApart(pattern));
    if (dotDotDotToken) return ts.isObjectBindingPattern(pattern) ? whole : [];
    const key = ts.isArrayBindingPattern(pattern)
      ? String(pattern.elements.indexOf(element))
      : nameText(propertyName ?? name);
    return [...optional(initializer), ...whole.flatMap((each) => this.#members(each, key))];
  }

  #takenApart({ parent }: ts.BindingPattern): ts.Node[] {
    return this.#given(parent);
  }

  /** What callers give for a parameter. */
  #passed(parameter: ts.ParameterDeclaration): ts.Node[] {
    const ts = typescript();
    const made = parameter.parent;
    const at = made.parameters.indexOf(parameter);
    if (parameter.dotDotDotToken) return [];
    let outer: ts.Node = made.parent;
    while (ts.isParenthesizedExpression(outer)) outer = outer.parent;
    if (ts.isCallExpression(outer) && outer.arguments.some((each) => bare(each) === made))
      return at === 0 ? this.#iterated(outer) : [];
    const name = nameOfFunction(made);
    const symbol = name && this.#calls.symbolOf(name);
    if (!name || !symbol) return [];
    return this.#calls.of(symbol, exportedName(name)).flatMap(({ arguments: given = [] }) => {
      const before = [...given].slice(0, at + 1);
      return before.some(ts.isSpreadElement) ? [] : optional(given[at]);
    });
  }

  /** The elements that a callback gets one by one. */
  #iterated({ expression }: ts.CallExpression): ts.Node[] {
    const ts = typescript();
    if (!ts.isPropertyAccessExpression(expression) || !EACH.has(expression.name.text)) return [];
    return this.#elements(expression.expression);
  }

  #elements(list: ts.Node): ts.Node[] {
    return this.#ends(list).flatMap((each) => this.#elementsOf(each));
  }

  #elementsOf(list: ts.Node): ts.Node[] {
    const ts = typescript();
    if (ts.isArrayLiteralExpression(list))
      return list.elements.flatMap((each) =>
        ts.isSpreadElement(each) ? this.#elements(each.expression) : [each],
      );
    if (!ts.isCallExpression(list) || !ts.isPropertyAccessExpression(list.expression)) return [];
    const { name, expression: whole } = list.expression;
    const [first] = list.arguments;
    if (ts.isIdentifier(whole) && whole.text === 'Object' && first)
      return this.#ends(first).flatMap((each) => this.#entries(each, name.text));
    if (SAME.has(name.text)) return this.#elements(whole);
    const isMapped = (name.text === 'map' || name.text === 'flatMap') && first;
    const callback = isMapped ? bare(first) : undefined;
    return callback && isFunction(callback) ? returnsOf(callback.body) : [];
  }

  /** What `Object.keys`, `values` or `entries` gives; an entry is its member itself. */
  #entries(object: ts.Node, what: string): ts.Node[] {
    const ts = typescript();
    if (!ts.isObjectLiteralExpression(object)) return [];
    return object.properties.flatMap((each): ts.Node[] => {
      if (ts.isSpreadAssignment(each))
        return this.#ends(each.expression).flatMap((inner) => this.#entries(inner, what));
      if (!ts.isPropertyAssignment(each)) return [];
      if (what === 'keys') return [each.name];
      if (what === 'values') return [each.initializer];
      return what === 'entries' ? [each] : [];
    });
  }

  /** What a value has under a key; under any where it is not known. */
  #members(whole: ts.Node, key: string | undefined): ts.Node[] {
    const ts = typescript();
    if (ts.isObjectLiteralExpression(whole)) return this.#fields(whole, key);
    if (ts.isArrayLiteralExpression(whole)) {
      const at = Number(key ?? Number.NaN);
      const isPlain = !whole.elements.slice(0, at + 1).some(ts.isSpreadElement);
      if (Number.isInteger(at) && isPlain) return optional(whole.elements[at]);
      return this.#elementsOf(whole);
    }
    if (ts.isPropertyAssignment(whole)) return key === '0' ? [whole.name] : [whole.initializer];
    if (!ts.isCallExpression(whole)) return [];
    const name = ts.isPropertyAccessExpression(whole.expression)
      ? whole.expression.name
      : whole.expression;
    if (!ts.isIdentifier(name) || !COPIES.has(name.text)) return [];
    return [...whole.arguments]
      .reverse()
      .flatMap((each) => this.#ends(each).flatMap((inner) => this.#members(inner, key)));
  }

  /** From the last member on back to the one that surely gives the key. */
  #fields({ properties }: ts.ObjectLiteralExpression, key: string | undefined): ts.Node[] {
    const ts = typescript();
    const found: ts.Node[] = [];
    for (const each of [...properties].reverse()) {
      if (ts.isSpreadAssignment(each)) {
        const inside = this.#ends(each.expression);
        found.push(...inside.flatMap((inner) => this.#members(inner, key)));
        continue;
      }
      const name = nameText(each.name);
      if (key !== undefined && name !== undefined && name !== key) continue;
      if (ts.isPropertyAssignment(each)) found.push(each.initializer);
      else if (ts.isShorthandPropertyAssignment(each)) found.push(each);
      else if (ts.isGetAccessor(each)) found.push(...returnsOf(each.body));
      if (name === key) break;
    }
    return found;
  }

  /** What a call of one of the folder's functions may give. */
  #returned(call: ts.CallExpression): ts.Node[] {
    const called = bare(call.expression);
    if (isFunction(called)) return returnsOf(called.body);
    const ts = typescript();
    const name = ts.isPropertyAccessExpression(called) ? called.name : called;
    const all = this.#calls.symbolOf(name)?.declarations ?? [];
    return all
      .filter((each) => this.#isOwn(each.getSourceFile().fileName))
      .flatMap((each) => {
        const given = ts.isVariableDeclaration(each) || ts.isPropertyAssignment(each);
        const made = given && each.initializer ? bare(each.initializer) : each;
        return isFunction(made) ? returnsOf(made.body) : [];
      });
  }
}

type FunctionNode =
  | ts.ArrowFunction
  | ts.FunctionExpression
  | ts.FunctionDeclaration
  | ts.MethodDeclaration;

function isFunction(node: ts.Node): node is FunctionNode {
  const ts = typescript();
  return (
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node)
  );
}

const optional = (node: ts.Node | undefined): ts.Node[] => (node ? [node] : []);

function alternatives({ left, right, operatorToken }: ts.BinaryExpression): ts.Node[] {
  const { SyntaxKind } = typescript();
  const { kind } = operatorToken;
  if (kind === SyntaxKind.CommaToken) return [right];
  const isChoice =
    kind === SyntaxKind.QuestionQuestionToken ||
    kind === SyntaxKind.BarBarToken ||
    kind === SyntaxKind.AmpersandAmpersandToken;
  return isChoice ? [left, right] : [];
}

/** The name by which a function is called; that of its class for a constructor. */
function nameOfFunction(made: ts.SignatureDeclaration): ts.Node | undefined {
  const ts = typescript();
  if (ts.isConstructorDeclaration(made)) return made.parent.name;
  if (made.name) return made.name;
  let outer: ts.Node = made.parent;
  while (ts.isParenthesizedExpression(outer) || ts.isSatisfiesExpression(outer))
    outer = outer.parent;
  return ts.isVariableDeclaration(outer) || ts.isPropertyAssignment(outer) ? outer.name : undefined;
}

const exportedName = (name: ts.Node): string => nameText(name) ?? 'default';

/** All assignments in a file. */
export function assignments(source: ts.SourceFile): ts.BinaryExpression[] {
  const ts = typescript();
  const found: ts.BinaryExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
      found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
