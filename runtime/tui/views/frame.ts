import type { ManifestState } from '../../client/index.ts';
import { suggestions } from '../model/command.ts';
import type { Table } from '../model/rows.ts';
import { currentView, type State } from '../model/state.ts';
import { padCut, fitLine, type Line, plain, type Span, span, widthOf } from '../model/text.ts';
import { errorLines, textLines, textTitle } from '../model/texts.ts';
import { bodyRows, cursorIndex, showsErrors, tableOf } from '../model/update.ts';
import type { World } from '../model/world.ts';
import type { Glyphs } from '../theme.ts';

const SMALLEST_COLUMNS = 24;
const SMALLEST_ROWS = 8;

/**
 * The whole screen as lines, exactly as wide as the terminal and one row shorter (a frame of full height makes the terminal
 * scroll). Pure: the same state and world give the same frame.
 */
export function frame(state: State, world: World, glyphs: Glyphs): Line[] {
  const height = Math.max(1, state.rows - 1);
  const { columns } = state;
  if (columns < SMALLEST_COLUMNS || state.rows < SMALLEST_ROWS)
    return [fitLine([span('too small')], Math.max(1, columns))];
  const lines = [
    header(state, world, glyphs),
    strip(world, glyphs),
    ...body(state, world, glyphs),
    footer(state, world),
  ];
  return lines.slice(0, height).map((line) => fitLine(line, columns));
}

function header(state: State, world: World, glyphs: Glyphs): Line {
  const clock = world.control.clock();
  const { converged } = world.control;
  const paused = clock.mode === 'paused';
  const pace = clock.mode === 'real' && clock.speed !== 1 ? `x${clock.speed}` : clock.mode;
  const left: Span[] = [
    span(' slipway', 'title'),
    span(`  rev ${world.control.revision()}`),
    span(`  t+${elapsed(clock.elapsedMs)} `),
    span(`${pace} ${paused ? glyphs.pause : glyphs.play}`, paused ? 'pending' : 'info'),
    span('  '),
    converged
      ? span(`${glyphs.ok} converged`, 'ok')
      : span(`${glyphs.pending} converging`, 'pending'),
    ...counts(world),
  ];
  const help = '<?> help ';
  const room = state.columns - help.length;
  return [...fitLine(left, room), span(help, 'dim')];
}

function counts(world: World): Span[] {
  const spans: Span[] = [];
  for (const name of ['nodes', 'pods']) {
    const kind = world.kinds.find(({ ref }) => ref.group === '' && ref.resource === name);
    if (kind) spans.push(span(`  ${name} ${world.lister(kind.ref).size}`));
  }
  return spans;
}

/** `00:03:12.4`, with days in front when there are any. */
export function elapsed(ms: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const seconds = Math.floor(ms / 1000);
  const days = Math.floor(seconds / 86_400);
  const clock = `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${days > 0 ? `${days}d` : ''}${clock}.${Math.floor((ms % 1000) / 100)}`;
}

/** What the last save did, and how long it took. */
function strip(world: World, glyphs: Glyphs): Line {
  const manifests = world.control.manifests();
  if (!manifests) return [span(' no manifests')];
  const folder = ` ${manifests.folder}  ${manifests.resources} resources in ${manifests.files} files  `;
  if (manifests.errors.length > 0) {
    const first = manifests.errors[0]!;
    const place = first.position ? `${first.position.file}:${first.position.line}` : '';
    const text = `${glyphs.failed} ${manifests.errors.length} errors  ${place}  nothing of this save is applied`;
    return [span(folder), span(text, 'error')];
  }
  const { phase } = manifests;
  if (phase !== 'idle') return [span(folder), span(`${glyphs.pending} ${phase}`, 'pending')];
  return [span(folder), ...change(manifests), ...timing(manifests)];
}

function change({ changed }: ManifestState): Span[] {
  if (!changed) return [];
  return [span(`+${changed.created} ~${changed.updated} -${changed.pruned}  `, 'ok')];
}

function timing({ timings }: ManifestState): Span[] {
  if (!timings) return [];
  const { parseMs, checkMs, evaluateMs, applyMs } = timings;
  const ms = (value: number): string => `${Math.round(value)}`;
  const parse = parseMs + evaluateMs;
  return [span(`parse ${ms(parse)}  check ${ms(checkMs)}  apply ${ms(applyMs)} ms`, 'dim')];
}

function body(state: State, world: World, glyphs: Glyphs): Line[] {
  const view = currentView(state);
  const rows = bodyRows(state);
  if (showsErrors(state, world)) {
    const lines = errorLines(world);
    return boxed('errors of the last save', '', lines.slice(0, rows + 1), rows + 1, state, glyphs);
  }
  const table = tableOf(view, world, glyphs.spark);
  if (table && 'cursor' in view) {
    const filter = view.filter === '' ? '' : ` </${view.filter}>`;
    const sort = view.type === 'table' ? view.sort : undefined;
    const title = `${table.title}[${table.rows.length}]`;
    const at = cursorIndex(view.cursor, table);
    const offset = Math.max(0, at - rows + 1, Math.min(view.cursor.offset, at));
    const lines = tableLines(table, offset, rows, at, state.columns - 4, glyphs, sort);
    return boxed(title, filter, lines, rows + 1, state, glyphs);
  }
  if ('cursor' in view) return [];
  const lines = textLines(view, world);
  const offset = Math.min(view.offset, Math.max(0, lines.length - rows));
  const search = view.search === '' ? '' : ` </${view.search}>`;
  const visible = lines.slice(offset, offset + rows + 1).map((line) => found(line, view.search));
  return boxed(textTitle(view), search, visible, rows + 1, state, glyphs);
}

