import { CODES, type Code } from './codes.ts';
import type { Finding } from './contract.ts';

type Rest = Partial<Omit<Finding, 'code' | 'message'>>;

/** A finding of the catalogue: an error, with the catalogue's way out unless a better one is known. */
export function finding(code: Code, message: string, rest: Rest = {}): Finding {
  return { code, severity: 'error', message, help: CODES[code].help, ...rest };
}

/** Without those that say the same of the same place, in the order of first appearance. */
export function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, message, range, object }) => {
    const place = range ? `${range.file}:${range.line}:${range.column}` : `object ${object}`;
    const key = `${code} ${place} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** By file and place; what has no place comes first. Stable otherwise. */
export function inReadingOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => {
    const fileA = a.range?.file ?? '';
    const fileB = b.range?.file ?? '';
    if (fileA !== fileB) return fileA < fileB ? -1 : 1;
    const line = (a.range?.line ?? 0) - (b.range?.line ?? 0);
    return line === 0 ? (a.range?.column ?? 0) - (b.range?.column ?? 0) : line;
  });
}
