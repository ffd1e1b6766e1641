import type { Secret } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { decodedBytes, MAX_BYTES } from './data-size.ts';
import { invalid, type Problem, tooLong } from './problem.ts';
import type { Strategy } from './strategy.ts';

type StoredSecret = Secret & KubeObject;

/** Secrets: `stringData` becomes `data`; the entry that holds JSON by the secret's type does. */
export const secrets: Strategy<StoredSecret> = {
  prepareCreate: encoded,
  prepareUpdate: (secret, old) =>
    encoded({ ...secret, ...(secret.type || !old.type ? {} : { type: old.type }) }),
  validate(secret, old) {
    if (secret.data === old?.data) return [];
    const size = decodedBytes(secret.data ?? {});
    return [...(size > MAX_BYTES ? [tooLong('data', MAX_BYTES)] : []), ...jsonProblems(secret)];
  },
};

function encoded(secret: StoredSecret): StoredSecret {
  const { stringData, ...rest } = secret;
  if (!stringData) return secret;
  const added = Object.entries(stringData).map(
    ([key, text]) => [key, Buffer.from(text).toString('base64')] as const,
  );
  return { ...rest, data: { ...secret.data, ...Object.fromEntries(added) } } as StoredSecret;
}

const JSON_ENTRIES: Readonly<Record<string, string>> = {
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
  'kubernetes.io/dockercfg': '.dockercfg',
};

/** Says nothing of the content, which is secret. */
function jsonProblems({ type = '', data = {} }: StoredSecret): Problem[] {
  const key = JSON_ENTRIES[type];
  const entry = key === undefined ? undefined : data[key];
  if (key === undefined || entry === undefined || isJson(entry)) return [];
  return [invalid(`data[${key}]`, '<secret contents redacted>', 'must be an object in JSON')];
}

function isJson(entry: string): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(entry, 'base64').toString());
    return typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}
