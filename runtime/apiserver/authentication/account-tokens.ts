import type { Pod } from '../../../generated/core/v1/types.ts';
import { type Random, uid } from '../../base/index.ts';
import { type KubeObject, parseTime, type User } from '../../meta/index.ts';
import type { TokenSigner } from './token-signer.ts';
import { userOfAccount } from './users.ts';

/** Who issues tokens, by the name that is in them. */
export const ISSUER = 'https://kubernetes.default.svc.cluster.local';
/** Whom tokens are for that name nobody: the API server. */
export const API_AUDIENCES: readonly string[] = [ISSUER];

/** Pods ask for this long; their tokens hold a year, for clients that never read the file again, and say when they should. */
const WARNED_SECONDS = 3607;
const EXTENDED_SECONDS = 365 * 86_400 + 607;
/** What is being deleted counts this much longer. */
const LEEWAY_MS = 60_000;
const ATTRIBUTE = 'authentication.kubernetes.io';

/** What tokens are checked against: the server's caches. */
export interface TokenReader {
  object(resource: string, key: string): KubeObject | undefined;
  now(): number;
  readonly random: Random;
}

type BoundKind = 'pod' | 'secret' | 'node';

/** An object of which a token holds as long as it is there. */
export interface Bound {
  readonly kind: BoundKind;
  readonly object: KubeObject;
}

export interface TokenWish {
  readonly account: KubeObject;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly bound?: Bound | undefined;
}

interface Named {
  readonly name: string;
  readonly uid: string;
}

/** The claims that are Kubernetes' own. */
type OwnClaims = { readonly namespace: string; readonly serviceaccount: Named } & Partial<
  Readonly<Record<BoundKind, Named>>
> & { readonly warnafter?: number };

interface TokenClaims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly nbf: number;
  readonly iss: string;
  readonly jti: string;
  readonly sub: string;
  readonly 'kubernetes.io': OwnClaims;
}

const named = ({ metadata }: KubeObject): Named => ({
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});

/** Tokens of service accounts, bound to the account and to what else they name: issued, and looked at again. */
export class AccountTokens {
  readonly #reader: TokenReader;
  readonly #signer: TokenSigner;

  constructor(reader: TokenReader, signer: TokenSigner) {
    this.#reader = reader;
    this.#signer = signer;
  }

  /** A token, and when its holder should have another. */
  issue(wish: TokenWish): { readonly token: string; readonly expiresMs: number } {
    const { account, audiences, expirationSeconds, bound } = wish;
    const { namespace = '', name = '' } = account.metadata;
    const now = Math.floor(this.#reader.now() / 1000);
    const isExtended = bound?.kind === 'pod' && isForPods(wish);
    const claims: TokenClaims = {
      aud: audiences,
      exp: now + (isExtended ? EXTENDED_SECONDS : expirationSeconds),
      iat: now,
      iss: ISSUER,
      jti: uid(this.#reader.random),
      'kubernetes.io': {
        namespace,
        ...(bound ? this.#boundClaims(bound) : {}),
        serviceaccount: named(account),
        ...(isExtended ? { warnafter: now + expirationSeconds } : {}),
      },
      nbf: now,
      sub: userOfAccount(namespace, name).name,
    };
    return { token: this.#signer.sign({ ...claims }), expiresMs: (now + expirationSeconds) * 1000 };
  }

  /** Whose a token is, and for which of the wanted audiences; undefined when it is none of ours or no longer good. */
  look(
    token: string,
    audiences: readonly string[],
  ): { readonly user: User; readonly audiences: readonly string[] } | undefined {
    const claims = this.#signer.claims(token) as TokenClaims | undefined;
    if (claims?.iss !== ISSUER || !this.#isValid(claims)) return undefined;
    const meant = audiences.filter((each) => claims.aud.includes(each));
    return meant.length > 0 ? { user: userOf(claims), audiences: meant } : undefined;
  }

  /** A pod's token names its node as well. */
  #boundClaims({ kind, object }: Bound): Partial<Record<BoundKind, Named>> {
    const nodeName = kind === 'pod' ? (object as KubeObject & Pod).spec?.nodeName : undefined;
    const node = nodeName ? this.#reader.object('nodes', nodeName) : undefined;
    return { ...(node ? { node: named(node) } : {}), [kind]: named(object) };
  }

  #isValid({ exp, nbf, 'kubernetes.io': own }: TokenClaims): boolean {
    const now = this.#reader.now() / 1000;
    if (now >= exp || now < nbf) return false;
    const { namespace, serviceaccount, pod, secret, node } = own;
    const isThere = (resource: string, { name, uid: wanted }: Named, home = namespace): boolean =>
      this.#holds(this.#reader.object(resource, home ? `${home}/${name}` : name), wanted);
    return (
      isThere('serviceaccounts', serviceaccount) &&
      (pod ? isThere('pods', pod) : node ? isThere('nodes', node, '') : true) &&
      (secret ? isThere('secrets', secret) : true)
    );
  }

  #holds(object: KubeObject | undefined, wanted: string): boolean {
    if (object?.metadata.uid !== wanted) return false;
    const { deletionTimestamp } = object.metadata;
    return !deletionTimestamp || parseTime(deletionTimestamp) + LEEWAY_MS >= this.#reader.now();
  }
}

function isForPods({ audiences, expirationSeconds }: TokenWish): boolean {
  const isForServer = audiences.length === 1 && audiences[0] === ISSUER;
  return isForServer && expirationSeconds === WARNED_SECONDS;
}

function userOf({ jti, 'kubernetes.io': own }: TokenClaims): User {
  const { namespace, serviceaccount, pod, node } = own;
  const extra: Record<string, string[]> = { [`${ATTRIBUTE}/credential-id`]: [`JTI=${jti}`] };
  for (const [kind, object] of Object.entries({ node, pod })) {
    if (!object) continue;
    extra[`${ATTRIBUTE}/${kind}-name`] = [object.name];
    extra[`${ATTRIBUTE}/${kind}-uid`] = [object.uid];
  }
  return { ...userOfAccount(namespace, serviceaccount.name), uid: serviceaccount.uid, extra };
}
