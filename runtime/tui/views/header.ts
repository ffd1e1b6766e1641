import type { ClockState } from '../../client/index.ts';
import { behindCount, isAnyBehind } from '../model/intents.ts';
import type { State } from '../model/state.ts';
import { fitLine, type Line, type Span, span } from '../model/text.ts';
import { elapsed } from '../model/text-time.ts';
import { goalOf } from '../model/tones.ts';
import { kindById, type World } from '../model/world.ts';
import type { Glyphs } from '../theme.ts';
import { joinParts, type Part, part } from './parts.ts';

const HELP = '<?> help ';
/** More than this are not looked at one by one: the tracker's count, a moment behind, will do. */
const COUNTED_MAX = 5000;

/** Where the cluster stands: revision, virtual time and its pace, whether it has converged, and how many nodes and pods are there. */
export function headerLine(state: State, world: World): Line {
  const { glyphs, columns } = state;
  const { control } = world;
  const verdict = verdictOf(world, glyphs);
  const parts = [
    part(0, span(' slipway', 'title')),
    ...(state.copy === undefined
      ? []
      : [part(0, span('  '), span(` COPY of ${state.copy} `, 'selected'))]),
    part(2, span(`  rev ${control.revision()}`)),
    part(1, ...time(control.clock(), glyphs)),
    part(0, verdict),
    ...(state.isReadonly ? [part(0, span('  read-only', 'pending'))] : []),
    ...faultPart(world),
    part(4, ...count('nodes', world)),
    part(3, ...count('pods', world)),
    ...address(world),
    ...(state.namespace === '' ? [] : [part(5, span(`  ns ${state.namespace}`, 'info'))]),
  ];
  const left = joinParts(parts, columns);
  const used = left.reduce((sum, { text }) => sum + text.length, 0);
  if (used + HELP.length + 1 > columns) return left;
  return [...fitLine(left, columns - HELP.length), span(HELP, 'dim')];
}

/** Faults that strike, and those that are to come. */
function faultPart({ control }: World): Part[] {
  const faults = control.faults();
  const active = faults.filter(({ phase }) => phase === 'active').length;
  const waiting = faults.filter(({ phase }) => phase === 'waiting').length;
  if (active + waiting === 0) return [];
  const texts = [
    ...(active > 0 ? [`${active} active`] : []),
    ...(waiting > 0 ? [`${waiting} to come`] : []),
  ];
  return [part(1, span(`  faults: ${texts.join(', ')}`, active > 0 ? 'error' : 'pending'))];
}

/** Whether all is at its goal, and whether more is to come by itself. */
function verdictOf(world: World, { ok, pending }: Glyphs): Span {
  if (isDone(world)) return span(`  ${ok} converged`, 'ok');
  const isMoving = isBeingSaved(world) || isAnyBehind(world);
  return span(`  ${pending} ${isMoving ? 'converging' : 'settling'}`, 'pending');
}

/** While a save is on its way to the cluster, what the cluster had before counts for nothing. */
function isDone(world: World): boolean {
  return world.control.converged && !isBeingSaved(world);
}

function isBeingSaved({ control }: World): boolean {
  const phase = control.manifests()?.phase ?? 'idle';
  return phase !== 'idle' && phase !== 'failed';
}

function time({ mode, speed, elapsedMs }: ClockState, glyphs: Glyphs): Span[] {
  const moment = span(`  t+${elapsed(elapsedMs)}`);
  if (mode === 'paused') return [moment, span(` paused ${glyphs.pause}`, 'pending')];
  const pace = mode === 'real' ? `x${speed}` : 'eager';
  return [moment, span(` ${pace} ${glyphs.play}`, 'info')];
}

function address(world: World): Part[] {
  const access = world.access();
  return access ? [part(6, span(`  ${access.url}`, 'dim'))] : [];
}

/** `nodes 4/5`: those at their goal, of all. */
function count(resource: string, world: World): Span[] {
  const kind = kindById(world, resource);
  if (!kind) return [];
  const lister = world.lister(kind.ref);
  const { size } = lister;
  const behind =
    size <= COUNTED_MAX
      ? lister.list().filter((object) => !goalOf(kind, object).atGoal).length
      : Math.min(size, behindCount(world, resource));
  return [span(`  ${resource} ${size - behind}/${size}`, behind > 0 ? 'pending' : 'normal')];
}
