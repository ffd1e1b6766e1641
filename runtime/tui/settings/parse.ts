import type { Tone } from '../model/text.ts';
import type { Style } from '../theme.ts';
import { readYaml, type Value } from './reader.ts';
import type {
  CustomColumn,
  CustomView,
  Hotkey,
  KeptScreen,
  Plugin,
  Settings,
  Skin,
} from './settings.ts';
import { shortcut } from './shortcut.ts';

const TONES: readonly Tone[] = [
  'normal',
  'dim',
  'title',
  'key',
  'ok',
  'pending',
  'error',
  'info',
  'selected',
];
const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white', 'gray'];
const COLOUR_NAMES = new Set([
  ...COLOURS,
  ...COLOURS.filter((name) => name !== 'black' && name !== 'gray').map((name) => `${name}Bright`),
]);

/** What is told of one file: a part of the settings. */
export type Part = Partial<Settings>;

/** Reads one file of settings by its name in their folder; undefined where that is none of ours. Throws a `SettingsError`. */
export function parseFile(name: string, text: string): Part | undefined {
  const skin = /^skins\/([^/]+)\.ya?ml$/.exec(name)?.[1];
  if (skin !== undefined) return { skins: { [skin]: skinOf(readYaml(name, text)) } };
  const parse = FILES[name.replace(/\.yml$/, '.yaml')];
  return parse?.(readYaml(name, text));
}

/** Where the screen itself writes. */
export const KEPT_FILE = 'screen.yaml';

const FILES: Readonly<Record<string, (file: Value) => Part>> = {
  'config.yaml': (file) => {
    const { skin, favorites } = file.fields('skin', 'favorites');
    return {
      ...(skin.isAbsent ? {} : { skin: skin.text() }),
      favorites: favorites.list().map((each) => each.text()),
    };
  },
  [KEPT_FILE]: (file) => ({ screen: keptOf(file) }),
  'hotkeys.yaml': (file) => ({
    hotkeys: file
      .fields('hotKeys')
      .hotKeys.entries()
      .map(([, each]) => hotkeyOf(each)),
  }),
  'aliases.yaml': (file) => {
    const entries = file.fields('aliases').aliases.entries();
    return { aliases: Object.fromEntries(entries.map(([name, each]) => [name, each.text()])) };
  },
  'plugins.yaml': (file) => ({
    plugins: file
      .fields('plugins')
      .plugins.entries()
      .map(([name, each]) => pluginOf(name, each)),
  }),
  'views.yaml': (file) => {
    const entries = file.fields('views').views.entries();
    return { views: Object.fromEntries(entries.map(([name, each]) => [name, viewOf(each)])) };
  },
};

function keptOf(file: Value): KeptScreen {
  const { namespace, history, command, skin, ...flags } = file.fields(
    ...(['namespace', 'isHeadless', 'isCrumbless', 'history', 'command', 'skin'] as const),
  );
  return {
    namespace: namespace.text(''),
    isHeadless: flags.isHeadless.flag(),
    isCrumbless: flags.isCrumbless.flag(),
    history: history.list().map((each) => each.text()),
    ...(command.isAbsent ? {} : { command: command.text() }),
    ...(skin.isAbsent ? {} : { skin: skin.text() }),
  };
}

function keyOf(value: Value): string {
  const found = shortcut(value.text());
  if (typeof found === 'string') throw value.wrong(`: ${found}`);
  return found.key;
}

function hotkeyOf(value: Value): Hotkey {
  const { shortCut, description, command, override } = value.fields(
    ...(['shortCut', 'description', 'command', 'override', 'keepHistory'] as const),
  );
  return {
    key: keyOf(shortCut),
    does: description.text(command.text()),
    command: command.text(),
    overrides: override.flag(),
  };
}

function pluginOf(name: string, value: Value): Plugin {
  const { shortCut, description, scopes, command, args, ...flags } = value.fields(
    ...(['shortCut', 'description', 'scopes', 'command', 'args'] as const),
    ...(['override', 'background', 'confirm', 'dangerous'] as const),
  );
  if (scopes.isAbsent) throw value.wrong('needs scopes: names of kinds, or all');
  return {
    name,
    key: keyOf(shortCut),
    does: description.text(name),
    overrides: flags.override.flag(),
    scopes: scopes.list().map((each) => each.text()),
    command: command.text(),
    args: args.list().map((each) => each.text()),
    isBackground: flags.background.flag(),
    isConfirmed: flags.confirm.flag(),
    isDangerous: flags.dangerous.flag(),
  };
}

function viewOf(value: Value): CustomView {
  const { columns, sortColumn } = value.fields('columns', 'sortColumn');
  if (columns.list().length === 0) throw value.wrong('needs columns');
  const all = columns.list().map(columnOf);
  if (sortColumn.isAbsent) return { columns: all };
  const [, column = '', order] = /^(.+?)(?::(asc|desc))?$/.exec(sortColumn.text()) ?? [];
  return { columns: all, sort: { column: column.toUpperCase(), descending: order === 'desc' } };
}

/** `NAME`, `ZONE:.metadata.labels.zone`, either with flags after a bar: `W` wide, `R` right, `N` number, `T` time. */
function columnOf(value: Value): CustomColumn {
  const [, name = '', path, flags = ''] =
    /^([^:|]+)(?::([^|]+))?(?:\|([A-Z]*))?$/.exec(value.text()) ?? [];
  if (name === '') throw value.wrong('must be NAME, or NAME:.path.in.object, with |flags');
  const strange = /[^WRLNTSH]/.exec(flags)?.[0];
  if (strange) throw value.wrong(`: ${strange} is no flag: there are W, R, L, N and T`);
  return {
    name: name.trim().toUpperCase(),
    ...(path === undefined ? {} : { path: path.trim() }),
    isWide: /[WH]/.test(flags),
    isRight: /[RN]/.test(flags),
    isAge: flags.includes('T'),
  };
}

function skinOf(file: Value): Skin {
  const { skin } = file.fields('skin');
  return Object.fromEntries(
    skin.entries().map(([tone, value]) => {
      if (!TONES.includes(tone as Tone))
        throw value.wrong(`is no role: there are ${TONES.join(', ')}`);
      return [tone, styleOf(value)];
    }),
  );
}

function styleOf(value: Value): Style {
  let plain: string | undefined;
  try {
    plain = value.text();
  } catch {
    plain = undefined;
  }
  if (plain !== undefined) return { color: colourOf(value) };
  const { color, background, ...flags } = value.fields(
    ...(['color', 'background', 'bold', 'dim', 'inverse'] as const),
  );
  return {
    ...(color.isAbsent ? {} : { color: colourOf(color) }),
    ...(background.isAbsent ? {} : { backgroundColor: colourOf(background) }),
    ...(flags.bold.flag() ? { bold: true } : {}),
    ...(flags.dim.flag() ? { dimColor: true } : {}),
    ...(flags.inverse.flag() ? { inverse: true } : {}),
  };
}

function colourOf(value: Value): string {
  const text = value.text();
  if (/^#[0-9a-f]{6}$/i.test(text) || COLOUR_NAMES.has(text)) return text;
  throw value.wrong(`: ${text} is no colour: say #rrggbb, or ${COLOURS.join(', ')}`);
}
