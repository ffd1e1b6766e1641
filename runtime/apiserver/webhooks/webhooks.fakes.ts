import { generateKeyPairSync } from 'node:crypto';
import {
  endpoints,
  pods,
  secrets,
  serviceaccounts,
  services,
} from '../../../generated/core/v1/resources.ts';
import { certificatePem, type Issuer } from '../../base/certificates/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import { NO_NODES, type ServedTls } from '../nodes.ts';
import type { Bench } from '../server.fakes.ts';

const YEAR_MS = 365 * 86_400_000;
const EPOCH_MS = Date.UTC(2026, 0, 1);

/** An authority for tests. */
export function authority(commonName = 'test-ca'): Issuer & { readonly pem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const issuer = { name: { commonName, organizations: [] }, publicKey, privateKey };
  const spec = {
    subject: issuer.name,
    publicKey,
    isAuthority: true,
    keyUsages: ['cert sign'] as const,
  };
  return { ...issuer, pem: certificatePem({ ...period(), ...spec, serial: SERIAL }, issuer) };
}

const SERIAL = Buffer.from([7]);
const period = (days = 365) => ({
  notBeforeMs: EPOCH_MS - YEAR_MS,
  notAfterMs: EPOCH_MS - YEAR_MS + (days / 365) * 2 * YEAR_MS,
});

/** A server's certificate for names, which ends so many days after an early beginning. */
export function certificateFor(hosts: readonly string[], issuer: Issuer, days?: number): string {
  const { publicKey } = generateKeyPairSync('ed25519');
  const subject = { commonName: 'server', organizations: [] };
  const spec = { ...period(days), subject, publicKey, serial: SERIAL, hosts, keyUsages: [] };
  return certificatePem(spec, issuer);
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What a webhook of a test answers, by path: an object, or how it fails. */
export type Hooks = Readonly<
  Record<string, (review: Review) => object | { readonly afterMs: number }>
>;

export interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: {
    readonly uid: string;
    readonly operation: string;
    readonly object: KubeObject;
    readonly oldObject: KubeObject | null;
    readonly desiredAPIVersion: string;
    readonly objects: readonly KubeObject[];
  } & Readonly<Record<string, unknown>>;
}

export interface HookBench {
  /** Reviews that were sent, in order, with the path. */
  readonly sent: (readonly [path: string, review: Review])[];
  /** Where the webhooks are, for configurations. */
  at(path: string): { caBundle: string; service: object };
}

/** Puts a service with one ready pod into a bench, that answers as `hooks` say. */
export async function hookedUp(
  { client, server }: Bench,
  hooks: Hooks,
  tls?: ServedTls,
): Promise<HookBench> {
  const ca = authority();
  const at = { name: 'hook', namespace: 'default' };
  await client.create(services, {
    metadata: at,
    spec: { ports: [{ port: 443, targetPort: 8443 }], clusterIP: 'None' },
  });
  await client.create(serviceaccounts, { metadata: { name: 'default', namespace: 'default' } });
  await client.create(pods, {
    metadata: { ...at, name: 'hook-0' },
    spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] },
  });
  const targetRef = { kind: 'Pod', name: 'hook-0', namespace: 'default' };
  await client.create(endpoints, {
    metadata: at,
    subsets: [
      { addresses: [{ ip: '10.1.0.9', nodeName: 'n', targetRef }], ports: [{ port: 8443 }] },
    ],
  });
  const sent: (readonly [string, Review])[] = [];
  const certificate = certificateFor(['hook.default.svc'], ca);
  server.connectNodes({
    ...NO_NODES,
    dial: () => undefined,
    port: (_, port) =>
      port === 8443
        ? [
            {
              path: /^/,
              status: 404,
              contentType: 'text/plain',
              body: '',
              tls: tls ?? { certificate },
              answer(target, said) {
                const path = target.split('?')[0]!;
                const review = JSON.parse(said?.body ?? '') as Review;
                sent.push([path, review]);
                const found = hooks[path]?.(review);
                if (!found) return { status: 404, contentType: 'text/plain', body: 'no such path' };
                const { afterMs, ...body } = found as { afterMs?: number };
                return {
                  status: 200,
                  contentType: 'application/json',
                  body: JSON.stringify(body),
                  ...(afterMs === undefined ? {} : { afterMs }),
                };
              },
            },
          ]
        : undefined,
  });
  return {
    sent,
    at: (path) => ({ caBundle: base64(ca.pem), service: { ...at, path, port: 443 } }),
  };
}

/** An answer to a review of admission. */
export const verdict = ({ apiVersion, request }: Review, response: object): object => ({
  kind: 'AdmissionReview',
  apiVersion,
  response: { uid: request.uid, allowed: true, ...response },
});

export const patchOf = (...operations: readonly object[]): object => ({
  patchType: 'JSONPatch',
  patch: base64(JSON.stringify(operations)),
});

/** Puts a certificate where a pod would have it. */
export const keep = ({ client }: Bench, name: string, certificate: string) =>
  client.create(secrets, {
    metadata: { name, namespace: 'default' },
    data: { 'tls.crt': base64(certificate) },
  });
