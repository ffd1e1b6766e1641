import type ts from 'typescript';
import type { Code } from './codes.ts';
import type { Finding, SourceRange } from './contract.ts';
import { finding } from './findings.ts';
import { rangeIn } from './sites.ts';
import { typescript } from './typescript.ts';

const MODULE_NOT_FOUND = new Set([2307, 2792, 2732, 2834, 2835]);
const NO_SUCH_EXPORT = new Set([2305, 2614, 2724, 1192]);
const EXCESS = new Set([2353, 2561]);
const TYPE_TEXT_MAX = 60;

/** Mistakes of syntax, the first of each line: the others follow from it. */
export function syntaxFindings(diagnostics: readonly ts.Diagnostic[], shown: string): Finding[] {
  const lines = new Set<number | undefined>();
  return diagnostics.flatMap((diagnostic) => {
    const where = place(diagnostic, shown);
    if (lines.has(where.range?.line)) return [];
    lines.add(where.range?.line);
    return [finding('E_MANIFEST_PARSE', worded(diagnostic).message, where)];
  });
}

/** What the compiler says of types, with what a human needs of its text. `importHelp` knows the way out of a dead import. */
export function typeFinding(
  diagnostic: ts.Diagnostic,
  shown: string,
  importHelp: (specifier: string) => string | undefined,
): Finding {
  const { category, code } = diagnostic;
  const isWarning = category === typescript().DiagnosticCategory.Warning;
  const where: Partial<Pick<Finding, 'range' | 'severity'>> = {
    ...place(diagnostic, shown),
    ...(isWarning ? { severity: 'warning' as const } : {}),
  };
  if (MODULE_NOT_FOUND.has(code)) {
    const specifier = specifierOf(diagnostic);
    const help = importHelp(specifier);
    const rest = { ...where, ...(help === undefined ? {} : { help }) };
    return finding('E_MANIFEST_IMPORT', `cannot find ${specifier}`, rest);
  }
  const { message: text, help } = worded(diagnostic);
  const message = NO_SUCH_EXPORT.has(code) ? text.replace(/'"([^"']*)"'/g, "'$1'") : text;
  const own = asField(message, code) ?? {
    code: NO_SUCH_EXPORT.has(code) ? 'E_MANIFEST_IMPORT' : 'E_MANIFEST_TYPE',
    message,
  };
  const { help: general, ...found } = finding(own.code, `${own.message} (TS${code})`, where);
  const way = help ?? (own.code === 'E_MANIFEST_TYPE' ? undefined : general);
  return way === undefined ? found : { ...found, help: way };
}

/** Absent and unknown fields in the words that the schemas' findings have. */
function asField(message: string, code: number): { code: Code; message: string } | undefined {
  const unknown = /and '(.+?)' does not exist in type '(.+?)'/.exec(message);
  const butUnknown = /but '(.+?)' does not exist in type '(.+?)'/.exec(message);
  const [, field, owner] = unknown ?? butUnknown ?? [];
  if (field !== undefined && EXCESS.has(code))
    return { code: 'E_MANIFEST_UNKNOWN_FIELD', message: `${owner} has no field \`${field}\`` };
  const one = /[Pp]roperty '(.+?)' is missing in type .* but required in type '(.+?)'/s.exec(
    message,
  );
  if (one)
    return { code: 'E_MANIFEST_REQUIRED', message: `\`${one[1]}\` is required in ${one[2]}` };
  const several = /missing the following properties from type '(.+?)': (.+)$/.exec(message);
  if (!several) return undefined;
  const names = several[2]!.replace(/[^\s,]+/g, (name) =>
    /^(and|more)$/.test(name) ? name : `\`${name}\``,
  );
  return { code: 'E_MANIFEST_REQUIRED', message: `${names} are required in ${several[1]}` };
}

function place({ file, start, length }: ts.Diagnostic, shown: string): { range?: SourceRange } {
  if (!file || start === undefined) return {};
  return { range: rangeIn(file, shown, start, start + (length ?? 1)) };
}

function specifierOf({ file, start = 0, length = 0, messageText }: ts.Diagnostic): string {
  const marked = file?.text.slice(start, start + length) ?? '';
  const quoted = /^['"`](.*)['"`]$/s.exec(marked)?.[1];
  const text = typeof messageText === 'string' ? messageText : messageText.messageText;
  return quoted ?? /'([^']+)'/.exec(text)?.[1] ?? marked;
}

/** The innermost reason, where in the value it lies, and what the compiler thinks was meant. */
function worded({ messageText }: ts.Diagnostic): { message: string; help?: string } {
  const path: string[] = [];
  let text = '';
  let link: ts.DiagnosticMessageChain | undefined =
    typeof messageText === 'string' ? undefined : messageText;
  if (typeof messageText === 'string') text = messageText;
  while (link) {
    const step = /^(?:Types of property|The types of) '(.+?)' (?:are incompatible|)/.exec(
      link.messageText,
    );
    if (step) path.push(step[1]!.replace(/^'|'$/g, ''));
    else if (!/^Overload \d+ of|^The last overload/.test(link.messageText)) text = link.messageText;
    link = link.next?.at(-1);
  }
  const meant = /\s*Did you mean (?:to write |the .*?)?'(.+?)'\?$/.exec(text);
  const own = meant ? text.slice(0, meant.index) : text;
  const short = shortened(own.replace(/\.$/, ''));
  const message = path.length > 0 ? `\`${path.join('.')}\`: ${lowerFirst(short)}` : short;
  return meant ? { message, help: `did you mean ${meant[1]!.replaceAll('"', "'")}?` } : { message };
}

/** Long object types say nothing that the place does not: `{ … }`. */
function shortened(text: string): string {
  return text.replace(/'([^']*)'/g, (whole, inner: string) => {
    if (inner.length <= TYPE_TEXT_MAX) return whole;
    return inner.startsWith('{') ? "'{ … }'" : `'${inner.slice(0, TYPE_TEXT_MAX)}…'`;
  });
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
