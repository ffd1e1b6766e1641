import { randomBytes } from 'node:crypto';
import type { KubernetesVersion } from '../../generator/model/index.ts';
import type { Certificates } from '../apiserver/http/index.ts';
import type { Cluster } from './cluster.ts';
import { compactRegularly, MARK_EVERY_MS } from './compaction.ts';
import type { Pacer } from './pacer.ts';

export interface ServingOptions {
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly version: KubernetesVersion;
  /** Made for the occasion when absent. */
  readonly certificates?: Certificates;
  /** Between two marks of the past, the oldest of which are forgotten; in real time. */
  readonly markEveryMs?: number;
  onFailure(error: unknown): void;
}

/** An API that clients of other processes can reach, and what they need for it. */
export interface Serving {
  readonly url: string;
  /** The authority of the server's certificate, as PEM. */
  readonly authority: string;
  /** The administrator's. */
  readonly token: string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const NAMES = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters'] };

/**
 * Certificates for an API on `host` and loopback. Whoever wants the cluster to publish their authority (`rootCertificate`) makes them
 * before the cluster.
 */
export async function servingCertificates(host = LOOPBACK): Promise<Certificates> {
  const { makeCertificates } = await import('../apiserver/http/index.ts');
  return makeCertificates([...new Set([host, LOOPBACK, '::1', ...NAMES])]);
}

/** Webhooks outside of the cluster can be asked from now on. What they answer comes from outside, and is in the journal. */
async function openDoor({ server, journal }: Cluster): Promise<void> {
  const { postOutside } = await import('./webhook-post.ts');
  server.openDoor(async (call) => {
    const reply = await postOutside(call);
    journal.input({ component: 'apiserver', what: 'webhook', detail: { url: call.url, reply } });
    return reply;
  });
}

/** Opens a cluster's API on loopback. Rejects with the system's error when the port cannot be had. */
export async function serveApi(
  cluster: Cluster,
  pacer: Pacer,
  {
    host = LOOPBACK,
    port,
    version,
    onFailure,
    markEveryMs = MARK_EVERY_MS,
    ...given
  }: ServingOptions,
): Promise<Serving> {
  // Only now: whoever does not serve must not wait for TLS and certificates to load.
  const http = await import('../apiserver/http/index.ts');
  const certificates = given.certificates ?? (await servingCertificates(host));
  await openDoor(cluster);
  const token = randomBytes(32).toString('base64url');
  cluster.server.authenticator.addToken(token, ADMIN);
  let address = '';
  const shared = {
    server: cluster.server,
    now: () => cluster.now(),
    sync: () => pacer.sync(),
    onFailure,
  };
  const handler = new http.HttpHandler({
    ...shared,
    version,
    serverAddress: () => address,
    beforeWrite: () => pacer.nudge(),
  });
  const upgrades = new http.UpgradeHandler({
    ...shared,
    answer: (incoming, outgoing) => void handler.handle(incoming, outgoing),
  });
  const listening = await http.listen({ handler, upgrades, certificates, host, port });
  address = `${host}:${listening.port}`;
  const stopCompacting = compactRegularly(cluster.server, markEveryMs);
  return {
    url: `https://${address}`,
    authority: certificates.authority,
    token,
    close() {
      stopCompacting();
      return listening.close();
    },
  };
}
