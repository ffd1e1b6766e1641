import type { Duplex } from 'node:stream';
import type { Target } from './client.ts';

/** Of a pod that has several, the one whose name is given. */
export interface ContainerTarget extends Target {
  readonly container: string;
}

/** How a process ended: with its exit code, or by words on why it did not run or the connection broke. */
export type ProcessEnd = { readonly code: number } | { readonly error: string };

export interface ProcessListener {
  output(text: string, stream: 'stdout' | 'stderr'): void;
  /** Once, and last. */
  ended(end: ProcessEnd): void;
}

/** A process in a container with which this program is connected. */
export interface PodProcess {
  write(text: string): void;
  /** No more is written to it; it goes on. */
  endInput(): void;
  /** Ends the connection, without a word to the listener. Again does nothing. */
  close(): void;
}

/** What the API connects a client with in pods: `exec`, `attach` and `portforward`. */
export interface PodConnections {
  /** Runs a command, without a terminal. */
  exec(target: ContainerTarget, command: readonly string[], listener: ProcessListener): PodProcess;
  /** To the container's own process: what it writes from now on. */
  attach(target: ContainerTarget, listener: ProcessListener): PodProcess;
  /** One connection to a port of a pod. It breaks with the kubelet's words where nobody listens. */
  dial(target: Target, port: number): Duplex;
}

/** Ports of this machine that lead to ports of pods. */
export interface PortForwards {
  /** Listens. Throws in words where that is not possible. */
  open(wish: ForwardWish): Promise<Forward>;
  /** In the order in which they were opened. */
  list(): readonly Forward[];
  /** Ends it and its connections; false where there is none of that id. */
  stop(id: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface ForwardWish extends ContainerTarget {
  readonly port: number;
  /** 0 is any that is free. */
  readonly localPort: number;
  readonly address: string;
}

export interface Forward extends ForwardWish {
  readonly id: string;
  /** Connections that are open, and all that there were. */
  readonly active: number;
  readonly total: number;
  /** Why the last connection broke. */
  readonly trouble?: string;
}

/** What somebody who may reach pods is given. */
export interface PodAccess {
  readonly connections: PodConnections;
  readonly forwards: PortForwards;
}
