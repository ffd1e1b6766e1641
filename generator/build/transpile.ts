import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  jsx: ts.JsxEmit.ReactJSX,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

/** One source without its types; what does not parse is told as `path:line: message`. */
export function transpile(path: string, text: string): { text: string; problems: string[] } {
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    fileName: path,
    compilerOptions: OPTIONS,
    reportDiagnostics: true,
  });
  const problems = diagnostics.map(({ file, start, messageText }) => {
    const line =
      file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 1;
    return `${path}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  return { text: outputText, problems };
}
