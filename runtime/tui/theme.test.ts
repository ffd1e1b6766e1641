import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { ASCII_GLYPHS, prefersAscii, themeFor, UNICODE_GLYPHS } from './theme.ts';

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

describe('themes', () => {
  it('use only the colours that every terminal has', () => {
    const { styles } = themeFor({ noColor: false, ascii: false });
    const used = Object.values(styles).flatMap(({ color }) => color ?? []);
    expect(used.filter((each) => !COLOURS.includes(each))).toEqual([]);
    expect(used.length).toBeGreaterThan(3);
  });

  it('have none with NO_COLOR, and still show what is chosen', () => {
    const { styles } = themeFor({ noColor: true, ascii: false });
    expect(Object.values(styles).filter(({ color, dimColor }) => color || dimColor)).toEqual([]);
    expect(styles.selected).toEqual({ inverse: true });
  });

  it.each([
    ['unicode', UNICODE_GLYPHS],
    ['ascii', ASCII_GLYPHS],
  ])('have %s glyphs of one cell each', (_, { ascii: isAscii, spark, corners, ...single }) => {
    for (const glyph of [...Object.values(single), ...corners, ...spark]) {
      expect(stringWidth(glyph)).toBe(1);
      if (isAscii) expect(glyph).toMatch(/^[!-~]$/);
    }
    expect([...spark]).toHaveLength(8);
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
