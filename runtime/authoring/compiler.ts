import { dirname, extname, join } from 'node:path';
import type ts from 'typescript';
import { type Configuration, configurationFor } from './compiler-options.ts';
import type { Finding } from './contract.ts';
import { ModuleScope } from './module-scope.ts';
import { isSlipway, type SlipwayResolver } from './slipway-modules.ts';
import type { FolderListing, SourceFiles } from './source-files.ts';
import { typescript } from './typescript.ts';

export interface ImportSite {
  readonly specifier: string;
  readonly start: number;
  readonly end: number;
}

interface Checked {
  readonly key: string;
  readonly diagnostics: readonly ts.Diagnostic[];
}

/** What manifests may use that have no types of Node about them. */
const AMBIENT = `interface ImportMeta { readonly url: string; readonly dirname: string; readonly filename: string }
declare var console: {
  log(...values: unknown[]): void; info(...values: unknown[]): void; debug(...values: unknown[]): void;
  warn(...values: unknown[]): void; error(...values: unknown[]): void; dir(value: unknown): void; table(value: unknown): void;
};`;

/** Shared by all projects of the process, so that the libraries are read once. */
let registry: ts.DocumentRegistry | undefined;
/** Keeps the libraries in the registry when the last project is closed. */
let anchor: ts.LanguageService | undefined;

/** The compiler has every module import the runtime of JSX, a megabyte of declarations where React is installed; few have JSX. */
function isIdleJsxImport({ pos }: ts.StringLiteralLike, from: string): boolean {
  const isMadeUp = pos < 0;
  return isMadeUp && !/\.[jt]sx$/.test(from);
}

/** One language service over a folder, kept as long as its configuration stays. */
export class Compiler {
  readonly #files: SourceFiles;
  readonly #slipway: SlipwayResolver;
  #service: ts.LanguageService | undefined;
  #current: ts.Program | undefined;
  #configuration: Configuration | undefined;
  #scope: ModuleScope;
  #roots: readonly string[] = [];
  #ambientVersion = '';
  #resolutions = new Map<string, ts.ResolvedModuleFull | undefined>();
  readonly #snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
  readonly #imports = new Map<string, { version: string; imports: readonly ImportSite[] }>();
  readonly #checked = new Map<string, Checked>();
  /** What the imports of a file meant when the program was last built. */
  readonly #meant = new Map<string, string>();

  constructor(files: SourceFiles, slipway: SlipwayResolver) {
    this.#files = files;
    this.#slipway = slipway;
    this.#scope = new ModuleScope(files.folder);
  }

