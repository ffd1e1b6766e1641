import type { Tone } from './model/text.ts';

export interface Style {
  readonly color?: string;
  readonly backgroundColor?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
}

export interface Glyphs {
  readonly ok: string;
  readonly pending: string;
  readonly failed: string;
  /** Beside what is no failure yet. */
  readonly warning: string;
  readonly play: string;
  readonly pause: string;
  readonly cursor: string;
  readonly mark: string;
  /** In a swim lane: nothing, a unit of work, a write. */
  readonly lane: string;
  readonly tick: string;
  readonly write: string;
  /** Leads from a cause to what came of it. */
  readonly branch: string;
  readonly up: string;
  readonly down: string;
  /** Behind a text that is another than before. */
  readonly delta: string;
  /** Levels of a sparkline, lowest first. */
  readonly spark: string;
  /** Of a bar: what is there, and what is missing. */
  readonly share: readonly [string, string];
  readonly horizontal: string;
  readonly vertical: string;
  readonly corners: readonly [string, string, string, string];
  /** Whether only ASCII may reach the terminal. */
  readonly ascii: boolean;
}

/** How tones look. Colour is never the only signal: glyphs and words say the same. */
export interface Theme {
  readonly styles: Readonly<Record<Tone, Style>>;
  readonly glyphs: Glyphs;
}

/** The sixteen colours that every terminal has, in its user's own shades. */
const COLOUR: Theme['styles'] = {
  normal: {},
  dim: { dimColor: true },
  title: { color: 'cyan', bold: true },
  key: { color: 'magenta' },
  ok: { color: 'green' },
  pending: { color: 'yellow' },
  error: { color: 'red', bold: true },
  info: { color: 'blue' },
  selected: { inverse: true },
  added: { color: 'blue' },
  modified: { color: 'green' },
  deleted: { color: 'magenta' },
  highlight: { color: 'cyan' },
  completed: { dimColor: true },
};

/** Shades that stand out on light and on dark, for terminals that show all of them. */
const TRUE_COLOUR: Theme['styles'] = {
  normal: {},
  dim: { color: '#7f8792' },
  title: { color: '#0fa3b5', bold: true },
  key: { color: '#a45ee5' },
  ok: { color: '#2ba562' },
  pending: { color: '#c98a06' },
  error: { color: '#e5484d', bold: true },
  info: { color: '#3b82f6' },
  selected: { color: '#ffffff', backgroundColor: '#2b5c8a' },
  added: { color: '#3b8eea' },
  modified: { color: '#7d9a14' },
  deleted: { color: '#9370db' },
  highlight: { color: '#0f9fa8' },
  completed: { color: '#7f8792' },
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
  added: {},
  modified: {},
  deleted: {},
  highlight: {},
  completed: {},
};

export const UNICODE_GLYPHS: Glyphs = {
  ok: '✓',
  pending: '◐',
  failed: '✗',
  warning: '!',
  play: '▶',
  pause: '■',
  cursor: '▌',
  mark: '◆',
  lane: '┊',
  tick: '●',
  write: '◆',
  branch: '└',
  up: '↑',
  down: '↓',
  delta: 'Δ',
  spark: '▁▂▃▄▅▆▇█',
  share: ['█', '░'],
  horizontal: '─',
  vertical: '│',
  corners: ['┌', '┐', '└', '┘'],
  ascii: false,
};

export const ASCII_GLYPHS: Glyphs = {
  ok: '+',
  pending: 'o',
  failed: 'x',
  warning: '!',
  play: '>',
  pause: '#',
  cursor: '>',
  mark: '*',
  lane: '.',
  tick: 'o',
  write: 'W',
  branch: '`',
  up: '^',
  down: 'v',
  delta: '*',
  spark: '_.-=+*#@',
  share: ['#', '.'],
  horizontal: '-',
  vertical: '|',
  corners: ['+', '+', '+', '+'],
  ascii: true,
};

/**
 * Whether a terminal should get only ASCII, by what its environment says: the Linux console has few glyphs, and a locale that
 * is set and is not UTF-8 has none. Nothing set says nothing.
 */
export function prefersAscii(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return env.TERM === 'linux' || (locale !== '' && !/utf-?8/i.test(locale));
}

/** Colours that a terminal gets: none (bold and inverse remain), its own sixteen, or shades of ours. */
export type ColourMode = 'none' | '16' | 'true';

/**
 * The colours that a terminal is taken to have, by what its environment says: none where `NO_COLOR` asks for it or the terminal
 * is of the kind that has none, shades where it says that it has them.
 */
export function coloursOf(env: Readonly<Record<string, string | undefined>>): ColourMode {
  if (env.NO_COLOR || /^vt\d|-m(ono)?$/.test(env.TERM ?? '')) return 'none';
  return /^(truecolor|24bit)$/i.test(env.COLORTERM ?? '') ? 'true' : '16';
}

const STYLES: Readonly<Record<ColourMode, Theme['styles']>> = {
  none: MONO,
  '16': COLOUR,
  true: TRUE_COLOUR,
};

/** The theme for a terminal; `ascii` leaves only what is ASCII. */
export function themeFor(wanted: { readonly colours: ColourMode; readonly ascii: boolean }): Theme {
  return {
    styles: STYLES[wanted.colours],
    glyphs: wanted.ascii ? ASCII_GLYPHS : UNICODE_GLYPHS,
  };
}
