import type ts from 'typescript';
import { BOOKS, Instrumenter } from './instrument.ts';
import { BOOKS_URL } from './origins.ts';
import type { ExportSite } from './protocol.ts';
import { Sites } from './sites.ts';
import { typescript } from './typescript.ts';

/** A manifest ready to run. */
export interface Transformed {
  /** JavaScript, instrumented; its first line is ours, the source map counts from the second. */
  readonly code: string;
  readonly map: () => string;
  readonly sites: Sites;
  /** In the order of the text. */
  readonly exports: readonly ExportSite[];
}

/** Turns TypeScript into instrumented JavaScript. `shown` is the file's name in ranges; its sites count from `siteBase`. */
export function transform(
  source: ts.SourceFile,
  shown: string,
  siteBase: number,
  options: ts.CompilerOptions,
): Transformed {
  const ts = typescript();
  const spans: number[] = [];
  const exports = exportsOf(source, spans, siteBase);
  const before = spans.slice();
  const emit = (sourceMap: boolean, into: number[]): ts.TranspileOutput =>
    ts.transpileModule(source.text, {
      fileName: source.fileName,
      compilerOptions: {
        ...runningOptions(options),
        sourceMap,
        target: ts.ScriptTarget.ES2024,
        module: ts.ModuleKind.ESNext,
      },
      transformers: { before: [new Instrumenter(into, siteBase).transformer] },
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    });
  const head = `import * as ${BOOKS} from '${BOOKS_URL}'; ${BOOKS}.b(${siteBase});\n`;
  return {
    code: flattened(head + emit(false, spans).outputText),
    // Few files ever throw: the same text is made once more, with its map, when one does.
    map: () => emit(true, before.slice()).sourceMapText ?? '{}',
    sites: new Sites(source, shown, spans, siteBase),
    exports,
  };
}

/** The printer builds its text of millions of pieces, which would stay, at fifteen times the size, as long as the text does. */
const flattened = (text: string): string => Buffer.from(text).toString();

/** Of the folder's options, those that change what the code does. */
export function runningOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  const { jsx, jsxImportSource, jsxFactory, jsxFragmentFactory } = options;
  const { experimentalDecorators, emitDecoratorMetadata, verbatimModuleSyntax } = options;
  const chosen = {
    ...{ jsx, jsxImportSource, jsxFactory, jsxFragmentFactory },
    ...{ experimentalDecorators, emitDecoratorMetadata, verbatimModuleSyntax },
  };
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
}

function exportsOf(source: ts.SourceFile, spans: number[], siteBase: number): ExportSite[] {
  const ts = typescript();
  const found: ExportSite[] = [];
  const add = (name: string, node: ts.Node): void => {
    spans.push(node.getStart(source), node.end);
    found.push({ name, site: siteBase + spans.length / 2 - 1 });
  };
  const addBinding = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) add(name.text, name);
    else for (const each of name.elements) if (ts.isBindingElement(each)) addBinding(each.name);
  };
  for (const statement of source.statements) {
    if (ts.isExportAssignment(statement)) add('default', statement.expression);
    else if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      if (!exportClause) add('*', statement);
      else if (ts.isNamespaceExport(exportClause)) add(exportClause.name.text, exportClause);
      else for (const each of exportClause.elements) add(each.name.text, each);
    } else if (isExported(statement)) {
      if (ts.isVariableStatement(statement))
        for (const { name } of statement.declarationList.declarations) addBinding(name);
      else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
        add(isDefault(statement) ? 'default' : statement.name!.text, statement.name ?? statement);
    }
  }
  return found;
}

function modifiersOf(statement: ts.Statement): readonly ts.SyntaxKind[] {
  const ts = typescript();
  if (!ts.canHaveModifiers(statement)) return [];
  return (ts.getModifiers(statement) ?? []).map(({ kind }) => kind);
}

const isExported = (statement: ts.Statement): boolean =>
  modifiersOf(statement).includes(typescript().SyntaxKind.ExportKeyword);

const isDefault = (statement: ts.Statement): boolean =>
  modifiersOf(statement).includes(typescript().SyntaxKind.DefaultKeyword);
