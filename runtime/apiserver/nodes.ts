import type { KubeletAnswer, KubeletQuestion, KubeObject } from '../meta/index.ts';

export interface LoggedLine {
  readonly atMs: number;
  readonly text: string;
}

/** What something uses: when that was measured, and over how much time before processor time is averaged. */
interface Reading {
  readonly atMs: number;
  readonly windowMs: number;
}

interface Amounts {
  /** Billionths of a processor. */
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

export interface PodReading extends Reading {
  readonly containers: readonly ({ readonly name: string } & Amounts)[];
}

export interface NodeReading extends Reading, Amounts {}

/** What pods and nodes use at the moment at which it was made; nothing where that has not been measured. */
export interface Meter {
  pod(pod: KubeObject): PodReading | undefined;
  node(node: KubeObject): NodeReading | undefined;
}

/** What a command does that is run in a container. */
export interface Execution {
  /** Text, or bytes that need not be one. */
  readonly stdout: string | Uint8Array;
  readonly stderr: string | Uint8Array;
  readonly code: number;
  /** Until it has written and ends. */
  readonly afterMs: number;
  /**
   * What becomes of its standard input, at whose end it ends too unless it takes no notice. `Followed`: this is what it has done with what
   * has come so far; what it does with more one has to ask.
   */
  readonly input: 'Ignored' | 'Awaited' | 'Echoed' | 'Followed';
}

/** What a client has sent so far to a command's standard input. */
export interface ExecInput {
  readonly bytes: Uint8Array;
  /** More may come. */
  readonly isOpen: boolean;
}

/** What a command does, or in the runtime's words why it does not run. */
export type ExecAnswer = Execution | { readonly wrong: string };

/** What a port answers to HTTP requests for paths that match. */
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

/** What the server asks the kubelets on behalf of clients. */
export interface NodeConnection {
  log(
    pod: KubeObject,
    question: { readonly container?: string | undefined; readonly previous?: boolean },
  ):
    | { readonly lines: readonly LoggedLine[]; readonly isOver: boolean }
    | { readonly wrong: string };
  /** What a command does in a container; at once, or where the kubelet has to ask for something first, later. */
  exec(
    pod: KubeObject,
    container: string,
    command: readonly string[],
    input?: ExecInput,
  ): ExecAnswer | Promise<ExecAnswer>;
  /** The id of the container that runs under a name; undefined where none does. */
  running(pod: KubeObject, container: string): string | undefined;
  /** Undefined where nobody listens. */
  port(pod: KubeObject, port: number): readonly PortAnswer[] | undefined;
  meter(): Meter;
  /** What the kubelet of a node answers, or how a connection to it fails. */
  answer(node: string, question: KubeletQuestion): KubeletAnswer | { readonly dialError: string };
  /** How a connection to a node fails before anybody on it could answer; undefined where it is reached. */
  dial(node: string): string | undefined;
}

const NO_ROUTE = 'connect: no route to host';

/** Of a cluster without nodes. */
export const NO_NODES: NodeConnection = {
  log: () => ({ wrong: 'there is no node that could be asked' }),
  exec: () => ({ wrong: 'there is no node that could be asked' }),
  running: () => undefined,
  port: () => undefined,
  meter: () => ({ pod: () => undefined, node: () => undefined }),
  answer: () => ({ dialError: NO_ROUTE }),
  dial: () => NO_ROUTE,
};
