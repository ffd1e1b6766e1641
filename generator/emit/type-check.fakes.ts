import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  lib: ['lib.es2024.d.ts'],
  types: [],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

/** A language service over the project with `files` (by path from the project's root) laid over it. */
export class TypeChecker {
  readonly #files = new Map<string, string>();
  readonly #service: ts.LanguageService;
  #version = 0;

  constructor(files: ReadonlyMap<string, string> = new Map()) {
    for (const [path, text] of files) this.#files.set(join(root, path), text);
    const host: ts.LanguageServiceHost = {
      getScriptFileNames: () => [...this.#files.keys()],
      getScriptVersion: (path) => (this.#files.has(path) ? String(this.#version) : '0'),
      getScriptSnapshot: (path) => {
        const text = this.#read(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => root,
      getCompilationSettings: () => OPTIONS,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: (path) => this.#files.has(path) || existsSync(path),
      readFile: (path) => this.#read(path),
    };
    this.#service = ts.createLanguageService(host);
  }

  /** Errors of a file, `line: message`, the message without what is behind its first line. */
  errorsOf(path: string, text?: string): string[] {
    const file = join(root, path);
    if (text !== undefined) this.#set(file, text);
    return [
      ...this.#service.getSyntacticDiagnostics(file),
      ...this.#service.getSemanticDiagnostics(file),
    ].map((each) => {
      const at = each.file?.getLineAndCharacterOfPosition(each.start ?? 0);
      const message = ts.flattenDiagnosticMessageText(each.messageText, '\n').split('\n')[0]!;
      return `${(at?.line ?? -1) + 1}: ${message}`;
    });
  }

  /** What hovering shows of the name that ends where `|` stands in the text. */
  hover(path: string, textWithMark: string): string {
    const file = join(root, path);
    const position = textWithMark.indexOf('|');
    this.#set(file, textWithMark.replace('|', ''));
    const info = this.#service.getQuickInfoAtPosition(file, position);
    return ts.displayPartsToString(info?.documentation);
  }

  #set(file: string, text: string): void {
    this.#files.set(file, text);
    this.#version++;
  }

  #read(path: string): string | undefined {
    return this.#files.get(path) ?? (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  }
}
