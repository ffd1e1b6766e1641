import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SettingsFolder, settingsFolder } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'slipway-settings-')), 'slipway');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const write = (name: string, text: string): void => {
  mkdirSync(join(folder, 'skins'), { recursive: true });
  writeFileSync(join(folder, name), text);
};

describe('the folder of settings', () => {
  it('is where the environment says', () => {
    expect(settingsFolder({ SLIPWAY_CONFIG_DIR: '/a', XDG_CONFIG_HOME: '/b' })).toBe('/a');
    expect(settingsFolder({ XDG_CONFIG_HOME: '/b' })).toBe('/b/slipway');
    expect(settingsFolder({})).toMatch(/\/\.config\/slipway$/);
  });

  it('need not be there', () => {
    const settings = new SettingsFolder(folder);
    settings.read();
    expect([settings.problems, settings.settings.favorites]).toEqual([[], []]);
  });

  it('keeps what a file said last without a mistake, and reads the others', () => {
    write('config.yaml', 'favorites: [a]');
    write('skins/one.yaml', 'skin: { ok: red }');
    write('skins/two.yaml', 'skin: { ok: blue }');
    const settings = new SettingsFolder(folder);
    settings.read();
    expect(Object.keys(settings.settings.skins)).toEqual(['one', 'two']);
    write('config.yaml', 'favorites: {a');
    write('aliases.yaml', 'aliases: { p: pods }');
    settings.read();
    expect(settings.problems).toEqual([expect.stringMatching(/^config\.yaml:1: /)]);
    expect(settings.settings).toMatchObject({ favorites: ['a'], aliases: { p: 'pods' } });
    write('config.yaml', 'favorites: [b]');
    rmSync(join(folder, 'skins/one.yaml'));
    settings.read();
    expect(settings.problems).toEqual([]);
    expect(settings.settings.favorites).toEqual(['b']);
    expect(Object.keys(settings.settings.skins)).toEqual(['two']);
  });

  it('keeps a screen for the next start, which is no change', () => {
    const settings = new SettingsFolder(folder);
    const screen = {
      ...{ namespace: 'shop', isHeadless: true, isCrumbless: false },
      ...{ history: ['po shop', 'deploy'], command: 'pods shop /a: b', skin: 'light' },
    };
    expect(settings.keep(screen)).toBe(join(folder, 'screen.yaml'));
    const next = new SettingsFolder(folder);
    next.read();
    expect([next.problems, next.settings.screen]).toEqual([[], screen]);
  });

  it('is followed, also from before it is there', async () => {
    const settings = new SettingsFolder(folder);
    settings.read();
    let changes = 0;
    const stop = await settings.follow(() => changes++);
    write('config.yaml', 'favorites: [late]');
    await vi.waitFor(() => expect(settings.settings.favorites).toEqual(['late']), 20_000);
    expect(changes).toBeGreaterThan(0);
    write('skins/new.yaml', 'skin: { ok: red }');
    await vi.waitFor(() => expect(settings.settings.skins).toHaveProperty('new'), 20_000);
    await stop();
  });
});
