import type { ProbeWindow } from '../../generated/cluster/v1/types.ts';
import type { Container, HTTPGetAction, Probe } from '../../generated/core/v1/types.ts';
import { globPattern } from './behaviour-match.ts';
import { FOREVER, milliseconds } from './durations.ts';
import { elapsedText } from './effects.ts';
import { HOST, portOf, refused, urlOf } from './handlers.ts';
import { ALWAYS_OK, type Signal, type SignalPiece } from './probe-timeline.ts';

type Found = Omit<SignalPiece, 'fromMs'>;
type Window = ProbeWindow & { readonly fromMs: number; readonly untilMs: number };

const OK: Found = { result: 'success' };
const REDIRECTS_MAX = 10;

/**
 * What tries of a probe find over a run: nobody listening until the program serves, then what the windows say, of which the
 * last one counts, else success.
 */
export function signalOf(
  probe: Probe | undefined,
  container: Container,
  windows: readonly ProbeWindow[],
  servesMs: number,
): Signal {
  if (!probe) return ALWAYS_OK;
  const port = targetPort(probe, container);
  if (port && 'wrong' in port) return [{ fromMs: 0, result: 'unknown', message: port.wrong }];
  if (windows.length === 0 && servesMs === 0) return ALWAYS_OK;
  const about = windows.map((each) => ({
    ...each,
    fromMs: milliseconds(each.from, 0),
    untilMs: milliseconds(each.until, FOREVER),
  }));
  const edges = new Set([0, servesMs, ...about.map(({ fromMs }) => fromMs)]);
  for (const { untilMs } of about) if (untilMs !== FOREVER) edges.add(untilMs);
  return [...edges]
    .sort((a, b) => a - b)
    .map((fromMs) => ({
      fromMs,
      ...findingAt(probe, about, port?.number ?? 0, fromMs, fromMs >= servesMs),
    }));
}

/** What a try finds when nobody listens. A command runs all the same, and fails. */
export function notServing(probe: Probe, container: Container): Found {
  const port = targetPort(probe, container);
  return found(probe, { refused: true }, port && 'number' in port ? port.number : 0);
}

/** What a try finds that fails, where nothing says how. */
export function plainFailure(probe: Probe, container: Container): Found {
  const port = targetPort(probe, container);
  return found(probe, {}, port && 'number' in port ? port.number : 0);
}

function targetPort({ httpGet, tcpSocket, grpc }: Probe, container: Container) {
  const port = httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
  return port === undefined ? undefined : portOf(port, container);
}

function findingAt(
  probe: Probe,
  windows: readonly Window[],
  port: number,
  atMs: number,
  serves: boolean,
): Found {
  const answer = (path: string | undefined): ProbeWindow =>
    windows.findLast(
      (each) =>
        each.fromMs <= atMs &&
        atMs < each.untilMs &&
        (each.port === undefined || each.port === port) &&
        (each.service === undefined || each.service === (probe.grpc?.service ?? '')) &&
        (each.path === undefined || (path !== undefined && globPattern(each.path).test(path))),
    ) ?? (serves ? { result: 'Success' } : { refused: true });
  const { httpGet } = probe;
  if (!httpGet) return found(probe, answer(undefined), port);
  let said = answer(httpGet.path ?? '/');
  let delayMs = 0;
  for (let followed = 0; ; followed++) {
    delayMs += milliseconds(said.delay, 0);
    const path = followedPath(said, httpGet);
    if (path === undefined) break;
    if (followed === REDIRECTS_MAX)
      return {
        result: 'failure',
        message: `Get ${JSON.stringify(said.location)}: stopped after ${REDIRECTS_MAX} redirects`,
      };
    said = answer(path);
  }
  return found(probe, { ...said, delay: `${delayMs}ms` }, port);
}

