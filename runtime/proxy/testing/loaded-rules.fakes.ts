import type { Endpoint } from '../../../generated/discovery/v1/types.ts';
import type { Emitter } from '../emitter.ts';
import { iptablesEmitter } from '../iptables/index.ts';
import { type IPFamily, RuleTracker, type StaleFlows, staleFlows } from '../model/index.ts';
import { nftablesEmitter } from '../nftables/index.ts';
import { ipv6Missing, type Pod, type TestNetwork } from './network.fakes.ts';
import {
  CONFIG,
  endpoint,
  NODE,
  SERVICE_CIDRS,
  type ServiceOptions,
  service,
  slice,
} from './objects.fakes.ts';

/** A mode whose rules carry packets. */
export interface Mode {
  readonly mode: 'iptables' | 'nftables';
  readonly emitter: Emitter;
  readonly programs: readonly string[];
  /** What loads a text: all rules, or a change of them. */
  loader(family: IPFamily, whole: boolean): string[];
}

export const MODES: readonly Mode[] = [
  {
    mode: 'iptables',
    emitter: iptablesEmitter,
    programs: ['iptables', 'ip6tables', 'sysctl'],
    loader: (family, whole) => [
      `${family === 'IPv6' ? 'ip6tables' : 'iptables'}-restore`,
      ...(whole ? [] : ['--noflush']),
    ],
  },
  {
    mode: 'nftables',
    emitter: nftablesEmitter,
    programs: ['nft', 'sysctl'],
    loader: () => ['nft', '-f', '-'],
  },
];

export const FAMILIES = ['IPv4', 'IPv6'] as const;
export const PODS: readonly Pod[] = [
  { name: 'a', ip: '10.244.1.5', ip6: 'fd00:10:244:1::5' },
  { name: 'b', ip: '10.244.1.6', ip6: 'fd00:10:244:1::6' },
  { name: 'c', ip: '10.244.2.7', ip6: 'fd00:10:244:2::7' },
];
export const POD_PORT = 8080;
export const PORTS = [
  { name: 'tcp', port: 80, protocol: 'TCP', nodePort: 0 },
  { name: 'udp', port: 53, protocol: 'UDP', nodePort: 0 },
  { name: 'sctp', port: 38, protocol: 'SCTP', nodePort: 0 },
] as const;
/** Addresses of a family: who asks, and those of the service with a number. */
export function addresses(family: IPFamily) {
  const v4 = family === 'IPv4';
  return {
    node: v4 ? '192.168.10.1' : 'fd00:192::1',
    clients: v4 ? ['192.168.10.2', '192.168.10.3'] : ['fd00:192::2', 'fd00:192::3'],
    pod: (name: string): string => {
      const { ip, ip6 } = PODS.find((each) => each.name === name)!;
      return v4 ? ip : ip6!;
    },
    cluster: (n: number) => (v4 ? `10.96.0.${n}` : `fd00:10:96::${n}`),
    external: (n: number) => (v4 ? `198.51.100.${n}` : `fd00:198::${n}`),
    balancer: (n: number) => (v4 ? `203.0.113.${n}` : `fd00:203::${n}`),
  };
}
export const IN4 = addresses('IPv4');
export const IN6 = addresses('IPv6');

export type Place = string | readonly [pod: string, more: Partial<Endpoint>];

/** The rules of a node in its kernel, of both families, brought up to date after every change. */
export class LoadedRules {
  readonly #network: TestNetwork;
  readonly #mode: Mode;
  readonly #followed;

  constructor(network: TestNetwork, mode: Mode) {
    this.#network = network;
    this.#mode = mode;
    const config = { ...CONFIG, mode: mode.mode };
    this.#followed = FAMILIES.filter((family) => family === 'IPv4' || !ipv6Missing()).map(
      (family) => {
        const options = { node: NODE, family, config, serviceCIDRs: SERVICE_CIDRS };
        const tracker = new RuleTracker(options);
        this.#load(family, mode.emitter.rules(tracker.model), true);
        return { family, tracker, rules: mode.emitter.follow(tracker.model) };
      },
    );
  }

  /** Service `t/n<number>` with the pods behind it, of both families. */
  have(number: number, places: readonly Place[], spec: ServiceOptions = {}): void {
    const key = `t/n${number}`;
    const dual = service(key, IN4.cluster(number), {
      ipFamilies: [...FAMILIES],
      clusterIPs: [IN4.cluster(number), IN6.cluster(number)],
      ports: [PORTS[0]],
      ...spec,
    });
    const ports = dual.spec!.ports!.map(({ name, protocol }) => ({
      name,
      protocol,
      port: POD_PORT,
    }));
    for (const { tracker } of this.#followed) {
      tracker.setService(dual);
      for (const { pod } of [IN4, IN6]) {
        const endpoints = places.map((place) => {
          const [name, more] = typeof place === 'string' ? [place, {}] : place;
          return endpoint(pod(name), name === 'c' ? 'n2' : 'n1', more);
        });
        tracker.setSlice(slice(key, endpoints, ports as never));
      }
    }
    this.#update();
  }

  remove(number: number): void {
    for (const { tracker } of this.#followed) tracker.deleteService(`t/n${number}`);
    this.#update();
  }

  /** Flows that the last change has left behind. */
  stale: readonly StaleFlows[] = [];

  /** Makes the kernel forget them, as kube-proxy does: those that do not lead where they are to lead. */
  forget(): void {
    for (const { family, destination, port, nodePort, exceptEndpoints = [] } of this.stale) {
      const about = [
        ...['-f', family.toLowerCase(), '-p', 'udp'],
        ...(destination === undefined ? [] : ['--orig-dst', destination]),
        ...['--orig-port-dst', `${port ?? nodePort}`],
      ];
      const listed = this.#network.onNode(['conntrack', '-L', ...about]);
      const sources = [...listed.matchAll(/ src=(\S+) /g)].map(([, ip = '']) => ip);
      // The second of each line is where replies come from.
      const led = new Set(sources.filter((_, at) => at % 2 === 1));
      for (const ip of led)
        if (!exceptEndpoints.includes(ip))
          this.#network.onNode(['conntrack', '-D', ...about, '--reply-src', ip]);
    }
  }

  #update(): void {
    const found: StaleFlows[] = [];
    for (const { family, tracker, rules } of this.#followed) {
      const change = tracker.commit();
      this.#load(family, rules.update(change), false);
      found.push(...staleFlows(change));
    }
    this.stale = found;
  }

  #load(family: IPFamily, text: string, whole: boolean): void {
    if (text !== '') this.#network.onNode(this.#mode.loader(family, whole), text);
  }
}
