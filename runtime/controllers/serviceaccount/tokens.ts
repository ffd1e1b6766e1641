import { secrets, serviceaccounts } from '../../../generated/core/v1/resources.ts';
import type { Secret, ServiceAccount } from '../../../generated/core/v1/types.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { isNotFound } from '../../meta/index.ts';

const TYPE = 'kubernetes.io/service-account-token';
const NAME = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';
const BY_ACCOUNT = 'secrets-account';

export interface TokensConfig {
  /** The certificate authority's certificate, PEM. */
  readonly certificate: string;
  /** A token of the account that holds as long as the secret does. */
  issue(account: ServiceAccount, secret: Secret): string;
}

const keyOf = ({ metadata: { namespace, name } }: Secret | ServiceAccount): string =>
  `${namespace}/${name}`;

/** Puts tokens into secrets that ask for them, and deletes those whose account is gone. Key: a secret. */
export function createTokensController(deps: ControllerDeps<TokensConfig>): Controller {
  const accounts = listerOf(deps, serviceaccounts);
  const all = listerOf(deps, secrets);
  deps.transport.addIndex(secrets, BY_ACCOUNT, accountsOf);
  return {
    name: 'tokens-controller',
    watches: [
      watch(secrets, ({ type, object }) =>
        type !== 'DELETED' && object.type === TYPE ? [keyOf(object)] : [],
      ),
      watch(serviceaccounts, ({ type, object }) =>
        type === 'MODIFIED' ? [] : all.byIndex(BY_ACCOUNT, keyOf(object)).map(keyOf),
      ),
    ],
    async reconcile(key, { client }) {
      const secret = all.byKey(key);
      const [owner] = secret ? accountsOf(secret) : [];
      if (!secret || owner === undefined) return;
      const { name = '', namespace, uid } = secret.metadata;
      const account = accounts.byKey(owner);
      try {
        if (!account || isOfAnother(secret, account)) {
          const preconditions = uid ? { preconditions: { uid } } : {};
          await client.delete(secrets, { name, namespace }, preconditions);
          return { decision: { delete: name } };
        }
        const filled = withToken(secret, account, deps.config);
        if (filled === secret) return;
        await client.update(secrets, filled);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return { decision: { token: name } };
    },
  };
}

/** The account that a secret asks a token of; none for other secrets. */
function accountsOf({ type, metadata }: Secret): string[] {
  const name = type === TYPE ? metadata.annotations?.[NAME] : undefined;
  return name ? [`${metadata.namespace}/${name}`] : [];
}

/** Whether the secret was for an account of the same name that is no more. */
function isOfAnother({ metadata }: Secret, account: ServiceAccount): boolean {
  const uid = metadata.annotations?.[UID];
  return uid !== undefined && uid !== account.metadata.uid;
}

const encoded = (text: string): string => Buffer.from(text).toString('base64');

/** The secret with all that it should hold; the same one when it does. */
function withToken(secret: Secret, account: ServiceAccount, config: TokensConfig): Secret {
  const { metadata, data = {} } = secret;
  const uid = account.metadata.uid ?? '';
  const fixed = {
    'ca.crt': encoded(config.certificate),
    namespace: encoded(metadata.namespace ?? ''),
  };
  const isRight =
    data['token'] !== undefined &&
    data['ca.crt'] === fixed['ca.crt'] &&
    data['namespace'] === fixed.namespace &&
    metadata.annotations?.[UID] === uid;
  if (isRight) return secret;
  const token = data['token'] ?? encoded(config.issue(account, secret));
  return {
    ...secret,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [UID]: uid } },
    data: { ...data, ...fixed, token },
  };
}
