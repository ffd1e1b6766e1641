import { describe, expect, it } from 'vitest';
import type { ProbeWindow } from '../../generated/cluster/v1/types.ts';
import type { Container, Probe } from '../../generated/core/v1/types.ts';
import { messageOf } from './handlers.ts';
import { signalOf } from './probe-answers.ts';

const container = { name: 'web', ports: [{ name: 'http', containerPort: 8080 }] } as Container;
const http = (more: object = {}): Probe => ({ httpGet: { port: 8080, path: '/healthz', ...more } });
const tcp: Probe = { tcpSocket: { port: 'http' } };
const exec: Probe = { exec: { command: ['cat', '/tmp/up'] }, timeoutSeconds: 2 };
const grpc = (service?: string): Probe => ({
  grpc: { port: 9090, ...(service ? { service } : {}) },
  timeoutSeconds: 90,
});

/** What a try finds: the result, the time it takes when it does, and what is said of it. */
function found(probe: Probe, window?: ProbeWindow, servesMs = 0): string {
  const [piece] = signalOf(probe, container, window ? [window] : [], servesMs);
  const { result, message = '', takesMs } = piece!;
  const said = messageOf(message, '10.0.0.7');
  return [result, takesMs === undefined ? '' : ` ${takesMs}`, said && `: ${said}`].join('');
}

describe('what a probe finds', () => {
  it.each<[string, Probe, ProbeWindow | undefined, string]>([
    ['of a program that serves', http(), undefined, 'success'],
    ['of a good status', http(), { status: 204 }, 'success'],
    ['of a bad status', http(), { status: 404 }, 'failure: HTTP probe failed with statuscode: 404'],
    ['of a body', http(), { body: 'fine' }, 'success'],
    [
      'of a refused connection',
      http(),
      { refused: true },
      'failure: Get "http://10.0.0.7:8080/healthz": dial tcp 10.0.0.7:8080: connect: connection refused',
    ],
    [
      'of a host of its own, over TLS, with a path that lacks its slash',
      http({ host: 'db.shop', scheme: 'HTTPS', path: 'up?full=1' }),
      { refused: true },
      'failure: Get "https://db.shop:8080/up?full=1": dial tcp db.shop:8080: connect: connection refused',
    ],
    [
      'of a slow response',
      http(),
      { delay: '1s' },
      'failure 1000: Get "http://10.0.0.7:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    ],
    ['of one that is just in time', http(), { delay: '900ms' }, 'success 900'],
    [
      'of a redirect to another host',
      http(),
      { location: 'http://login.shop/', status: 307 },
      'warning: Probe terminated redirects, Response body: <a href="http://login.shop/">Temporary Redirect</a>.\n\n',
    ],
    [
      'of a redirect to nowhere',
      http(),
      { status: 301, body: 'gone' },
      'warning: Probe terminated redirects, Response body: gone',
    ],
    [
      'of a redirect in circles',
      http(),
      { location: '/healthz' },
      'failure: Get "/healthz": stopped after 10 redirects',
    ],
    [
      'of a window that says nothing',
      http(),
      {},
      'failure: HTTP probe failed with statuscode: 503',
    ],
    ['of an open port', tcp, undefined, 'success'],
    [
      'of a closed port',
      tcp,
      { result: 'Failure' },
      'failure: dial tcp 10.0.0.7:8080: connect: connection refused',
    ],
    [
      'of a port behind a wall',
      tcp,
      { delay: '5s' },
      'failure 1000: dial tcp 10.0.0.7:8080: i/o timeout',
    ],
    ['of a command', exec, { exitCode: 0, message: 'ok' }, 'success'],
    ['of a command that fails', exec, { exitCode: 1, message: 'cat: no' }, 'failure: cat: no'],
    ['of a silent command that fails', exec, { exitCode: 3 }, 'failure'],
    [
      'of a slow command',
      exec,
      { delay: '3s' },
      'failure 2000: command timed out: "cat /tmp/up" timed out after 2s',
    ],
    [
      'of a command that is not there',
      exec,
      { result: 'Error', message: 'rpc error: code = Unknown desc = no such file' },
      'unknown: rpc error: code = Unknown desc = no such file',
    ],
    ['of a gRPC service', grpc(), { serving: 'SERVING' }, 'success'],
    [
      'of one that is not well',
      grpc(),
      { serving: 'NOT_SERVING' },
      'failure: service unhealthy (responded with "NOT_SERVING")',
    ],
    [
      'of a server without health service',
      grpc(),
      { serving: 'UNIMPLEMENTED' },
      'failure: error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health',
    ],
    [
      'of a service that is not known',
      grpc('pay'),
      { serving: 'NOT_FOUND', service: 'pay' },
      'failure: error: health rpc probe failed: rpc error: code = NotFound desc = unknown service',
    ],
    [
      'of another service than is spoken of',
      grpc('pay'),
      { serving: 'NOT_SERVING', service: 'x' },
      'success',
    ],
    [
      'of a slow gRPC service',
      grpc(),
      { delay: '2m' },
      'failure 90000: timeout: health rpc did not complete within 1m30s',
    ],
    [
      'of no gRPC server',
      grpc(),
      { refused: true },
      'failure 90000: timeout: failed to connect service "10.0.0.7:9090" within 1m30s: context deadline exceeded',
    ],
    [
      'of a port that has no such name',
      http({ port: 'admin' }),
      undefined,
      'unknown: strconv.Atoi: parsing "admin": invalid syntax',
    ],
    [
      'of a number in letters',
      http({ port: '70000' }),
      undefined,
      'unknown: invalid port number: 70000',
    ],
    ['of another port than is spoken of', http(), { port: 81, status: 500 }, 'success'],
    ['of another path than is spoken of', http(), { path: '/ready', status: 500 }, 'success'],
    [
      'of a path of a pattern',
      http(),
      { path: '/health*', status: 500 },
      'failure: HTTP probe failed with statuscode: 500',
    ],
  ])('%s', (_, probe, window, expected) => {
    expect(found(probe, window)).toBe(expected);
  });

  it('follows a redirect on the same host to what is answered there', () => {
    const windows: ProbeWindow[] = [{ location: '/ready' }, { path: '/ready', status: 500 }];
    expect(signalOf(http(), container, windows, 0)[0]).toMatchObject({
      result: 'failure',
      message: 'HTTP probe failed with statuscode: 500',
    });
    const named = http({ host: 'a.shop' });
    const absolute: ProbeWindow[] = [{ location: 'http://a.shop:81/x' }, { path: '/x', body: '' }];
    expect(signalOf(named, container, absolute, 0)[0]?.result).toBe('success');
  });

  it('is nobody before the program serves', () => {
    expect(found(http(), undefined, 5_000)).toContain('connection refused');
    expect(found(exec, undefined, 5_000)).toBe('failure');
    const signal = signalOf(
      tcp,
      container,
      [{ from: '2s', until: '3s', result: 'Success' }],
      5_000,
    );
    expect(signal.map(({ fromMs, result }) => [fromMs, result])).toEqual([
      [0, 'failure'],
      [2_000, 'success'],
      [3_000, 'failure'],
      [5_000, 'success'],
    ]);
  });

  it('puts an IPv6 address in brackets', () => {
    const [piece] = signalOf(tcp, container, [{}], 0);
    expect(messageOf(piece?.message ?? '', 'fd00::7')).toContain('dial tcp [fd00::7]:8080');
  });
});
