import type { Dialog, DialogField, State } from '../model/state.ts';
import { type Line, overlay, padCut, span, widthOf, wrapped } from '../model/text.ts';
import { box } from './box.ts';

const NARROWEST = 36;

/** The lines with the question laid over their middle. */
export function withDialog(lines: readonly Line[], dialog: Dialog, state: State): Line[] {
  const { question, notes, fields, problem } = dialog;
  const label = Math.max(0, ...fields.map((each) => widthOf(each.label)));
  const rows = fields.map((each, at) => fieldLine(each, label, dialog.focus === at));
  const widest = Math.max(...[question, ...notes, problem ?? ''].map(widthOf), ...rows.map(cells));
  const width = Math.min(state.columns - 4, Math.max(NARROWEST, widest + 6));
  const words = (text: string, tone: 'normal' | 'dim' | 'error'): Line[] =>
    wrapped(text, width - 4, 0).map((each) => [span(each, tone)]);
  const content: Line[] = [
    [],
    ...words(question, 'normal'),
    ...notes.flatMap((note) => words(note, 'dim')),
    ...(problem === undefined ? [] : words(problem, 'error')),
    ...(rows.length > 0 ? [[], ...rows] : []),
    [],
    [...button('cancel', dialog, 'cancel'), span('  '), ...button(dialog.verb, dialog, 'ok')],
  ];
  const over = box(
    { title: [span(dialog.verb, 'error')], lines: content },
    width,
    content.length,
    state.glyphs,
  );
  const top = Math.max(0, Math.floor((lines.length - over.length) / 2));
  const left = Math.floor((state.columns - width) / 2);
  return lines.map((line, at) => {
    const piece = over[at - top];
    return piece ? overlay(line, piece, left, width) : line;
  });
}

function button(name: string, { focus }: Dialog, stop: 'cancel' | 'ok'): Line {
  return [span(`[ ${name} ]`, focus === stop ? 'selected' : 'normal')];
}

function fieldLine(
  { label, choices, at, text }: DialogField,
  width: number,
  isChosen: boolean,
): Line {
  const name = span(`${padCut(label, width)}  `, 'dim');
  if (text !== undefined)
    return [name, span(text, isChosen ? 'title' : 'normal'), span(isChosen ? ' ' : '', 'selected')];
  return [name, span(`< ${choices[at]} >`, isChosen ? 'selected' : 'normal')];
}

function cells(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}
