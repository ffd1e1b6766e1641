import { compileSelector, isApiError, type Labels } from '../../meta/index.ts';

/** What a filter looks at in a row. */
export interface Filterable {
  /** The cells, side by side. */
  readonly text: string;
  readonly name: string;
  readonly labels: Labels;
}

export type Filter = (row: Filterable) => boolean;

const EVERYTHING: Filter = () => true;
const BARE_SELECTOR = /^[\w./-]+(=|==|!=)[\w.-]*(,[\w./-]+(=|==|!=)[\w.-]*)*$/;

/**
 * The filter that was typed after `/`, as k9s reads it: a regular expression over the row, `!` before it for the other
 * rows, `-l` or bare `key=value` for labels, `-f` for letters of the name in this order. What is not finished yet or
 * broken hides nothing, or is taken literally.
 */
export function parseFilter(text: string): Filter {
  const wanted = text.trim();
  if (wanted === '' || wanted === '!') return EVERYTHING;
  if (wanted.startsWith('-l')) return bySelector(wanted.slice(2).trim());
  if (wanted.startsWith('-f')) return byLetters(wanted.slice(2).trim());
  if (BARE_SELECTOR.test(wanted)) return bySelector(wanted);
  return wanted.startsWith('!') ? not(byPattern(wanted.slice(1))) : byPattern(wanted);
}

function not(filter: Filter): Filter {
  return (row) => !filter(row);
}

function bySelector(text: string): Filter {
  if (text === '') return EVERYTHING;
  try {
    const matches = compileSelector(text);
    return ({ labels }) => matches(labels);
  } catch (error) {
    if (isApiError(error)) return EVERYTHING;
    throw error;
  }
}

function byLetters(letters: string): Filter {
  const wanted = [...letters.toLowerCase().replace(/\s/g, '')];
  return ({ name }) => {
    const text = name.toLowerCase();
    let at = 0;
    return wanted.every((letter) => {
      at = text.indexOf(letter, at) + 1;
      return at > 0;
    });
  };
}

function byPattern(source: string): Filter {
  try {
    const pattern = new RegExp(source, 'i');
    return ({ text }) => pattern.test(text);
  } catch {
    const literal = source.toLowerCase();
    return ({ text }) => text.toLowerCase().includes(literal);
  }
}
