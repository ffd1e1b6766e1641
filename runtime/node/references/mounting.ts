import type { VolumeProblem } from './volumes.ts';

/** A failed set-up is tried again after half a second, then after twice as long each time, up to two minutes. */
const SETUP_BASE_MS = 500;
const SETUP_MAX_MS = 122_000;
/** For how long one sync of a pod waits for its volumes before it says which are missing. */
const SYNC_MS = 123_000;
/** When a claim that cannot be used is looked at again. */
const RESYNC_MS = 10_000;

/** A pod that waits for its volumes. */
export interface Mounting {
  /** How often a set-up has failed. */
  readonly failures: number;
  /** When a failed set-up is tried again; Infinity where none failed. */
  readonly retryMs: number;
  /** When the pod's sync gives up waiting, says so, and begins anew. */
  readonly syncEndMs: number;
}

export interface MountingStep {
  /** Undefined once every volume is there. */
  readonly mounting: Mounting | undefined;
  /** Messages of `FailedMount` events. */
  readonly warnings: readonly string[];
}

/**
 * How a pod that has not started yet gets on with its volumes at `nowMs`. `look` tells what is missing; it is asked for failed set-ups
 * only when they are tried again.
 */
export function mounting(
  before: Mounting | undefined,
  nowMs: number,
  look: () => readonly VolumeProblem[],
): MountingStep {
  const problems = look();
  const failed = problems.filter(({ kind }) => kind === 'setup');
  const isBackingOff = before !== undefined && nowMs < before.retryMs && before.failures > 0;
  if (problems.length === 0 && !isBackingOff) return { mounting: undefined, warnings: [] };
  const process = problems.find(({ kind }) => kind === 'process');
  const begun = before ?? {
    failures: 0,
    retryMs: Number.POSITIVE_INFINITY,
    syncEndMs: process ? nowMs : nowMs + SYNC_MS,
  };
  const warnings: string[] = [];
  let { failures, retryMs, syncEndMs } = begun;
  const isDue = failures === 0 || retryMs <= nowMs;
  if (failed.length > 0 && isDue) {
    for (const { volume, message } of failed)
      warnings.push(`MountVolume.SetUp failed for volume "${volume}" : ${message}`);
    retryMs = nowMs + Math.min(SETUP_BASE_MS * 2 ** Math.min(failures, 20), SETUP_MAX_MS);
    failures++;
  } else if (failed.length === 0 && isDue) {
    failures = 0;
    retryMs = Number.POSITIVE_INFINITY;
  }
  if (syncEndMs <= nowMs) {
    warnings.push(`Unable to attach or mount volumes: ${missingText(problems)}`);
    syncEndMs = nowMs + (process ? RESYNC_MS : SYNC_MS);
  }
  return { mounting: { failures, retryMs, syncEndMs }, warnings };
}

function missingText(problems: readonly VolumeProblem[]): string {
  const named = (...kinds: VolumeProblem['kind'][]): string =>
    `[${problems
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ volume }) => volume)
      .sort()
      .join(' ')}]`;
  const processed = problems.filter(({ kind }) => kind === 'process');
  const why =
    processed.length > 0
      ? processed.map(({ message }) => message).join('; ')
      : 'context deadline exceeded';
  return `unmounted volumes=${named('setup', 'attach', 'process')}, unattached volumes=${named('attach')}, failed to process volumes=${named('process')}: ${why}`;
}

/** What the kubelet says of secrets for pulling that are not there. */
export function pullSecretsMessage(names: readonly string[]): string {
  return `Unable to retrieve some image pull secrets (${names.join(', ')}); attempting to pull the image may not succeed.`;
}
