import type { Lister } from '../../client/index.ts';
import type { KubeObject, ResourceRef, WatchEvent } from '../../meta/index.ts';
import type { WriteRecord } from '../../trace/index.ts';

/** What rules may look at: what is stored, at the moment of the change. */
export interface Observed {
  lister<T>(resource: ResourceRef<T>): Lister<T>;
  now(): number;
  /** How late, at most, what a component saw until now may have been: 0 without a fault of its watches. */
  lateness(component: string): number;
}

/**
 * Something that must hold after every write, whatever goes wrong. A rule keeps what it needs to look at a change in time that does not
 * grow with the cluster.
 */
export interface Rule {
  readonly name: string;
  /** Plural names of the resources whose changes it looks at; absent: of all. */
  readonly resources?: readonly string[];
  /** What is wrong after this change; undefined when nothing is. Sees every change of its resources, in order. */
  check(event: WatchEvent<KubeObject>, resource: string): string | undefined;
  /** Whether the write, which is in the journal only after it was checked, explains what was found. */
  excuses?(record: WriteRecord): boolean;
}

export type RuleMaker = (observed: Observed) => Rule;
