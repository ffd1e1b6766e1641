import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Node, Service } from '../../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../../generated/discovery/v1/types.ts';
import {
  EMITTERS,
  healthChecks,
  type IPFamily,
  type ModelChange,
  type ProxyConfig,
  proxyHealth,
  RuleTracker,
  restoreText,
  staleFlows,
} from '../../../proxy/index.ts';
import { type AreaResult, type Mismatch, sameJson } from '../report.ts';
import { normalRules, readRestore, type SavedTables, savedTables } from './saved.ts';

interface Case {
  readonly id: string;
  readonly inputs: {
    readonly node: Node;
    readonly config: ProxyConfig;
    readonly steps: readonly Inputs[];
  };
  readonly expected: { readonly steps: readonly Expected[] };
}

interface Inputs {
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
}

interface Expected {
  readonly 'iptables-save': SavedTables;
  readonly 'ip6tables-save'?: SavedTables;
  readonly 'iptables-restore': readonly string[];
  readonly http?: Readonly<Record<string, Answer>>;
  readonly conntrack?: readonly string[];
}

interface Answer {
  readonly status?: number;
  readonly contentType?: string;
  readonly endpointsHeader?: string;
  readonly body?: unknown;
  readonly error?: string;
}

/** What kube-proxy was run with, but for what a case says. */
const CONFIG: ProxyConfig = { mode: 'iptables', clusterCIDR: '10.244.0.0/16' };

export async function run(casesDir: string): Promise<AreaResult> {
  const mismatches: Mismatch[] = [];
  const files = (await readdir(casesDir)).sort();
  for (const file of files) {
    const each = JSON.parse(await readFile(join(casesDir, file), 'utf8')) as Case;
    const mismatch = play(each);
    if (mismatch) mismatches.push(mismatch);
  }
  const matched = files.length - mismatches.length;
  return { area: 'proxy', matched, total: files.length, mismatches };
}

/** States that kube-proxy syncs one after the other to get from a step to the next. */
type Syncs = readonly Inputs[];

/** Finds for each step a way there that leaves what was recorded. */
function play(each: Case): Mismatch | undefined {
  const { steps } = each.inputs;
  const ways: Syncs[] = [];
  for (const [at, step] of steps.entries()) {
    const tried = waysTo(step, ways.at(-1)?.at(-1)).map((way) => ({
      way,
      mismatch: playSteps(each, [...ways, way]),
    }));
    const found = tried.find(({ mismatch }) => !mismatch);
    if (!found) return { ...tried[0]!.mismatch!, id: `${each.id}#${at}` };
    ways.push(found.way);
  }
  return undefined;
}

/**
 * Where a step changes services and slices, watch events of both come in either order and may be synced by themselves; and
 * the recording may have been made before the second (`change-delete-service` still refuses what goes to the service).
 */
function waysTo(now: Inputs, before: Inputs | undefined): Syncs[] {
  const same =
    !before ||
    sameJson(before.services, now.services) ||
    sameJson(before.endpointSlices, now.endpointSlices);
  if (same) return [[now]];
  const slicesFirst = { services: before.services, endpointSlices: now.endpointSlices };
  const servicesFirst = { services: now.services, endpointSlices: before.endpointSlices };
  return [[now], [slicesFirst, now], [servicesFirst, now], [slicesFirst], [servicesFirst]];
}

/** Plays steps from the first on; the mismatch of the last one. */
function playSteps({ inputs, expected, id }: Case, ways: readonly Syncs[]): Mismatch | undefined {
  const config = { ...CONFIG, ...inputs.config };
  const following = (family: IPFamily): RuleTracker =>
    new RuleTracker({ node: inputs.node, family, config, version: '1.28' });
  const [v4, v6] = [following('IPv4'), following('IPv6')];
  const follower = EMITTERS.iptables!.follow(v4.model);
  const wanted = expected.steps[ways.length - 1]!;
  let before: Inputs | undefined;
  let last: { change: ModelChange; update: string } | undefined;
  let changes: ModelChange[] = [];
  for (const way of ways) {
    changes = [];
    for (const sync of way) {
      const change = move(v4, before, sync);
      last = { change, update: follower.update(change) };
      changes.push(change, move(v6, before, sync));
      before = sync;
    }
  }
  const parts: readonly [string, unknown, unknown][] = [
    ['iptables-save', wanted['iptables-save'], savedAs(v4)],
    ['ip6tables-save', wanted['ip6tables-save'], wanted['ip6tables-save'] && savedAs(v6)],
    ['iptables-restore', ...restored(wanted, last!.change, last!.update)],
    ['http', wanted.http, wanted.http && answers(wanted.http, inputs.node, [v4, v6])],
    ['conntrack', wanted.conntrack ?? [], conntrack(changes)],
  ];
  const wrong = parts.find(([, want, actual]) => !sameJson(want, actual));
  return wrong && { id, cause: wrong[0], expected: wrong[1], actual: wrong[2] };
}

