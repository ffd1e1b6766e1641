import { ISSUER, type TokenSigner } from '../authentication/index.ts';
import type { Answer } from './answer.ts';

const CONFIGURATION = '/.well-known/openid-configuration';
const KEYS = '/openid/v1/jwks';
/** Whoever checks tokens may keep what is said for so long. */
const CACHE = { 'cache-control': 'public, max-age=3600' };

/**
 * How tokens of service accounts can be checked by others than the API server: by whom they are issued, and with which keys
 * (OpenID Connect Discovery 1.0, RFC 7517). Undefined for other paths.
 */
export function openIdAnswer(
  path: string,
  { algorithm, publicKey }: Pick<TokenSigner, 'algorithm' | 'publicKey'>,
  serverAddress: string,
): Answer | undefined {
  switch (path) {
    case CONFIGURATION:
      return answer('application/json', {
        issuer: ISSUER,
        jwks_uri: `https://${serverAddress}${KEYS}`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: [algorithm],
      });
    case KEYS:
      return answer('application/jwk-set+json', { keys: [publicKey] });
    default:
      return undefined;
  }
}

function answer(contentType: string, value: object): Answer {
  return {
    code: 200,
    headers: { 'content-type': contentType, ...CACHE },
    body: JSON.stringify(value),
  };
}
