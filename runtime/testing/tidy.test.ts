import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * The rules of the house, as one fast test. A failing line says what to do instead.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));

interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

function sourcesUnder(folder: string): Source[] {
  const found: Source[] = [];
  const visit = (path: string): void => {
    for (const name of readdirSync(path)) {
      if (name === 'node_modules' || name.startsWith('.')) continue;
      const child = join(path, name);
      if (statSync(child).isDirectory()) visit(child);
      else if (/\.tsx?$/.test(name) && !name.endsWith('.d.ts')) {
        const text = readFileSync(child, 'utf8');
        found.push({ path: relative(root, child), text, lines: text.split('\n') });
      }
    }
  };
  visit(join(root, folder));
  return found;
}

const sources = [...sourcesUnder('generator'), ...sourcesUnder('runtime')];
const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) ||
  path.startsWith('runtime/testing/') ||
  /conformance|fakes/.test(path);

/** Room → the rooms of ours that it may import. `generated` stands for all of generated/. The first match of a path wins. */
const MAY_IMPORT: readonly (readonly [string, readonly string[]])[] = [
  ['generator/model', []],
  ['generator/support', []],
  ['generator/load', ['generator/model']],
  ['generator/emit', ['generator/model', 'generator/load']],
  ['generator/explain', ['generator/model']],
  ['generator', ['generator']],
  ['runtime/base', []],
  ['runtime/meta', ['runtime/base', 'generated', 'generator/model', 'generator/support']],
  ['runtime/trace', ['runtime/base', 'runtime/meta']],
  ['runtime/storage', ['runtime/base', 'runtime/meta']],
  [
    'runtime/apiserver',
    [
      'runtime/base',
      'runtime/meta',
      'runtime/trace',
      'runtime/storage',
      'generated',
      'generator/model',
      'generator/load',
    ],
  ],
  ['runtime/client', ['runtime/base', 'runtime/meta', 'runtime/trace', 'generated']],
  ...['controllers', 'scheduler', 'node', 'proxy'].map(
    (room) =>
      [
        `runtime/${room}`,
        ['runtime/base', 'runtime/meta', 'runtime/trace', 'runtime/client', 'generated'],
      ] as const,
  ),
  [
    'runtime/authoring',
    ['runtime/base', 'runtime/meta', 'runtime/trace', 'runtime/client', 'generated', 'generator'],
  ],
  ['runtime/tui', ['runtime/client', 'runtime/meta', 'runtime/trace']],
  [
    'runtime/cli',
    [
      'runtime/client',
      'runtime/meta',
      'runtime/trace',
      'runtime/authoring',
      'runtime/base',
      'generated',
      'generator',
    ],
  ],
  [
    'runtime/cluster',
    [
      'runtime/base',
      'runtime/meta',
      'runtime/trace',
      'runtime/storage',
      'runtime/apiserver',
      'runtime/client',
      'runtime/controllers',
      'runtime/scheduler',
      'runtime/node',
      'runtime/proxy',
      'runtime/authoring',
      'generated',
      'generator/model',
    ],
  ],
];

/** Files under cli that start a cluster or open the screen. */
const STARTS_A_CLUSTER =
  /^runtime\/cli\/(commands\/(run|watch|why|check|serve|rules|proxy)|session|applied|judge|follow-into|api|fault-options|live-rules)\.ts$/;
const OPENS_THE_SCREEN = /^runtime\/cli\/commands\/watch\.ts$/;

function roomOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] === 'generated') return 'generated';
  if (parts[0] === 'runtime' && parts[1] === 'controllers' && parts.length > 3)
    return `runtime/controllers/${parts[2]}`;
  return parts.length > 2 ? `${parts[0]}/${parts[1]}` : parts[0]!;
}

function importsOf(source: Source): string[] {
  const specifiers: string[] = [];
  for (const match of source.text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g))
    specifiers.push(relative(root, resolve(root, dirname(source.path), match[1]!)));
  return specifiers;
}

