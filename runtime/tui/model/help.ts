import { GROUPS } from '../binding.ts';
import { ALL_BINDINGS } from '../keys.ts';
import { NO_SETTINGS, SKINS } from '../settings/index.ts';
import { COMMANDS } from './command-names.ts';
import { isDangerous } from './message.ts';
import { fitLine, type Line, plain, span, widthOf, wrapped } from './text.ts';
import { kubectlHint, listedKinds, remember, shorterNames, type World } from './world.ts';

/** Cells that a column of the help takes at least, between columns, and at most how many columns there are. */
const COLUMN_CELLS = 56;
const GAP = 2;
const COLUMNS_MAX = 4;
/** Cells of keys, and of commands, before what they do. */
const KEY_CELLS = 15;
const COMMAND_CELLS = 26;

/** Lines that stay together under their title. */
type Block = readonly Line[];

/** All keys and commands, in as many columns as fit; without what changes the cluster, where nobody may. */
export function helpLines(world: World, columns: number, mayChange: boolean): readonly Line[] {
  return remember(world, `help ${columns} ${mayChange}`, () => {
    const count = Math.max(1, Math.min(COLUMNS_MAX, Math.floor((columns + GAP) / COLUMN_CELLS)));
    const width = Math.floor((columns - GAP * (count - 1)) / count);
    return [
      ...accessLines(world),
      ...inColumns(
        [...keyBlocks(width, mayChange, world), ...wordBlocks(width, world)],
        count,
        width,
      ),
      [],
      [span('Kinds', 'title'), span('  each takes a namespace, /filter, key=value')],
      ...inColumns(kindBlocks(world), count, width),
    ];
  });
}

function accessLines(world: World): Line[] {
  const access = world.access();
  if (!access) return [];
  return [
    [span('API', 'title'), span(`  ${access.url}`)],
    [span(`  ${kubectlHint(access)}`, 'key')],
    [],
  ];
}

function keyBlocks(width: number, mayChange: boolean, world: World): readonly Block[] {
  const shown = ALL_BINDINGS.filter(
    ({ does, message }) => does !== '' && (mayChange || !isDangerous(message)),
  );
  return GROUPS.map((group) => {
    if (group === 'Yours') return ownBlock(width, mayChange, world);
    const entries = shown.filter((each) => each.group === group);
    return block(
      group,
      entries.flatMap(({ keys, does }) => entry(keys, does, KEY_CELLS, width)),
    );
  });
}

/** Keys that the user's settings name. */
function ownBlock(width: number, mayChange: boolean, world: World): Block {
  const { hotkeys, plugins } = world.settings ?? NO_SETTINGS;
  return block('Yours', [
    ...hotkeys.flatMap(({ key, does, command }) =>
      entry(key, does === command ? `:${command}` : `${does} (:${command})`, KEY_CELLS, width),
    ),
    ...plugins
      .filter(({ isDangerous: changes }) => mayChange || !changes)
      .flatMap(({ key, does, scopes }) =>
        entry(key, `${does}, on ${scopes.join(', ')}`, KEY_CELLS, width),
      ),
  ]);
}

/** Commands, filters, and what else the user's settings name. */
function wordBlocks(width: number, world: World): readonly Block[] {
  const { aliases, views, skins } = world.settings ?? NO_SETTINGS;
  const commands = COMMANDS.flatMap(({ names, takes, does }) => {
    const text = names.map((name) => `:${name}`).join(' ');
    return entry(takes ? `${text} ${takes}` : text, does, COMMAND_CELLS, width);
  });
  return [
    block('Commands', commands),
    block(
      'Filters',
      FILTERS.flatMap(([text, does]) => entry(text, does, KEY_CELLS, width)),
    ),
    block(
      'Aliases',
      Object.entries(aliases).flatMap(([name, text]) =>
        entry(`:${name}`, `:${text}`, KEY_CELLS, width),
      ),
    ),
    block(
      'Views',
      Object.entries(views).flatMap(([name, { columns }]) =>
        entry(name, columns.map((each) => each.name).join(' '), KEY_CELLS, width),
      ),
    ),
    block(
      'Skins',
      entry(':skin', Object.keys({ ...SKINS, ...skins }).join(', '), KEY_CELLS, width),
    ),
  ];
}

function kindBlocks(world: World): readonly Block[] {
  return listedKinds(world).map((kind) => {
    const { plural, singular, shortNames } = kind.descriptor;
    const names = [plural, singular, ...shortNames, ...shorterNames(kind)];
    return [[span(`  ${names.map((name) => `:${name}`).join(' ')}`, 'key')]];
  });
}

function block(title: string, lines: readonly Line[]): Block {
  return lines.length === 0 ? [] : [[span(title, 'title')], ...lines, []];
}

/** A key and what it does beside it, or below it where the key is long. */
function entry(key: string, does: string, cells: number, width: number): readonly Line[] {
  const label = `  ${key}`;
  const words = wrapped(does, width - cells, 0);
  if (widthOf(label) + 1 > cells)
    return [
      [span(label, 'key')],
      ...words.map((text): Line => [span(' '.repeat(cells)), span(text)]),
    ];
  return words.map(
    (text, at): Line => [
      at === 0 ? span(label.padEnd(cells), 'key') : span(' '.repeat(cells)),
      span(text),
    ],
  );
}

const FILTERS = [
  ['/text', 'rows that match the regular expression'],
  ['/!text', 'the other rows'],
  ['/-l a=b', 'by label selector; a=b alone is one'],
  ['/-f abc', 'names with these letters in this order'],
] as const;

/** Blocks side by side, from top to bottom and then to the right, each whole, in as few lines as that takes. */
function inColumns(blocks: readonly Block[], count: number, width: number): readonly Line[] {
  const total = blocks.reduce((sum, each) => sum + each.length, 0);
  const tallest = Math.max(0, ...blocks.map((each) => each.length));
  let height = Math.max(tallest, Math.ceil(total / count));
  while (filled(blocks, height).length > count) height++;
  const columns = filled(blocks, height);
  return Array.from({ length: Math.max(0, ...columns.map((each) => each.length)) }, (_, row) =>
    trimmed(columns.flatMap((lines, at) => cellsAt(lines[row] ?? [], at, width))),
  );
}

function cellsAt(line: Line, column: number, width: number): Line {
  return column === 0 ? fitLine(line, width) : [span(' '.repeat(GAP)), ...fitLine(line, width)];
}

function filled(blocks: readonly Block[], height: number): readonly Line[][] {
  const columns: Line[][] = [[]];
  for (const each of blocks) {
    const last = columns.at(-1)!;
    // The empty line below a block may fall off the end.
    const needed = plain(each.at(-1) ?? []) === '' ? each.length - 1 : each.length;
    if (last.length > 0 && last.length + needed > height) columns.push([...each]);
    else last.push(...each);
  }
  return columns;
}

function trimmed(line: Line): Line {
  const text = plain(line);
  return fitLine(line, widthOf(text.trimEnd()));
}
