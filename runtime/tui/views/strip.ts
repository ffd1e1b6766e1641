import type { ManifestState } from '../../client/index.ts';
import { distinctOutcomes, outcomesAtHand } from '../model/outcomes.ts';
import type { State } from '../model/state.ts';
import { type Line, span } from '../model/text.ts';
import { timeOfDay } from '../model/text-time.ts';
import type { World } from '../model/world.ts';
import { joinParts, type Part, part } from './parts.ts';

/** The manifests: when they were last saved, what the save changed, how long each step took, and what is wrong with it. */
export function stripLine(state: State, world: World): Line {
  const manifests = world.control.manifests();
  if (!manifests) return [span(' no manifests', 'dim')];
  const { folder, files, resources, savedAtWallMs } = manifests;
  const parts = [
    part(0, span(` ${folder}`)),
    ...(savedAtWallMs === undefined ? [] : [part(3, span(`  saved ${timeOfDay(savedAtWallMs)}`))]),
    ...outcome(manifests, state),
    ...cameOut(state, world),
    part(4, span(`  ${counted(resources, 'resource')} in ${counted(files, 'file')}`, 'dim')),
  ];
  return joinParts(parts, state.columns);
}

function outcome(manifests: ManifestState, { glyphs }: State): Part[] {
  const { phase, errors } = manifests;
  if (phase === 'checking' || phase === 'evaluating' || phase === 'applying')
    return [part(0, span(`  ${glyphs.pending} ${phase}`, 'pending')), ...timing(manifests)];
  if (errors.length === 0) return [...change(manifests), ...timing(manifests)];
  const place = errors[0]?.position;
  return [
    part(0, span(`  ${glyphs.failed} ${counted(errors.length, 'error')}`, 'error')),
    ...(place ? [part(1, span(` ${place.file}:${place.line}`, 'error'))] : []),
    part(2, span('  the last good state stays', 'dim')),
  ];
}

/** How much came out otherwise than wanted, and where the first of it stands. */
function cameOut({ refusals, glyphs }: State, world: World): Part[] {
  const all = distinctOutcomes([...refusals, ...outcomesAtHand(world)]);
  if (all.length === 0) return [];
  const isError = all.some(({ severity }) => severity !== 'warning');
  const tone = isError ? 'error' : 'pending';
  const glyph = isError ? glyphs.failed : glyphs.warning;
  const place = all.find(({ position }) => position)?.position;
  return [
    part(0, span(`  ${glyph} ${counted(all.length, 'outcome')}`, tone), span(' <!>', 'key')),
    ...(place ? [part(2, span(` ${place.file}:${place.line}`, tone))] : []),
  ];
}

function change({ changed }: ManifestState): Part[] {
  if (!changed) return [];
  const { created, updated, pruned } = changed;
  const tone = created + updated + pruned > 0 ? 'ok' : 'dim';
  return [part(0, span(`  +${created} ~${updated} -${pruned}`, tone))];
}

function timing({ timings }: ManifestState): Part[] {
  if (!timings) return [];
  const { parseMs, checkMs, evaluateMs, applyMs } = timings;
  const steps = { parse: parseMs, check: checkMs, evaluate: evaluateMs, apply: applyMs };
  const text = Object.entries(steps)
    .map(([name, ms]) => `${name} ${Math.round(ms)}`)
    .join(' ');
  return [part(1, span(`  ${text} ms`, 'dim'))];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