  /** Takes in what the folder holds now; what is wrong with its configuration. */
  update({ manifests, declarations }: FolderListing): readonly Finding[] {
    const configuration = configurationFor(this.#files, manifests);
    if (configuration.version !== this.#configuration?.version) this.#restart();
    this.#configuration = configuration;
    this.#scope = new ModuleScope(this.#files.folder);
    this.#resolutions = new Map();
    this.#current = undefined;
    const usesNode = configuration.options.types?.includes('node');
    this.#roots = [...manifests, ...declarations, ...(usesNode ? [] : [this.#ambientPath])];
    this.#ambientVersion = declarations.map((path) => this.#version(path)).join();
    for (const known of [this.#snapshots, this.#imports, this.#checked])
      for (const path of known.keys()) if (!this.#files.read(path)) known.delete(path);
    return configuration.findings;
  }

  get options(): ts.CompilerOptions {
    return this.#configuration!.options;
  }

  /** All files as they are now; a later update makes another. */
  get program(): ts.Program {
    return this.#program;
  }

  source(path: string): ts.SourceFile | undefined {
    return this.#program.getSourceFile(path);
  }

  syntaxErrors(path: string): readonly ts.Diagnostic[] {
    return this.#program.getSyntacticDiagnostics(this.source(path));
  }

  /** Type errors of a file: computed anew only if it, or something that it imports, has changed. */
  typeErrors(path: string): readonly ts.Diagnostic[] {
    const key = this.#fingerprint(path);
    const known = this.#checked.get(path);
    if (known?.key === key) return known.diagnostics;
    const diagnostics = this.#program.getSemanticDiagnostics(this.source(path));
    this.#checked.set(path, { key, diagnostics });
    return diagnostics;
  }

  importsOf(path: string): readonly ImportSite[] {
    const file = this.#files.read(path);
    if (!file) return [];
    const known = this.#imports.get(path);
    if (known?.version === file.version) return known.imports;
    const imports = typescript()
      .preProcessFile(file.text, true, true)
      .importedFiles.map(({ fileName, pos, end }) => ({
        specifier: fileName,
        start: pos,
        end: end + 2,
      }));
    this.#imports.set(path, { version: file.version, imports });
    return imports;
  }

  /** The file that an import means: declarations for packages, the source for what is ours. */
  resolve(specifier: string, from: string): string | undefined {
    return this.#resolveModule(specifier, from, typescript().ModuleKind.ESNext)?.resolvedFileName;
  }

  /** The same, if it is a file of the author's and not of a package. */
  localTarget(specifier: string, from: string): string | undefined {
    if (isSlipway(specifier)) return undefined;
    const target = this.resolve(specifier, from);
    return target !== undefined && !this.#isInstalled(target) ? target : undefined;
  }

  close(): void {
    if (this.#service && !anchor) {
      this.#roots = [this.#ambientPath];
      anchor = this.#service;
      this.#service = undefined;
      anchor.getProgram();
    }
    this.#restart();
  }

  #restart(): void {
    this.#service?.dispose();
    this.#service = undefined;
    this.#current = undefined;
    this.#checked.clear();
    this.#meant.clear();
  }

  get #program(): ts.Program {
    if (this.#current) return this.#current;
    this.#service ??= this.#start();
    const program = this.#service.getProgram()!;
    for (const { fileName } of program.getSourceFiles())
      if (!this.#isInstalled(fileName)) this.#meant.set(fileName, this.#meaningOf(fileName));
    this.#current = program;
    return program;
  }

  #meaningOf(path: string): string {
    return this.importsOf(path)
      .map(({ specifier }) => this.resolve(specifier, path) ?? '?')
      .join();
  }

  get #ambientPath(): string {
    return join(this.#files.folder, '.slipway-console.d.ts');
  }

  #start(): ts.LanguageService {
    const ts = typescript();
    const jsDocParsingMode = ts.JSDocParsingMode.ParseForTypeErrors;
    const { useCaseSensitiveFileNames } = ts.sys;
    registry ??= ts.createDocumentRegistry(useCaseSensitiveFileNames, undefined, jsDocParsingMode);
    const host: ts.LanguageServiceHost & { jsDocParsingMode: ts.JSDocParsingMode } = {
      jsDocParsingMode,
      getCompilationSettings: () => this.options,
      getScriptFileNames: () => [...this.#roots],
      getScriptVersion: (path) => this.#version(path),
      getScriptSnapshot: (path) => this.#snapshot(path),
      getCurrentDirectory: () => this.#files.folder,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      fileExists: (path) => this.#scope.fileExists(path),
      readFile: (path) => this.#scope.readFile(path),
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      resolveModuleNameLiterals: (literals, from, _, options, file) =>
        literals.map((literal) => ({
          resolvedModule: isIdleJsxImport(literal, from)
            ? undefined
            : this.#resolveModule(
                literal.text,
                from,
                ts.getModeForUsageLocation(file, literal, options),
              ),
        })),
    };
    // Not in the type of the host, but asked by the service: an unchanged file whose imports have come to mean something else.
    const hasInvalidatedResolutions = (path: string): boolean =>
      this.#meant.has(path) && this.#meant.get(path) !== this.#meaningOf(path);
    Object.assign(host, { hasInvalidatedResolutions });
    return ts.createLanguageService(host, registry);
  }

  #resolveModule(
    specifier: string,
    from: string,
    mode: ts.ResolutionMode,
  ): ts.ResolvedModuleFull | undefined {
    const key = `${dirname(from)}\0${specifier}\0${mode}`;
    if (this.#resolutions.has(key)) return this.#resolutions.get(key);
    const found = isSlipway(specifier)
      ? this.#resolveSlipway(specifier, from)
      : this.#resolveAsNode(specifier, from, mode);
    this.#resolutions.set(key, found);
    return found;
  }

  #resolveSlipway(specifier: string, from: string): ts.ResolvedModuleFull | undefined {
    const types = this.#slipway(specifier, dirname(from))?.types;
    if (types === undefined) return undefined;
    const extension = types.endsWith('.d.ts') ? '.d.ts' : extname(types);
    return { resolvedFileName: types, extension, isExternalLibraryImport: false };
  }

  #resolveAsNode(
    specifier: string,
    from: string,
    mode: ts.ResolutionMode,
  ): ts.ResolvedModuleFull | undefined {
    const ts = typescript();
    const host: ts.ModuleResolutionHost = {
      fileExists: (path) => this.#scope.fileExists(path),
      readFile: (path) => this.#scope.readFile(path),
      directoryExists: ts.sys.directoryExists,
      realpath: ts.sys.realpath!,
    };
    return ts.resolveModuleName(specifier, from, this.options, host, undefined, undefined, mode)
      .resolvedModule;
  }

  #version(path: string): string {
    return this.#isInstalled(path) || path === this.#ambientPath
      ? '0'
      : (this.#files.read(path)?.version ?? '');
  }

  /** Libraries and our own generated code do not change under a running check. */
  #isInstalled(path: string): boolean {
    if (path.includes('/node_modules/')) return true;
    return !path.startsWith(`${this.#files.folder}/`) && this.#scope.isOfSlipway(path);
  }

  #snapshot(path: string): ts.IScriptSnapshot | undefined {
    const ts = typescript();
    if (path === this.#ambientPath) return ts.ScriptSnapshot.fromString(AMBIENT);
    const version = this.#version(path);
    const known = this.#snapshots.get(path);
    if (known?.version === version) return known.snapshot;
    const text = this.#isInstalled(path) ? ts.sys.readFile(path) : this.#files.read(path)?.text;
    if (text === undefined) return undefined;
    // No change range is given, so trees are never reused in place: earlier results keep theirs.
    const snapshot = ts.ScriptSnapshot.fromString(text);
    if (!this.#isInstalled(path)) this.#snapshots.set(path, { version, snapshot });
    return snapshot;
  }

  /** Versions of a file and of all of ours that it imports, directly or not. */
  #fingerprint(path: string): string {
    const parts = [this.#ambientVersion];
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      parts.push(`${file}@${this.#version(file)}`);
      for (const { specifier } of this.importsOf(file)) {
        const target = this.localTarget(specifier, file);
        if (target !== undefined) visit(target);
        else parts.push(`${specifier}=${this.resolve(specifier, file)}`);
      }
    };
    visit(path);
    return parts.join('\n');
  }
}
