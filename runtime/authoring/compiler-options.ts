import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type ts from 'typescript';
import type { Finding } from './contract.ts';
import { finding } from './findings.ts';
import type { SourceFiles } from './source-files.ts';
import { typescript } from './typescript.ts';

export interface Configuration {
  readonly options: ts.CompilerOptions;
  readonly findings: readonly Finding[];
  /** Changes when the configuration does. */
  readonly version: string;
}

const USES_NODE =
  /\bnode:|\b(process|Buffer|URL|structuredClone|fetch|require|set(?=Time|Interval|Immediate)\w+)\b/;

/** What the compiler is told: the folder's own tsconfig.json where it has one, else strict defaults for plain ES modules. */
export function configurationFor(
  files: SourceFiles,
  manifests: readonly string[],
  isNodeUser: (text: string) => boolean = (text) => USES_NODE.test(text),
): Configuration {
  const config = files.read(join(files.folder, 'tsconfig.json'));
  const nodeTypes = findNodeTypes(files.folder);
  const wantsNode =
    nodeTypes !== undefined && manifests.some((path) => isNodeUser(files.read(path)?.text ?? ''));
  const own = config ? ownOptions(config.path, config.text, files) : undefined;
  const types = own?.options.types ?? (wantsNode ? ['node'] : []);
  return {
    options: { ...defaults(), ...own?.options, ...forced(), types },
    findings: own?.findings ?? [],
    version: `${config?.version ?? ''}/${types.join()}`,
  };
}

function defaults(): ts.CompilerOptions {
  const { JsxEmit, ModuleDetectionKind, ModuleKind, ModuleResolutionKind, ScriptTarget } =
    typescript();
  return {
    target: ScriptTarget.ES2024,
    lib: ['lib.es2024.d.ts'],
    module: ModuleKind.NodeNext,
    moduleResolution: ModuleResolutionKind.NodeNext,
    moduleDetection: ModuleDetectionKind.Force,
    jsx: JsxEmit.ReactJSX,
    strict: true,
    noImplicitOverride: true,
    noFallthroughCasesInSwitch: true,
    resolveJsonModule: true,
  };
}

/** What holds whatever the folder says: nothing is written, and other people's declarations are not our business. */
function forced(): ts.CompilerOptions {
  return {
    noEmit: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
    skipLibCheck: true,
    declaration: false,
    composite: false,
    incremental: false,
    sourceMap: false,
  };
}

function ownOptions(
  path: string,
  text: string,
  files: SourceFiles,
): { options: ts.CompilerOptions; findings: Finding[] } {
  const ts = typescript();
  const { config, error } = ts.parseConfigFileTextToJson(path, text);
  const parsed = ts.parseJsonConfigFileContent(
    { ...config, files: [], include: undefined },
    { ...ts.sys, readDirectory: () => [] },
    files.folder,
    undefined,
    path,
  );
  const nothingToCompile = 18002;
  const problems = [...(error ? [error] : []), ...parsed.errors];
  return {
    options: parsed.options,
    findings: problems
      .filter(({ code }) => code !== nothingToCompile)
      .map(({ messageText }) => {
        const why = ts.flattenDiagnosticMessageText(messageText, ' ');
        return finding('E_MANIFEST_TSCONFIG', `${files.shown(path)}: ${why}`);
      }),
  };
}

function findNodeTypes(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const types = join(at, 'node_modules', '@types', 'node');
    if (existsSync(types)) return types;
    if (at === dirname(at)) return undefined;
  }
}
