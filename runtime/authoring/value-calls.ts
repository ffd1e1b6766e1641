import type ts from 'typescript';
import { typescript } from './typescript.ts';

export type Call = ts.CallExpression | ts.NewExpression;

/** Finds the calls of a function in the files of a folder. Files are gone through once, when the first is asked for. */
export class Calls {
  readonly #files: readonly ts.SourceFile[];
  readonly #checker: ts.TypeChecker;
  #byName: Map<string, Call[]> | undefined;
  /** By name, the names that imports give to it. */
  readonly #aliases = new Map<string, Set<string>>();

  constructor(files: readonly ts.SourceFile[], checker: ts.TypeChecker) {
    this.#files = files;
    this.#checker = checker;
  }

  /** Calls of what a symbol stands for, which is called `name` where it is made. */
  of(symbol: ts.Symbol, name: string): Call[] {
    this.#byName ??= this.#collect();
    const names = [name, ...(this.#aliases.get(name) ?? [])];
    return names
      .flatMap((each) => this.#byName!.get(each) ?? [])
      .filter((call) => this.symbolOf(callee(call)) === symbol);
  }

  /** What a name stands for, through imports. */
  symbolOf(node: ts.Node): ts.Symbol | undefined {
    const symbol = this.#checker.getSymbolAtLocation(node);
    const isAlias = symbol && symbol.flags & typescript().SymbolFlags.Alias;
    return isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #collect(): Map<string, Call[]> {
    const ts = typescript();
    const found = new Map<string, Call[]>();
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const name = callee(node);
        const text = ts.isIdentifier(name) ? name.text : '';
        const known = found.get(text);
        if (known) known.push(node);
        else found.set(text, [node]);
      }
      if ((ts.isImportSpecifier(node) || ts.isExportSpecifier(node)) && node.propertyName) {
        const { text } = node.propertyName;
        this.#aliases.set(text, (this.#aliases.get(text) ?? new Set()).add(node.name.text));
      }
      if (ts.isImportClause(node) && node.name)
        this.#aliases.set(
          'default',
          (this.#aliases.get('default') ?? new Set()).add(node.name.text),
        );
      ts.forEachChild(node, visit);
    };
    for (const file of this.#files) visit(file);
    return found;
  }
}

/** The name by which a function is called: the last of `shop.pods.make`. */
function callee({ expression }: Call): ts.Node {
  const ts = typescript();
  let node: ts.Node = expression;
  while (ts.isParenthesizedExpression(node)) node = node.expression;
  return ts.isPropertyAccessExpression(node) ? node.name : node;
}
