import { nodes } from '../../generated/core/v1/resources.ts';
import { afterWall, Random, wallClock } from '../base/index.ts';
import {
  endpointLocator,
  type Forward,
  HealthServer,
  type IPFamily,
  Liveness,
  UserspaceProxy,
} from '../proxy/index.ts';
import type { Cluster } from './cluster.ts';
import type { Pacer } from './pacer.ts';
import { lookAtProxy } from './proxies.ts';

export interface ForwardingOptions {
  /** From where traffic is seen; the first node when absent. */
  readonly node?: string | undefined;
  /** As `endpointLocator` takes it. */
  readonly overrides: string;
  /** A port is there, on `host`. */
  onOpen(forward: Forward, host: string): void;
  onClose(forward: Forward, host: string): void;
  /** Where the proxy answers for itself (`/healthz`, `/livez`), any with 0; nowhere when absent. */
  readonly healthzPort?: number | undefined;
  /** The health of the proxy (no service) or of a service can be asked for. */
  onHealth?(service: string | undefined, host: string, port: number): void;
  /** A client that could not be served, or a port that could not be had. */
  onFailure(message: string): void;
}

export interface Forwarding {
  /** Resolves when ports are there for all that the cluster has at this moment. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

const HOSTS: Readonly<Record<IPFamily, string>> = { IPv4: '127.0.0.1', IPv6: '::1' };
/** How long changes gather until ports follow. */
const GATHER_MS = 20;
/** Changes may wait twice as long as rules are ever left alone, until the proxy says that it is not well. */
const LATE_PERIODS = 2;
const SYNC_PERIOD_MS = 30_000;

/**
 * Carries real traffic for the cluster's services: a port on loopback for each service port, kept up with the cluster while the
 * pacer drives it. Nothing that the cluster does depends on it.
 */
export function forwardServices(
  cluster: Cluster,
  pacer: Pacer,
  options: ForwardingOptions,
): Forwarding {
  const locate = endpointLocator(options.overrides);
  const families = (Object.keys(HOSTS) as IPFamily[]).map((family) => ({
    family,
    host: HOSTS[family],
    proxy: new UserspaceProxy({
      host: HOSTS[family],
      random: Random.seeded(`proxy ${family}`),
      locate,
      onFailure: options.onFailure,
    }),
    known: new Map<string, Forward>(),
  }));
  const liveness = new Liveness(wallClock, LATE_PERIODS * SYNC_PERIOD_MS);
  const health = new HealthServer({
    host: HOSTS.IPv4,
    liveness,
    onFailure: (message) => options.onFailure(message),
  });
  let running = openHealth(health, options);
  let planned: (() => void) | undefined;
  let closed = false;

  async function follow(): Promise<void> {
    const name = options.node ?? firstNode(cluster);
    const look = name === undefined ? undefined : lookAtProxy(cluster, name, 'userspace');
    if (!look || closed) return;
    liveness.timeoutMs = LATE_PERIODS * look.models.IPv4.settings.syncPeriodMs;
    for (const { family, host, proxy, known } of families) {
      await proxy.follow(look.models[family]);
      tell(known, proxy.forwards, host, options);
      liveness.updated(family);
    }
    const before = health.ports;
    await health.follow(look.healthChecks, look.health.body.nodeEligible);
    for (const [service, port] of health.ports)
      if (before.get(service) !== port) options.onHealth?.(service, HOSTS.IPv4, port);
  }

  function next(): Promise<void> {
    running = running
      .then(follow)
      .catch((error: Error) => options.onFailure(`the ports are not up to date: ${error.message}`));
    return running;
  }

  const stop = pacer.onChange(() => {
    for (const { family } of families) liveness.queued(family);
    planned ??= afterWall(GATHER_MS, () => {
      planned = undefined;
      void next();
    });
  });
  return {
    caughtUp: next,
    async close() {
      closed = true;
      stop();
      planned?.();
      await running;
      for (const { proxy } of families) await proxy.close();
      await health.close();
    },
  };
}

async function openHealth(
  health: HealthServer,
  { healthzPort, onHealth, onFailure }: ForwardingOptions,
): Promise<void> {
  if (healthzPort === undefined) return;
  try {
    onHealth?.(undefined, HOSTS.IPv4, await health.open(healthzPort));
  } catch (error) {
    onFailure(
      `port ${healthzPort} for the health of the proxy cannot be opened: ${(error as Error).message}`,
    );
  }
}

function tell(
  known: Map<string, Forward>,
  forwards: readonly Forward[],
  host: string,
  { onOpen, onClose }: ForwardingOptions,
): void {
  const now = new Map(forwards.map((forward) => [JSON.stringify(forward), forward]));
  for (const [key, forward] of known)
    if (!now.has(key)) {
      known.delete(key);
      onClose(forward, host);
    }
  for (const [key, forward] of now)
    if (!known.has(key)) {
      known.set(key, forward);
      onOpen(forward, host);
    }
}

function firstNode(cluster: Cluster): string | undefined {
  return cluster.transport
    .lister(nodes)
    .list()
    .map(({ metadata }) => metadata.name ?? '')
    .sort()[0];
}
