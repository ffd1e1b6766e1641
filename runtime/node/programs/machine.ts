import type { Call, Ticket } from './network/calls.ts';
import type { Bytes, Pause, Program, Running } from './process.ts';
import type { Privileges } from './security.ts';

/** What a container answers at one of its ports. */
export interface Server {
  readonly port: number;
  /** TCP where nothing is said. */
  readonly protocol?: 'UDP' | 'SCTP';
  /** The answer to a request that comes so long after the server began to listen. */
  answer(request: ServedRequest): ServedAnswer;
  /** Instead, where the answer takes time or calls of its own; undefined for a request that does not. */
  serve?(request: ServedRequest): Generator<Pause, ServedAnswer, void> | undefined;
  /** What it says to bytes that are no request for a page; undefined where it says nothing. */
  receive?(message: ServedBytes): Bytes | undefined;
  /** Moments after the start at which answers change. */
  readonly edgesMs?: readonly number[];
  /** The certificate that it shows, in PEM, with those between it and its authority; absent where it speaks plain HTTP. */
  readonly certificate?: string;
}

export interface ServedRequest {
  readonly method: string;
  /** With the query. */
  readonly target: string;
  readonly host: string;
  readonly clientIp: string;
  readonly body: string;
  /** By name in small letters; absent where nobody knows them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly elapsedMs: number;
}

export interface ServedBytes {
  readonly bytes: Bytes;
  readonly clientIp: string;
}

export interface ServedAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly location?: string;
  readonly body: string;
  /** Until it answers; Infinity where it never does. */
  readonly afterMs?: number;
  /** What it writes to its log about that. */
  readonly log?: string;
}

/** A process in the background. */
export interface Job {
  readonly id: number;
  /** Absent while it runs. */
  code?: number;
}

/** What the container is: whose, where, as whom. */
export interface Facts {
  readonly hostname: string;
  readonly podName: string;
  readonly podIp: string;
  readonly nodeName: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  readonly privileges: Privileges;
  /** What the pod's security context sets, by name. */
  readonly sysctls: Readonly<Record<string, string>>;
}

/** The container that processes run in, as they see it. */
export interface Machine {
  readonly facts: Facts;
  nowMs(): number;
  find(name: string): Program | undefined;
  /** Runs beside the others until it ends or the container does. */
  start(running: Running): Job;
  listen(server: Server): void;
  /** Notes that a program now answers otherwise than before. */
  change(): void;
  /** Asks the network for something. The answer is put into the ticket once it is known. */
  call(call: Call): Ticket;
  /** Signals that have come and that nobody has looked at yet. */
  signals(): string[];
  readonly hasSignals: boolean;
  /** Says that something is done about a signal when it comes. */
  handle(signal: string): void;
  /** Ends a process in the background. */
  stop(job: Job): void;
  /** Counts a step of work; throws where a container takes too many. */
  step(): void;
  /** Notes that what is done depends on the time of day. */
  useClock(): void;
  readonly usesClock: boolean;
  /** Counts changes of files, so that who waits for one can tell. */
  readonly version: number;
}
