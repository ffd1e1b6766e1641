import type { ResourceRef } from '../meta/index.ts';
import type { LabelSelector } from '../../generated/meta/v1/types.ts';

/** From `from` to `until` after the container's start, a probe gets this failure. Open at the end without `until`. */
export interface FailureSpan {
  readonly from?: string;
  readonly until?: string;
  readonly message?: string;
}

/** How a program answers one kind of probe: not before `after`, and not during `failures`. */
export interface AnswerSpec {
  readonly after?: string;
  readonly failures?: readonly FailureSpan[];
}

export interface ExitSpec {
  readonly after?: string;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
  /** Only the first so many runs end this way; all when absent. */
  readonly runs?: number;
}

export interface PullSpec {
  readonly duration?: string;
  readonly size?: string | number;
  /** So many tries fail first; `-1` for all of them. */
  readonly failures?: number;
  readonly error?: string;
}

export interface BehaviourSpec {
  readonly selector?: LabelSelector;
  readonly image?: string;
  readonly container?: string;
  readonly priority?: number;
  readonly pull?: PullSpec;
  readonly start?: { readonly duration?: string };
  readonly startup?: AnswerSpec;
  readonly readiness?: AnswerSpec;
  readonly liveness?: AnswerSpec;
  readonly exit?: ExitSpec;
  readonly terminate?: { readonly duration?: string } & Omit<ExitSpec, 'after' | 'runs'>;
  readonly usage?: readonly UsagePoint[];
  readonly logs?: readonly LogSpec[];
}

/** From `from` on the container uses this much. */
export interface UsagePoint {
  readonly from?: string;
  readonly cpu?: string | number;
  readonly memory?: string | number;
}

/** A line that is written at `at`, and again `every` so often. */
export interface LogSpec {
  readonly at?: string;
  readonly every?: string;
  readonly line: string;
}

export interface Behaviour {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: BehaviourSpec;
}

export interface ImageSpec {
  readonly image: string;
  readonly pull?: PullSpec;
}

export const behaviours: ResourceRef<Behaviour> = {
  group: 'cluster.slipway.dev',
  version: 'v1',
  resource: 'behaviours',
  kind: 'Behaviour',
  namespaced: true,
};
