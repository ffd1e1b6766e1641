import type { Behaviour } from '../../generated/cluster/v1/types.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import { type ExecInput, type Execution, type PortAnswer, portAnswers } from './container-exec.ts';
import type { ContainerRecord } from './container-record.ts';
import { ephemeralContainers } from './ephemeral.ts';
import type { Kubelets } from './kubelets.ts';
import type { LogLine } from './logs.ts';
import type { PodRecord } from './pod-record.ts';
import { sourcesOf } from './program-desk.ts';
import { ProgramSession } from './program-session.ts';
import {
  type Answer,
  bytesOf,
  type Call,
  type PodHistory,
  REFUSED,
  type ServedCall,
  textOf,
} from './programs/index.ts';
import { givenPod } from './resizing.ts';

/** The programs of a pod as they are now, for who asks about them. */
interface Asked {
  readonly session: ProgramSession;
  readonly record: PodRecord;
  readonly key: string;
}

/** Undefined where no kubelet has the pod. Programs that nobody had to follow so far are taken to have begun with their containers. */
function asked(kubelets: Kubelets, pod: Pod): Asked | undefined {
  const { namespace, name, uid } = pod.metadata;
  const key = `${namespace}/${name}`;
  const record = kubelets.state.pods.get(key);
  const node = kubelets.state.nodes.get(record?.node ?? '');
  if (!record || record.uid !== uid || !node) return undefined;
  const nowMs = kubelets.context.pace.now();
  const given = givenPod(pod, record);
  const sources = sourcesOf(kubelets, given, record, node);
  const session = new ProgramSession(sources, record.programs?.history, nowMs);
  if (!record.programs) beginAll(kubelets, given, record, session);
  return { session, record, key };
}

function beginAll(kubelets: Kubelets, pod: Pod, record: PodRecord, session: ProgramSession): void {
  const { init, main, ephemeral } = kubelets.scripts.of(pod);
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const put = ephemeralContainers(pod);
  const parts = [
    ...init.map((script, at) => [script, initContainers[at], record.init[at]] as const),
    ...main.map((script, at) => [script, containers[at], record.main[at]] as const),
    ...ephemeral.map((script, at) => [script, put[at], record.ephemeral?.[put[at]!.name]] as const),
  ];
  for (const [{ plays }, spec, each] of parts) {
    const startedMs = each && startOf(each);
    if (plays && spec && startedMs !== undefined)
      session.begin(spec, plays, each!.restarts, startedMs);
  }
}

function startOf({ stage }: ContainerRecord): number | undefined {
  if (stage.at === 'running' || stage.at === 'stopping') return stage.sinceMs;
  return stage.at === 'exited' ? stage.ended.startedMs : undefined;
}

/** What the program of a container's nth run has written, and will; undefined where it is not known. */
export function playedLog(
  kubelets: Kubelets,
  pod: Pod,
  container: string,
  nth: number,
): readonly LogLine[] | undefined {
  const found = asked(kubelets, pod);
  return found?.session.run(container, nth)?.lines;
}

/** A command that was run in a container, and what it has changed of its pod's history if anything. */
export interface PlayedExec {
  readonly execution: Execution;
  readonly key: string;
  readonly history?: PodHistory;
}

/** What a pod says to a call at one of its ports: what its behaviour says of that, or the program that listens there. */
export function calledPod(
  kubelets: Kubelets,
  behaviours: readonly Behaviour[],
  pod: Pod,
  call: Call,
  clientIp: string,
): Answer {
  const said = 'port' in call ? portAnswers(pod, call.port, behaviours) : undefined;
  if (said && call.kind === 'http') {
    const [path = '/'] = call.target.split('?');
    const { status, contentType, body } = said.find((each) => each.path.test(path)) ?? NOT_FOUND;
    const headers = { 'content-type': contentType };
    return { kind: 'page', status, headers, body: bytesOf(body), afterMs: 1 };
  }
  if (said && call.kind === 'tcp') return { kind: 'bytes', bytes: '', afterMs: 1 };
  const found = asked(kubelets, pod);
  if (!found) return REFUSED;
  const served = found.session.servedNow(call, clientIp);
  if (served.hasChanged || served.hasLogged) leaveRequest(kubelets, found, call, clientIp, served);
  return served.answer;
}

/** Calls that have only been written down and that are kept of a pod. */
const REQUESTS_MAX = 100;

