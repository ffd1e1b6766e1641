import type { ComponentState, Control, ManifestError, SourcePosition } from '../../client/index.ts';
import { type Kind, kindByName, remember, type World } from './world.ts';

/** In larger clusters outcomes are worked out only for who asks: an unschedulable pod costs a look at every node. */
const NODES_MAX = 500;

/** What was worked out, and of which moment. */
interface Known {
  readonly of: string;
  readonly outcomes: readonly ManifestError[];
}

const lastKnown = new WeakMap<Control, Known>();

/** What came out otherwise than the manifests want, errors first. Worked out once a revision and save. */
export function outcomesOf(world: World): readonly ManifestError[] {
  return remember(world, 'outcomes', () => {
    const { control } = world;
    const { savedAtWallMs, phase } = control.manifests() ?? {};
    const of = `${control.revision()} ${savedAtWallMs} ${phase}`;
    const known = lastKnown.get(control);
    if (known?.of === of) return known.outcomes;
    const found = control.outcomes();
    const outcomes = [
      ...found.filter(({ severity }) => severity !== 'warning'),
      ...found.filter(({ severity }) => severity === 'warning'),
    ];
    lastKnown.set(control, { of, outcomes });
    return outcomes;
  });
}

/**
 * As `outcomesOf`, for what is shown without being asked for: nothing where that would be dear, and while there is work to do, what was
 * last known: it is about to change.
 */
export function outcomesAtHand(world: World): readonly ManifestError[] {
  return remember(world, 'outcomes at hand', () => {
    const { control } = world;
    const nodes = kindByName(world, 'nodes');
    if (!nodes || world.lister(nodes.ref).size > NODES_MAX) return [];
    const isMoving = control.clock().mode !== 'paused' && control.components().some(isReady);
    return isMoving ? (lastKnown.get(control)?.outcomes ?? []) : outcomesOf(world);
  });
}

function isReady({ ready }: ComponentState): boolean {
  return ready;
}

/** The outcome of an object, as the manifests call it. */
export function outcomeOfObject(
  world: World,
  { ref }: Kind,
  { namespace, name }: { readonly namespace?: string; readonly name?: string },
): ManifestError | undefined {
  const label = `${namespace ? `${namespace} › ` : ''}${ref.kind}/${name}`;
  return byLabel(world).get(label);
}

function byLabel(world: World): ReadonlyMap<string, ManifestError> {
  return remember(world, 'outcomes by label', () => {
    const found = new Map<string, ManifestError>();
    for (const outcome of outcomesAtHand(world))
      if (outcome.object !== undefined && !found.has(outcome.object))
        found.set(outcome.object, outcome);
    return found;
  });
}

/** The first of each that are told as one: the same at the same place of the same object. */
export function distinctOutcomes(all: readonly ManifestError[]): readonly ManifestError[] {
  return [...new Map(all.toReversed().map((each) => [outcomeKey(each), each])).values()].reverse();
}

export const placeText = ({ file, line, column }: SourcePosition): string =>
  `${file}:${line}:${column}`;

/** What came of it, without the name of the object where that is told beside it. */
export function withoutObject({ message, object }: ManifestError): string {
  return object !== undefined && message.startsWith(`${object} `)
    ? message.slice(object.length + 1)
    : message;
}

/** By which an outcome is known again while it lasts. */
export function outcomeKey({ code, position, object }: ManifestError): string {
  return `outcome ${code} ${position ? placeText(position) : ''} ${object ?? ''}`;
}
