import type { User } from '../../meta/index.ts';
import { AccountTokens, API_AUDIENCES, type TokenReader } from './account-tokens.ts';
import { SecretTokens } from './secret-tokens.ts';
import type { TokenSigner } from './token-signer.ts';
import { authenticated } from './users.ts';

/** Whom a token belongs to. */
export interface Authenticated {
  readonly user: User;
  /** Those of the wanted audiences that the token is for. */
  readonly audiences: readonly string[];
}

/** What authenticators of one cluster and its forks have in common. */
export interface Credentials {
  readonly signer: TokenSigner;
  /** Tokens that stand for a user as they are: that of the administrator's kubeconfig. */
  readonly tokens: Map<string, User>;
}

/** Says whose a bearer token is: one of the fixed ones, or a service account's. */
export class Authenticator {
  readonly credentials: Credentials;
  readonly accounts: AccountTokens;
  readonly secrets: SecretTokens;

  constructor(reader: TokenReader, credentials: Credentials) {
    this.credentials = credentials;
    this.accounts = new AccountTokens(reader, credentials.signer);
    this.secrets = new SecretTokens(reader, credentials.signer);
  }

  /** From now on `token` is `user`'s. */
  addToken(token: string, user: User): void {
    this.credentials.tokens.set(token, authenticated(user));
  }

  /** Undefined for a token that is nobody's or not meant for any of the audiences. */
  authenticate(
    token: string,
    audiences: readonly string[] = API_AUDIENCES,
  ): Authenticated | undefined {
    const user = this.credentials.tokens.get(token);
    if (user) {
      const meant = audiences.filter((each) => API_AUDIENCES.includes(each));
      return meant.length > 0 ? { user, audiences: meant } : undefined;
    }
    const found = this.accounts.look(token, audiences) ?? this.secrets.look(token, audiences);
    return found && { ...found, user: authenticated(found.user) };
  }
}
