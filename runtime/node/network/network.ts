import type { Pod, Service } from '../../../generated/core/v1/types.ts';
import { isSilent } from '../ailments.ts';
import type { Kubelets } from '../kubelets.ts';
import { type Answer, type Answerer, type Call, ECHO, REFUSED, SILENT } from '../programs/index.ts';
import { chosen, type Target } from './choice.ts';
import { namesOf } from './names.ts';
import { type Origin, type Protocol, type Roads, type Route, routeOf } from './routes.ts';
import { type View, viewOf } from './view.ts';

export type { Origin };

/** Those who answer calls that have arrived. */
export interface Ends {
  /** What a pod says to a call at one of its ports. */
  pod(pod: Pod, call: Call, clientIp: string): Answer;
  /** What the API server says to a request. */
  api(call: Extract<Call, { kind: 'http' }>): Answer;
}

/** How deep calls may lead to calls: a page that asks a page that asks the first. */
const DEPTH_MAX = 8;
/** Where clusters have their name server unless a service says otherwise. */
const NAME_SERVER = '10.96.0.10';

export class Network {
  readonly #of: () => Kubelets;
  readonly #ends: Ends;
  #view: View | undefined;
  #depth = 0;
  /** Counts what calls have left behind in the state. */
  changes = 0;

  constructor(kubelets: () => Kubelets, ends: Ends) {
    this.#of = kubelets;
    this.#ends = ends;
  }

  get #kubelets(): Kubelets {
    return this.#of();
  }

  /** The address of the cluster's name server. */
  nameServer(): string {
    return this.#kubelets.services.get('kube-dns', 'kube-system')?.spec?.clusterIP ?? NAME_SERVER;
  }

  answerer(origin: Origin): Answerer {
    return (call, { atMs, caller, nth }) => {
      if (this.#depth >= DEPTH_MAX) return SILENT;
      this.#depth++;
      try {
        return this.#answer(origin, call, `${origin.pod.metadata.uid}/${caller}/${nth}/${atMs}`);
      } finally {
        this.#depth--;
      }
    };
  }

  #answer(origin: Origin, call: Call, seed: string): Answer {
    this.#view ??= viewOf(this.#kubelets);
    if (call.kind === 'name') return this.#names(origin, call);
    if (call.kind === 'echo') return this.#echo(origin, call.address);
    const { address, port } = call;
    const protocol: Protocol = call.kind === 'udp' ? 'UDP' : call.kind === 'sctp' ? 'SCTP' : 'TCP';
    const roads: Roads = {
      kubelets: this.#kubelets,
      view: this.#view,
      choose: (service, name, all) => this.#choose(origin, service, name, all, seed),
    };
    return this.#arrive(call, routeOf(roads, origin, { address, port, protocol }));
  }

  #arrive(call: Exclude<Call, { kind: 'name' | 'echo' }>, route: Route): Answer {
    switch (route.to) {
      case 'nowhere':
        return SILENT;
      case 'refused':
        return REFUSED;
      case 'api':
        return call.kind === 'http' ? this.#ends.api(call) : ECHO;
      case 'pod': {
        const { pod, port, clientIp, others = [] } = route;
        const inside = { ...call, port };
        for (const each of [pod, ...others]) {
          const answer = this.#ends.pod(each, inside, clientIp);
          if (answer.kind !== 'refused') return answer;
        }
        return REFUSED;
      }
    }
  }

  #names({ nodeName }: Origin, { server, names, type }: Extract<Call, { kind: 'name' }>): Answer {
    if (server !== this.nameServer() || isSilent(this.#kubelets, nodeName)) return SILENT;
    const { clusterDomain } = this.#kubelets.settings();
    for (const name of names) {
      const { exists, records } = namesOf(this.#view!, name, type, clusterDomain);
      if (records.length > 0 || (exists && names.length === 1))
        return { kind: 'names', status: 'NOERROR', name, records, afterMs: 0 };
    }
    const name = names.at(-1) ?? '';
    return { kind: 'names', status: 'NXDOMAIN', name, records: [], afterMs: 0 };
  }

  #echo({ nodeName }: Origin, address: string): Answer {
    const { state } = this.#kubelets;
    const node =
      this.#view!.nodeAt(address) ?? state.pods.get(state.addresses.get(address) ?? '')?.node;
    if (node === undefined) return SILENT;
    const isCut = isSilent(this.#kubelets, nodeName) || isSilent(this.#kubelets, node);
    return isCut && node !== nodeName ? SILENT : ECHO;
  }

  /** Any of the targets; for a client with affinity the one that it has had, for as long as that holds. */
  #choose(
    { nodeName, podIp }: Origin,
    { metadata, spec }: Service,
    port: string,
    all: readonly Target[],
    seed: string,
  ): Target | undefined {
    if (spec?.sessionAffinity !== 'ClientIP') return chosen(all, seed);
    const { state, context } = this.#kubelets;
    const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
    const key = [nodeName, metadata.uid, port, podIp].join('\0');
    const before = state.affinities.get(key);
    const nowMs = context.pace.now();
    const kept =
      before && nowMs - before.atMs < seconds * 1000
        ? all.find(({ address, port: at }) => `${address}:${at}` === before.target)
        : undefined;
    const target = kept ?? chosen(all, seed);
    if (target) {
      state.affinities.set(key, { target: `${target.address}:${target.port}`, atMs: nowMs });
      this.changes++;
    }
    return target;
  }
}
