import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeObject } from '../../../meta/index.ts';

export interface Until {
  readonly of?: string;
  readonly path?: string;
  readonly is?: unknown;
  readonly observed?: boolean;
  readonly condition?: readonly [type: string, status: string];
  readonly taint?: string;
  readonly count?: string;
  readonly ready?: boolean;
  readonly phase?: string;
  readonly deleting?: boolean;
  readonly gone?: string;
  readonly exists?: string;
  readonly timeout?: number;
}

/** One thing that is done to the cluster; exactly one of the verbs is there. */
export interface Step {
  readonly create?: KubeObject & { readonly status?: object };
  readonly expectError?: boolean;
  /** Name of the step among the results. */
  readonly as?: string;
  readonly merge?: string;
  readonly json?: string;
  readonly mergeEach?: string;
  readonly first?: number;
  readonly with?: unknown;
  readonly delete?: string;
  readonly deleteFirst?: string;
  readonly options?: object;
  readonly evict?: string;
  readonly evictFirst?: string;
  readonly node?: SimulatedNode;
  readonly stopNode?: string;
  readonly startNode?: string;
  readonly nodeCondition?: readonly [node: string, type: string, status: string, reason: string];
  readonly until?: Until;
  readonly minute?: number;
  readonly sleep?: number;
  readonly track?: 'start' | 'end';
  readonly snap?: string;
  readonly kinds?: readonly string[];
  readonly wait?: number;
}

export interface SimulatedNode {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly object[];
  readonly unschedulable?: boolean;
}

export interface ExpectedEvent {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
  readonly type: string;
  readonly from: string;
  readonly message: string;
}

export type Snapshot = Readonly<Record<string, readonly object[]>>;

export interface Observed {
  readonly maxWanted?: number;
  readonly maxPods?: readonly [number, number];
  readonly maxWithTerminating?: readonly [number, number];
  readonly minReady?: readonly [number, number];
}

export interface Case {
  readonly id: string;
  readonly inputs: { readonly steps: readonly Step[] };
  readonly expected: {
    readonly snapshots: Readonly<Record<string, Snapshot>>;
    readonly events: readonly ExpectedEvent[];
    readonly eventReasons: readonly string[];
    readonly results?: readonly object[];
    readonly observed?: Observed;
  };
}

/** The namespace of every case; each has a cluster of its own. */
export const NAMESPACE = 'oracle-case';

/** Names filled in: one run needs no suffix to keep its names apart. */
export async function readCases(dir: string): Promise<Case[]> {
  const files = (await readdir(dir)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));
  return texts.map(
    (text) => JSON.parse(text.replaceAll('$NS', NAMESPACE).replaceAll('$RUN', '')) as Case,
  );
}
