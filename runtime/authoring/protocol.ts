/** What the host and the worker that evaluates manifests say to each other. Everything can be cloned. */

export interface ExportSite {
  readonly name: string;
  readonly site: number;
}

/** A file of the author's as the worker runs it. */
export interface JobModule {
  readonly path: string;
  /** Its place in the job. */
  readonly index: number;
  /** Absent when the file has mistakes of syntax: importing it fails silently. */
  readonly code?: string;
  /** Number of its first site; no other module's is the same. */
  readonly siteBase: number;
  /** Where its imports lead: specifier to URL. What is not here is the worker's own look-up. */
  readonly targets: ReadonlyMap<string, string>;
  readonly exports: readonly ExportSite[];
}

export interface Job {
  readonly modules: readonly JobModule[];
  /** Paths of the manifests, in order. */
  readonly manifests: readonly string[];
  /** Where the worker says how far it is; see `Progress`. */
  readonly progress: SharedArrayBuffer;
}

/** Positions in `Job.progress`, an array of 32-bit integers that can be read while the worker spins. */
export const PROGRESS = {
  /** Index of the module that runs, plus one. */
  module: 0,
  /** Site of the loop that turned last, plus one. */
  loop: 1,
  /** Turns of loops so far. */
  turns: 2,
  /** From here on, per module: site of the top-level await it waits in, plus one. */
  awaits: 3,
} as const;

/**
 * Where an object came from: its site; or its site and then, for each key in order, the site that gives it and the number of
 * the member there (−1: by name).
 */
export type Origin = number | Int32Array;

export interface ErrorReport {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** The chain of `cause`s, as one line each. */
  readonly causes: readonly string[];
  /** An import that leads nowhere. */
  readonly missing?: { readonly specifier: string; readonly from: string };
  /** `process.exit` was called. */
  readonly exit?: boolean;
}

export interface Exported {
  readonly file: string;
  readonly name: string;
  /** Place in exported arrays: `[0][1]`; empty for the export itself. */
  readonly path: string;
  /** Site where the object was made; absent when it was not made by a literal. */
  readonly site?: number;
}

export interface ExportedResource extends Exported {
  readonly object: object;
  /** Values that JSON cannot hold: where, and what. */
  readonly unwritable: readonly { readonly field: string; readonly what: string }[];
}

export interface Foreign extends Exported {
  /** Site of the list that holds it, and the number of the member there. */
  readonly item?: readonly [number, number];
  readonly what: string;
}

export interface Failure {
  readonly file: string;
  readonly name?: string;
  readonly error: ErrorReport;
}

export interface EvaluationResult {
  readonly resources: readonly ExportedResource[];
  /** Exports that had to be resources and are none. */
  readonly foreign: readonly Foreign[];
  readonly failures: readonly Failure[];
  readonly objects: readonly object[];
  /** Of `objects`, one each. */
  readonly origins: readonly Origin[];
  readonly printed: string;
  readonly evaluateMs: number;
}
