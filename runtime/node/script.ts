import { type Pull, defaultPull } from './images.ts';
import { ALWAYS_OK } from './probe-timeline.ts';
import { type Exit, type ProbedContainer, planRun, type Run } from './timeline.ts';

/** Everything that one container of a template will do, known in advance. Shared by all pods of the template. */
export interface ContainerScript {
  readonly pull: Pull;
  /** From an image that is present to a running process. */
  readonly createMs: number;
  /** The course of its nth run, counted from 0. */
  run(nth: number): Run;
  /** From SIGTERM, with the preStop hook before it, to the end. */
  readonly terminateMs: number;
  readonly terminateExit: Exit;
}

export const DEFAULT_CREATE_MS = 100;
export const DEFAULT_TERMINATE_MS = 1_000;
export const COMPLETED: Exit = { code: 0, reason: 'Completed' };

/** A container that nothing describes: it is fetched, starts, answers its probes and ends soon after SIGTERM. */
export function defaultScript(container: ProbedContainer & { readonly image?: string }): ContainerScript {
  const run = planRun(container, {
    startup: ALWAYS_OK,
    readiness: ALWAYS_OK,
    liveness: ALWAYS_OK,
  });
  return {
    pull: defaultPull(container.image ?? ''),
    createMs: DEFAULT_CREATE_MS,
    run: () => run,
    terminateMs: DEFAULT_TERMINATE_MS,
    terminateExit: COMPLETED,
  };
}
