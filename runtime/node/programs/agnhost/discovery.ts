import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { FileProblem } from '../files/index.ts';
import { ask, resolve } from '../network/asking.ts';
import { urlOf } from '../network/urls.ts';
import type { Pause, Program, Task } from '../process.ts';
import { flagsOf } from './mounttest.ts';

const OWN_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const PATIENCE_MS = 30_000;
const NO_CONFIG =
  'unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined';

type Json = Readonly<Record<string, unknown>>;

function readToken({ files }: Task, path: string): string | undefined {
  try {
    return files.read(path).trim();
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return undefined;
  }
}

/** A page of the API server's, with the rights of a token; a text says why there is none. */
function* page(
  task: Task,
  at: string,
  token: string,
): Generator<Pause, string | { readonly body: string; readonly status: number }, void> {
  const url = urlOf(at);
  if (!url) return `Get "${at}": unsupported protocol scheme`;
  const untilMs = task.machine.nowMs() + PATIENCE_MS;
  const found = yield* resolve(task, url.host, untilMs);
  if ('wrong' in found) return `Get "${at}": dial tcp: lookup ${url.host}: no such host`;
  const headers = { host: url.named, authorization: `Bearer ${token}` };
  const call = { kind: 'http', ...url, ...found, method: 'GET', headers, body: '' } as const;
  const answer = yield* ask(task, call, untilMs);
  if (answer.kind === 'page') return answer;
  const why = answer.kind === 'refused' ? 'connect: connection refused' : 'i/o timeout';
  return `Get "${at}": dial tcp ${found.address}:${url.port}: ${why}`;
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Checks a token of a service account by what its issuer publishes. */
export const issuerDiscovery: Program = function* (task) {
  const flags = flagsOf(task.argv.slice(2));
  const path = flags['token-path'] ?? '';
  const say = (line: string): void => task.err(`${line}\n`);
  const raw = readToken(task, path);
  if (raw === undefined) {
    say(`open ${path}: no such file or directory`);
    return 1;
  }
  say('OK: Got token');
  say('validating with in-cluster discovery');
  const own = readToken(task, OWN_TOKEN);
  if (own === undefined) {
    say(NO_CONFIG);
    return 1;
  }
  const wrong = yield* validated(task, raw, { own, audience: flags['audience'] ?? '', say });
  if (wrong === undefined) return 0;
  say(`failed to validate with in-cluster discovery: ${wrong}`);
  return 1;
};

interface About {
  readonly own: string;
  readonly audience: string;
  say(line: string): void;
}

/** Why a token is none of its issuer's; undefined where it is. */
function* validated(
  task: Task,
  raw: string,
  { own, audience, say }: About,
): Generator<Pause, string | undefined, void> {
  const [head = '', claims = '', signature = ''] = raw.split('.');
  const parts = [head, claims].map((part) => jsonOf(Buffer.from(part, 'base64url').toString()));
  const [header, said] = parts;
  if (!header || !said) return 'square/go-jose: compact JWS format must have three parts';
  const issuer = String(said['iss']);
  say(`OK: got issuer ${issuer}`);
  const found = yield* page(task, `${issuer}/.well-known/openid-configuration`, own);
  if (typeof found === 'string') return found;
  if (found.status !== 200) return `${found.status}: ${found.body}`;
  const configuration = jsonOf(found.body);
  if (configuration?.['issuer'] !== issuer)
    return `oidc: issuer did not match the issuer returned by provider, expected "${issuer}"`;
  say(`OK: Constructed OIDC provider for issuer ${issuer}`);
  const audiences = [said['aud']].flat();
  if (!audiences.includes(audience))
    return `oidc: expected audience "${audience}" got ${JSON.stringify(audiences)}`;
  const keys = yield* page(task, String(configuration['jwks_uri']), own);
  if (typeof keys === 'string') return `failed to verify signature: fetching keys ${keys}`;
  const all = (jsonOf(keys.body)?.['keys'] ?? []) as readonly Json[];
  const key = all.find(({ kid }) => kid === header['kid']);
  if (!key || !isSigned(`${head}.${claims}`, signature, key))
    return 'failed to verify signature: failed to verify id token signature';
  if (Number(said['exp']) * 1000 <= task.machine.nowMs()) return 'oidc: token is expired';
  say('OK: Validated signature on JWT');
  say('OK: Got valid claims from token!');
  return undefined;
}

/** Keys that real clusters do not have, of the curve that a cluster's seed makes, are taken too. */
function isSigned(text: string, signature: string, key: Json): boolean {
  const publicKey = createPublicKey({ key: key as JsonWebKey, format: 'jwk' });
  const digest = publicKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const how = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify(digest, Buffer.from(text), how, Buffer.from(signature, 'base64url'));
}

/** By which tokens can be told apart that nobody is to read. */
function tokenMark(token: string): string {
  return createHash('sha256').update(`salt|Bearer ${token}`).digest('base64url');
}

/** Asks the API server whether it is well, again and again, with the token that its container has at that moment. */
export const inClusterClient: Program = function* (task) {
  const flags = flagsOf(task.argv.slice(2));
  const everyMs = Number(flags['poll-interval'] ?? 30) * 1000;
  task.err('started\n');
  for (;;) {
    yield { untilMs: task.machine.nowMs() + everyMs };
    task.machine.step();
    task.err('calling /healthz\n');
    const token = readToken(task, OWN_TOKEN);
    if (token === undefined) {
      task.err(`${NO_CONFIG}\n`);
      return 255;
    }
    task.err(`authz_header=${tokenMark(token)}\n`);
    const found = yield* page(task, 'https://kubernetes.default.svc/healthz', token);
    if (typeof found !== 'string' && found.status === 200) continue;
    const why = typeof found === 'string' ? found : found.body;
    task.err(`status=failed\nerror checking /healthz: ${why}\n`);
  }
};
