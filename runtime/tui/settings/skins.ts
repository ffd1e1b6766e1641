import type { Skin } from './settings.ts';

/**
 * Skins that come with the screen. Those for people who do not tell some colours apart use Okabe's and Ito's: what is well, what
 * is not yet and what is wrong differ in what is seen, and in brightness.
 */
export const SKINS: Readonly<Record<string, Skin>> = {
  default: {},
  deuteranopia: {
    title: { color: '#56b4e9', bold: true },
    key: { color: '#cc79a7' },
    ok: { color: '#3d8fd1' },
    pending: { color: '#c9b400' },
    error: { color: '#b0400e', bold: true },
    info: { color: '#7f8792' },
    selected: { color: '#ffffff', backgroundColor: '#0050a0' },
  },
  protanopia: {
    title: { color: '#56b4e9', bold: true },
    key: { color: '#8f8fd9' },
    ok: { color: '#3d8fd1' },
    pending: { color: '#b3a200' },
    error: { color: '#e0563b', bold: true },
    info: { color: '#7f8792' },
    selected: { color: '#ffffff', backgroundColor: '#0050a0' },
  },
  tritanopia: {
    title: { color: '#009e8e', bold: true },
    key: { color: '#c0628f' },
    ok: { color: '#0d9c8a' },
    pending: { color: '#b47fb0' },
    error: { color: '#e5303b', bold: true },
    info: { color: '#7f8792' },
    selected: { color: '#ffffff', backgroundColor: '#8a1538' },
  },
  'high-contrast': {
    dim: {},
    title: { bold: true },
    key: { bold: true },
    ok: { color: 'greenBright', bold: true },
    pending: { color: 'yellowBright', bold: true },
    error: { color: 'redBright', bold: true, inverse: true },
    info: { color: 'cyanBright' },
    selected: { inverse: true, bold: true },
  },
  light: {
    dim: { color: '#6a6f78' },
    title: { color: '#00687a', bold: true },
    key: { color: '#7a2bb5' },
    ok: { color: '#1a7f37' },
    pending: { color: '#8a5a00' },
    error: { color: '#c4161c', bold: true },
    info: { color: '#0550ae' },
    selected: { color: '#ffffff', backgroundColor: '#0550ae' },
  },
};
