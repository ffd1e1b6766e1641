import { format } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { stopwatch, yieldToEventLoop } from '../base/index.ts';
import { ExitRequest } from './error-report.ts';
import { Harvest } from './harvest.ts';
import { Origins } from './origins.ts';
import { type Job, PROGRESS } from './protocol.ts';
import { installHooks, urlOf } from './worker-hooks.ts';

/**
 * The thread in which manifests run: it takes one job, answers once, and is thrown away. It may be ended at any moment; what
 * the host has to know of an unfinished job it reads from `Job.progress`.
 */
const PRINTED_MAX = 64 * 1024;
const STACK_FRAMES = 50;

let printed = '';

function capturePrinting(): void {
  const take = (chunk: string | Uint8Array): boolean => {
    if (printed.length < PRINTED_MAX)
      printed += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  process.stdout.write = take as typeof process.stdout.write;
  process.stderr.write = take as typeof process.stderr.write;
  for (const method of ['log', 'info', 'debug', 'warn', 'error'] as const)
    console[method] = (...values: unknown[]) => void take(`${format(...values)}\n`);
}

function forbidExit(): void {
  for (const name of ['exit', 'reallyExit', 'abort', 'kill'])
    Object.assign(process, {
      [name]: (): never => {
        throw new ExitRequest(`the manifest calls process.${name}`);
      },
    });
}

async function evaluate(job: Job): Promise<void> {
  const elapsedMs = stopwatch();
  const origins = new Origins(job.progress);
  const harvest = new Harvest(origins, job.progress);
  const progress = new Int32Array(job.progress);
  const running = (): string => job.modules[progress[PROGRESS.module]! - 1]?.path ?? '';
  process.on('uncaughtException', (error) => harvest.fail(error, running()));
  process.on('unhandledRejection', (error) => harvest.fail(error, running()));
  installHooks(job, origins);
  const modules = new Map(job.modules.map((module) => [module.path, module]));
  for (const path of job.manifests) {
    progress[PROGRESS.module] = modules.get(path)!.index + 1;
    try {
      const namespace = (await import(urlOf(path))) as Readonly<Record<string, unknown>>;
      await harvest.take(modules.get(path)!, namespace);
    } catch (error) {
      harvest.fail(error, path);
      progress.fill(0, PROGRESS.awaits);
    }
  }
  await yieldToEventLoop();
  const cut = printed.length > PRINTED_MAX ? '\n… what was printed after this is left out\n' : '';
  const shown = printed.slice(0, PRINTED_MAX) + cut;
  parentPort!.postMessage(harvest.result(shown, elapsedMs()));
}

Error.stackTraceLimit = STACK_FRAMES;
capturePrinting();
forbidExit();
for (const url of (workerData as { preload: readonly string[] }).preload)
  await import(url).catch(() => undefined);
parentPort!.postMessage('ready');
parentPort!.once('message', (job: Job) => void evaluate(job));