function forbiddenImports(source: Source): string[] {
  const own = roomOf(source.path);
  const rule = MAY_IMPORT.find(([room]) => own === room || own.startsWith(`${room}/`));
  if (!rule) return [`${source.path}: its folder has no row in the import table`];
  return importsOf(source).flatMap((target) => {
    const room = roomOf(target);
    if (room === own) return [];
    if (rule[1].some((allowed) => room === allowed || room.startsWith(`${allowed}/`))) return [];
    if (
      own.startsWith('runtime/controllers/') &&
      /^runtime\/controllers(\/[a-z-]+\.ts)?$/.test(room)
    )
      return [];
    if (own === 'runtime/controllers' && room.startsWith('runtime/controllers/')) return [];
    if (room === 'runtime/cluster' && STARTS_A_CLUSTER.test(source.path)) return [];
    if (room === 'runtime/tui' && OPENS_THE_SCREEN.test(source.path)) return [];
    return [
      `${source.path}: imports ${target}; ${own} may import ${rule[1].join(', ') || 'nothing'}`,
    ];
  });
}

/** Identifiers that make a run depend on the machine, and what to use instead. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b/, 'take the time from the Loop or a Clock of runtime/base'],
  [/\bnew Date\(\)/, 'take the time from the Loop or a Clock of runtime/base'],
  [
    /\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b/,
    'use Pacemaker.setTimer, or afterWall of runtime/base',
  ],
  [/\bMath\.random\b|\brandomUUID\b/, 'use the Random that the component is given'],
  [/\bperformance\.now\b/, 'use stopwatch of runtime/base'],
  [/\blocaleCompare\b|\bIntl\./, 'compare with < and >: the order must not depend on the locale'],
];

describe('the house', () => {
  it('imports only what the table allows', () => {
    expect(sources.filter(({ path }) => !isTest(path)).flatMap(forbiddenImports)).toEqual([]);
  });

  it('enters a folder by its index', () => {
    const past = sources.flatMap((source) =>
      importsOf(source)
        .filter((target) => {
          const room = roomOf(target);
          if (room === roomOf(source.path) || isTest(source.path)) return false;
          if (!room.startsWith('runtime/')) return false;
          return !/^runtime\/[a-z]+\/([a-z-]+\/)?index\.tsx?$/.test(target);
        })
        .filter((target) => !/^runtime\/controllers\/[a-z-]+\.ts$/.test(target))
        .map(
          (target) =>
            `${source.path}: import ${target.replace(/\/[^/]+$/, '/index.ts')}, not ${target}`,
        ),
    );
    expect(past).toEqual([]);
  });

  it('takes time and randomness through runtime/base', () => {
    const found = sources
      .filter(
        ({ path }) =>
          path.startsWith('runtime/') && !path.startsWith('runtime/base/') && !isTest(path),
      )
      .flatMap(({ path, lines }) =>
        lines.flatMap((line, at) =>
          BANNED.filter(([pattern]) => pattern.test(line.replace(/^\s*(\*|\/\/).*/, ''))).map(
            ([, instead]) => `${path}:${at + 1}: ${line.trim()} — ${instead}`,
          ),
        ),
      );
    expect(found).toEqual([]);
  });

  it('keeps files short enough to live in', () => {
    const giants = sources
      .filter(({ path, lines }) => !isTest(path) && lines.length > 450)
      .map(({ path, lines }) => `${path}: ${lines.length} lines; split it by concept`);
    expect(giants).toEqual([]);
  });

  it('opens every folder with what it is', () => {
    const missing = sources
      .filter(({ path }) => /^(runtime\/[a-z]+|generator\/[a-z]+)\/index\.tsx?$/.test(path))
      .filter(({ text }) => !text.startsWith('/**'))
      .map(
        ({ path }) => `${path}: begin with a comment: what it is, its invariant, who may call it`,
      );
    expect(missing).toEqual([]);
  });

  it('has no file that nothing reaches', () => {
    const reached = new Set([...sources, ...sourcesUnder('generated')].flatMap(importsOf));
    const ENTRIES =
      /(index\.tsx?|\.test\.tsx?|bin\.ts|prepare\.ts|worker\.ts|bench\/main\.ts|fidelity\/main\.ts|vitest\..*)$/;
    const dead = sources
      .filter(({ path, text }) => !ENTRIES.test(path) && !reached.has(path) && !isLazy(path, text))
      .map(({ path }) => `${path}: imported nowhere; delete it`);
    expect(dead).toEqual([]);
  });
});

/** Commands are imported by computed path. */
function isLazy(path: string, _text: string): boolean {
  return path.startsWith('runtime/cli/commands/');
}