/** What a call has left in a pod belongs to its history from now on. */
function leaveRequest(
  { state, network, context }: Kubelets,
  { key, session }: Asked,
  call: Call,
  clientIp: string,
  { hasChanged, answers }: ServedCall,
): void {
  // Calls that it has made for that may have come back to the same pod.
  const before = state.pods.get(key);
  if (!before || before.terminal) return;
  const history = before.programs?.history ?? session.history;
  const request = {
    atMs: context.pace.now(),
    call,
    clientIp,
    answers,
    ...(hasChanged ? { changes: true as const } : {}),
  };
  const all = [...history.requests, request];
  const minor = all.filter(({ changes }) => !changes);
  const dropped = new Set(minor.slice(0, Math.max(0, minor.length - REQUESTS_MAX)));
  const requests = dropped.size > 0 ? all.filter((each) => !dropped.has(each)) : all;
  const horizonMs = before.programs?.horizonMs ?? Number.POSITIVE_INFINITY;
  state.pods.set(key, { ...before, programs: { history: { ...history, requests }, horizonMs } });
  network.changes++;
  if (hasChanged) state.queue.add(`pod/${key}`);
}

const LONGEST_MS = 86_400_000;
const NO_INPUT: ExecInput = { bytes: new Uint8Array(), isOpen: false };

/** Runs a command in a container; undefined where its programs are not known. */
export function playedExec(
  kubelets: Kubelets,
  pod: Pod,
  container: string,
  command: readonly string[],
  input: ExecInput = NO_INPUT,
): PlayedExec | undefined {
  const found = asked(kubelets, pod);
  if (!found) return undefined;
  const nowMs = kubelets.context.pace.now();
  const argv = command.map(bytesOf);
  const bytes = Buffer.from(input.bytes).toString('latin1');
  const { changes } = kubelets.network;
  const done = found.session.commandAt(nowMs, container, argv, { ...input, bytes });
  if (!done) return undefined;
  const execution: Execution = {
    stdout: Buffer.from(done.out, 'latin1'),
    stderr: Buffer.from(done.err, 'latin1'),
    code: done.end?.code ?? 0,
    afterMs: done.end ? done.end.atMs - nowMs : LONGEST_MS,
    input: done.isUnfed ? 'Followed' : 'Ignored',
  };
  const { key } = found;
  const hasChanged = done.hasChanged || kubelets.network.changes !== changes;
  if (!hasChanged || done.isUnfed) return { execution, key };
  const { history } = found.session;
  const { answers } = done;
  const calls = answers.length > 0 ? { answers } : {};
  const commands = [...history.commands, { atMs: nowMs, container, argv, input: bytes, ...calls }];
  return { execution, key, history: { ...history, commands } };
}

/** What a port of a pod answers whose programs are known; undefined where none listens. */
export function playedPort(
  kubelets: Kubelets,
  pod: Pod,
  port: number,
  note: (detail: object) => void,
): readonly PortAnswer[] | undefined {
  const found = asked(kubelets, pod);
  const serving = found?.session.serversNow(port);
  if (!found || !serving) return undefined;
  const { changes } = kubelets.network;
  const host = found.record.ip ?? '';
  const { certificate } = serving.server;
  const answer: NonNullable<PortAnswer['answer']> = (target, sent) => {
    const { method = 'GET', body: given = '' } = sent ?? {};
    const where = { address: host, port, target, secure: certificate !== undefined };
    const headers = { host };
    const call = { kind: 'http', ...where, method, headers, body: bytesOf(given) } as const;
    const page = calledPod(kubelets, [], pod, call, CLIENT);
    if (kubelets.network.changes !== changes) note({ pod: found.key, port, target });
    if (page.kind !== 'page') return { status: 502, contentType: TEXT, body: '', afterMs: 0 };
    const { status, body, afterMs } = page;
    const contentType = page.headers['content-type'] ?? TEXT;
    return { status, contentType, body: textOf(body), afterMs };
  };
  const tls = certificate === undefined ? {} : { tls: { certificate: textOf(certificate) } };
  return [{ path: /^/, status: 200, contentType: TEXT, body: '', answer, ...tls }];
}

/** Whom programs take the API server for that passes requests on. */
const CLIENT = '10.0.0.1';
const TEXT = 'text/plain; charset=utf-8';
const NOT_FOUND = { status: 404, contentType: TEXT, body: '404 page not found\n' };

/** What somebody did in a pod belongs to what its programs have met with from now on. */
export function adopt({ state }: Kubelets, key: string, history: PodHistory, record: number): void {
  const before = state.pods.get(key);
  if (!before || before.terminal) return;
  const horizonMs = before.programs?.horizonMs ?? Number.POSITIVE_INFINITY;
  state.pods.set(key, { ...before, programs: { history, horizonMs } });
  state.queue.add(`pod/${key}`, -record);
}
