import { limits, stopwatch } from '../base/index.ts';
import { Compiler } from './compiler.ts';
import type { CheckResult, Finding, Project, ProjectOptions, SourceRange } from './contract.ts';
import { DefinedKinds } from './defined-kinds.ts';
import { syntaxFindings, typeFinding } from './diagnostics.ts';
import { foreignFinding, outcomeFindings } from './evaluation-findings.ts';
import { type Bounds, Evaluator, type Outcome } from './evaluator.ts';
import { finding, inReadingOrder, withoutRepeats } from './findings.ts';
import { importHelp } from './import-help.ts';
import { JobBuilder, type PreparedJob } from './job.ts';
import { mergeFindings } from './merge.ts';
import { deepestNesting } from './nesting.ts';
import { type Assembled, Assembly } from './resources.ts';
import { kinds } from './served-kinds.ts';
import { rangeIn } from './sites.ts';
import { slipwayResolver } from './slipway-modules.ts';
import { type FolderListing, megabytes, SourceFiles } from './source-files.ts';
import { Verdicts } from './verdicts.ts';

/** Opens a folder of manifests. Nothing is read before the first check; close it, it holds a thread. */
export function openProject(options: ProjectOptions): Project {
  return new WarmProject(options);
}

/** The compiler can follow some 500 levels; an error of ours has another cause than a text that is flatter than this. */
const NESTING_SUSPECT = 200;

const NOTHING: Assembled = { resources: [], findings: [] };

