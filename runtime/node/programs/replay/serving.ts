import type { ServedAnswer, ServedRequest, Server } from '../machine.ts';
import type { Answer, Call } from '../network/calls.ts';
import { reasonOf } from '../network/reasons.ts';
import { type Bytes, textOf } from '../process.ts';

/** A server that listens, and since when. */
export interface Serving {
  readonly server: Server;
  readonly sinceMs: number;
}

const TAKES_MS = 1;

/** What a call is for a server: a request for a page, or bytes. */
export type Asked =
  | { readonly page: ServedRequest }
  | { readonly said: Bytes | undefined; readonly isHttp?: true };

/** By which protocol a call goes. */
export function protocolOf({ kind }: Call): 'TCP' | 'UDP' | 'SCTP' {
  return kind === 'udp' ? 'UDP' : kind === 'sctp' ? 'SCTP' : 'TCP';
}

/** A call as a server takes it that has listened since a moment. */
export function askedBy(
  call: Call,
  { server, sinceMs }: Serving,
  { clientIp, nowMs }: { readonly clientIp: string; readonly nowMs: number },
): Asked {
  const elapsedMs = nowMs - sinceMs;
  if (call.kind === 'http') {
    const { method, target, headers, body } = call;
    const host = headers['host'] ?? call.address;
    return { page: { method, target, host, clientIp, body, headers, elapsedMs } };
  }
  if (call.kind !== 'tcp' && call.kind !== 'udp' && call.kind !== 'sctp')
    return { said: undefined };
  if (server.receive) return { said: server.receive({ bytes: call.bytes, clientIp }) };
  if (call.kind !== 'tcp') return { said: undefined };
  const written = requestIn(call.bytes, clientIp, elapsedMs);
  return written ? { page: written } : { said: call.bytes === '' ? '' : BAD_REQUEST, isHttp: true };
}

/** A server's page as what comes of a call. */
export function pageAnswer(call: Call, served: ServedAnswer): Answer {
  const { status, contentType = typeOf(served.body), location, body, afterMs = TAKES_MS } = served;
  const headers = {
    'content-type': contentType,
    'content-length': String(body.length),
    ...(location === undefined ? {} : { location }),
  };
  if (call.kind === 'http') {
    const isHead = call.method === 'HEAD';
    return { kind: 'page', status, headers, body: isHead ? '' : body, afterMs };
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const bytes = `HTTP/1.1 ${status} ${reasonOf(status)}\r\n${lines.join('')}\r\n${body}`;
  return { kind: 'bytes', bytes, afterMs };
}

/** What is said to bytes; who listens and says nothing leaves a datagram without answer, and a stream empty. */
export function bytesAnswer(call: Call, said: Bytes | undefined): Answer {
  if (said !== undefined) return { kind: 'bytes', bytes: said, afterMs: TAKES_MS };
  return call.kind === 'tcp'
    ? { kind: 'bytes', bytes: '', afterMs: TAKES_MS }
    : { kind: 'silent', afterMs: 0 };
}

/** What a body is taken for of which the program says nothing, as Go's servers guess it. */
const typeOf = (body: Bytes): string => `text/${HTML.test(body) ? 'html' : 'plain'}; charset=utf-8`;
const HTML =
  /^\s*<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[ >]/i;
const BAD_REQUEST =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request';

/** A request for a page that somebody has written by hand. */
function requestIn(bytes: Bytes, clientIp: string, elapsedMs: number): ServedRequest | undefined {
  const [head = '', ...rest] = bytes.split(/\r?\n\r?\n/);
  const [first = '', ...lines] = head.split(/\r?\n/);
  const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(first.trim()) ?? [];
  if (method === undefined || target === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    if (at > 0) headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim();
  }
  const host = headers['host'] ?? '';
  return { method, target, host, clientIp, body: textOf(rest.join('\n\n')), headers, elapsedMs };
}
