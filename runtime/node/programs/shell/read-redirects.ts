import type { Scanner } from './scanner.ts';
import type { Redirect, Word } from './syntax.ts';

const REDIRECT = /^(\d*)(<<-|<<<|<<|>>|>&|<&|>\||>|<)|^(&>>|&>)/;

/** The redirections that stand here. */
export function readRedirects(scanner: Scanner): Redirect[] {
  const all: Redirect[] = [];
  for (;;) {
    scanner.blanks();
    const redirect = readRedirect(scanner);
    if (!redirect) return all;
    all.push(...redirect);
  }
}

/** The redirections that an operator here stands for, `&>` for two; undefined where none does. */
export function readRedirect(scanner: Scanner): readonly Redirect[] | undefined {
  const [whole, digits = '', operator = '', both] = REDIRECT.exec(scanner.ahead(12)) ?? [];
  if (whole === undefined) return undefined;
  scanner.take(whole.length);
  scanner.blanks();
  if (operator === '<<' || operator === '<<-') return [hereDocument(scanner, operator === '<<-')];
  const word = scanner.readWord();
  if (!word) throw scanner.unexpected();
  if (both !== undefined) {
    const two: Word = [{ kind: 'text', text: '1', quoted: false }];
    return [
      { fd: 1, operator: both === '&>>' ? '>>' : '>', word },
      { fd: 2, operator: '>&', word: two },
    ];
  }
  const fd = digits === '' ? (operator.startsWith('<') ? 0 : 1) : Number(digits);
  return [{ fd, operator: operator === '>|' ? '>' : operator, word }];
}

function hereDocument(scanner: Scanner, tabs: boolean): Redirect {
  const word = scanner.readWord() ?? [];
  const isPlain = word.some((piece) => piece.kind === 'text' && piece.quoted);
  const end = word.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  const redirect: { fd: number; operator: string; word: Word } = {
    fd: 0,
    operator: '<<',
    word: [],
  };
  scanner.await({
    end,
    tabs,
    isPlain,
    put: (text) => {
      redirect.word = text;
    },
  });
  return redirect;
}
