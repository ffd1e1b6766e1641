import { request } from 'node:http';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, rootCertificates, type TLSSocket } from 'node:tls';
import { judgeCertificate, type OutsideCall, type OutsideReply } from '../apiserver/index.ts';
import { afterWall, wallClock } from '../base/index.ts';

/** Of an answer; what is longer is none. */
const BYTES_MAX = 3 * 1024 * 1024;
const HTTPS = 443;
const DEPTH_MAX = 10;
const DEADLINE = 'context deadline exceeded';
const USER_AGENT = 'kube-apiserver-admission';

/** Sends a review to a webhook outside of the cluster, over HTTPS. Never rejects. */
export function postOutside(call: OutsideCall): Promise<OutsideReply> {
  const { hostname, port } = new URL(call.url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: port === '' ? HTTPS : Number(port),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // Judged below, as the cluster judges all webhooks, before anything is sent.
      rejectUnauthorized: false,
    });
    const finish = (reply: Said): void => {
      stopWaiting();
      socket.destroy();
      // The time has passed already.
      resolve({ ...reply, tookMs: 0 });
    };
    const stopWaiting = afterWall(call.timeoutMs, () => finish({ failure: DEADLINE }));
    socket.on('error', (error) => finish({ failure: wordsOf(error, host) }));
    socket.on('secureConnect', () => {
      const distrust = judgeCertificate({
        chain: chainOf(socket.getPeerCertificate(true)),
        authorities: call.authorities === '' ? rootCertificates.join('\n') : call.authorities,
        host,
        nowMs: wallClock.now(),
      });
      if (distrust === undefined) send(socket, call, finish);
      else finish({ failure: distrust });
    });
  });
}

type Said =
  | { readonly failure: string }
  | { readonly status: number; readonly contentType: string; readonly body: string };

function send(socket: TLSSocket, { url, body }: OutsideCall, finish: (reply: Said) => void): void {
  const { host, pathname, search } = new URL(url);
  const asked = request({
    createConnection: () => socket,
    method: 'POST',
    path: `${pathname}${search}`,
    headers: {
      host,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json, */*',
      'user-agent': USER_AGENT,
    },
  });
  asked.on('error', (error) => finish({ failure: wordsOf(error, host) }));
  asked.on('response', (response) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    response.on('data', (piece: Buffer) => {
      bytes += piece.length;
      pieces.push(piece);
      if (bytes > BYTES_MAX) finish({ failure: `the answer is longer than ${BYTES_MAX} bytes` });
    });
    response.on('end', () =>
      finish({
        status: response.statusCode ?? 0,
        contentType: response.headers['content-type'] ?? '',
        body: Buffer.concat(pieces).toString('utf8'),
      }),
    );
  });
  asked.end(body);
}

/** What a server showed, in PEM. */
function chainOf(leaf: DetailedPeerCertificate): string {
  const blocks: string[] = [];
  let each: DetailedPeerCertificate | undefined = leaf;
  for (let depth = 0; each?.raw && depth < DEPTH_MAX; depth++) {
    const lines = each.raw.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
    blocks.push(`-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`);
    const issuer: DetailedPeerCertificate = each.issuerCertificate;
    each = issuer === each ? undefined : issuer;
  }
  return blocks.join('');
}

interface SystemError extends Error {
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly errors?: readonly SystemError[];
}

const CONNECT: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ECONNRESET: 'connection reset by peer',
};

/** How a connection failed, in the words of Go's library. */
function wordsOf(error: SystemError, host: string): string {
  const { code = '', address, port, message } = error.errors?.[0] ?? error;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${host}: no such host`;
  if (code === 'ECONNRESET' && address === undefined) return 'EOF';
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || /wrong version number/.test(message))
    return 'http: server gave HTTP response to HTTPS client';
  const words = CONNECT[code];
  if (words === undefined || address === undefined) return message;
  return `dial tcp ${isIP(address) === 6 ? `[${address}]` : address}:${port}: connect: ${words}`;
}
