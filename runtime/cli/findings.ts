import { styleText } from 'node:util';
import {
  type CheckResult,
  type Finding,
  formatFindings,
  type SourceRange,
  type SourceTexts,
} from '../authoring/index.ts';
import type { Io } from './io.ts';

/** Said under the errors of a save while an earlier one is in the cluster. */
export const KEPT = 'the cluster keeps the last good state';

type Message = Pick<Io, 'err' | 'color'>;

/** Prints what manifests wrote to the console, and frames of what is wrong with them, as messages. */
export function reportCheck(
  io: Message,
  { printed }: Pick<CheckResult, 'printed'>,
  findings: readonly Finding[],
  sourceText: SourceTexts,
  note?: string,
): void {
  if (printed !== '') io.err(printed.endsWith('\n') ? printed : `${printed}\n`);
  if (findings.length === 0) return;
  const text = formatFindings(findings, sourceText, note);
  io.err(`${io.color ? colored(text) : text}\n`);
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/**
 * What an editor or a pipeline reads: one flat record a finding. Lines and columns count from 1, columns in UTF-16 units; the end is
 * exclusive; what has no place has none of them.
 */
export function findingRecord(finding: Finding): Readonly<Record<string, unknown>> {
  const { range, severity, code, message, help, object, fieldPath, causes, related } = finding;
  const { file, line, column, endLine, endColumn } = range ?? {};
  return {
    file,
    line,
    column,
    endLine,
    endColumn,
    severity,
    code,
    message,
    help,
    object,
    fieldPath,
    causes,
    related: related?.map(({ message: what, range: place }) => ({ ...place, message: what })),
  };
}

/**
 * As compilers write it, for the problem matchers of editors: a line a finding, `a.ts:4:9: error: message [E_MANIFEST_ENUM]`, and one a
 * related place, a `note`. What has no place is said of the folder.
 */
export function findingLines(findings: readonly Finding[], folder: string): string {
  const line = (range: SourceRange | undefined, severity: string, text: string): string => {
    const at = range ? `${range.file}:${range.line}:${range.column}` : `${folder}:1:1`;
    return `${at}: ${severity}: ${text.replace(/\s+/g, ' ')}\n`;
  };
  return findings
    .flatMap(({ range, severity, code, message, related = [] }) => [
      line(range, severity, `${message} [${code}]`),
      ...related.map((each) => line(each.range, 'note', each.message)),
    ])
    .join('');
}

/** Colour by what a line of a frame is; the words say the same without. */
function colored(text: string): string {
  const paint = (format: Parameters<typeof styleText>[0], line: string): string =>
    styleText(format, line, { validateStream: false });
  return text
    .split('\n')
    .map((line) => {
      const head = /^(error|warning)( \S+: )(.*)$/.exec(line);
      if (head)
        return paint(head[1] === 'error' ? 'red' : 'yellow', `${head[1]}${head[2]}`) + head[3];
      if (/^\s+❯ /.test(line)) return paint('cyan', line);
      if (/^\s*\| \s*\^+$/.test(line)) return paint('red', line);
      if (/^\s+(help|note|Caused by): /.test(line)) return paint('dim', line);
      return line;
    })
    .join('\n');
}
