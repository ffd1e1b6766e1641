import type ts from 'typescript';
import type { SourceRange } from './contract.ts';
import { typescript } from './typescript.ts';

interface PropertyPlace {
  readonly name: SourceRange;
  readonly value: SourceRange;
}

/**
 * Places in one version of a file, by number: what the instrumented code mentions. Only start and end are kept; names and
 * values of properties are looked up in the tree when someone asks.
 */
export class Sites {
  readonly #source: ts.SourceFile;
  readonly #file: string;
  readonly #spans: Int32Array;
  /** Number of the first site: numbers are unique among the files of a project. */
  readonly base: number;

  /** `spans` holds start and end of every site, one after the other. */
  constructor(source: ts.SourceFile, file: string, spans: readonly number[], base: number) {
    this.#source = source;
    this.#file = file;
    this.#spans = Int32Array.from(spans);
    this.base = base;
  }

  get count(): number {
    return this.#spans.length / 2;
  }

  range(site: number): SourceRange {
    return this.between(...this.#span(site));
  }

  between(start: number, end: number): SourceRange {
    return rangeIn(this.#source, this.#file, start, end);
  }

  /** The word that begins at a place; line and character count from 0. */
  word(line: number, character: number): SourceRange {
    const start = this.#source.getPositionOfLineAndCharacter(line, character);
    const rest = /^[^\s(){}[\],;]*/.exec(this.#source.text.slice(start, start + 80))![0];
    return this.between(start, start + Math.max(1, rest.length));
  }

  /** Where the literal at `site` gives the field: its name and its value; a computed key counts unless `onlyNamed`. */
  property(site: number, key: string, onlyNamed = false): PropertyPlace | undefined {
    const ts = typescript();
    const node = this.#node(site);
    if (!node) return undefined;
    if (ts.isArrayLiteralExpression(node)) {
      const item = node.elements[Number(key)];
      if (!item || node.elements.slice(0, Number(key)).some(ts.isSpreadElement)) return undefined;
      return { name: this.#of(item), value: this.#of(item) };
    }
    if (!ts.isObjectLiteralExpression(node)) return undefined;
    const found = node.properties.findLast((each) => nameOf(each) === key);
    if (found) return this.#partsOf(found);
    return onlyNamed ? undefined : this.#computed(node);
  }

  /** The member of the literal at `site` with that number. */
  member(site: number, at: number): PropertyPlace | undefined {
    const ts = typescript();
    const node = this.#node(site);
    if (!node) return undefined;
    if (ts.isObjectLiteralExpression(node))
      return node.properties[at] && this.#partsOf(node.properties[at]);
    const members = ts.isNewExpression(node)
      ? node.arguments
      : ts.isArrayLiteralExpression(node)
        ? node.elements
        : undefined;
    const member = members?.[at];
    return member && { name: this.#of(member), value: this.#of(member) };
  }

  /** What the `new` at `site` is given first. */
  argument(site: number): SourceRange | undefined {
    const node = this.#node(site);
    const first = node && typescript().isNewExpression(node) ? node.arguments?.[0] : undefined;
    return first && this.#of(first);
  }

  #partsOf(member: ts.ObjectLiteralElementLike): PropertyPlace {
    const ts = typescript();
    const value = ts.isPropertyAssignment(member)
      ? member.initializer
      : ts.isSpreadAssignment(member)
        ? member.expression
        : member;
    return { name: this.#of(member.name ?? member), value: this.#of(value) };
  }

  /** The only computed key of a literal must be the one that no other member gives. */
  #computed(literal: ts.ObjectLiteralExpression): PropertyPlace | undefined {
    const ts = typescript();
    const computed = literal.properties.filter(
      (each) => each.name !== undefined && ts.isComputedPropertyName(each.name),
    );
    return computed.length === 1 ? this.#partsOf(computed[0]!) : undefined;
  }

  #span(site: number): [start: number, end: number] {
    const at = (site - this.base) * 2;
    return [this.#spans[at]!, this.#spans[at + 1]!];
  }

  #of(node: ts.Node): SourceRange {
    return this.between(node.getStart(this.#source), node.getEnd());
  }

  #node(site: number): ts.Node | undefined {
    const ts = typescript();
    const [start, end] = this.#span(site);
    const visit = (node: ts.Node): ts.Node | undefined => {
      if (node.pos > start || node.end < end) return undefined;
      if (node.end === end && isLiteral(node) && node.getStart(this.#source) === start) return node;
      return ts.forEachChild(node, visit);
    };
    const statement = this.#statementAround(start);
    return statement && visit(statement);
  }

  /** A file may have tens of thousands of statements: found by halving. */
  #statementAround(position: number): ts.Statement | undefined {
    const { statements } = this.#source;
    let low = 0;
    let high = statements.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (statements[middle]!.end <= position) low = middle + 1;
      else high = middle;
    }
    return statements[low];
  }
}

function isLiteral(node: ts.Node): boolean {
  const ts = typescript();
  return (
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isNewExpression(node)
  );
}

/** The key that a member gives, when the text says it; undefined for spreads and computed keys. */
export function nameOf(member: ts.ObjectLiteralElementLike): string | undefined {
  const ts = typescript();
  const { name } = member;
  if (name === undefined) return undefined;
  if (ts.isComputedPropertyName(name))
    return ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
  return ts.isPrivateIdentifier(name) ? undefined : name.text;
}

export function rangeIn(
  source: ts.SourceFileLike,
  file: string,
  start: number,
  end: number,
): SourceRange {
  const ts = typescript();
  const from = ts.getLineAndCharacterOfPosition(source, start);
  const to = ts.getLineAndCharacterOfPosition(source, end);
  return {
    file,
    line: from.line + 1,
    column: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
  };
}
