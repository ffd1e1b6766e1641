import type { JsonWebKey } from 'node:crypto';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { Random } from '../../base/index.ts';

type Claims = Readonly<Record<string, unknown>>;

/** How a kind of key signs: the name of the algorithm in tokens, and the digest. Signatures of EC keys are two plain numbers. */
const ALGORITHMS: Readonly<
  Record<string, { readonly alg: string; readonly digest: string | null }>
> = {
  ed25519: { alg: 'EdDSA', digest: null },
  ec: { alg: 'ES256', digest: 'sha256' },
  rsa: { alg: 'RS256', digest: 'sha256' },
};

/** Signs and checks JSON Web Tokens with one key: Ed25519, P-256 or RSA. */
export class TokenSigner {
  readonly #makeKey: () => KeyObject;
  #made: Made | undefined;

  /** The key is made when the first token is signed or looked at. */
  constructor(makeKey: () => KeyObject) {
    this.#makeKey = makeKey;
  }

  sign(claims: Claims): string {
    const { alg, kid, digest, privateKey } = this.#key;
    const input = `${encoded({ alg, kid })}.${encoded(claims)}`;
    const signature = sign(digest, Buffer.from(input), { key: privateKey, ...PLAIN });
    return `${input}.${signature.toString('base64url')}`;
  }

  /** The claims of a token that this key has signed; undefined for any other text. */
  claims(token: string): Claims | undefined {
    const [header, payload, signature, ...more] = token.split('.');
    if (!header || !payload || !signature || more.length > 0) return undefined;
    const { alg, digest, publicKey } = this.#key;
    if (decoded(header)?.alg !== alg) return undefined;
    const input = Buffer.from(`${header}.${payload}`);
    const isOurs = verify(
      digest,
      input,
      { key: publicKey, ...PLAIN },
      Buffer.from(signature, 'base64url'),
    );
    return isOurs ? decoded(payload) : undefined;
  }

  /** Name of the algorithm, as tokens have it. */
  get algorithm(): string {
    return this.#key.alg;
  }

  /** The key by which tokens can be checked, as a JSON Web Key. */
  get publicKey(): JsonWebKey {
    const { alg, kid, publicKey } = this.#key;
    return { use: 'sig', kid, alg, ...publicKey.export({ format: 'jwk' }) };
  }

  get #key(): Made {
    this.#made ??= made(this.#makeKey());
    return this.#made;
  }
}

const PLAIN = { dsaEncoding: 'ieee-p1363' } as const;

interface Made {
  readonly alg: string;
  readonly digest: string | null;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function made(privateKey: KeyObject): Made {
  const algorithm = ALGORITHMS[privateKey.asymmetricKeyType ?? ''];
  if (!algorithm) throw new Error(`tokens cannot be signed with ${privateKey.asymmetricKeyType}`);
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const kid = createHash('sha256').update(der).digest('base64url');
  return { ...algorithm, kid, privateKey, publicKey };
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decoded(text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** PKCS#8 around the 32 bytes of an Ed25519 key. */
const ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * A key that derives from the cluster's seed, so that a run repeats to the byte. Whoever knows the seed knows it: a server that others
 * reach is given a key of its own.
 */
export function seededKey(random: Random): KeyObject {
  const bytes = Buffer.alloc(32);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32BE(random.uint32(), at);
  const key = Buffer.concat([ED25519, bytes]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}
