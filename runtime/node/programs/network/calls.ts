import type { Bytes } from '../process.ts';

/** A request for a page. */
export interface HttpCall {
  readonly kind: 'http';
  readonly secure: boolean;
  readonly address: string;
  readonly port: number;
  readonly method: string;
  /** With the query. */
  readonly target: string;
  /** By name in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes;
}

/** Bytes for whoever listens; of a stream without bytes only whether it is opened. */
export interface BytesCall {
  readonly kind: 'tcp' | 'udp' | 'sctp';
  readonly address: string;
  readonly port: number;
  readonly bytes: Bytes;
}

/** A question to a name server. */
export interface NameCall {
  readonly kind: 'name';
  readonly server: string;
  /** Full names, of which the first counts that there is. */
  readonly names: readonly string[];
  readonly type: string;
}

/** Packets that ask whether anybody has an address. */
export interface EchoCall {
  readonly kind: 'echo';
  readonly address: string;
}

/** What a program asks the network for. */
export type Call = HttpCall | BytesCall | NameCall | EchoCall;

/** An entry of the domain name system. */
export interface NameRecord {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly ttl: number;
}

/** What comes of a call. Data, which a pod's history keeps. */
export type Answer = { readonly afterMs: number } & (
  | {
      readonly kind: 'page';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Bytes;
    }
  | { readonly kind: 'bytes'; readonly bytes: Bytes }
  /** The machine is there, and nobody listens. */
  | { readonly kind: 'refused' }
  /** Nothing ever comes back. */
  | { readonly kind: 'silent' }
  | {
      readonly kind: 'names';
      readonly status: 'NOERROR' | 'NXDOMAIN';
      /** Of the names asked for, the one that the records are of. */
      readonly name: string;
      readonly records: readonly NameRecord[];
    }
);

/** A call that is under way. */
export interface Ticket {
  readonly call: Call;
  readonly atMs: number;
  answer?: Answer;
}

/** Says what comes of a call at a moment; `nth` counts the calls of one caller. */
export type Answerer = (
  call: Call,
  about: { readonly atMs: number; readonly caller: string; readonly nth: number },
) => Answer;

export const SILENT: Answer = { kind: 'silent', afterMs: 0 };
export const REFUSED: Answer = { kind: 'refused', afterMs: 0 };
/** A stream is open, or somebody has the address. */
export const ECHO: Answer = { kind: 'bytes', bytes: '', afterMs: 1 };
