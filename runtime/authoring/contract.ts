import type { SourcePosition } from '../client/index.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';

/** A stretch of a manifest. Lines and columns count from 1; the end is exclusive. `file` is a path to show. */
export interface SourceRange extends SourcePosition {
  readonly endLine: number;
  readonly endColumn: number;
}

/** A mistake or a doubt, with its place when it has one. The catalogue of codes is `codes.ts`. */
export interface Finding {
  /** `E_MANIFEST_…` */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One sentence that names the field and the value. */
  readonly message: string;
  /** The object it is about: `shop › Deployment/web`. */
  readonly object?: string;
  /** `spec.template.spec.restartPolicy` */
  readonly fieldPath?: string;
  readonly range?: SourceRange;
  /** The way out. */
  readonly help?: string;
  /** What lies behind it, outermost first: an error's `cause` chain. */
  readonly causes?: readonly string[];
  /** Other places that have to do with it: whose rule it breaks, where its like is. */
  readonly related?: readonly Related[];
}

/** A place beside that of a finding, and what it has to do with it. */
export interface Related {
  readonly message: string;
  readonly range: SourceRange;
}

/** Gives the text of a file as ranges name it; undefined when it is not at hand. */
export type SourceTexts = (file: string) => string | undefined;

/** A resource that a manifest exports, as plain JSON ready to be applied, with its namespace filled in. */
export interface ManifestResource {
  readonly ref: ResourceRef;
  /** `namespace/name` or `name`. */
  readonly key: string;
  readonly object: KubeObject;
  /** Where the resource is made. */
  readonly range: SourceRange;
  /** The place of a field of the object, or of its nearest parent that has one. */
  rangeOf(fieldPath: string): SourceRange;
}

/** All that one look at a folder gives. With an error among the findings nothing of it is to be applied. */
export interface CheckResult {
  /** Manifest files, relative to the folder, sorted. */
  readonly files: readonly string[];
  /** In the order of files and exports; empty when evaluation failed. */
  readonly resources: readonly ManifestResource[];
  readonly findings: readonly Finding[];
  /** What the manifests wrote to the console, cut to a bound. */
  readonly printed: string;
  readonly timings: {
    readonly parseMs: number;
    readonly checkMs: number;
    readonly evaluateMs: number;
  };
}

export interface ProjectOptions {
  readonly folder: string;
  /** The package that `slipway/…` means where the folder has none of its own; this one by default. */
  readonly packageRoot?: string;
  /** Paths in findings are relative to it when they lie in it; the working directory by default. */
  readonly relativeTo?: string;
  /** Real time that evaluating a save may take; `limits.evaluationMs` by default. */
  readonly evaluationMs?: number;
  /** Memory that it may take; `limits.evaluationHeapMiB` by default. */
  readonly evaluationHeapMiB?: number;
}

/** A folder of manifests, kept warm: a check after an edit costs what the edit touched. */
export interface Project {
  readonly folder: string;
  /** Reads what has changed since the last check, type-checks, evaluates, and holds the result against the schemas. Never throws for an author's mistake. */
  check(): Promise<CheckResult>;
  /** The text of a file that a range names, as it was last read; for frames. */
  readonly sourceText: SourceTexts;
  close(): Promise<void>;
}
