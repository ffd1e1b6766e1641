import type { Secret } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Strategy } from './strategy.ts';

type StoredSecret = Secret & KubeObject;

/** Secrets: `stringData` becomes `data`. */
export const secrets: Strategy<StoredSecret> = {
  prepareCreate: encoded,
  prepareUpdate: (secret, old) =>
    encoded({ ...secret, ...(secret.type || !old.type ? {} : { type: old.type }) }),
};

function encoded(secret: StoredSecret): StoredSecret {
  const { stringData, ...rest } = secret;
  if (!stringData) return secret;
  const added = Object.entries(stringData).map(
    ([key, text]) => [key, Buffer.from(text).toString('base64')] as const,
  );
  return { ...rest, data: { ...secret.data, ...Object.fromEntries(added) } } as StoredSecret;
}
