import type { Tone } from './model/text.ts';

export interface Style {
  readonly color?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
}

export interface Glyphs {
  readonly ok: string;
  readonly pending: string;
  readonly failed: string;
  readonly play: string;
  readonly pause: string;
  readonly cursor: string;
  readonly spark: string;
  readonly horizontal: string;
  readonly vertical: string;
  readonly corners: readonly [string, string, string, string];
}

/** How tones look. Colour is never the only signal: glyphs and words say the same. */
export interface Theme {
  readonly styles: Readonly<Record<Tone, Style>>;
  readonly glyphs: Glyphs;
}

const COLOUR: Theme['styles'] = {
  normal: {},
  dim: { dimColor: true },
  title: { color: 'cyan', bold: true },
  key: { color: 'magenta' },
  ok: { color: 'green' },
  pending: { color: 'yellow' },
  error: { color: 'red' },
  info: { color: 'blue' },
  selected: { inverse: true },
};

const MONO: Theme['styles'] = {
  normal: {},
  dim: {},
  title: { bold: true },
  key: {},
  ok: {},
  pending: {},
  error: { bold: true },
  info: {},
  selected: { inverse: true },
};

export const UNICODE_GLYPHS: Glyphs = {
  ok: '✓',
  pending: '◐',
  failed: '✗',
  play: '▶',
  pause: '⏸',
  cursor: '▌',
  spark: '▁▂▃▄▅▆▇█',
  horizontal: '─',
  vertical: '│',
  corners: ['┌', '┐', '└', '┘'],
};

export const ASCII_GLYPHS: Glyphs = {
  ok: '+',
  pending: 'o',
  failed: 'x',
  play: '>',
  pause: '=',
  cursor: '>',
  spark: '_.-=+*#@',
  horizontal: '-',
  vertical: '|',
  corners: ['+', '+', '+', '+'],
};

/** The theme for this terminal: `NO_COLOR` takes the colours away, a C or POSIX locale or `ascii` the drawing characters. */
export function themeFor(environment: {
  readonly noColor: boolean;
  readonly ascii: boolean;
}): Theme {
  return {
    styles: environment.noColor ? MONO : COLOUR,
    glyphs: environment.ascii ? ASCII_GLYPHS : UNICODE_GLYPHS,
  };
}
