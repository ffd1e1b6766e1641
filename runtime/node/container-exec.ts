import type {
  Behaviour,
  BehaviourSpec,
  Command,
  HttpAnswer,
} from '../../generated/cluster/v1/types.ts';
import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { reviewed } from './admission-answer.ts';
import { compileBehaviours, globPattern, matching } from './behaviour-match.ts';
import { milliseconds } from './durations.ts';
import { ephemeralContainers } from './ephemeral.ts';
import { hexOf } from './hash.ts';

/** What a command does that is run in a container. */
export interface Execution {
  /** Text, or bytes that need not be one. */
  readonly stdout: string | Uint8Array;
  readonly stderr: string | Uint8Array;
  readonly code: number;
  readonly afterMs: number;
  /** `Followed`: this is what it has done with the input so far. */
  readonly input: 'Ignored' | 'Awaited' | 'Echoed' | 'Followed';
}

/** What a client has sent so far to a command's standard input. */
export interface ExecInput {
  readonly bytes: Uint8Array;
  /** More may come. */
  readonly isOpen: boolean;
}

/** What a command does, or why it does not run: `wrong` in the words of the kubelet or of its container runtime. */
export type ExecAnswer = Execution | { readonly wrong: string };

/** The answer of one port to HTTP requests of one kind. */
export interface PortAnswer {
  readonly path: RegExp;
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Where it speaks TLS, or may. */
  readonly tls?: ServedTls;
  /** Instead of these, where the answer follows from the request: a target with its query, and what is sent. */
  answer?(target: string, sent?: SentRequest): GivenAnswer;
}

/** By what a server vouches for itself: the certificate it shows in PEM, or the Secret that has it. With neither nobody judges it. */
export interface ServedTls {
  readonly certificate?: string;
  readonly secret?: string;
}

export interface SentRequest {
  readonly method: string;
  readonly body: string;
}

export interface GivenAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Until it comes; Infinity where it never does. */
  readonly afterMs?: number;
}

/** The id of the container that runs under a name; undefined where none does. */
export function runningId({ status }: Pod, name: string): string | undefined {
  const {
    containerStatuses = [],
    initContainerStatuses = [],
    ephemeralContainerStatuses = [],
  } = status ?? {};
  const all = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
  const found = all.find((each) => each.name === name);
  return found?.state?.running ? found.containerID : undefined;
}

/** What a command does in a container whose programs are known; undefined where it is not. */
export type PlayedCommand = (spec: Container, command: readonly string[]) => Execution | undefined;

/** What a command does in a container that runs, as its behaviour says. One of which that says nothing is no program there. */
export function execution(
  pod: Pod,
  name: string,
  command: readonly string[],
  behaviours: readonly Behaviour[],
  played: PlayedCommand = () => undefined,
): ExecAnswer {
  const id = runningId(pod, name);
  const container = containersOf(pod).find((each) => each.name === name);
  if (!id || !container)
    return { wrong: `unable to upgrade connection: container not found (${JSON.stringify(name)})` };
  const entry = partOf('exec', pod, container, behaviours)?.find((each) => fits(each, command));
  const own = entry ? undefined : played(container, command);
  if (own) return own;
  if (!entry) return { wrong: noProgram(command, `${id} ${command.join(' ')}`) };
  const { stdout = '', stderr = '', code = 0, after, input = 'Ignored' } = entry;
  return { stdout, stderr, code, afterMs: milliseconds(after, 0), input };
}

/** What a port of a pod answers; undefined where nobody listens. Containers of a pod share its ports: the first that has it counts. */
export function portAnswers(
  pod: Pod,
  port: number,
  behaviours: readonly Behaviour[],
  played: () => readonly PortAnswer[] | undefined = () => undefined,
): readonly PortAnswer[] | undefined {
  for (const container of containersOf(pod)) {
    if (!runningId(pod, container.name)) continue;
    const own = partOf('http', pod, container, behaviours)?.filter((each) => each.port === port);
    if (!own?.length) continue;
    return own.map(answerOf);
  }
  return played();
}

const TEXT = 'text/plain; charset=utf-8';

function answerOf(said: HttpAnswer): PortAnswer {
  const { path = '*', status = 200, contentType = TEXT, body = '', after, tlsSecret } = said;
  const { admission } = said;
  const afterMs = milliseconds(after, 0);
  const given = { status, contentType, body, afterMs };
  const answer: PortAnswer['answer'] = (_, sent) =>
    admission ? { ...reviewed(admission, sent?.body ?? ''), afterMs } : given;
  return {
    path: globPattern(path),
    status,
    contentType,
    body,
    tls: tlsSecret === undefined ? {} : { secret: tlsSecret },
    ...(admission || afterMs > 0 ? { answer } : {}),
  };
}

function containersOf(pod: Pod): readonly Container[] {
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  return [...containers, ...initContainers, ...ephemeralContainers(pod)];
}

function partOf<K extends keyof BehaviourSpec>(
  part: K,
  pod: Pod,
  container: Container,
  behaviours: readonly Behaviour[],
): BehaviourSpec[K] | undefined {
  const own = matching(compileBehaviours(behaviours), pod, container);
  return own.find(({ spec }) => spec[part] !== undefined)?.spec[part];
}

/** Pattern by argument; `**` in the end takes the rest. */
function fits({ command: patterns }: Command, command: readonly string[]): boolean {
  const isOpen = patterns.at(-1) === '**';
  const fixed = isOpen ? patterns.slice(0, -1) : patterns;
  if (isOpen ? command.length < fixed.length : command.length !== fixed.length) return false;
  return fixed.every((pattern, at) => globPattern(pattern).test(command[at]!));
}

/** The words of containerd and runc. A name without a slash is looked for, one with a slash must be there. */
function noProgram([program = '']: readonly string[], what: string): string {
  const why = program.includes('/')
    ? `stat ${program}: no such file or directory`
    : 'executable file not found in $PATH';
  return (
    'Internal error occurred: error executing command in container: failed to exec in container: failed to start exec ' +
    `"${hexOf(what, 64)}": OCI runtime exec failed: exec failed: unable to start container process: ` +
    `exec: ${JSON.stringify(program)}: ${why}: unknown`
  );
}
