import type { Node, Service } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { stopwatch } from '../../base/index.ts';
import {
  EMITTERS,
  type ProxyMode,
  RuleTracker,
  restoreText,
  ruleModel,
} from '../../proxy/index.ts';
import { type Case, type Figure, figure, percentile } from './figure.ts';

const SERVICES = 10_000;
const ENDPOINTS = 10;
const CHANGES = 200;
/** A busy machine spoils single rounds. */
const ROUNDS = 3;

const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n0' } };
const config = { clusterCIDR: '10.0.0.0/8' };

function service(n: number): Service {
  const clusterIP = `10.96.${n >> 8}.${n & 255}`;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `s${n}`, namespace: 'load' },
    spec: {
      clusterIP,
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ports: [{ name: 'http', protocol: 'TCP', port: 80 }],
    },
  };
}

/** One endpoint of the slice moves with every round. */
function slice(n: number, moved = 0): EndpointSlice {
  const addressOf = (at: number): string => {
    const pod = n * ENDPOINTS + at;
    return `10.${128 + (pod >> 16) + (at === 0 ? moved : 0)}.${(pod >> 8) & 255}.${pod & 255}`;
  };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `s${n}-a`,
      namespace: 'load',
      labels: { 'kubernetes.io/service-name': `s${n}` },
    },
    addressType: 'IPv4',
    endpoints: Array.from({ length: ENDPOINTS }, (_, at) => ({
      addresses: [addressOf(at)],
      conditions: { ready: true, serving: true, terminating: false },
      nodeName: `n${at}`,
    })),
    ports: [{ name: 'http', protocol: 'TCP', port: 8080 }],
  };
}

const each = <T>(make: (n: number) => T): T[] =>
  Array.from({ length: SERVICES }, (_, n) => make(n));

type Objects = Pick<Parameters<typeof ruleModel>[0], 'endpointSlices' | 'services'>;

/** The text of all rules from the objects on: what a proxy does that starts. */
function whole(mode: ProxyMode, objects: Objects): Figure[] {
  let [wholeMs, size] = [Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const time = stopwatch();
    const model = ruleModel({ node, family: 'IPv4', config: { ...config, mode }, ...objects });
    size = (mode === 'iptables' ? restoreText(model) : EMITTERS[mode]!.rules(model)).length;
    wholeMs = Math.min(wholeMs, time());
  }
  return [
    figure(`${mode}, 10,000 services of 10 endpoints, full text`, wholeMs, 'ms', 2000),
    figure('… its size', size / 2 ** 20, 'MiB'),
  ];
}

/** The text of one change after the other, from the slice on. */
function changes(mode: ProxyMode, objects: Objects): Figure[] {
  const tracker = new RuleTracker({ node, family: 'IPv4', config: { ...config, mode } });
  tracker.setAll(objects.services, objects.endpointSlices);
  tracker.commit();
  const follower = EMITTERS[mode]!.follow(tracker.model);
  const times: number[] = [];
  for (let round = 1; round <= CHANGES; round++) {
    const changed = slice((round * 7919) % SERVICES, 1 + (round % 50));
    const time = stopwatch();
    tracker.setSlice(changed);
    const update = follower.update(tracker.commit());
    times.push(time());
    if (!update.includes(changed.endpoints![0]!.addresses[0]!)) throw new Error('nothing changed');
  }
  return [
    figure(`… ${mode}, one endpoint changed`, percentile(times, 0.5), 'ms', 5),
    figure(`… ${mode}, one endpoint changed, p95`, percentile(times, 0.95), 'ms'),
  ];
}

async function run(): Promise<Figure[]> {
  const objects = { services: each(service), endpointSlices: each((n) => slice(n)) };
  const modes = ['iptables', 'nftables', 'ipvs'] as const;
  return modes.flatMap((mode) => [...whole(mode, objects), ...changes(mode, objects)]);
}

export const proxyCases: readonly Case[] = [{ name: 'proxy', run }];
