import type { Container, HTTPGetAction } from '../../generated/core/v1/types.ts';
import { portOf, refused, urlOf } from './handlers.ts';
import { type HookCourse, requestFailure } from './hooks.ts';
import type { Answer, Call } from './programs/index.ts';

/** As long as a client waits for somebody who does not answer. */
const PATIENCE_MS = 30_000;

/** The request of a hook, to the pod itself where it names no host; undefined where its port is none. */
export function hookCall(
  action: HTTPGetAction,
  container: Container,
  podIp: string,
): Call | undefined {
  const { path = '/', scheme = 'HTTP', httpHeaders = [] } = action;
  const host = action.host || podIp;
  const port = portOf(action.port, container);
  if ('wrong' in port) return undefined;
  const headers: Record<string, string> = { host: `${host}:${port.number}` };
  for (const { name, value } of httpHeaders) headers[name.toLowerCase()] = value ?? '';
  const target = path.startsWith('/') ? path : `/${path}`;
  const where = { address: host, port: port.number, secure: scheme === 'HTTPS' };
  return { kind: 'http', ...where, method: 'GET', target, headers, body: '' };
}

/** How the hook goes by what came back. Any page is a success, as for the kubelet. */
export function requestCourse(
  action: HTTPGetAction,
  container: Container,
  answer: Answer,
): HookCourse {
  if (answer.kind === 'page') return { takesMs: answer.afterMs };
  const port = portOf(action.port, container);
  const number = 'wrong' in port ? 0 : port.number;
  const isRefused = answer.kind === 'refused';
  const why = isRefused
    ? refused(action.host, number)
    : `dial tcp ${action.host}:${number}: i/o timeout`;
  const failure = requestFailure(action, container, `Get "${urlOf(action, number)}": ${why}`);
  return { takesMs: isRefused ? answer.afterMs : PATIENCE_MS, failure };
}
