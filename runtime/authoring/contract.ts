import type { SourcePosition } from '../client/index.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';

/** A stretch of a manifest. Lines and columns count from 1; the end is exclusive. */
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
}

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
  readonly timings: {
    readonly parseMs: number;
    readonly checkMs: number;
    readonly evaluateMs: number;
  };
}

/** A folder of manifests, kept warm: a check after an edit costs what the edit touched. */
export interface Project {
  readonly folder: string;
  /** Reads what has changed since the last check, type-checks, evaluates, and holds the result against the schemas. Never throws for an author's mistake. */
  check(): Promise<CheckResult>;
  /** The text of a manifest as it was last read; for frames. */
  sourceText(file: string): string | undefined;
  close(): Promise<void>;
}