class WarmProject implements Project {
  readonly folder: string;
  readonly #files: SourceFiles;
  readonly #compiler: Compiler;
  readonly #jobs: JobBuilder;
  readonly #evaluator: Evaluator;
  readonly #bounds: Bounds;
  readonly #verdicts = new Verdicts();
  readonly #kinds = new DefinedKinds();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ProjectOptions) {
    const { evaluationMs, evaluationHeapMiB } = limits;
    this.#bounds = {
      evaluationMs: options.evaluationMs ?? evaluationMs,
      evaluationHeapMiB: options.evaluationHeapMiB ?? evaluationHeapMiB,
    };
    this.#evaluator = new Evaluator(this.#bounds);
    this.#files = new SourceFiles(options.folder, options.relativeTo ?? process.cwd());
    this.folder = this.#files.folder;
    const slipway = slipwayResolver(options.packageRoot);
    this.#compiler = new Compiler(this.#files, slipway);
    this.#jobs = new JobBuilder(this.#files, this.#compiler, slipway);
  }

  readonly sourceText = (file: string): string | undefined =>
    this.#files.lastText(this.#files.pathOf(file));

  /** One at a time: a check that is asked for during another begins when that is done, and reads anew. */
  check(): Promise<CheckResult> {
    const next = this.#last.then(() => this.#check()).catch((error) => this.#tooDeep(error));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async close(): Promise<void> {
    await this.#last;
    this.#compiler.close();
    await this.#evaluator.close();
  }

  async #check(): Promise<CheckResult> {
    const parseTime = stopwatch();
    const { manifests, bytes, findings: folderFindings } = this.#read();
    const prepared = this.#jobs.build(manifests);
    const syntax = prepared.modules.flatMap(({ module: { path } }) =>
      syntaxFindings(this.#compiler.syntaxErrors(path), this.#files.shown(path)),
    );
    const parseMs = parseTime();
    const evaluateTime = stopwatch();
    const evaluationMs = this.#evaluationMsFor(bytes);
    const evaluation = this.#evaluate(prepared, evaluationMs);
    const checkTime = stopwatch();
    const types = this.#typeFindings(prepared, bytes);
    const checkMs = checkTime();
    const outcome = await evaluation;
    const answer = outcome?.kind === 'answered' ? outcome.result : undefined;
    const { assembled, findings } = this.#assemble(prepared, outcome, evaluationMs);
    const compiler = [...folderFindings, ...this.#files.failures(), ...syntax, ...types];
    const all = { compiler, evaluation: findings, schema: assembled };
    const merged = [...mergeFindings(all), ...this.#nothingExported(all, manifests)];
    return {
      files: manifests.map((path) => path.slice(this.folder.length + 1)),
      resources: assembled.resources,
      findings: inReadingOrder(withoutRepeats(merged)),
      printed: answer?.printed ?? '',
      timings: { parseMs, checkMs, evaluateMs: answer?.evaluateMs ?? evaluateTime() },
    };
  }

  /** Of files that say nothing and are otherwise right. */
  #nothingExported(
    { compiler, evaluation, schema }: Parameters<typeof mergeFindings>[0],
    manifests: readonly string[],
  ): Finding[] {
    const isSilent = compiler.length + evaluation.length + schema.findings.length === 0;
    if (!isSilent || manifests.length === 0 || schema.resources.length > 0) return [];
    const message = `no file in ${this.#files.shown(this.folder) || '.'} exports a resource`;
    return [finding('E_MANIFEST_EMPTY', message, { severity: 'warning' })];
  }

  /** The compiler runs out of stack where a text is nested too deep; any other error is none of the author's. */
  #tooDeep(error: unknown): CheckResult {
    if (!(error instanceof RangeError)) throw error;
    const { manifests } = this.#files.refresh();
    const texts = manifests.map((path) =>
      deepestNesting(this.#files.shown(path), this.#files.read(path)?.text ?? ''),
    );
    const deepest = texts.sort((a, b) => b.depth - a.depth)[0];
    if (!deepest || deepest.depth < NESTING_SUSPECT) throw error;
    const { depth, range } = deepest;
    const message = `${range.file} is nested ${depth} deep, which is too deep for the compiler`;
    return {
      files: manifests.map((path) => path.slice(this.folder.length + 1)),
      resources: [],
      findings: [finding('E_MANIFEST_NESTED', message, { range })],
      printed: '',
      timings: { parseMs: 0, checkMs: 0, evaluateMs: 0 },
    };
  }

  /** What the folder holds. A file that is gone since it was listed is none of it. */
  #read(): Pick<FolderListing, 'manifests' | 'bytes' | 'findings'> {
    const listing = this.#files.refresh();
    const manifests = listing.manifests.filter((path) => this.#files.read(path) !== undefined);
    const { bytes, findings } = listing;
    if (manifests.length === 0) return { manifests, bytes, findings };
    const configuration = this.#compiler.update({ ...listing, manifests });
    return { manifests, bytes, findings: [...findings, ...configuration] };
  }

  /** Of all files of the author's that take part, also those outside the folder. */
  #typeFindings({ modules }: PreparedJob, bytes: number): Finding[] {
    const bytesMax = limits.typeCheckBytesMax;
    if (bytes <= bytesMax)
      return modules.flatMap(({ module, transformed }) =>
        transformed ? this.#typeFindingsOf(module.path) : [],
      );
    const sizes = `${megabytes(bytes)}: types are checked up to ${megabytes(bytesMax)}`;
    const message = `the manifests are ${sizes}`;
    return [finding('E_MANIFEST_UNCHECKED', message, { severity: 'warning' })];
  }

  /** Large manifests are given a second more per MiB. */
  #evaluationMsFor(bytes: number): number {
    return this.#bounds.evaluationMs + Math.floor(bytes / (1024 * 1024)) * 1000;
  }

  #typeFindingsOf(path: string): Finding[] {
    const shown = this.#files.shown(path);
    const help = (specifier: string): string | undefined =>
      importHelp(specifier, path, kinds().specifiers);
    return this.#compiler.typeErrors(path).map((each) => typeFinding(each, shown, help));
  }

  async #evaluate(prepared: PreparedJob, timeMs: number): Promise<Outcome | undefined> {
    if (prepared.modules.length === 0) return undefined;
    this.#evaluator.preload(prepared.packages);
    return this.#evaluator.evaluate(prepared.job, timeMs);
  }

  #assemble(
    job: PreparedJob,
    outcome: Outcome | undefined,
    evaluationMs: number,
  ): { assembled: Assembled; findings: Finding[] } {
    if (!outcome) return { assembled: NOTHING, findings: [] };
    const findings = outcomeFindings(outcome, {
      job,
      evaluationMs,
      shown: (path) => this.#files.shown(path),
      importRange: (path, specifier) => this.#importRange(path, specifier),
      importHelp: (path, specifier) => importHelp(specifier, path, kinds().specifiers),
    });
    if (outcome.kind !== 'answered') return { assembled: NOTHING, findings };
    const { result } = outcome;
    findings.push(...result.foreign.map((each) => foreignFinding(each, job)));
    this.#verdicts.begin();
    const objects = result.resources.map(({ object }) => object);
    const defined = this.#kinds.of(objects, this.#verdicts);
    const assembly = new Assembly(job, result, defined, this.#verdicts);
    for (const exported of result.resources) assembly.add(exported);
    return { assembled: assembly.result(), findings };
  }

  #importRange(path: string, specifier: string): SourceRange | undefined {
    const source = this.#compiler.source(path);
    const site = this.#compiler.importsOf(path).find((each) => each.specifier === specifier);
    return source && site && rangeIn(source, this.#files.shown(path), site.start, site.end);
  }
}
