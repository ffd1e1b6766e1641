import { commandOf } from '../commands/index.ts';
import type { ServedAnswer, ServedRequest, Server } from '../machine.ts';
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

export const netexec: Program = (task) => {
  const flags = flagsOf(task.argv.slice(2));
  const ports = [flags['http-port'] ?? '8080'];
  const answer = (request: ServedRequest): ServedAnswer => {
    const said = netexecAnswer(task, request);
    return { ...said, log: `GET ${request.target}` };
  };
  for (const port of ports) task.out(`Started HTTP server on port ${port}\n`);
  const udp = flags['udp-port'] ?? '8081';
  if (udp !== '-1') task.out(`Started UDP server on port  ${udp}\n`);
  return serve(task, ...ports.map((port) => ({ port: Number(port), answer })));
};

function netexecAnswer(task: Task, { target, clientIp, host }: ServedRequest): ServedAnswer {
  const query = queryOf(target);
  const { facts } = task.machine;
  switch (pathOf(target)) {
    case '/':
      return text(`NOW: ${new Date(task.machine.nowMs()).toISOString()}`);
    case '/hostname':
    case '/hostName':
      return text(facts.hostname);
    case '/clientip':
      return text(`${clientIp}:40000`);
    case '/header':
      return text(query.get('key') === 'Host' ? host : '');
    case '/echo':
      return text(query.get('msg') ?? '', Number(query.get('code') ?? 200));
    case '/healthz':
      return text('');
    case '/shell':
      return text(
        JSON.stringify(shellOutput(task, query.get('shellCommand') ?? query.get('cmd') ?? '')),
      );
    case '/redirect':
      return {
        status: Number(query.get('code') ?? 302),
        location: query.get('location') ?? '/',
        body: '',
      };
    default:
      return notFound();
  }
}

/** What a command writes that takes no time. */
function shellOutput(task: Task, command: string): object {
  let output = '';
  const take = (bytes: string): void => {
    output += bytes;
  };
  const result = commandOf('sh')!({ ...task, argv: ['sh', '-c', command], out: take, err: take });
  const code = typeof result === 'number' ? result : result.next().value;
  return { output, ...(code === 0 ? {} : { error: `exit status ${String(code)}` }) };
}
