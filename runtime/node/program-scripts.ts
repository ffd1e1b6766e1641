import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { ephemeralContainers } from './ephemeral.ts';
import type { PodScripts } from './pod-worker.ts';
import { playedSignal } from './program-probes.ts';
import type { ProgramSession } from './program-session.ts';
import type { RunOutcome } from './programs/index.ts';
import { type ContainerScript, OOM_KILLED } from './script.ts';
import { type Exit, type Program, planRun } from './timeline.ts';

/** Whether the pod's programs have to be followed. */
export function isActive({ init, main, ephemeral }: PodScripts): boolean {
  return [...init, ...main, ...ephemeral].some(({ plays }) => plays?.isActive);
}

/** The scripts of a pod whose known programs are followed: what they do by the pod's history. */
export function playedScripts(scripts: PodScripts, pod: Pod, session: ProgramSession): PodScripts {
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const put = ephemeralContainers(pod);
  return {
    init: scripts.init.map((each, at) => played(each, initContainers[at]!, session)),
    main: scripts.main.map((each, at) => played(each, containers[at]!, session)),
    ephemeral: scripts.ephemeral.map((each, at) => played(each, put[at]!, session)),
  };
}

const PROBES = {
  startup: 'startupProbe',
  readiness: 'readinessProbe',
  liveness: 'livenessProbe',
} as const;

function played(
  script: ContainerScript,
  spec: Container,
  session: ProgramSession,
): ContainerScript {
  const { plays } = script;
  if (!plays || plays.said.has('exit')) return script;
  const { name } = spec;
  const outcomeOf = (nth: number, sinceMs: number): RunOutcome | undefined => {
    session.begin(spec, plays, nth, sinceMs);
    return session.run(name, nth);
  };
  const program = (nth: number, sinceMs: number, base = script.program(nth, sinceMs)): Program => {
    session.begin(spec, plays, nth, sinceMs);
    const postStart = plays.said.has('hooks')
      ? undefined
      : session.hook(spec, 'postStart', nth, sinceMs);
    const run = outcomeOf(nth, sinceMs);
    if (!run) return base;
    const { exit: _, ...rest } = base;
    const exit = endOf(run, sinceMs, base.exit);
    const signals = plays.said.has('probes') ? {} : signalsOf(spec, run, sinceMs, session);
    return { ...rest, ...signals, ...(postStart ? { postStart } : {}), ...(exit ? { exit } : {}) };
  };
  return {
    ...script,
    program: (nth, sinceMs) => program(nth, sinceMs),
    run: (nth, sinceMs) => planRun(spec, program(nth, sinceMs)),
    log: (startedMs, nowMs) =>
      plays.said.has('logs')
        ? script.log(startedMs, nowMs)
        : [...session.outcome().runs.values()]
            .filter((each) => each.startedMs === startedMs && each.container === name)
            .flatMap(({ lines }) => lines.filter(({ atMs }) => atMs <= nowMs)),
    preStop: (nth, sinceMs, nowMs) =>
      plays.said.has('hooks')
        ? script.program(nth, sinceMs).preStop
        : (session.hook(spec, 'preStop', nth, nowMs) ?? script.program(nth, sinceMs).preStop),
    ended: (nth, atMs) => session.end(name, nth, atMs),
    stopped: (nth, sinceMs, signalMs) => {
      if (plays.said.has('terminate')) return undefined;
      session.begin(spec, plays, nth, sinceMs);
      session.signal(name, nth, signalMs);
      const run = session.run(name, nth);
      if (!run?.handlesStop) return undefined;
      if (!run.end) return { afterMs: Number.POSITIVE_INFINITY, exit: exitOf(137, '') };
      const { atMs, code, message } = run.end;
      return { afterMs: Math.max(0, atMs - signalMs), exit: exitOf(code, message) };
    },
  };
}

function exitOf(code: number, message: string): Exit {
  const reason = code === 0 ? 'Completed' : 'Error';
  return message === '' ? { code, reason } : { code, reason, message };
}

/** The program ends by itself, unless the kernel ends it before that. */
function endOf({ end }: RunOutcome, sinceMs: number, base: Program['exit']): Program['exit'] {
  const killed = base?.reason === OOM_KILLED.reason ? base : undefined;
  if (!end) return killed;
  const afterMs = end.atMs - sinceMs;
  return killed && killed.afterMs < afterMs
    ? killed
    : { afterMs, ...exitOf(end.code, end.message) };
}

function signalsOf(
  spec: Container,
  { findings }: RunOutcome,
  sinceMs: number,
  session: ProgramSession,
): Partial<Pick<Program, keyof typeof PROBES>> {
  const found: { -readonly [Name in keyof typeof PROBES]?: Program[Name] } = {};
  for (const name of ['startup', 'readiness', 'liveness'] as const) {
    const probe = spec[PROBES[name]];
    if (!probe) continue;
    const about = { outcome: session.outcome(), sinceMs, podIp: session.podIp };
    const signal = playedSignal(probe, spec, findings[PROBES[name]], about);
    if (signal) found[name] = signal;
  }
  return found;
}
