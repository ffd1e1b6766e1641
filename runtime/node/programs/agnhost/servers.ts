import type { ServedAnswer, Server } from '../machine.ts';
import type { Program, Running, Task } from '../process.ts';
import { flagsOf } from './mounttest.ts';

const FOREVER = Number.POSITIVE_INFINITY;
const text = (body: string, status = 200): ServedAnswer => ({ status, body });
const notFound = (): ServedAnswer => text('404 page not found\n', 404);

/** Serves until it is told to stop. */
function* serve(task: Task, ...servers: readonly Server[]): Running {
  for (const server of servers) task.machine.listen(server);
  yield { untilMs: FOREVER };
  return 0;
}

const pathOf = (target: string): string => target.split('?')[0] ?? '/';
const queryOf = (target: string): URLSearchParams =>
  new URLSearchParams(target.split('?')[1] ?? '');

/** Answers with the name of its pod. */
export const serveHostname: Program = (task) => {
  const { port = '9376' } = flagsOf(task.argv.slice(2));
  const answer = (): ServedAnswer => text(task.machine.facts.hostname);
  return serve(task, { port: Number(port), answer });
};

const HEALTHY_SECONDS = 10;

/** Is healthy for ten seconds. */
export const liveness: Program = (task) =>
  serve(task, {
    port: 8080,
    edgesMs: [HEALTHY_SECONDS * 1000 + 1],
    answer({ target, elapsedMs }) {
      const path = pathOf(target);
      if (path === '/started') return text(`${elapsedMs / 1000}s`);
      if (path === '/redirect') {
        const location = queryOf(target).get('loc') ?? '';
        return { status: 302, location, body: `<a href="${location}">Found</a>.\n\n` };
      }
      if (path !== '/healthz') return notFound();
      return elapsedMs > HEALTHY_SECONDS * 1000
        ? text(`error: ${elapsedMs / 1000}`, 500)
        : text('ok');
    },
  });

/** Serves the files of a directory. */
export const testWebserver: Program = (task) => {
  const { port = '80' } = flagsOf(task.argv.slice(2));
  return serve(task, {
    port: Number(port),
    answer: ({ target }) => fileAnswer(task, '/', pathOf(target)),
  });
};

/** A file below a directory, or the names that there are. */
export function fileAnswer(task: Task, root: string, path: string): ServedAnswer {
  const full = `${root === '/' ? '' : root}${path}`.replace(/\/+$/, '') || '/';
  const entry = task.files.look(full);
  if (!entry) return notFound();
  if (entry.kind !== 'directory') return text(entry.bytes);
  const index = `${full === '/' ? '' : full}/index.html`;
  if (task.files.look(index)) return text(task.files.look(index)!.bytes);
  const links = task.files.list(full).map((name) => `<a href="${name}">${name}</a>\n`);
  return {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    body: `<pre>\n${links.join('')}</pre>\n`,
  };
}
