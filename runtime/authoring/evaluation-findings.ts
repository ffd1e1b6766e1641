import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Finding, SourceRange } from './contract.ts';
import type { Outcome } from './evaluator.ts';
import { finding } from './findings.ts';
import type { Prepared, PreparedJob } from './job.ts';
import type { ErrorReport, Failure, Foreign } from './protocol.ts';

interface Context {
  readonly job: PreparedJob;
  readonly evaluationMs: number;
  shown(path: string): string;
  /** Where a file imports `specifier`. */
  importRange(path: string, specifier: string): SourceRange | undefined;
  importHelp(path: string, specifier: string): string | undefined;
}

/** What an evaluation that did not answer says to the author. */
export function outcomeFindings(outcome: Outcome, context: Context): Finding[] {
  switch (outcome.kind) {
    case 'answered':
      return outcome.result.failures.map((failure) => failureFinding(failure, context));
    case 'late':
      return outcome.awaits.length > 0 && outcome.loop === undefined
        ? unsettled(outcome.awaits, context)
        : [endless(outcome, context)];
    case 'unsettled':
      return unsettled(outcome.awaits, context);
    case 'crashed':
      return [crashed(outcome, context)];
  }
}

export function foreignFinding(foreign: Foreign, job: PreparedJob): Finding {
  const { name, path, what } = foreign;
  const label = name === 'default' ? 'the default export' : `\`${name}\``;
  const message = `${label}${path ? ` holds ${what} at ${path}` : ` is ${what}`}, not a resource`;
  const site = foreign.site ?? exportSite(job, foreign.file, name);
  const help = /^\w+ function/.test(what)
    ? { help: 'export what it returns, not the function' }
    : /^\w+ class/.test(what)
      ? { help: 'export a `new` object of it' }
      : {};
  const range = itemRange(foreign, job) ?? (site === undefined ? undefined : job.site(site));
  return finding('E_MANIFEST_EXPORT', message, { ...(range ? { range } : {}), ...help });
}

function itemRange({ item }: Foreign, job: PreparedJob): SourceRange | undefined {
  return item && job.find(item[0])?.member(...item)?.value;
}

/** Number of the site of an export; that of `export *` when the name comes through one. */
export function exportSite(job: PreparedJob, file: string, name: string): number | undefined {
  const module = job.at(file)?.module;
  const named = module?.exports.find((each) => each.name === name);
  return (named ?? module?.exports.find((each) => each.name === '*'))?.site;
}

function failureFinding({ file, name, error }: Failure, context: Context): Finding {
  const causes = error.causes.length > 0 ? { causes: error.causes } : {};
  if (error.missing) {
    const { specifier, from } = error.missing;
    const range = context.importRange(from, specifier) ?? startOf(from, context);
    const help = context.importHelp(from, specifier);
    const rest = { range, ...(help === undefined ? {} : { help }) };
    return finding('E_MANIFEST_IMPORT', `cannot find ${specifier}`, rest);
  }
  const place = placeOfError(error, context);
  const site = name === undefined ? undefined : exportSite(context.job, file, name);
  const range = place ?? (site === undefined ? startOf(file, context) : context.job.site(site));
  if (error.exit) return finding('E_MANIFEST_EXIT', error.message, { range });
  const link = /does not provide an export named '([^']+)'/.exec(error.message);
  if (link && error.name === 'SyntaxError')
    return finding('E_MANIFEST_IMPORT', `nothing is exported as \`${link[1]}\``, { range });
  const what = [error.name, error.message].filter((part) => part !== '').join(': ');
  const subject = name === undefined ? range.file : `the export \`${name}\``;
  const circle = /^Cannot access '.*' before initialization$/.test(error.message)
    ? { help: 'where files import each other in a circle, move what both need into a third' }
    : {};
  const verb = name === undefined ? 'throws' : 'is rejected with';
  return finding('E_MANIFEST_THROWS', `${subject} ${verb} ${what}`, {
    range,
    ...causes,
    ...circle,
  });
}

function endless(outcome: Extract<Outcome, { kind: 'late' }>, context: Context): Finding {
  const seconds = `${context.evaluationMs / 1000} s`;
  const module = outcome.module === undefined ? undefined : context.job.modules[outcome.module];
  const file = module ? context.shown(module.module.path) : 'a manifest';
  if (outcome.loop === undefined) {
    const message = `${file} is still evaluating after ${seconds}`;
    const range = module && startOf(module.module.path, context);
    return finding('E_MANIFEST_ENDLESS', message, range ? { range } : {});
  }
  const range = context.job.site(outcome.loop);
  const message = `this loop is still turning after ${seconds}`;
  return finding('E_MANIFEST_ENDLESS', message, { range });
}

function unsettled(awaits: readonly number[], { job }: Context): Finding[] {
  const message = 'this never settles';
  if (awaits.length === 0)
    return [finding('E_MANIFEST_UNSETTLED', 'a module that the manifests import never settles')];
  return awaits.map((site) => finding('E_MANIFEST_UNSETTLED', message, { range: job.site(site) }));
}

function crashed(outcome: Extract<Outcome, { kind: 'crashed' }>, context: Context): Finding {
  const module = outcome.module === undefined ? undefined : context.job.modules[outcome.module];
  const loop = outcome.loop === undefined ? undefined : context.job.site(outcome.loop);
  const range = loop ?? (module && startOf(module.module.path, context));
  const place = range ? { range } : {};
  const { code, message } = outcome.error as Error & { code?: string };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY')
    return finding('E_MANIFEST_MEMORY', 'evaluating the manifests runs out of memory', place);
  return finding('E_MANIFEST_THROWS', `evaluation ends with ${message}`, place);
}

/** The innermost frame of the stack that lies in a file of the author's. */
function placeOfError(error: ErrorReport, { job }: Context): SourceRange | undefined {
  for (const [, url, line, column] of error.stack.matchAll(/(file:\/\/\S+?):(\d+)(?::(\d+))?/g)) {
    const prepared = job.at(pathOf(url!));
    const range = prepared && originalRange(prepared, Number(line), Number(column ?? 1));
    if (range) return range;
  }
  return undefined;
}

function originalRange(
  { transformed }: Prepared,
  line: number,
  column: number,
): SourceRange | undefined {
  if (!transformed || line < 2) return undefined;
  const map = new SourceMap(JSON.parse(transformed.map()) as SourceMapPayload);
  // Our own first line is not in the map; a SourceMap counts from 0.
  const entry = map.findEntry(line - 2, column - 1);
  if (!('originalLine' in entry)) return undefined;
  return transformed.sites.word(entry.originalLine, entry.originalColumn);
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return '';
  }
}

function startOf(path: string, context: Context): SourceRange {
  const file = context.shown(path);
  return { file, line: 1, column: 1, endLine: 1, endColumn: 2 };
}
