import { badRequest } from './status.ts';

/** One condition of a field selector: the field at `path` has `value`, or has not. */
export interface FieldTerm {
  readonly path: string;
  readonly value: string;
  readonly equal: boolean;
}

/** `status.phase=Running,spec.nodeName!=n1`. A backslash goes before a comma, an equals sign or another backslash in a value. */
export function parseFieldSelector(text: string): FieldTerm[] {
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => termOf(term, text));
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let [start, at] = [0, 0];
  for (; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ',') {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

const TERM = /^((?:[^\\=!]|\\.|!(?!=))*)(!=|==|=)(.*)$/s;

function termOf(term: string, whole: string): FieldTerm {
  const match = TERM.exec(term);
  if (!match) throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
  const [, path = '', operator, value = ''] = match;
  return { path, equal: operator !== '!=', value: unescaped(value) };
}

function unescaped(value: string): string {
  return value.replace(/\\(.?)|[,=]/gs, (sequence, escaped: string | undefined) => {
    if (escaped !== undefined && /^[\\,=]$/.test(escaped)) return escaped;
    throw badRequest(
      sequence.startsWith('\\')
        ? `invalid field selector: invalid escape sequence: ${sequence}`
        : `invalid field selector: unescaped character in value: ${sequence}`,
    );
  });
}

/** The text that parses to these terms. */
export function formatFieldSelector(terms: readonly FieldTerm[]): string {
  return terms
    .map(({ path, value, equal }) => {
      const escaped = value.replace(/[\\,=]/g, (character) => `\\${character}`);
      return `${path}${equal ? '=' : '!='}${escaped}`;
    })
    .join(',');
}
