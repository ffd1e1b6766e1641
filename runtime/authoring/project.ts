import { limits, stopwatch } from '../base/index.ts';
import { Compiler } from './compiler.ts';
import type { CheckResult, Finding, Project, ProjectOptions, SourceRange } from './contract.ts';
import { syntaxFindings, typeFinding } from './diagnostics.ts';
import { foreignFinding, outcomeFindings } from './evaluation-findings.ts';
import { type Bounds, Evaluator, type Outcome } from './evaluator.ts';
import { inReadingOrder, withoutRepeats } from './findings.ts';
import { importHelp } from './import-help.ts';
import { JobBuilder, type PreparedJob } from './job.ts';
import { mergeFindings } from './merge.ts';
import { type Assembled, Assembly } from './resources.ts';
import { kinds } from './served-kinds.ts';
import { rangeIn } from './sites.ts';
import { slipwayResolver } from './slipway-modules.ts';
import { SourceFiles } from './source-files.ts';

/** Opens a folder of manifests. Nothing is read before the first check; close it, it holds a thread. */
export function openProject(options: ProjectOptions): Project {
  return new WarmProject(options);
}

interface Parsed {
  readonly manifests: readonly string[];
  readonly broken: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

const NOTHING: Assembled = { resources: [], findings: [] };

class WarmProject implements Project {
  readonly folder: string;
  readonly #files: SourceFiles;
  readonly #compiler: Compiler;
  readonly #jobs: JobBuilder;
  readonly #evaluator: Evaluator;
  readonly #bounds: Bounds;
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
    const next = this.#last.then(() => this.#check());
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
    const { manifests, broken, findings: parseFindings } = this.#parse();
    const prepared = this.#jobs.build(manifests, broken);
    const parseMs = parseTime();
    const evaluation = this.#evaluate(prepared);
    const evaluateTime = stopwatch();
    const checkTime = stopwatch();
    const typeFindings = manifests.flatMap((path) => this.#typeFindings(path, broken));
    const checkMs = checkTime();
    const outcome = await evaluation;
    const answer = outcome?.kind === 'answered' ? outcome.result : undefined;
    const { assembled, findings } = this.#assemble(prepared, outcome);
    const merged = mergeFindings({
      compiler: [...parseFindings, ...typeFindings],
      evaluation: findings,
      schema: assembled,
    });
    return {
      files: manifests.map((path) => path.slice(this.folder.length + 1)),
      resources: assembled.resources,
      findings: inReadingOrder(withoutRepeats(merged)),
      printed: answer?.printed ?? '',
      timings: { parseMs, checkMs, evaluateMs: answer?.evaluateMs ?? evaluateTime() },
    };
  }

  #parse(): Parsed {
    const listing = this.#files.refresh();
    const manifests = listing.manifests.filter((path) => this.#files.read(path) !== undefined);
    if (manifests.length === 0) return { manifests, broken: new Set(), findings: listing.findings };
    const findings = [...listing.findings, ...this.#compiler.update({ ...listing, manifests })];
    const broken = new Set<string>();
    for (const path of manifests) {
      const mistakes = this.#compiler.syntaxErrors(path);
      if (mistakes.length > 0) broken.add(path);
      findings.push(...syntaxFindings(mistakes, this.#files.shown(path)));
    }
    return { manifests, broken, findings };
  }

  #typeFindings(path: string, broken: ReadonlySet<string>): Finding[] {
    if (broken.has(path)) return [];
    const shown = this.#files.shown(path);
    const help = (specifier: string): string | undefined =>
      importHelp(specifier, path, kinds().specifiers);
    return this.#compiler.typeErrors(path).map((each) => typeFinding(each, shown, help));
  }

  async #evaluate(prepared: PreparedJob): Promise<Outcome | undefined> {
    if (prepared.modules.length === 0) return undefined;
    this.#evaluator.preload(prepared.packages);
    return this.#evaluator.evaluate(prepared.job);
  }

  #assemble(
    job: PreparedJob,
    outcome: Outcome | undefined,
  ): { assembled: Assembled; findings: Finding[] } {
    if (!outcome) return { assembled: NOTHING, findings: [] };
    const findings = outcomeFindings(outcome, {
      job,
      evaluationMs: this.#bounds.evaluationMs,
      shown: (path) => this.#files.shown(path),
      importRange: (path, specifier) => this.#importRange(path, specifier),
      importHelp: (path, specifier) => importHelp(specifier, path, kinds().specifiers),
    });
    if (outcome.kind !== 'answered') return { assembled: NOTHING, findings };
    const { result } = outcome;
    findings.push(...result.foreign.map((each) => foreignFinding(each, job)));
    const assembly = new Assembly(job, result, kinds());
    for (const exported of result.resources) assembly.add(exported);
    return { assembled: assembly.result(), findings };
  }

  #importRange(path: string, specifier: string): SourceRange | undefined {
    const source = this.#compiler.source(path);
    const site = this.#compiler.importsOf(path).find((each) => each.specifier === specifier);
    return source && site && rangeIn(source, this.#files.shown(path), site.start, site.end);
  }
}
