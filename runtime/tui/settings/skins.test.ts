import { describe, expect, it } from 'vitest';
import { themeFor } from '../theme.ts';
import { SKINS } from './index.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** How colours are seen by who lacks a kind of cones, in linear light (Machado, Oliveira and Fernandes, 2009, severity 1). */
const SEEN_WITH: Readonly<Record<string, Matrix>> = {
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const times = (matrix: Matrix, [a, b, c]: Triple): Triple =>
  matrix.map(([x, y, z]) => x * a + y * b + z * c) as unknown as Triple;

function linear(hex: string): Triple {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
}

/** CIELAB, under daylight. */
function lab(light: Triple): Triple {
  const [x, y, z] = times(
    [
      [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
      [0.2126, 0.7152, 0.0722],
      [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089],
    ],
    light.map((each) => Math.min(1, Math.max(0, each))) as unknown as Triple,
  ).map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function difference(a: string, b: string, seen: Matrix): number {
  const [one, other] = [a, b].map((hex) => lab(times(seen, linear(hex)))) as [Triple, Triple];
  return Math.hypot(...one.map((each, at) => each - other[at]!));
}

const STATES = ['ok', 'pending', 'error'] as const;
const colourIn = (skin: string, tone: (typeof STATES)[number]): string => {
  const { styles } = themeFor({ colours: 'true', ascii: false, skin: SKINS[skin] });
  return styles[tone].color ?? '';
};

describe('skins for people who do not tell some colours apart', () => {
  const pairs = STATES.flatMap((a, at) => STATES.slice(at + 1).map((b) => [a, b] as const));

  it.each(Object.keys(SEEN_WITH))('%s: states differ as they are seen', (skin) => {
    for (const [a, b] of pairs) {
      const apart = difference(colourIn(skin, a), colourIn(skin, b), SEEN_WITH[skin]!);
      expect([a, b, apart > 25]).toEqual([a, b, true]);
    }
  });

  it('are needed: the usual colours do not', () => {
    const apart = (skin: string): number =>
      Math.min(
        ...pairs.map(([a, b]) =>
          difference(colourIn('default', a), colourIn('default', b), SEEN_WITH[skin]!),
        ),
      );
    expect(Math.min(...Object.keys(SEEN_WITH).map(apart))).toBeLessThan(25);
  });
});

describe('a skin', () => {
  it('changes the tones that it names, and has no say without colours', () => {
    const { styles } = themeFor({ colours: '16', ascii: false, skin: { ok: { color: 'blue' } } });
    expect([styles.ok, styles.pending]).toEqual([{ color: 'blue' }, { color: 'yellow' }]);
    const { styles: plain } = themeFor({ colours: 'none', ascii: false, skin: SKINS.light });
    expect(Object.values(plain).filter(({ color }) => color)).toEqual([]);
  });
});
