import type { Random } from '../../base/index.ts';
import { wallClock } from '../../base/index.ts';
import { ownerOf } from '../line-rules.ts';
import type { ModelChange, RuleModel, ServicePortRules } from '../model/index.ts';
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
  readonly #open = new Map<string, { readonly forward: Forward; readonly socket: ProxySocket }>();

  constructor(options: UserspaceProxyOptions) {
    this.#options = options;
    this.#balancer = new LoadBalancer({ clock: wallClock, random: options.random });
  }

  /** Sorted by name, then protocol. */
  get forwards(): readonly Forward[] {
    return [...this.#open].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { forward }]) => forward);
  }

  /** Opens ports for all services of a model. */
  async begin(model: RuleModel): Promise<void> {
    for (const { ports } of model.services.values())
      for (const port of ports) await this.#set(port);
  }

  async update({ before, after, services, whole }: ModelChange): Promise<void> {
    for (const key of whole ? [...before.services.keys(), ...after.services.keys()] : services) {
      const now = after.services.get(key)?.ports ?? [];
      const names = new Set(now.map(ownerOf));
      for (const port of before.services.get(key)?.ports ?? [])
        if (!names.has(ownerOf(port))) await this.#remove(ownerOf(port));
      for (const port of now) await this.#set(port);
    }
    this.#balancer.forgetExpired();
  }

  async close(): Promise<void> {
    for (const owner of [...this.#open.keys()]) await this.#remove(owner);
  }

  async #set(port: ServicePortRules): Promise<void> {
    const owner = ownerOf(port);
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
