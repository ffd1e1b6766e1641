import type { Pod, PodCondition } from '../../generated/core/v1/types.ts';
import { formatTime } from '../meta/index.ts';
import { hasBegun, isReady } from './container-record.ts';
import { type PodPhase, passes } from './pod-phase.ts';
import type { PodRecord } from './pod-record.ts';
import { mayRestartAll } from './restart-all.ts';
import { isSidecar } from './sidecar.ts';

type Facts = Pick<PodCondition, 'status' | 'reason' | 'message'>;

const TRUE: Facts = { status: 'True' };
const FALSE: Facts = { status: 'False' };
const COMPLETED_FALSE: Facts = { status: 'False', reason: 'PodCompleted' };
const COMPLETED_TRUE: Facts = { status: 'True', reason: 'PodCompleted' };
const FAILED: Facts = { status: 'False', reason: 'PodFailed' };

/**
 * The pod's conditions: the kubelet's own, then those of others as they are. That the pod is scheduled the kubelet knows itself, even if
 * the scheduler never heard that its binding was done. A condition keeps its transition time while
 * its status stays, and the whole object while nothing changes.
 */
export function podConditions(
  pod: Pod,
  record: PodRecord,
  phase: PodPhase,
  nowMs: number,
): readonly PodCondition[] {
  const before = pod.status?.conditions ?? [];
  const containersReady = containersReadyFacts(pod, record, phase);
  const facts: readonly (readonly [string, Facts])[] = [
    ['PodReadyToStartContainers', hasSandbox(record) ? TRUE : FALSE],
    ['Initialized', initializedFacts(pod, record, phase)],
    ['Ready', readyFacts(pod, containersReady, phase)],
    ['ContainersReady', containersReady],
    ['PodScheduled', TRUE],
    ...(mayRestartAll(pod)
      ? [['AllContainersRestarting', restartFacts(record, phase)] as const]
      : []),
    ...disruption(record),
    ...sizes(record),
  ];
  const own = facts.map(([type, each]) =>
    condition(
      type,
      each,
      before.find((known) => known.type === type),
      pod,
      nowMs,
    ),
  );
  const foreign = before.filter(
    ({ type }) => !OF_SIZES.has(type) && !facts.some(([own]) => own === type),
  );
  return [...own, ...foreign];
}

function hasSandbox({ ip, terminal, mounting }: PodRecord): boolean {
  return ip !== undefined && !terminal && mounting === undefined;
}

const RESTARTING: Facts = {
  status: 'True',
  reason: 'RestartAllContainersStarted',
  message: 'container exited with restart policy rule',
};

function restartFacts({ restartAll }: PodRecord, phase: PodPhase): Facts {
  if (phase === 'Succeeded') return COMPLETED_FALSE;
  if (phase === 'Failed') return FAILED;
  return restartAll ? RESTARTING : FALSE;
}

/** A pod that was initialized once stays so, whatever its init containers do later. */
function isInitialized({ type, status }: PodCondition): boolean {
  return type === 'Initialized' && status === 'True';
}

/** A pod that its kubelet ended for others' sake says so once nothing of it runs any more. */
function disruption({ verdict, terminal }: PodRecord): readonly (readonly [string, Facts])[] {
  if (!terminal || verdict?.disruption === undefined) return [];
  const { disruption: message } = verdict;
  return [['DisruptionTarget', { status: 'True', reason: 'TerminationByKubelet', message }]];
}

const OF_SIZES: ReadonlySet<string> = new Set(['PodResizePending', 'PodResizeInProgress']);

const OWN: ReadonlySet<string> = new Set([
  ...['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'],
  ...['AllContainersRestarting', 'PodResizePending', 'PodResizeInProgress'],
]);

/** Whether a condition is one that only the kubelet sets. */
export function isOwnCondition({ type, reason }: PodCondition): boolean {
  return OWN.has(type) || (type === 'DisruptionTarget' && reason === 'TerminationByKubelet');
}

/** A size that the pod wants and has not got; neither is there when it has. */
function sizes({ pending, resizing }: PodRecord): readonly (readonly [string, Facts])[] {
  const facts: (readonly [string, Facts])[] = [];
  if (pending) {
    const { reason, message } = pending;
    facts.push(['PodResizePending', { status: 'True', reason, message }]);
  }
  if (resizing) {
    const { error } = resizing;
    const why = error === undefined ? {} : { reason: 'Error', message: error };
    facts.push(['PodResizeInProgress', { status: 'True', ...why }]);
  }
  return facts;
}

function initializedFacts(pod: Pod, record: PodRecord, phase: PodPhase): Facts {
  const specs = pod.spec?.initContainers ?? [];
  const incomplete = specs.filter((spec, i) => !passes(spec, record.init[i]!));
  if (incomplete.length === 0) return phase === 'Succeeded' ? COMPLETED_TRUE : TRUE;
  if (record.main.some(hasBegun) || pod.status?.conditions?.some(isInitialized)) return TRUE;
  const names = incomplete.map(({ name }) => name).join(' ');
  return {
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${names}]`,
  };
}

function containersReadyFacts(pod: Pod, record: PodRecord, phase: PodPhase): Facts {
  if (phase === 'Succeeded') return COMPLETED_FALSE;
  if (phase === 'Failed') return FAILED;
  const unready: string[] = [];
  for (const [i, spec] of (pod.spec?.initContainers ?? []).entries())
    if (isSidecar(spec) && !isReady(record.init[i]!)) unready.push(spec.name);
  for (const [i, spec] of (pod.spec?.containers ?? []).entries())
    if (!isReady(record.main[i]!)) unready.push(spec.name);
  if (unready.length === 0) return TRUE;
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
}

/** Ready also asks for every readiness gate that the pod names. */
function readyFacts(pod: Pod, containersReady: Facts, phase: PodPhase): Facts {
  if (containersReady.status !== 'True' || phase !== 'Running') return containersReady;
  const problems: string[] = [];
  for (const { conditionType } of pod.spec?.readinessGates ?? []) {
    const gate = pod.status?.conditions?.find(({ type }) => type === conditionType);
    if (gate?.status === 'True') continue;
    problems.push(
      gate
        ? `the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`
        : `corresponding condition of pod readiness gate "${conditionType}" does not exist.`,
    );
  }
  if (problems.length === 0) return TRUE;
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}

/** The last condition made of each type: pods that change together share it. */
const latest = new Map<string, PodCondition>();

function condition(
  type: string,
  facts: Facts,
  before: PodCondition | undefined,
  pod: Pod,
  nowMs: number,
): PodCondition {
  const generation = pod.metadata?.generation;
  if (before && isSame(before, facts) && before.observedGeneration === generation) return before;
  const moved = before?.status !== facts.status;
  const lastTransitionTime = moved ? formatTime(nowMs) : before?.lastTransitionTime;
  const recent = latest.get(type);
  if (
    recent &&
    isSame(recent, facts) &&
    recent.lastTransitionTime === lastTransitionTime &&
    recent.observedGeneration === generation
  )
    return recent;
  const made: PodCondition = {
    ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
    ...(facts.message === undefined ? {} : { message: facts.message }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
    status: facts.status,
    type,
  };
  latest.set(type, made);
  return made;
}

function isSame(condition: PodCondition, facts: Facts): boolean {
  return (
    condition.status === facts.status &&
    condition.reason === facts.reason &&
    condition.message === facts.message
  );
}