/** Reaches a step from the one before, as watch events would. */
function move(tracker: RuleTracker, before: Inputs | undefined, now: Inputs): ModelChange {
  const gone = <T extends Service | EndpointSlice>(
    a: readonly T[] = [],
    b: readonly T[],
  ): string[] => a.map(keyOf).filter((key) => !b.some((each) => keyOf(each) === key));
  for (const key of gone(before?.services, now.services)) tracker.deleteService(key);
  for (const key of gone(before?.endpointSlices, now.endpointSlices)) tracker.deleteSlice(key);
  for (const service of now.services) tracker.setService(service);
  for (const slice of now.endpointSlices) tracker.setSlice(slice);
  return tracker.commit();
}

const keyOf = ({ metadata }: Service | EndpointSlice): string =>
  `${metadata.namespace}/${metadata.name}`;

function savedAs({ model }: RuleTracker): SavedTables {
  return savedTables(EMITTERS.iptables!.rules(model), model.family);
}

/**
 * The recorded text is that of the last sync of a step, so it may hold fewer chains than changed in all. What it holds must be
 * ours; where it is not the first step, what it writes and deletes must be part of what we write and delete.
 */
function restored(wanted: Expected, change: ModelChange, update: string): [unknown, unknown] {
  const recorded = readRestore(wanted['iptables-restore']);
  const first = change.before.services.size === 0;
  const ours = readRestore(restoreText(change.after).trim().split('\n'));
  const partial = readRestore(update.trim().split('\n'));
  const want: Record<string, unknown> = {};
  const actual: Record<string, unknown> = {};
  for (const [table, { chains, rules, deleted }] of recorded) {
    for (const chain of chains) {
      if (deleted.includes(chain)) continue;
      want[`${table} ${chain}`] = normalRules(chain, rules.get(chain) ?? []);
      actual[`${table} ${chain}`] = normalRules(chain, ours.get(table)?.rules.get(chain) ?? []);
    }
    if (first) continue;
    want[`${table} extra`] = { chains: [], deleted: [] };
    const mine = partial.get(table);
    actual[`${table} extra`] = {
      chains: chains.filter((chain) => !mine?.chains.includes(chain)),
      deleted: deleted.filter((chain) => !mine?.deleted.includes(chain)),
    };
  }
  return [want, actual];
}

function answers(
  asked: Readonly<Record<string, Answer>>,
  node: Node,
  trackers: readonly RuleTracker[],
): Readonly<Record<string, Answer>> {
  const checks = healthChecks(trackers.map(({ model }) => model));
  return Object.fromEntries(
    Object.keys(asked).map((url): [string, Answer] => {
      if (url.endsWith('/healthz')) {
        const { code, body } = proxyHealth(node, '1.28');
        return [url, { status: code, contentType: 'application/json', body }];
      }
      const check = checks.find(({ port }) => url.endsWith(`:${port}/`));
      if (!check) return [url, { error: 'ECONNREFUSED' }];
      const { code, headers, body } = check;
      const endpointsHeader = headers['X-Load-Balancing-Endpoint-Weight']!;
      return [url, { status: code, contentType: headers['Content-Type']!, endpointsHeader, body }];
    }),
  );
}

/** The arguments that kube-proxy 1.28 calls conntrack with. */
function conntrack(changes: readonly ModelChange[]): string[] {
  const calls = changes.flatMap(staleFlows).map(({ family, destination, nodePort, endpoint }) => {
    const nat = endpoint === undefined ? '' : ` --dst-nat ${endpoint}`;
    const flow =
      destination === undefined
        ? `-D -p udp --dport ${nodePort}${nat}`
        : `-D --orig-dst ${destination}${nat} -p udp`;
    return family === 'IPv6' ? `${flow} -f ipv6` : flow;
  });
  return [...new Set(calls)].sort();
}
