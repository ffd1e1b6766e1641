import type { TokenRequest } from '../../../generated/authentication/v1/types.ts';
import { serviceaccounts } from '../../../generated/core/v1/resources.ts';
import type {
  Pod,
  ServiceAccountTokenProjection,
  Volume,
} from '../../../generated/core/v1/types.ts';
import type { Client } from '../../client/index.ts';
import { isApiError } from '../../meta/index.ts';
import type { VolumeProblem } from './volumes.ts';

/** A token in a volume of a pod. */
export interface PodToken {
  readonly token: string;
  /** When the kubelet asks for the next one. */
  readonly renewMs: number;
}

/** By volume and path in it, as `tokenKey` says. */
export type PodTokens = Readonly<Record<string, PodToken>>;

interface Wanted {
  readonly volume: string;
  readonly key: string;
  readonly source: ServiceAccountTokenProjection;
}

const DEFAULT_SECONDS = 3600;
/** A token is replaced after this part of its life, or after a day. */
const RENEWED_AT = 0.8;
const AGE_MAX_MS = 86_400_000;
/** After a refusal, of one whose predecessor is still good. */
const RETRY_MS = 60_000;

export const tokenKey = (volume: string, path: string): string => `${volume}/${path}`;

const NONE: readonly Wanted[] = [];
const known = new WeakMap<readonly Volume[], readonly Wanted[]>();

/** The tokens that a pod's volumes show. */
function wantedTokens({ spec }: Pod): readonly Wanted[] {
  const { volumes } = spec ?? {};
  if (!volumes) return NONE;
  const found = known.get(volumes) ?? volumes.flatMap(tokensOf);
  known.set(volumes, found);
  return found;
}

function tokensOf({ name: volume, projected }: Volume): readonly Wanted[] {
  return (projected?.sources ?? []).flatMap(({ serviceAccountToken: source }) =>
    source ? [{ volume, key: tokenKey(volume, source.path), source }] : [],
  );
}

/** Whether a pod's volumes show tokens that the kubelet has not got, or not new ones. */
export function wantsTokens(pod: Pod, tokens: PodTokens | undefined, nowMs: number): boolean {
  return wantedTokens(pod).some(({ key }) => isDue(tokens, key, nowMs));
}

/** When the next token of a pod is to be replaced; Infinity where it has none. */
export function renewalMs(tokens: PodTokens | undefined): number {
  let leastMs = Number.POSITIVE_INFINITY;
  for (const key in tokens) leastMs = Math.min(leastMs, tokens[key]!.renewMs);
  return leastMs;
}

function isDue(tokens: PodTokens | undefined, key: string, nowMs: number): boolean {
  const token = tokens?.[key];
  return !token || token.renewMs <= nowMs;
}

export interface TokenStep {
  readonly tokens: PodTokens;
  readonly problems: readonly VolumeProblem[];
}

/** Asks for the tokens that are missing or due: for the pod's account, bound to the pod. What is refused stays as it was. */
export async function fetchTokens(
  client: Client,
  pod: Pod,
  before: PodTokens | undefined,
  nowMs: number,
): Promise<TokenStep> {
  const tokens: Record<string, PodToken> = { ...before };
  const problems: VolumeProblem[] = [];
  for (const { volume, key, source } of wantedTokens(pod)) {
    if (!isDue(before, key, nowMs)) continue;
    try {
      tokens[key] = await fetchToken(client, pod, source, nowMs);
    } catch (error) {
      if (!isApiError(error)) throw error;
      const message = `failed to fetch token: ${error.message}`;
      problems.push({ volume, kind: 'setup', message });
      const old = before?.[key];
      if (old) tokens[key] = { ...old, renewMs: nowMs + RETRY_MS };
    }
  }
  return { tokens, problems };
}

async function fetchToken(
  client: Client,
  { metadata, spec }: Pod,
  { audience, expirationSeconds = DEFAULT_SECONDS }: ServiceAccountTokenProjection,
  nowMs: number,
): Promise<PodToken> {
  const { name = '', namespace, uid } = metadata;
  const wish: Pick<TokenRequest, 'spec'> = {
    spec: {
      audiences: audience ? [audience] : [],
      expirationSeconds: Number(expirationSeconds),
      boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, ...(uid ? { uid } : {}) },
    },
  };
  const target = { name: spec?.serviceAccountName ?? 'default', namespace };
  const answer = await client.createSubresource(serviceaccounts, target, 'token', wish);
  const { status } = answer as unknown as TokenRequest;
  const lifeMs = Math.min(Number(expirationSeconds) * 1000 * RENEWED_AT, AGE_MAX_MS);
  return { token: status?.token ?? '', renewMs: nowMs + lifeMs };
}
