import type { Container, Pod } from '../../generated/core/v1/types.ts';
import type { Waiting } from './container-record.ts';
import type { Effects } from './effects.ts';
import { CHECKED, presentMessage, pulledMessage } from './image-pull.ts';
import { defaultPull, pullPolicyOf } from './images.ts';

/** An image that is fetched because a volume of a pod shows it. */
export interface VolumePull {
  readonly sinceMs: number;
  /** When it is complete. */
  readonly untilMs: number;
  readonly isTold?: true;
}

/** By image. */
export type VolumePulls = Readonly<Record<string, VolumePull>>;

interface Moment {
  readonly nowMs: number;
  /** When the node has pulled what was asked for before. */
  readonly pullsUntilMs?: number;
  readonly effects: Effects;
  imageAtMs(image: string): number | undefined;
}

/** What the volumes of a pod show of images. */
export function volumeImages({ spec }: Pod): readonly string[] {
  return (spec?.volumes ?? []).flatMap(({ image }) => (image?.reference ? [image.reference] : []));
}

/**
 * Fetches what the volumes of a pod show, before its first container starts, as a container's own image is fetched. Undefined for a pod
 * without such volumes.
 */
export function pullVolumes(
  before: VolumePulls | undefined,
  pod: Pod,
  moment: Moment,
): VolumePulls | undefined {
  let pulls = before;
  for (const { image: source } of pod.spec?.volumes ?? []) {
    const image = source?.reference;
    if (!image) continue;
    const known = pulls?.[image];
    const next = known ? told(image, known, moment) : begun(image, policyOf(source), moment);
    if (next && next !== known) pulls = { ...pulls, [image]: next };
  }
  return pulls;
}

/** When the next of them is complete that is not yet; Infinity where all are. */
export function volumesPulledMs(pulls: VolumePulls | undefined): number {
  let leastMs = Number.POSITIVE_INFINITY;
  for (const image in pulls)
    if (!pulls[image]!.isTold) leastMs = Math.min(leastMs, pulls[image]!.untilMs);
  return leastMs;
}

const policyOf = ({ reference = '', pullPolicy }: { reference?: string; pullPolicy?: string }) =>
  pullPolicyOf({ name: '', image: reference, imagePullPolicy: pullPolicy } as Container);

/** Undefined where it may not be fetched and is not there. */
function begun(
  image: string,
  policy: ReturnType<typeof pullPolicyOf>,
  { nowMs, pullsUntilMs = 0, effects, imageAtMs }: Moment,
): VolumePull | undefined {
  const presentMs = imageAtMs(image);
  if (presentMs === undefined && policy === 'Never') return undefined;
  const isThere = presentMs !== undefined && presentMs <= nowMs;
  if (isThere && policy !== 'Always') {
    effects.normal(undefined, 'Pulled', presentMessage(image));
    return { sinceMs: nowMs, untilMs: nowMs, isTold: true };
  }
  effects.normal(undefined, 'Pulling', `Pulling image "${image}"`);
  const takesMs = isThere ? CHECKED.ms : defaultPull(image).durationMs;
  const untilMs = Math.max(nowMs, pullsUntilMs, presentMs ?? 0) + takesMs;
  effects.pullsUntilMs = Math.max(effects.pullsUntilMs, untilMs);
  if (presentMs === undefined) effects.pulled(image, untilMs);
  return { sinceMs: nowMs, untilMs };
}

function told(image: string, pull: VolumePull, { nowMs, effects }: Moment): VolumePull {
  if (pull.isTold || nowMs < pull.untilMs) return pull;
  const ms = pull.untilMs - pull.sinceMs;
  const message = pulledMessage(image, { ms, withWaitingMs: ms }, defaultPull(image).sizeBytes);
  effects.normal(undefined, 'Pulled', message);
  return { ...pull, isTold: true };
}

/** Why a container waits whose volume shows an image that is not there and must not be fetched. */
export function imageVolumeProblem(
  pod: Pod,
  { volumeMounts = [] }: Container,
  imageAtMs: (image: string) => number | undefined,
): Waiting | undefined {
  for (const { name } of volumeMounts) {
    const source = pod.spec?.volumes?.find((volume) => volume.name === name)?.image;
    const image = source?.reference;
    if (!image || policyOf(source) !== 'Never' || imageAtMs(image) !== undefined) continue;
    const message = `Container image "${image}" is not present with pull policy of Never`;
    return { reason: 'ErrImageNeverPull', message };
  }
  return undefined;
}
