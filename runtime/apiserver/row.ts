import { deepFreeze, type KubeObject, type Ownership } from '../meta/index.ts';

/** What is stored of an object: itself, and which manager owns which of its fields. */
export interface Row {
  readonly object: KubeObject;
  readonly ownership: Ownership;
  /** Virtual time of the write. */
  readonly writtenMs: number;
}

/**
 * Gives a row its resourceVersion when it is committed. Its metadata was made for this write and nobody has seen it, so it
 * is completed in place; with `freeze` nothing can change it from here on.
 */
export function stampRow(freeze: boolean): (row: Row, revision: number) => Row {
  return (row, revision) => {
    const metadata = row.object.metadata as { resourceVersion?: string };
    metadata.resourceVersion = String(revision);
    if (freeze) deepFreeze(row.object);
    return row;
  };
}
