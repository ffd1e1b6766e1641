import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { type ContainerRecord, isRunning, NEW_CONTAINER } from './container-record.ts';
import { NOTICE_MS } from './crash-loop.ts';
import type { PodRecord, RestartAll } from './pod-record.ts';
import { matchingRule } from './restart-policy.ts';

type Records = Pick<PodRecord, 'init' | 'main'>;

/** Whether a container that ended with `code` takes all others of its pod along, and the pod starts from the beginning. */
export function restartsAll(container: Container, code: number): boolean {
  return matchingRule(container, code)?.action === 'RestartAllContainers';
}

/** Whether any container of the pod may do so. */
export function mayRestartAll({ spec }: Pod): boolean {
  return (spec?.initContainers?.some(hasRule) || spec?.containers?.some(hasRule)) ?? false;
}

function hasRule({ restartPolicyRules }: Container): boolean {
  return restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers') ?? false;
}

/** The restart of all that has begun, or begins because a container has ended so. */
export function restartAllOf(
  before: RestartAll | undefined,
  pod: Pod,
  { init, main }: Records,
  nowMs: number,
): RestartAll | undefined {
  if (before || !mayRestartAll(pod)) return before;
  const triggers = (records: readonly ContainerRecord[], specs: readonly Container[] = []) =>
    records.some(
      ({ stage }, i) => stage.at === 'exited' && restartsAll(specs[i]!, stage.ended.code),
    );
  const begins = triggers(init, pod.spec?.initContainers) || triggers(main, pod.spec?.containers);
  return begins ? { noticedMs: nowMs + NOTICE_MS } : undefined;
}

/** Whether all has ended, so that the pod may start from the beginning. */
export function isCleared(
  { noticedMs }: RestartAll,
  { init, main }: Records,
  nowMs: number,
): boolean {
  return nowMs >= noticedMs && ![...init, ...main].some(isRunning);
}

/** A container as it was in the beginning, but that it knows its last run. It has no back-off to wait for. */
export function anew(record: ContainerRecord): ContainerRecord {
  const { stage, restarts, last } = record;
  if (stage.at === 'exited') return { ...NEW_CONTAINER, restarts: restarts + 1, last: stage.ended };
  return { ...NEW_CONTAINER, restarts, ...(last ? { last } : {}) };
}
