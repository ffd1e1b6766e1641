import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ClockState, Control } from '../../client/index.ts';
import { type LogQuestion, logLines, mergedLines } from '../model/log.ts';
import type { Message, Until } from '../model/message.ts';
import type { ShellEffect } from '../model/shell.ts';
import type { LogLine, ProgramCall } from '../model/state.ts';
import { goalOf } from '../model/tones.ts';
import type { Effect } from '../model/update.ts';
import type { DirEntry } from '../model/view.ts';
import { kindById, objectAt, type World } from '../model/world.ts';
import { act, type Done } from './act.ts';
import { edit } from './edit.ts';
import type { Editor } from './editor.ts';
import { inBackground } from './program.ts';

const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 60, 600];
/** Virtual time after which a condition is given up that has not come true. */
const UNTIL_MAX_MS = 24 * 3_600_000;

/** Who is lent the terminal. */
export interface Lent {
  readonly editor: Editor;
  readonly program: (call: ProgramCall) => Promise<string>;
}

type OfTheApp =
  | 'quit'
  | 'redraw'
  | 'copy'
  | 'copy-of'
  | 'now'
  | 'skin'
  | 'persist'
  | ShellEffect['type'];

/** Does what is no change of state; what there is to say about it comes back as a message. */
export async function perform(
  effect: Exclude<Effect, { type: OfTheApp }>,
  world: World,
  { editor, program }: Lent,
): Promise<Message | undefined> {
  const { control } = world;
  switch (effect.type) {
    case 'pause':
      control.setMode(control.clock().mode === 'paused' ? 'eager' : 'paused');
      return undefined;
    case 'step':
      if (control.clock().mode !== 'paused') control.setMode('paused');
      await control.step();
      return undefined;
    case 'speed':
      changeSpeed(control, effect.to);
      return undefined;
    case 'until':
      return said(runUntil(effect.until, world));
    case 'inject':
      return said(
        Promise.resolve().then(() => `${control.inject(effect.fault).text} goes wrong from now on`),
      );
    case 'heal':
      return {
        type: 'flash',
        ...(control.heal(effect.id)
          ? { text: `fault ${effect.id} is over`, tone: 'info' }
          : { text: `fault ${effect.id} was over already`, tone: 'error' }),
      };
    case 'edit':
      return said(edit(effect.target, world, editor));
    case 'act':
      return said(act(effect.action, world));
    case 'run':
      return said(effect.call.isBackground ? inBackground(effect.call) : program(effect.call));
    case 'read-dir':
      return readDir(effect.path);
    case 'edit-file':
      return said(editor(resolve(effect.path)).then(() => `${effect.path} was in the editor`));
    case 'stop-forward':
      return said(stopForward(effect.id, world));
    case 'save':
      return said(save(effect.name, effect.text));
  }
}

type FlashMessage = Extract<Message, { type: 'flash' }>;

/** What was said, or why the server refuses. */
export async function said(outcome: Promise<string | Done>): Promise<FlashMessage> {
  try {
    const done = await outcome;
    return { type: 'flash', tone: 'info', ...(typeof done === 'string' ? { text: done } : done) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { type: 'flash', text, tone: 'error' };
  }
}

function changeSpeed(control: Control, to: 'slower' | 'faster' | 'real'): void {
  const at = speedAt(control.clock());
  const next = to === 'real' ? 1 : SPEEDS[Math.max(0, to === 'faster' ? at + 1 : at - 1)];
  if (next === undefined) control.setMode('eager');
  else {
    control.setSpeed(next);
    control.setMode('real');
  }
}

/** Place in the list of speeds; eager is faster than all of them. */
function speedAt({ mode, speed }: ClockState): number {
  if (mode === 'eager') return SPEEDS.length;
  const at = SPEEDS.findIndex((each) => each >= speed);
  return at < 0 ? SPEEDS.length - 1 : at;
}

async function runUntil(until: Until, world: World): Promise<string> {
  const { control } = world;
  const { nowMs } = control.clock();
  if (typeof until === 'object' && 'afterMs' in until) {
    await control.runUntil(() => false, nowMs + until.afterMs);
    return 'time stands still: , goes on';
  }
  const isReached = await control.runUntil(reached(until, world), nowMs + UNTIL_MAX_MS);
  return isReached ? 'there it is: time stands still, , goes on' : 'it did not come to that';
}

function reached(until: Exclude<Until, { afterMs: number }>, world: World): () => boolean {
  const { control } = world;
  if (until === 'converged') return () => control.converged;
  if ('revision' in until) return () => control.revision() >= until.revision;
  const { resource, key } = until;
  const kind = kindById(world, resource);
  return () => {
    const object = objectAt(world, resource, key);
    return kind !== undefined && object !== undefined && goalOf(kind, object).atGoal;
  };
}

const ENTRIES_MAX = 5000;

/** What is in a folder of this machine, folders first; or why it cannot be read. */
async function readDir(path: string): Promise<Message> {
  try {
    const found = (await readdir(resolve(path), { withFileTypes: true })).slice(0, ENTRIES_MAX);
    const entries = await Promise.all(
      found.map(async (each): Promise<DirEntry> => {
        const { name } = each;
        // What a link leads to counts; what leads nowhere is no folder.
        const about = await stat(resolve(path, name)).catch(() => undefined);
        return about?.isDirectory()
          ? { name, isFolder: true }
          : { name, isFolder: false, ...(about ? { bytes: about.size } : {}) };
      }),
    );
    entries.sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : 1));
    return { type: 'dir-read', path, entries };
  } catch (error) {
    return { type: 'flash', text: (error as Error).message, tone: 'error' };
  }
}

async function stopForward(id: string, world: World): Promise<string> {
  const had = await world.pods()?.forwards.stop(id);
  return had ? 'the forward has ended' : 'that forward had ended already';
}

async function save(name: string, text: string): Promise<string> {
  const folder = join(tmpdir(), 'slipway');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.txt`);
  await writeFile(file, text);
  return `saved to ${file}`;
}

/** Asks the server for a log. What it refuses to say is said in the place of lines. */
export async function readLog(question: LogQuestion, world: World): Promise<Message> {
  const logs = await Promise.all(
    question.sources.map((source) => readSource(source, question, world)),
  );
  return { type: 'log-read', id: question.id, lines: mergedLines(logs) };
}

async function readSource(
  { pod, container }: LogQuestion['sources'][number],
  { previous, tailLines, sinceSeconds }: LogQuestion,
  world: World,
): Promise<readonly LogLine[]> {
  const [namespace = '', name = ''] = pod.split('/');
  const source = `${name}/${container}`;
  const kind = kindById(world, 'pods');
  if (!kind) return [];
  try {
    const text = await world.client.readText(kind.ref, { name, namespace }, 'log', {
      container,
      timestamps: 'true',
      ...(previous ? { previous: 'true' } : {}),
      ...(tailLines === undefined ? {} : { tailLines: String(tailLines) }),
      ...(sinceSeconds === undefined ? {} : { sinceSeconds: String(sinceSeconds) }),
    });
    return logLines(text, source);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return [{ atMs: world.control.clock().nowMs, source, text }];
  }
}
