import stringWidth from 'string-width';
import type { Finding, SourceRange, SourceTexts } from './contract.ts';

const GUTTER = 7;
const LINE_WIDTH_MAX = 100;
const SHOWN_MAX = 5;

/** The frame of one finding, without colour. `note` is a last line of the caller's. */
export function formatFinding(finding: Finding, sourceText: SourceTexts, note?: string): string {
  const {
    severity,
    code,
    message,
    object,
    fieldPath,
    range,
    help,
    causes = [],
    related = [],
  } = finding;
  const about = [object, fieldPath].filter((part) => part !== undefined && part !== '');
  const lines = [`${severity} ${code}: ${message}`];
  if (about.length > 0) lines.push(`  ${about.join(' › ')}`);
  if (range) lines.push('', ...excerpt(range, sourceText(range.file)));
  if (help) lines.push(`  help: ${help}`);
  for (const cause of causes) lines.push(`  Caused by: ${cause}`);
  for (const { message: what, range: at } of related)
    lines.push(`  see: ${what}: ${at.file}:${at.line}:${at.column}`);
  if (note) lines.push(`  note: ${note}`);
  return lines.join('\n');
}

/** The first five errors (warnings only when there is none), how many more there are, and the count last. */
export function formatFindings(
  findings: readonly Finding[],
  sourceText: SourceTexts,
  note?: string,
): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  const shown = errors.length > 0 ? errors : warnings;
  const parts = shown.slice(0, SHOWN_MAX).map((each) => formatFinding(each, sourceText));
  if (shown.length > SHOWN_MAX) parts.push(`… and ${shown.length - SHOWN_MAX} more`);
  if (note && parts.length > 0) parts.push(`note: ${note}`);
  const counts = [counted(errors.length, 'error'), counted(warnings.length, 'warning')];
  parts.push(counts.filter((count) => count !== '').join(', '));
  return parts.filter((part) => part !== '').join('\n\n');
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}

function excerpt(range: SourceRange, text: string | undefined): string[] {
  const head = `  ❯ ${range.file}:${range.line}:${range.column}`;
  const lines = text?.split(/\r?\n/);
  const marked = lines?.[range.line - 1];
  if (!lines || marked === undefined) return [head];
  const from = range.column - 1;
  const to = range.endLine > range.line ? marked.trimEnd().length : range.endColumn - 1;
  const start = windowStart(marked, from);
  const show = (line: string): string => {
    const cut = line.slice(start, start + LINE_WIDTH_MAX);
    const open = start > 0 && line.length > start ? '…' : '';
    const close = line.length > start + LINE_WIDTH_MAX ? '…' : '';
    return untabbed(`${open}${cut}${close}`);
  };
  const lead = untabbed(`${start > 0 ? '…' : ''}${marked.slice(start, from)}`);
  const under = untabbed(marked.slice(from, Math.min(to, start + LINE_WIDTH_MAX)));
  const before = range.line > 1 ? [numbered(range.line - 1, show(lines[range.line - 2]!))] : [];
  const caret = `${' '.repeat(stringWidth(lead))}${'^'.repeat(Math.max(1, stringWidth(under)))}`;
  return [head, ...before, numbered(range.line, show(marked)), `${' '.repeat(GUTTER)}| ${caret}`];
}

/** Very long lines are shown around the mark. */
function windowStart(line: string, from: number): number {
  if (line.length <= LINE_WIDTH_MAX) return 0;
  return from < LINE_WIDTH_MAX / 2 ? 0 : from - LINE_WIDTH_MAX / 4;
}

function numbered(line: number, text: string): string {
  return `${String(line).padStart(GUTTER)}| ${text}`.trimEnd();
}

const untabbed = (text: string): string => text.replaceAll('\t', '  ');