/** A whole line is shown as selected when it has what was searched for. */
function found(line: Line, search: string): Line {
  if (search === '' || !plain(line).toLowerCase().includes(search.toLowerCase())) return line;
  return line.map(({ text }) => span(text, 'selected'));
}

function boxed(
  title: string,
  filter: string,
  content: readonly Line[],
  rows: number,
  { columns }: State,
  { horizontal, vertical, corners }: Glyphs,
): Line[] {
  const inner = columns - 4;
  const head = ` ${title} `;
  const filterText = filter === '' ? '' : `${filter} `;
  const left = Math.max(0, columns - 3 - widthOf(head) - widthOf(filterText));
  const lines: Line[] = [
    [
      span(corners[0] + horizontal, 'dim'),
      span(head, 'title'),
      span(filterText, 'pending'),
      span(horizontal.repeat(left) + corners[1], 'dim'),
    ],
  ];
  for (let at = 0; at < rows; at++) {
    const line = fitLine(content[at] ?? [], inner);
    lines.push([span(`${vertical} `, 'dim'), ...line, span(` ${vertical}`, 'dim')]);
  }
  lines.push([span(corners[2] + horizontal.repeat(columns - 2) + corners[3], 'dim')]);
  return lines;
}

function tableLines(
  table: Table,
  offset: number,
  rows: number,
  cursor: number,
  width: number,
  glyphs: Glyphs,
  sort: { readonly column: string; readonly descending: boolean } | undefined,
): Line[] {
  const visible = table.rows.slice(offset, offset + rows);
  const headers = table.headers.map((name) =>
    name !== '' && name === sort?.column ? `${name}${sort.descending ? '↓' : '↑'}` : name,
  );
  const cells = visible.map((row) => row.cells.map((cell) => glyphFor(cell, glyphs)));
  const widths = columnWidths(headers, cells, width - 2);
  const layout = (values: readonly string[]): string =>
    values.map((value, at) => padCut(value, widths[at] ?? 0)).join('  ');
  const lines: Line[] = [[span(`  ${layout(headers)}`, 'dim')]];
  if (visible.length === 0) lines.push([span('  nothing here', 'dim')]);
  visible.forEach((row, at) => {
    const isCursor = offset + at === cursor;
    const text = layout(cells[at]!);
    lines.push([
      span(isCursor ? `${glyphs.cursor} ` : '  ', isCursor ? 'selected' : 'normal'),
      span(text, isCursor ? 'selected' : row.tone),
    ]);
  });
  return lines;
}

function glyphFor(cell: string, glyphs: Glyphs): string {
  if (cell === 'ok') return glyphs.ok;
  return cell === 'pending' ? glyphs.pending : cell;
}

/** Widths that hold the content; when the terminal is too narrow the widest columns give first. */
function columnWidths(
  headers: readonly string[],
  cells: readonly (readonly string[])[],
  width: number,
): number[] {
  const widths = headers.map((header, at) =>
    cells.reduce((most, row) => Math.max(most, widthOf(row[at] ?? '')), widthOf(header)),
  );
  const gaps = 2 * Math.max(0, widths.length - 1);
  let excess = widths.reduce((sum, each) => sum + each, gaps) - width;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= 6) break;
    const second = Math.max(6, ...widths.filter((_, at) => at !== widest));
    const give = Math.max(
      1,
      Math.min(excess, widths[widest]! - Math.min(second, widths[widest]! - 1)),
    );
    widths[widest]! -= give;
    excess -= give;
  }
  return widths;
}

function footer(state: State, world: World): Line {
  const { prompt, confirm, flash } = state;
  if (confirm) return [span(` delete ${confirm.key}?  <y> yes  any other key: no`, 'error')];
  if (prompt?.kind === 'command') {
    const [first, ...others] = suggestions(prompt.text, world);
    const rest = first ? first.slice(prompt.text.length) : '';
    return [
      span(` :${prompt.text}`, 'title'),
      span(rest, 'dim'),
      span(others.length > 0 ? `   ${others.slice(0, 5).join(' ')}` : '', 'dim'),
    ];
  }
  if (prompt) return [span(` /${prompt.text}`, 'title')];
  if (flash) return [span(` ${flash.text}`, flash.tone)];
  const view = currentView(state);
  const keys =
    'cursor' in view
      ? '<enter> open  <d> describe  <y> yaml  </> filter  <:> command  <,> pause  <.> step  <q> back'
      : '<j/k> scroll  </> search  <n> next  <y> yaml  <d> describe  <q> back';
  return [span(` ${keys}`, 'dim')];
}