/** The path on the same host that a response redirects to. */
function followedPath(
  { location, status = 302, result, refused: isRefused }: ProbeWindow,
  { host }: HTTPGetAction,
): string | undefined {
  if (location === undefined || isRefused || result === 'Error') return undefined;
  if (status < 300 || status >= 400) return undefined;
  if (location.startsWith('/') && !location.startsWith('//')) return location;
  const url = /^https?:\/\/([^/:?#]+)(?::\d+)?([^#]*)/.exec(location);
  return url && host && url[1] === host ? url[2] || '/' : undefined;
}

function found(probe: Probe, said: ProbeWindow, port: number): Found {
  const { message } = said;
  if (said.result === 'Error') return { result: 'unknown', message: message ?? 'unknown error' };
  const piece = finding(probe, said, port);
  return message === undefined || piece.result === 'success' ? piece : { ...piece, message };
}

function finding(probe: Probe, said: ProbeWindow, port: number): Found {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  const delayMs = milliseconds(said.delay, 0);
  const isLate = delayMs >= timeoutMs;
  const ask = { said, port, isLate, timeoutMs };
  const piece = probe.httpGet
    ? httpFinding(probe.httpGet, ask)
    : probe.tcpSocket
      ? tcpFinding(probe.tcpSocket.host, ask)
      : probe.grpc
        ? grpcFinding(ask)
        : execFinding(probe.exec?.command ?? [], ask);
  if (piece.takesMs !== undefined || said.refused) return piece;
  const takesMs = isLate ? timeoutMs : delayMs;
  return takesMs > 0 ? { ...piece, takesMs } : piece;
}

interface Ask {
  readonly said: ProbeWindow;
  readonly port: number;
  /** The answer comes after the probe's timeout. */
  readonly isLate: boolean;
  readonly timeoutMs: number;
}

function fails(said: ProbeWindow): boolean {
  return said.result === 'Failure' || (said.result === undefined && saysNothing(said));
}

/** A window that gives no answer of any kind is a failure; a slow one answers well in the end. */
function saysNothing({ status, body, location, exitCode, serving, delay }: ProbeWindow): boolean {
  const given = [status, body, location, exitCode, serving];
  return given.every((each) => each === undefined) && milliseconds(delay, 0) === 0;
}

function httpFinding(get: HTTPGetAction, { said, port, isLate }: Ask): Found {
  const url = urlOf(get, port);
  if (said.refused)
    return { result: 'failure', message: `Get "${url}": ${refused(get.host, port)}` };
  if (isLate)
    return {
      result: 'failure',
      message: `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    };
  const status = said.status ?? (said.location !== undefined ? 302 : fails(said) ? 503 : 200);
  if (status < 200 || status >= 400)
    return { result: 'failure', message: `HTTP probe failed with statuscode: ${status}` };
  if (status < 300) return OK;
  const body = said.body ?? redirectBody(said.location, status);
  return { result: 'warning', message: `Probe terminated redirects, Response body: ${body}` };
}

const REDIRECTS: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
};

function redirectBody(location: string | undefined, status: number): string {
  return location === undefined ? '' : `<a href="${location}">${REDIRECTS[status] ?? ''}</a>.\n\n`;
}

function tcpFinding(host: string | undefined, { said, port, isLate }: Ask): Found {
  if (isLate)
    return { result: 'failure', message: `dial tcp ${host || HOST}:${port}: i/o timeout` };
  if (!said.refused && !fails(said)) return OK;
  return { result: 'failure', message: refused(host, port) };
}

/** A client of gRPC tries to connect until its time is up. */
function grpcFinding({ said, port, isLate, timeoutMs }: Ask): Found {
  const limit = elapsedText(timeoutMs);
  const failure = (message: string): Found => ({ result: 'failure', message });
  if (said.refused)
    return {
      ...failure(
        `timeout: failed to connect service "${HOST}:${port}" within ${limit}: context deadline exceeded`,
      ),
      takesMs: timeoutMs,
    };
  if (isLate) return failure(`timeout: health rpc did not complete within ${limit}`);
  const serving = said.serving ?? (fails(said) ? 'NOT_SERVING' : 'SERVING');
  switch (serving) {
    case 'SERVING':
      return OK;
    case 'UNIMPLEMENTED':
      return failure(
        'error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health',
      );
    case 'NOT_FOUND':
      return failure(
        'error: health rpc probe failed: rpc error: code = NotFound desc = unknown service',
      );
    default:
      return failure(`service unhealthy (responded with "${serving}")`);
  }
}

function execFinding(command: readonly string[], { said, isLate, timeoutMs }: Ask): Found {
  if (isLate)
    return {
      result: 'failure',
      message: `command timed out: ${JSON.stringify(command.join(' '))} timed out after ${elapsedText(timeoutMs)}`,
    };
  const code = said.exitCode ?? (said.refused || fails(said) ? 1 : 0);
  return code === 0 ? OK : { result: 'failure', message: '' };
}
