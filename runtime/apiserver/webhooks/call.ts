import type { Secret } from '../../../generated/core/v1/types.ts';
import type { Core } from '../core.ts';
import type { ServedTls } from '../nodes.ts';
import { answerTo } from '../port-answer.ts';
import { judgeCertificate } from './certificate.ts';
import type { OutsideReply } from './door.ts';
import { dialed, endpointOf, type HookEndpoint } from './endpoint.ts';
import { statusWords } from './words.ts';

/** Where a webhook is, as configurations of all kinds say it. */
export interface HookTarget {
  readonly url?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path?: string;
    readonly port?: number;
  };
  /** PEM in base64. */
  readonly caBundle?: string;
}

/** A webhook that could not be asked, or answered with nothing that can be used. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly tookMs: number;

  constructor(message: string, tookMs = 0) {
    super(message);
    this.tookMs = tookMs;
  }
}

export interface HookReply {
  /** What it says, decoded. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly tookMs: number;
}

const PORT = 443;
const DEADLINE = 'context deadline exceeded';

/**
 * Sends a review to a webhook. Throws a `CallFailure` where no answer is to be had in time, and `Unanswered` where it is on its way.
 * `key` names what is asked, whatever the review's uid.
 */
export function askWebhook(
  core: Core,
  target: HookTarget,
  review: object,
  { timeoutSeconds, key }: { readonly timeoutSeconds: number; readonly key: string },
): HookReply {
  const { service, url = '' } = target;
  const base = service
    ? `https://${service.name}.${service.namespace}.svc:${service.port ?? PORT}${pathOf(service.path)}`
    : withPath(url);
  const full = `${base}?timeout=${timeoutSeconds}s`;
  const call = {
    url: full,
    body: JSON.stringify(review),
    authorities: Buffer.from(target.caBundle ?? '', 'base64').toString('latin1'),
    timeoutMs: timeoutSeconds * 1000,
  };
  const reply = service ? inCluster(core, service, call) : outside(core, key, call);
  if ('failure' in reply) throw new CallFailure(`Post "${full}": ${reply.failure}`, reply.tookMs);
  return decoded(reply);
}

const pathOf = (path = '/'): string => (path.startsWith('/') ? path : `/${path}`);

function withPath(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

interface Call {
  readonly url: string;
  readonly body: string;
  readonly authorities: string;
  readonly timeoutMs: number;
}

function outside(core: Core, key: string, call: Call): OutsideReply {
  if (core.door) return core.door.ask(`${call.url} ${key}`, call);
  const failure =
    'a webhook at a URL can be asked only where the cluster is served in real time, by slipway serve or slipway watch';
  return { failure, tookMs: 0 };
}

/** What the pod behind a service answers. */
function inCluster(
  core: Core,
  service: NonNullable<HookTarget['service']>,
  call: Call,
): OutsideReply {
  const { namespace, name, port = PORT } = service;
  const endpoint = endpointOf(core, { namespace, name, port });
  if (typeof endpoint === 'string') return { failure: endpoint, tookMs: 0 };
  const { pod, node } = endpoint;
  const unreached = node === '' ? undefined : core.nodes.dial(node);
  if (unreached !== undefined) return { failure: dialed(endpoint, unreached), tookMs: 0 };
  const answers = pod && core.nodes.port(pod, endpoint.port);
  if (!answers) return { failure: dialed(endpoint, 'connect: connection refused'), tookMs: 0 };
  const host = `${name}.${namespace}.svc`;
  const distrust = judged(core, endpoint, answers[0]?.tls, { ...call, host });
  if (distrust !== undefined) return { failure: distrust, tookMs: 0 };
  const { pathname, search } = new URL(call.url);
  const sent = { method: 'POST', body: call.body };
  const answer = answerTo(answers, pathname, search.slice(1), sent);
  const { afterMs = 0 } = answer;
  if (afterMs >= call.timeoutMs) return { failure: DEADLINE, tookMs: call.timeoutMs };
  return { ...answer, tookMs: afterMs };
}

/** Why a client that speaks TLS goes no further; undefined where it takes the certificate, or nothing is said of one. */
function judged(
  core: Core,
  { pod }: HookEndpoint,
  tls: ServedTls | undefined,
  { authorities, host }: { readonly authorities: string; readonly host: string },
): string | undefined {
  if (!tls) return 'http: server gave HTTP response to HTTPS client';
  const chain = tls.secret === undefined ? tls.certificate : certificateIn(core, pod, tls.secret);
  if (chain === undefined) return undefined;
  return judgeCertificate({ chain, authorities, host, nowMs: core.now() });
}

/** The certificate in a Secret beside the pod; empty where there is none. */
function certificateIn(core: Core, pod: HookEndpoint['pod'], name: string): string {
  const secret = core.object('secrets', `${pod?.metadata.namespace}/${name}`);
  const { data = {} } = (secret ?? {}) as Partial<Secret>;
  return Buffer.from(data['tls.crt'] ?? '', 'base64').toString('latin1');
}

/** What a client of the API makes of an answer. Its readers take YAML too, by which most of what is no JSON is a text. */
function decoded({ status, contentType, body, tookMs }: Answered): HookReply {
  if (status < 200 || status > 206)
    throw new CallFailure(statusWords(status, contentType, body), tookMs);
  if (body === '')
    throw new CallFailure(
      `0-length response with status code: ${status} and content type: ${contentType}`,
      tookMs,
    );
  const value = jsonIn(body);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { value: value as HookReply['value'], tookMs };
  const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const into =
    'Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  throw new CallFailure(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into ${into}`,
    tookMs,
  );
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

type Answered = Extract<OutsideReply, { readonly status: number }>;
