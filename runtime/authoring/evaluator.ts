import { Worker } from 'node:worker_threads';
import { afterWall } from '../base/index.ts';
import { type EvaluationResult, type Job, PROGRESS } from './protocol.ts';

/** How an evaluation ended; when it did not answer, how far it was. */
export type Outcome =
  | { readonly kind: 'answered'; readonly result: EvaluationResult }
  /** It ran out of time. */
  | ({ readonly kind: 'late' } & Reached)
  /** Nothing was left to do, and yet something was awaited. */
  | ({ readonly kind: 'unsettled' } & Reached)
  | ({ readonly kind: 'crashed'; readonly error: Error } & Reached);

export interface Reached {
  /** Index of the module that ran last. */
  readonly module: number | undefined;
  /** Site of the loop that turns; after a crash, of the one that turned last. */
  readonly loop: number | undefined;
  /** Sites of top-level awaits that wait. */
  readonly awaits: readonly number[];
}

export interface Bounds {
  readonly evaluationMs: number;
  readonly evaluationHeapMiB: number;
}

interface Standby {
  readonly worker: Worker;
  readonly ready: Promise<void>;
  hasEnded(): boolean;
}

const SAMPLE_MS = 30;
const SAMPLES = 10;

/**
 * Runs jobs, each in a thread of its own that is thrown away after it: Node never forgets a module, and only a thread can be
 * ended in the middle of a loop. The next thread starts before it is needed.
 */
export class Evaluator {
  readonly #bounds: Bounds;
  #standby: Standby | undefined;
  #preload: readonly string[] = [];

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
    this.#standby = startWorker([], bounds);
  }

  /** Modules that later threads load before they are needed. */
  preload(urls: readonly string[]): void {
    this.#preload = urls;
  }

  async evaluate(job: Job, timeMs = this.#bounds.evaluationMs): Promise<Outcome> {
    const alive = this.#standby?.hasEnded() === false ? this.#standby : undefined;
    const { worker, ready } = alive ?? startWorker(this.#preload, this.#bounds);
    this.#standby = undefined;
    try {
      return await this.#run(worker, ready, job, timeMs);
    } finally {
      void worker.terminate();
      this.#standby = startWorker(this.#preload, this.#bounds);
    }
  }

  async close(): Promise<void> {
    await this.#standby?.worker.terminate();
    this.#standby = undefined;
  }

  /** The job is posted at once, so that the thread works while the caller does; its time counts from when it is up. */
  #run(worker: Worker, ready: Promise<void>, job: Job, timeMs: number): Promise<Outcome> {
    const progress = new Int32Array(job.progress);
    worker.ref();
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        isSettled = true;
        cancel();
        resolve(outcome);
      };
      const late = async (): Promise<void> => {
        const isTurning = await loopTurns(progress);
        settle({ kind: 'late', ...reached(progress, isTurning) });
      };
      let isSettled = false;
      let cancel = (): void => {};
      void ready.then(() => {
        if (!isSettled) cancel = afterWall(timeMs, () => void late());
      });
      worker.on('message', (message: EvaluationResult | 'ready') => {
        if (message !== 'ready') settle({ kind: 'answered', result: message });
      });
      worker.on('error', (error) =>
        settle({ kind: 'crashed', error: error as Error, ...reached(progress, true) }),
      );
      worker.on('exit', () => settle({ kind: 'unsettled', ...reached(progress, false) }));
      worker.postMessage(job);
    });
  }
}

function startWorker(preload: readonly string[], { evaluationHeapMiB }: Bounds): Standby {
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { preload },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: evaluationHeapMiB },
  });
  const ready = new Promise<void>((resolve) => {
    worker.once('message', () => resolve());
    worker.once('error', () => resolve());
    worker.once('exit', () => resolve());
  });
  let hasEnded = false;
  worker.once('exit', () => {
    hasEnded = true;
  });
  worker.unref();
  return { worker, ready, hasEnded: () => hasEnded };
}

/** Whether a loop of the manifests is turning now. Collecting garbage may hold it up for a while. */
async function loopTurns(progress: Int32Array): Promise<boolean> {
  const before = Atomics.load(progress, PROGRESS.turns);
  for (let sample = 0; sample < SAMPLES; sample++) {
    await new Promise<void>((resolve) => void afterWall(SAMPLE_MS, resolve));
    if (Atomics.load(progress, PROGRESS.turns) !== before) return true;
  }
  return false;
}

function reached(progress: Int32Array, isTurning: boolean): Reached {
  const at = (position: number): number | undefined => {
    const value = Atomics.load(progress, position);
    return value === 0 ? undefined : value - 1;
  };
  return {
    module: at(PROGRESS.module),
    loop: isTurning ? at(PROGRESS.loop) : undefined,
    awaits: Array.from(progress.slice(PROGRESS.awaits))
      .filter((value) => value > 0)
      .map((value) => value - 1),
  };
}
