import { describe, expect, it } from 'vitest';
import { parseFile, shortcut } from './index.ts';

describe('files of settings', () => {
  it('are those of k9s, as far as the screens are alike', () => {
    const hotkeys = `hotKeys:
  pods: { shortCut: Shift-0, description: All pods, command: pods all }
  flows: { shortCut: Ctrl-Y, command: flows, override: true }
`;
    expect(parseFile('hotkeys.yaml', hotkeys)).toEqual({
      hotkeys: [
        { key: ')', does: 'All pods', command: 'pods all', overrides: false },
        { key: 'ctrl-y', does: 'flows', command: 'flows', overrides: true },
      ],
    });
    expect(
      parseFile('aliases.yml', 'aliases:\n  dp: apps/v1/deployments\n  me: pods shop'),
    ).toEqual({
      aliases: { dp: 'apps/v1/deployments', me: 'pods shop' },
    });
    const plugins = `plugins:
  stern:
    shortCut: b
    confirm: true
    dangerous: true
    background: true
    scopes: [pods, all]
    command: stern
    args: [--tail, 50, $NAME]
`;
    expect(parseFile('plugins.yaml', plugins)).toEqual({
      plugins: [
        {
          name: 'stern',
          key: 'b',
          does: 'stern',
          overrides: false,
          scopes: ['pods', 'all'],
          command: 'stern',
          args: ['--tail', '50', '$NAME'],
          isBackground: true,
          isConfirmed: true,
          isDangerous: true,
        },
      ],
    });
  });

  it('say which columns a list has, and how it is sorted', () => {
    const views = `views:
  v1/pods:
    sortColumn: AGE:desc
    columns: [NAME, 'ZONE:.metadata.labels.zone|WR', 'BORN:.metadata.creationTimestamp|T']
`;
    const plain = { isWide: false, isRight: false, isAge: false };
    expect(parseFile('views.yaml', views)).toEqual({
      views: {
        'v1/pods': {
          sort: { column: 'AGE', descending: true },
          columns: [
            { name: 'NAME', ...plain },
            { name: 'ZONE', path: '.metadata.labels.zone', ...plain, isWide: true, isRight: true },
            { name: 'BORN', path: '.metadata.creationTimestamp', ...plain, isAge: true },
          ],
        },
      },
    });
  });

  it('say how roles look', () => {
    const skin = `skin:
  ok: green
  error: { color: '#ff0000', background: black, bold: true, inverse: false }
`;
    expect(parseFile('skins/mine.yaml', skin)).toEqual({
      skins: {
        mine: {
          ok: { color: 'green' },
          error: { color: '#ff0000', backgroundColor: 'black', bold: true },
        },
      },
    });
    expect(parseFile('config.yaml', 'skin: mine\nfavorites: [shop]')).toEqual({
      skin: 'mine',
      favorites: ['shop'],
    });
  });

  it('that are empty say nothing, and others are none of ours', () => {
    expect(parseFile('plugins.yaml', '')).toEqual({ plugins: [] });
    expect(parseFile('config.yaml', '# later')).toEqual({ favorites: [] });
    expect(parseFile('benchmarks.yaml', 'a: [')).toBeUndefined();
  });

  it.each([
    ['config.yaml', 'skin: [a', 'config.yaml:1: Flow sequence in block collection must be'],
    ['config.yaml', 'favorites:\n- a\n- {}', 'config.yaml:3: favorites[1] must be a text'],
    ['config.yaml', '\nskim: a', 'config.yaml:2: skim is no field here: there are skin, favorites'],
    ['config.yaml', 'text', 'config.yaml:1: the file must have fields'],
    [
      'hotkeys.yaml',
      'hotKeys:\n  a:\n    shortCut: Meta-X\n',
      'hotkeys.yaml:3: shortCut : Meta-X is no key',
    ],
    [
      'hotkeys.yaml',
      'hotKeys:\n  a: { shortCut: Ctrl-C }',
      'hotkeys.yaml:2: shortCut : Ctrl-C cannot',
    ],
    ['hotkeys.yaml', 'hotKeys:\n  a: { shortCut: b }', 'hotkeys.yaml:2: command must be a text'],
    ['plugins.yaml', 'plugins:\n  a:\n    shortCut: b', 'plugins.yaml:3: a needs scopes'],
    ['plugins.yaml', 'plugins:\n  a: { confirm: maybe }', 'plugins.yaml:2: a needs scopes'],
    ['views.yaml', 'views:\n  v1/pods: {}', 'views.yaml:2: v1/pods needs columns'],
    ['views.yaml', 'views:\n  po: { columns: [A|X] }', 'views.yaml:2: columns[0] : X is no flag'],
    ['skins/a.yaml', 'skin:\n  okay: red', 'skins/a.yaml:2: okay is no role: there are normal'],
    ['skins/a.yaml', 'skin:\n  ok: reddish', 'skins/a.yaml:2: ok : reddish is no colour'],
  ])('%s that says %j is refused', (name, text, words) => {
    expect(() => parseFile(name, text)).toThrow(words);
    expect(() => parseFile(name, text)).toThrow('what it said before holds');
  });

  it.each([
    ['b', 'b'],
    ['Shift-b', 'B'],
    ['Shift-3', '#'],
    ['ctrl-Y', 'ctrl-y'],
    ['Ctrl-\\', 'ctrl-\\'],
  ])('name the key %s, which is %s', (text, key) => {
    expect(shortcut(text)).toMatchObject({ key });
  });
});
