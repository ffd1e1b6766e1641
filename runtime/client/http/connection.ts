import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { createInterface } from 'node:readline';
import { afterWall } from '../../base/index.ts';
import { ApiError, type Status } from '../../meta/index.ts';

/** Where an API server is, and as whom to ask it: what a kubeconfig says. Certificates and keys are PEM. */
export interface HttpAccess {
  readonly url: string;
  /** Who signed the server's certificate; those that the machine trusts when absent. */
  readonly authority?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
  /** The server may be anybody. */
  readonly insecure?: boolean;
  /** The name that the server's certificate is for, where it is not that of the URL. */
  readonly serverName?: string;
}

export interface HttpQuestion {
  readonly method: string;
  /** With its query, below the server's URL. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

export interface HttpAnswer {
  readonly code: number;
  readonly text: string;
  readonly json: unknown;
  readonly warnings: readonly string[];
}

/** How long the server may take to begin its answer. */
const SILENCE_MAX_MS = 30_000;

/** Keeps its sockets for the next question. Rejects when the server cannot be reached; what it says, even no, is an answer. */
export class Connection {
  readonly #access: HttpAccess;
  readonly #base: URL;
  readonly #agent: HttpAgent;

  constructor(access: HttpAccess) {
    this.#access = access;
    this.#base = new URL(access.url.endsWith('/') ? access.url : `${access.url}/`);
    const { authority, certificate, key, insecure, serverName } = access;
    this.#agent =
      this.#base.protocol === 'http:'
        ? new HttpAgent({ keepAlive: true })
        : new HttpsAgent({
            keepAlive: true,
            ...(authority === undefined ? {} : { ca: authority }),
            ...(certificate === undefined ? {} : { cert: certificate }),
            ...(key === undefined ? {} : { key }),
            ...(serverName === undefined ? {} : { servername: serverName }),
            rejectUnauthorized: insecure !== true,
          });
  }

  async ask(question: HttpQuestion): Promise<HttpAnswer> {
    const response = await this.#send(question);
    const text = await textOf(response);
    const warning = response.headers['warning'];
    const warnings = warning === undefined ? [] : [...warning.matchAll(/299 \S+ "([^"]*)"/g)];
    return {
      code: response.statusCode ?? 0,
      text,
      json: parsed(text),
      warnings: warnings.map(([, said = '']) => said),
    };
  }

  /** Hands out the lines of an answer as they come, until the server ends it. An answer that is an error rejects as `ApiError`. */
  async lines(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
    const response = await this.#send({ method: 'GET', path }, signal);
    if ((response.statusCode ?? 0) >= 400) {
      const { statusCode: code = 0 } = response;
      throw new ApiError(statusOf(code, parsed(await textOf(response))));
    }
    for await (const line of createInterface({ input: response })) if (line !== '') onLine(line);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(question: HttpQuestion, signal?: AbortSignal): Promise<IncomingMessage> {
    const { method, path, body, contentType = 'application/json' } = question;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const credentials = authorizationOf(this.#access);
    const send = this.#base.protocol === 'http:' ? requestHttp : requestHttps;
    return new Promise((resolve, reject) => {
      const request = send(new URL(path.replace(/^\//, ''), this.#base), {
        method,
        agent: this.#agent,
        headers: {
          accept: 'application/json',
          'user-agent': 'slipway',
          ...(credentials === undefined ? {} : { authorization: credentials }),
          ...(text === undefined
            ? {}
            : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
        },
        ...(signal ? { signal } : {}),
      });
      const cancel = afterWall(SILENCE_MAX_MS, () =>
        request.destroy(new Error('the server does not answer')),
      );
      request.once('close', cancel);
      request.once('error', reject);
      request.once('response', (response) => {
        cancel();
        resolve(response);
      });
      request.end(text);
    });
  }
}

/** The header that says who asks, where that is not said by a certificate. */
export function authorizationOf({ token, username, password }: HttpAccess): string | undefined {
  if (token !== undefined) return `Bearer ${token}`;
  if (username === undefined) return undefined;
  return `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const part of response) text += part as string;
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The Status of an answer that is an error; made up where what answered is no API server. */
export function statusOf(code: number, json: unknown): Status {
  if (typeof json === 'object' && json !== null && (json as Status).kind === 'Status')
    return json as Status;
  return {
    apiVersion: 'v1',
    kind: 'Status',
    metadata: {},
    status: 'Failure',
    message: `the server answered ${code}`,
    code,
  } as Status;
}
