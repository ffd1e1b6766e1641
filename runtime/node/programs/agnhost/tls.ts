import { FileProblem } from '../files/index.ts';
import type { ServedAnswer, ServedRequest } from '../machine.ts';
import { bytesOf, type Running, type Task, textOf } from '../process.ts';
import { flagsOf } from './mounttest.ts';

/** As klog's last words leave a process. */
const FATAL = 255;
const JSON_TYPE = 'application/json';

export type Handler = (review: unknown) => ServedAnswer;

/** Serves paths over TLS, with the certificate and key that its flags name, until it is told to stop. */
export function* serveTls(task: Task, handlers: Readonly<Record<string, Handler>>): Running {
  const flags = flagsOf(task.argv.slice(2));
  const { port = '443' } = flags;
  let certificate: string;
  try {
    certificate = task.files.read(flags['tls-cert-file'] ?? '');
    task.files.read(flags['tls-private-key-file'] ?? '');
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    task.err(`open ${error.path}: ${error.why.toLowerCase()}\n`);
    return FATAL;
  }
  const answer = (request: ServedRequest): ServedAnswer => answered(handlers, request);
  task.machine.listen({ port: Number(port), certificate, answer });
  yield { untilMs: Number.POSITIVE_INFINITY };
  return 0;
}

function answered(
  handlers: Readonly<Record<string, Handler>>,
  { target, body }: ServedRequest,
): ServedAnswer {
  const path = target.split('?')[0] ?? '/';
  if (path === '/readyz') return { status: 200, body: 'ok' };
  const handler = Object.hasOwn(handlers, path) ? handlers[path] : undefined;
  if (!handler) return { status: 404, body: '404 page not found\n' };
  try {
    return handler(JSON.parse(textOf(body)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { status: 400, body: `Request could not be decoded: ${error.message}\n` };
  }
}

export const jsonAnswer = (value: object, afterMs = 0): ServedAnswer => ({
  status: 200,
  contentType: JSON_TYPE,
  body: bytesOf(JSON.stringify(value)),
  ...(afterMs > 0 ? { afterMs } : {}),
});
