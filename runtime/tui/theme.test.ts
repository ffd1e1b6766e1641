import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { ASCII_GLYPHS, coloursOf, prefersAscii, themeFor, UNICODE_GLYPHS } from './theme.ts';

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

describe('themes', () => {
  it('use only the colours that every terminal has', () => {
    const { styles } = themeFor({ colours: '16', ascii: false });
    const used = Object.values(styles).flatMap(({ color }) => color ?? []);
    expect(used.filter((each) => !COLOURS.includes(each))).toEqual([]);
    expect(used.length).toBeGreaterThan(3);
  });

  it('have none with NO_COLOR, and still show what is chosen', () => {
    const { styles } = themeFor({ colours: 'none', ascii: false });
    expect(Object.values(styles).filter(({ color, dimColor }) => color || dimColor)).toEqual([]);
    expect(styles.selected).toEqual({ inverse: true });
  });

  it('have shades that can be read on white and on black', () => {
    const { styles } = themeFor({ colours: 'true', ascii: false });
    for (const [tone, { color, backgroundColor }] of Object.entries(styles)) {
      if (!color) continue;
      for (const ground of backgroundColor ? [backgroundColor] : ['#ffffff', '#000000'])
        expect([tone, contrast(color, ground) > 2.5]).toEqual([tone, true]);
    }
  });

  it.each([
    ['unicode', UNICODE_GLYPHS],
    ['ascii', ASCII_GLYPHS],
  ])(
    'have %s glyphs of one cell each',
    (_, { ascii: isAscii, spark, share, corners, ...single }) => {
      for (const glyph of [...Object.values(single), ...corners, ...share, ...spark]) {
        expect(stringWidth(glyph)).toBe(1);
        if (isAscii) expect(glyph).toMatch(/^[!-~]$/);
      }
      expect([...spark]).toHaveLength(8);
    },
  );
});

/** As WCAG 2 measures it. */
function contrast(a: string, b: string): number {
  const light = (hex: string): number => {
    const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
    const [r = 0, g = 0, blue = 0] = parts.map((part) =>
      part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue + 0.05;
  };
  const [dark = 0, bright = 0] = [light(a), light(b)].sort((x, y) => x - y);
  return bright / dark;
}

describe('the choice of colours', () => {
  it.each([
    [{}, '16'],
    [{ TERM: 'xterm-256color' }, '16'],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'true'],
    [{ COLORTERM: '24bit' }, 'true'],
    [{ COLORTERM: 'truecolor', NO_COLOR: '1' }, 'none'],
    [{ NO_COLOR: '' }, '16'],
    [{ TERM: 'vt220' }, 'none'],
    [{ TERM: 'xterm-mono' }, 'none'],
  ] as const)('%o: %s', (env, wanted) => {
    expect(coloursOf(env)).toBe(wanted);
  });
});

describe('the choice of ASCII', () => {
  it.each([
    [{}, false],
    [{ LANG: 'en_US.UTF-8' }, false],
    [{ LANG: 'C.utf8', TERM: 'xterm' }, false],
    [{ LANG: 'C' }, true],
    [{ LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE@euro' }, true],
    [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, false],
    [{ TERM: 'linux', LANG: 'C.UTF-8' }, true],
  ])('%o: %s', (env, wanted) => {
    expect(prefersAscii(env)).toBe(wanted);
  });
});
