/**
 * The sub-command `crd-conversion-webhook`: converts between the two versions that stable.example.com has, of which one keeps in
 * `hostPort` what the other keeps in `host` and `port`.
 */
import type { ServedAnswer } from '../machine.ts';
import type { Program } from '../process.ts';
import { jsonAnswer, serveTls } from './tls.ts';

type Convertible = Readonly<Record<string, unknown>> & { readonly apiVersion?: string };

interface Review {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly request?: {
    readonly uid: string;
    readonly desiredAPIVersion: string;
    readonly objects: readonly Convertible[];
  };
}

const VERSIONS = new Set(['apiextensions.k8s.io/v1', 'apiextensions.k8s.io/v1beta1']);
const [ONE, TWO] = ['stable.example.com/v1', 'stable.example.com/v2'];

function convert(review: unknown): ServedAnswer {
  const { apiVersion = '', kind, request } = review as Review;
  if (kind !== 'ConversionReview' || !VERSIONS.has(apiVersion) || !request)
    return { status: 400, body: `Unsupported group version kind: ${apiVersion}, Kind=${kind}\n` };
  const { uid, desiredAPIVersion: wanted, objects } = request;
  const convertedObjects: object[] = [];
  for (const object of objects) {
    const converted = convertOne(object, wanted);
    if (typeof converted === 'string') {
      const result = { metadata: {}, status: 'Failure', message: converted };
      return jsonAnswer({ kind, apiVersion, response: { uid, convertedObjects: null, result } });
    }
    convertedObjects.push({ ...converted, apiVersion: wanted });
  }
  const result = { metadata: {}, status: 'Success' };
  return jsonAnswer({ kind, apiVersion, response: { uid, convertedObjects, result } });
}

/** The object in the other version, or why it cannot be. */
function convertOne(object: Convertible, wanted: string): object | string {
  const { apiVersion: given = '' } = object;
  if (given === wanted)
    return `conversion from a version to itself should not call the webhook: ${wanted}`;
  if (given !== ONE && given !== TWO) return `unexpected conversion version "${given}"`;
  if (wanted !== ONE && wanted !== TWO) return `unexpected conversion version "${wanted}"`;
  if (wanted === TWO) {
    const { hostPort, ...rest } = object;
    if (hostPort === undefined) return rest;
    const [host, port, ...more] = String(hostPort).split(':');
    if (port === undefined || more.length > 0) return `invalid hostPort value \`${hostPort}\``;
    return { ...rest, host, port };
  }
  const { host, port, ...rest } = object;
  if (host === undefined && port === undefined) return rest;
  return { ...rest, hostPort: `${host ?? ''}:${port ?? ''}` };
}

export const conversionWebhook: Program = (task) => serveTls(task, { '/crdconvert': convert });
