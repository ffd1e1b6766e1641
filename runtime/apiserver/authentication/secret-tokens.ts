import type { Secret } from '../../../generated/core/v1/types.ts';
import { isDeleting, type KubeObject, type User } from '../../meta/index.ts';
import { API_AUDIENCES, type TokenReader } from './account-tokens.ts';
import type { TokenSigner } from './token-signer.ts';
import { userOfAccount } from './users.ts';

const ISSUER = 'kubernetes/serviceaccount';

/** The claims of the older kind of token: no audience, no expiry, and the names of account and secret. */
interface Claims {
  readonly iss: string;
  readonly 'kubernetes.io/serviceaccount/namespace': string;
  readonly 'kubernetes.io/serviceaccount/secret.name': string;
  readonly 'kubernetes.io/serviceaccount/service-account.name': string;
  readonly 'kubernetes.io/serviceaccount/service-account.uid': string;
  readonly sub: string;
}

/** What names an account or a secret. */
type Named = Pick<KubeObject, 'metadata'>;

/** Tokens that are kept in secrets: they hold as long as the secret has them and the account is there. */
export class SecretTokens {
  readonly #reader: TokenReader;
  readonly #signer: TokenSigner;

  constructor(reader: TokenReader, signer: TokenSigner) {
    this.#reader = reader;
    this.#signer = signer;
  }

  issue(account: Named, secret: Named): string {
    const { namespace = '', name = '', uid = '' } = account.metadata;
    const claims: Claims = {
      iss: ISSUER,
      'kubernetes.io/serviceaccount/namespace': namespace,
      'kubernetes.io/serviceaccount/secret.name': secret.metadata.name ?? '',
      'kubernetes.io/serviceaccount/service-account.name': name,
      'kubernetes.io/serviceaccount/service-account.uid': uid,
      sub: userOfAccount(namespace, name).name,
    };
    return this.#signer.sign({ ...claims });
  }

  /** Whose a token is; undefined when it is none of these or no longer good. */
  look(token: string, audiences: readonly string[]) {
    const claims = this.#signer.claims(token) as Claims | undefined;
    const meant = audiences.filter((each) => API_AUDIENCES.includes(each));
    if (claims?.iss !== ISSUER || meant.length === 0) return undefined;
    const user = this.#userOf(claims, token);
    return user && { user, audiences: meant };
  }

  #userOf(claims: Claims, token: string): User | undefined {
    const namespace = claims['kubernetes.io/serviceaccount/namespace'];
    const name = claims['kubernetes.io/serviceaccount/service-account.name'];
    const uid = claims['kubernetes.io/serviceaccount/service-account.uid'];
    const account = this.#live('serviceaccounts', `${namespace}/${name}`);
    const secret = this.#live(
      'secrets',
      `${namespace}/${claims['kubernetes.io/serviceaccount/secret.name']}`,
    );
    const { data } = (secret ?? {}) as Partial<Secret>;
    const kept = Buffer.from(data?.token ?? '', 'base64').toString();
    if (account?.metadata.uid !== uid || kept !== token) return undefined;
    return { ...userOfAccount(namespace, name), uid };
  }

  #live(resource: string, key: string): KubeObject | undefined {
    const object = this.#reader.object(resource, key);
    return object && !isDeleting(object) ? object : undefined;
  }
}
