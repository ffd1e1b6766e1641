import type { Random } from '../../base/index.ts';
import { wallClock } from '../../base/index.ts';
import { ownerOf } from '../line-rules.ts';
import type { ProxySettings, RuleModel, ServicePortRules } from '../model/index.ts';
import { type Affinity, LoadBalancer } from './load-balancer.ts';
import { type HostPort, openTcp, openUdp, type ProxySocket } from './proxy-socket.ts';

export interface UserspaceProxyOptions {
  /** The address to listen on. */
  readonly host: string;
  readonly random: Random;
  /** Where an endpoint (`ip:port`) can be reached from here. */
  locate(endpoint: string): HostPort;
  /** Something that concerns nobody's connection alone went wrong, or a client could not be served. */
  onFailure(message: string): void;
  /** Instead of the configuration's `udpIdleTimeout`, which new ports take. */
  readonly udpIdleMs?: number;
}

/** A service port and the port that stands for it. */
export interface Forward {
  readonly name: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly clusterIP: string;
  readonly servicePort: number;
  /** On the proxy's address. */
  readonly port: number;
}

/**
 * Real forwarding for the services of a model: a port on one address for each service port, which stays the same for as long
 * as the service port is there. SCTP is not carried; `onFailure` is told.
 */
export class UserspaceProxy {
  readonly #balancer: LoadBalancer;
  readonly #options: UserspaceProxyOptions;
  /** As of the last time; a port that is the same needs no work. */
  readonly #seen = new Map<string, ServicePortRules>();
  readonly #open = new Map<string, { readonly forward: Forward; readonly socket: ProxySocket }>();

  constructor(options: UserspaceProxyOptions) {
    this.#options = options;
    this.#balancer = new LoadBalancer({ clock: wallClock, random: options.random });
  }

  /** Sorted by name, then protocol. */
  get forwards(): readonly Forward[] {
    return [...this.#open].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { forward }]) => forward);
  }

  /** Makes ports and endpoints those of the model. Not to be called again before it has ended. */
  async follow(model: RuleModel): Promise<void> {
    const gone = new Set(this.#open.keys());
    for (const { ports } of model.services.values())
      for (const port of ports) {
        const owner = ownerOf(port);
        gone.delete(owner);
        if (this.#seen.get(owner) !== port) await this.#set(owner, port, model.settings);
        this.#seen.set(owner, port);
      }
    for (const owner of gone) await this.#remove(owner);
    this.#balancer.forgetExpired();
  }

  async close(): Promise<void> {
    for (const owner of [...this.#open.keys()]) await this.#remove(owner);
  }

  async #set(owner: string, port: ServicePortRules, settings: ProxySettings): Promise<void> {
    const { protocol } = port;
    if (protocol === 'SCTP') {
      this.#options.onFailure(`${port.name}: the userspace proxy cannot carry SCTP`);
      return;
    }
    this.#balancer.setService(owner, affinityOf(port));
    this.#balancer.setEndpoints(owner, endpointsOf(port));
    const forward = {
      name: port.name,
      protocol,
      clusterIP: port.clusterIP,
      servicePort: port.port,
    } as const;
    const known = this.#open.get(owner);
    if (known) {
      this.#open.set(owner, { ...known, forward: { ...forward, port: known.forward.port } });
      return;
    }
    const { host, ...rest } = this.#options;
    const open = protocol === 'TCP' ? openTcp : openUdp;
    const socket = await open({
      udpIdleMs: settings.udpIdleMs,
      ...rest,
      service: owner,
      balancer: this.#balancer,
      listen: { host, port: 0 },
      locate: (endpoint) => this.#options.locate(endpoint),
      onFailure: (message) => this.#options.onFailure(message),
    });
    this.#open.set(owner, { socket, forward: { ...forward, port: socket.port } });
  }

  async #remove(owner: string): Promise<void> {
    const known = this.#open.get(owner);
    this.#open.delete(owner);
    this.#seen.delete(owner);
    this.#balancer.deleteService(owner);
    await known?.socket.close();
  }
}

function affinityOf({ affinitySeconds }: ServicePortRules): Affinity {
  return affinitySeconds === undefined
    ? { type: 'None' }
    : { type: 'ClientIP', timeoutSeconds: affinitySeconds };
}

/** Traffic policies and hints came after this mode: it knows ready endpoints, wherever they are. */
function endpointsOf({ all }: ServicePortRules): string[] {
  return all.filter(({ ready }) => ready).map(({ text }) => text);
}
