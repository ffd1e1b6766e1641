import type { Dialog, State } from '../model/state.ts';
import { type Line, overlay, span, widthOf } from '../model/text.ts';
import { kindById, type World } from '../model/world.ts';
import { box } from './box.ts';

/** The lines with the question laid over their middle. */
export function withDialog(
  lines: readonly Line[],
  dialog: Dialog,
  state: State,
  world: World,
): Line[] {
  const kind = kindById(world, dialog.resource);
  const question = `Delete ${kind?.descriptor.singular ?? dialog.resource} ${dialog.key}?`;
  const width = Math.min(state.columns - 4, Math.max(36, widthOf(question) + 6));
  const button = (name: Dialog['button']): Line => [
    span(`[ ${name} ]`, dialog.button === name ? 'selected' : 'normal'),
  ];
  const content: Line[] = [
    [],
    [span(question)],
    [],
    [...button('cancel'), span('  '), ...button('delete')],
    [],
  ];
  const over = box(
    { title: [span('delete', 'error')], lines: content },
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
