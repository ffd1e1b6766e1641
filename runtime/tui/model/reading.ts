import type { ManifestError } from '../../client/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Glyphs } from '../theme.ts';
import { describeLines } from './describe.ts';
import { helpLines } from './help.ts';
import { logTitle } from './log.ts';
import { outcomeKey, outcomesOf } from './outcomes.ts';
import { shellTitle } from './shell.ts';
import { dropCells, type Line, plain, span, widthOf, wrapped } from './text.ts';
import type { ObjectView, ReadView, TextView } from './view.ts';
import { whyLines } from './why.ts';
import { type Kind, kindById, remember, type World } from './world.ts';
import { yamlLines } from './yaml.ts';

/** All lines of a text view, as of this moment: what it is about changes under the reader's eyes. */
export function readingLines(
  view: ObjectView | TextView,
  world: World,
  glyphs: Glyphs,
  columns: number,
  mayChange = true,
): readonly Line[] {
  if (view.type === 'text') return textLines(view, world, columns, mayChange);
  const id = `${view.page} ${view.resource} ${view.key} ${view.managedFields} ${columns}`;
  return remember(world, id, () =>
    withObject(view, world, (kind, object) => {
      switch (view.page) {
        case 'yaml':
          return view.managedFields
            ? yamlLines(world.control.withManagedFields(kind.ref, object), true)
            : yamlLines(object);
        case 'describe':
          return describeLines(kind, object, world, columns);
        case 'rules':
          return rulesLines(world, object);
        case 'decode':
          return decodedLines(object);
        case 'why':
          return whyLines(kind, object, world, glyphs, columns);
      }
    }),
  );
}

function textLines(
  view: TextView,
  world: World,
  columns: number,
  mayChange: boolean,
): readonly Line[] {
  switch (view.page) {
    case 'help':
      return helpLines(world, columns, mayChange);
    case 'errors':
      return errorLines(world, columns);
    case 'outcome': {
      const all = [...(view.refusals ?? []), ...outcomesOf(world)];
      const found = all.find((each) => outcomeKey(each) === view.outcome);
      return found ? frameLines([found], columns) : [[span('this is not so any more', 'ok')]];
    }
  }
}

/** The rules of a node's proxy, as text that a kernel loads, family by family. */
function rulesLines({ control }: World, { metadata }: KubeObject): readonly Line[] {
  const rules = control.rules(metadata.name ?? '');
  if (!rules || rules.texts.length === 0)
    return [[span(`no rules can be shown${rules ? ` for ${rules.mode}` : ''}`, 'dim')]];
  return rules.texts.flatMap(({ family, text }): Line[] => [
    [span(`# ${rules.mode}, ${family}`, 'title')],
    ...text.trimEnd().split('\n').map(ruleLine),
    [],
  ]);
}

function ruleLine(text: string): Line {
  if (/^[*:#]|^COMMIT|^(table|chain) /.test(text)) return [span(text, 'key')];
  return [span(text)];
}

/** The values of a secret as text; what is no text is said so. */
function decodedLines(object: KubeObject): readonly Line[] {
  const { data = {} } = object as { data?: Readonly<Record<string, string>> };
  const entries = Object.entries(data);
  if (entries.length === 0) return [[span('it holds nothing', 'dim')]];
  return entries.flatMap(([key, value]): Line[] => {
    const text = Buffer.from(value, 'base64').toString('utf8');
    if (text.includes('\u{fffd}'))
      return [
        [
          span(`${key}: `, 'key'),
          span(`${Buffer.byteLength(value, 'base64')} bytes that are no text`, 'dim'),
        ],
      ];
    const [first = '', ...more] = text.split('\n');
    return [
      [span(`${key}: `, 'key'), span(first)],
      ...more.map((line): Line => [span(`  ${line}`)]),
    ];
  });
}

export function readingTitle(view: ReadView, world: World): string {
  if (view.type === 'log') return logTitle(view);
  if (view.type === 'shell') return shellTitle(view);
  if (view.type === 'text') return view.page === 'errors' ? 'errors of the last save' : view.page;
  const kind = kindById(world, view.resource);
  const held = view.held ? ' held' : '';
  return `${view.page} ${kind?.descriptor.singular ?? view.resource}/${view.key}${held}`;
}

function withObject(
  view: ObjectView,
  world: World,
  show: (kind: Kind, object: KubeObject) => readonly Line[],
): readonly Line[] {
  const kind = kindById(world, view.resource);
  const object = kind && world.lister(kind.ref).byKey(view.key);
  return kind && object
    ? show(kind, object)
    : [[span(`${view.key} does not exist any more`, 'dim')]];
}

/** The frames of the last save's mistakes, their sentences wrapped, or that there are none. */
export function errorLines(world: World, columns: number): readonly Line[] {
  const errors = world.control.manifests()?.errors ?? [];
  if (errors.length === 0) return [[span('the last save has no errors', 'ok')]];
  return frameLines(errors, columns);
}

/** Frames one below the other, their sentences wrapped. */
export function frameLines(errors: readonly ManifestError[], columns: number): readonly Line[] {
  return errors.flatMap(({ frame }, at): readonly Line[] => {
    const lines = frame.trimEnd().split('\n');
    const past = cellsPast(lines, columns);
    const shown = lines.flatMap((text): Line[] => {
      const tone = frameTone(text);
      const [, margin, code = ''] = CODE.exec(text) ?? [];
      if (margin === undefined) return wrapped(text, columns).map((each) => [span(each, tone)]);
      if (past === 0 || code === '') return [[span(margin + code, tone)]];
      const sign = tone === 'error' ? ' ' : '…';
      return [[span(margin + sign + plain(dropCells([span(code)], past)), tone)]];
    });
    return at === 0 ? shown : [[], ...shown];
  });
}

/** A line of code in a frame, or of what is below it: its margin, and the rest. */
const CODE = /^(\s*\d*\s*\| ?)(.*)$/;
/** So much of a line is seen to the left of what is wrong in it, where not all of it can be. */
const BEFORE_CARET = 20;

/** How much of the lines of code goes at their beginning, so that what is marked in them is seen; no more than has to. */
function cellsPast(lines: readonly string[], columns: number): number {
  const longest = Math.max(0, ...lines.filter((text) => CODE.test(text)).map(widthOf));
  for (const text of lines) {
    const [, margin = '', code = ''] = CODE.exec(text) ?? [];
    const caret = code.indexOf('^');
    if (!/^\s*\|/.test(text) || caret < 0) continue;
    const isSeen = margin.length + code.trimEnd().length <= columns;
    return isSeen ? 0 : Math.max(0, Math.min(caret - BEFORE_CARET, longest + 1 - columns));
  }
  return 0;
}

/** The errors as one text, by which those that were waved away are known again. */
export function errorText(world: World): string {
  return (world.control.manifests()?.errors ?? []).map(({ frame }) => frame).join('\n');
}

function frameTone(text: string): 'error' | 'pending' | 'info' | 'normal' | 'dim' {
  if (/^warning\b/.test(text)) return 'pending';
  if (/^error\b/.test(text) || /^\s*\|\s*\^/.test(text)) return 'error';
  if (/^\s*(help|note|hint):/.test(text)) return 'info';
  return /^\s*\d+\s*\|/.test(text) ? 'normal' : 'dim';
}
