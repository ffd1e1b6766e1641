import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import {
  asciiLine,
  dropCells,
  fitLine,
  keepBoth,
  overlay,
  padCut,
  plain,
  printable,
  span,
  widthOf,
} from './text.ts';

/** Letters, wide characters, combining marks, emoji of several code points, and what would move the cursor. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      ' ',
      '日',
      'é',
      'e\u0301',
      '👩‍👩‍👧',
      '🇩🇪',
      '\n',
      '\t',
      '\u001b[31m',
      '…',
    ),
  }),
);
const line = fc.array(
  text.map((each) => span(each)),
  { maxLength: 5 },
);
const width = fc.integer({ min: 0, max: 60 });
const cells = (shown: string): number => stringWidth(shown);

describe('text in cells', () => {
  it('without its middle has both its ends, and never more cells than there are', () => {
    expect(keepBoth('web-58df799884-gc7hg', 20)).toBe('web-58df799884-gc7hg');
    expect(keepBoth('web-58df799884-gc7hg', 16)).toBe('web-58df79…gc7hg');
    expect(keepBoth('web-58df799884-gc7hg', 12)).toBe('web-58…gc7hg');
    fc.assert(
      fc.property(text, width, (each, cells) => {
        expect(widthOf(keepBoth(each, cells))).toBeLessThanOrEqual(Math.max(1, cells));
      }),
    );
  });

  it('is padded or cut to exactly the width asked for', () => {
    fc.assert(
      fc.property(text, width, (each, wanted) => {
        expect(cells(padCut(each, wanted))).toBe(wanted);
        expect(cells(padCut(each, wanted, 'right'))).toBe(wanted);
      }),
    );
  });

  it('is fitted as a line to exactly the width asked for', () => {
    fc.assert(
      fc.property(line, width, (each, wanted) => {
        const fitted = fitLine(each, wanted);
        expect(fitted.reduce((sum, { text: part }) => sum + cells(part), 0)).toBe(wanted);
      }),
    );
  });

  it('keeps the rest when cells are dropped from the left', () => {
    expect(plain(dropCells([span('ab'), span('cdef')], 3))).toBe('def');
    expect(plain(dropCells([span('日本')], 1))).toBe(' 本');
    expect(plain(dropCells([span('ab')], 9))).toBe('');
  });

  it('is laid over a line without moving what is beside it', () => {
    const base = [span('0123456789')];
    expect(plain(overlay(base, [span('XX')], 4, 2))).toBe('0123XX6789');
    expect(plain(overlay([span('日本語日本')], [span('XX')], 3, 2))).toBe('日 XX ' + '日本');
  });

  it('never lets through what moves a cursor', () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(printable(each)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
    expect(padCut('a\nb\u001b[2J', 8)).toBe('a b [2J ');
  });

  it('becomes ASCII cell for cell', () => {
    fc.assert(
      fc.property(line, width, (each, wanted) => {
        const shown = asciiLine(fitLine(each, wanted))
          .map(({ text: part }) => part)
          .join('');
        expect(shown).toMatch(/^[ -~]*$/);
        expect(shown.length).toBe(wanted);
      }),
    );
    expect(plain(asciiLine([span('web… → 日本')]))).toBe('web~ > ????');
  });

  it('is measured as the terminal does, also by the short cut', () => {
    const drawing = fc.string({
      unit: fc.integer({ min: 0x2100, max: 0x2700 }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(
      fc.property(drawing, (each) => {
        expect(widthOf(each)).toBe(cells(each));
      }),
    );
    for (let code = 0x20; code < 0x3000; code++) {
      const character = printable(String.fromCharCode(code));
      expect(widthOf(character)).toBe(cells(character));
    }
  });

  it('cuts with an ellipsis', () => {
    expect(padCut('deployment', 6)).toBe('deplo…');
    expect(padCut('日本語', 4)).toBe('日… ');
    expect(padCut('ab', 1)).toBe('…');
    expect(padCut('42', 5, 'right')).toBe('   42');
  });
});
