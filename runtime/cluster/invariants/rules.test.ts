import { describe, expect, it } from 'vitest';
import type { Lister } from '../../client/index.ts';
import type { KubeObject, WatchEvent } from '../../meta/index.ts';
import type { WriteRecord } from '../../trace/index.ts';
import type { Observed, Rule, RuleMaker } from './rule.ts';
import { boundOnce } from './rules/bound-once.ts';
import { budget } from './rules/budget.ts';
import { committed } from './rules/committed.ts';
import { endpoints } from './rules/endpoints.ts';
import { finalizers } from './rules/finalizers.ts';
import { owners } from './rules/owners.ts';
import { quota } from './rules/quota.ts';
import { revisions } from './rules/revisions.ts';
import { surplus } from './rules/surplus.ts';
import { RULES } from './table.ts';

type Parts = Record<string, unknown>;

/** A rule over what is stored, by plural name; the clock stands at 100 s. */
function ruleOver(
  make: RuleMaker,
  stored: Record<string, readonly KubeObject[]>,
  lateMs = 0,
): Rule {
  const observed: Observed = {
    now: () => 100_000,
    lateness: () => lateMs,
    lister: <T>({ resource }: { readonly resource: string }) => {
      const all = (): readonly KubeObject[] => stored[resource] ?? [];
      const find = (name: string) => all().find(({ metadata }) => metadata.name === name);
      return { list: all, get: find, byKey: find } as unknown as Lister<T>;
    },
  };
  return make(observed);
}

function object(name: string, parts: Parts = {}, metadata: Parts = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Any',
    metadata: { name, namespace: 'n', uid: `uid-${name}`, ...metadata },
    ...parts,
  } as unknown as KubeObject;
}

let revision = 0;
const added = (each: KubeObject): WatchEvent => ({
  type: 'ADDED',
  object: each,
  revision: ++revision,
});
const modified = (each: KubeObject, previous: KubeObject): WatchEvent => ({
  type: 'MODIFIED',
  object: each,
  previous,
  revision: ++revision,
});
const deleted = (each: KubeObject): WatchEvent => ({
  type: 'DELETED',
  object: each,
  revision: ++revision,
});

const container = { name: 'c', image: 'i', resources: { requests: { cpu: '1' } } };
const on = (nodeName?: string, status: Parts = {}) => ({
  spec: { containers: [container], ...(nodeName ? { nodeName } : {}) },
  status,
});
const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

it('has a case for every rule', () => {
  const cases = [
    boundOnce,
    budget,
    committed,
    endpoints,
    finalizers,
    owners,
    quota,
    revisions,
    surplus,
  ];
  expect(new Set(cases)).toEqual(new Set(RULES));
});

describe('a pod', () => {
  it('that is bound again', () => {
    const rule = ruleOver(boundOnce, {});
    const [free, first, second] = [undefined, 'n1', 'n2'].map((node) => object('p', on(node)));
    expect(rule.check(modified(first!, free!), 'pods')).toBeUndefined();
    expect(rule.check(modified(second!, first!), 'pods')).toBe('was bound to n1, then to n2');
  });

  it('that its node has no room for', () => {
    const node = object('n1', { status: { allocatable: { cpu: '1500m', pods: '10' } } });
    const rule = ruleOver(committed, { nodes: [node] });
    const bind = (name: string) => {
      const before = object(name, on());
      rule.check(added(before), 'pods');
      return rule.check(modified(object(name, on('n1')), before), 'pods');
    };
    expect(bind('p')).toBeUndefined();
    expect(bind('q')).toBe('pods on n1 ask for 2 of cpu, it has 1500m');
    rule.check(modified(object('p', on('n1', { phase: 'Failed' })), object('p', on('n1'))), 'pods');
    rule.check(deleted(object('q', on('n1'))), 'pods');
    expect(bind('r')).toBeUndefined();
  });

  it('that is one more than its quota or its owner allows', () => {
    const most = object('most', { spec: { hard: { pods: '1' } } });
    const counted = ruleOver(quota, { resourcequotas: [most] });
    expect(counted.check(added(object('p', on())), 'pods')).toBeUndefined();
    expect(counted.check(added(object('q', on())), 'pods')).toContain('number 2 of the 1 pods');
    const overdrawn = object('most', {
      spec: { hard: { cpu: '1' } },
      status: { used: { cpu: '2' } },
    });
    expect(counted.check(added(overdrawn), 'resourcequotas')).toBe('uses 2 of cpu, and allows 1');
    const set = object('web', { spec: { replicas: 1 } });
    const of = {
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web', uid: 'uid-web', controller: true }],
    };
    const asked = ruleOver(surplus, { replicasets: [set] });
    const first = object('p', on(), of);
    expect(asked.check(added(first), 'pods')).toBeUndefined();
    const going = object('p', on(), { ...of, deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(asked.check(added(object('q', on(), of)), 'pods')).toContain('number 2 of the 1');
    asked.check(modified(going, first), 'pods');
    asked.check(deleted(object('q', on(), of)), 'pods');
    expect(asked.check(added(object('r', on(), of)), 'pods')).toBeUndefined();
    const late = ruleOver(surplus, { replicasets: [set] }, 1_000);
    late.check(modified(set, object('web', { spec: { replicas: 2 } })), 'replicasets');
    late.check(added(object('p', on(), of)), 'pods');
    expect(late.check(added(object('q', on(), of)), 'pods')).toBeUndefined();
    expect(late.check(added(object('r', on(), of)), 'pods')).toContain('number 3 of the 2');
  });

  it('that is evicted over its budget', () => {
    const spec = { selector: { matchLabels: { app: 'web' } } };
    const labels = { app: 'web' };
    const deletionTimestamp = '2026-01-01T00:00:00Z';
    const target = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' };
    const before = object('p', { status: ready }, { labels });
    const evicted = object(
      'p',
      { status: { conditions: [...ready.conditions, target] } },
      { labels, deletionTimestamp },
    );
    const noted = object('b', { spec, status: { disruptedPods: { p: deletionTimestamp } } });
    const check = (each: KubeObject) =>
      ruleOver(budget, { poddisruptionbudgets: [each] }).check(modified(evicted, before), 'pods');
    expect(check(noted)).toBeUndefined();
    expect(check(object('b', { spec }))).toContain('although the budget b did not allow it');
    const minus = object('b', { status: { disruptionsAllowed: -1 } });
    expect(ruleOver(budget, {}).check(added(minus), 'poddisruptionbudgets')).toBe(
      'allows -1 disruptions',
    );
  });

  it('that is no endpoint any more', () => {
    const slice = object(
      's',
      {
        endpoints: [
          { conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'p', uid: 'uid-p' } },
        ],
      },
      { labels: { 'kubernetes.io/service-name': 'web' } },
    );
    const services = [object('web', { spec: {} })];
    const good = { services, pods: [object('p', { status: ready })] };
    const bad = { services, pods: [object('p')] };
    expect(ruleOver(endpoints, good).check(added(slice), 'endpointslices')).toBeUndefined();
    const rule = ruleOver(endpoints, bad);
    expect(rule.check(added(slice), 'endpointslices')).toBe('calls p ready, which is not');
    rule.check(modified(object('p'), object('p', { status: ready })), 'pods');
    expect(rule.check(added(slice), 'endpointslices')).toBeUndefined();
  });
});

describe('an object', () => {
  it('that goes with a finalizer, or comes back', () => {
    const rule = ruleOver(finalizers, {});
    const held = object('o', {}, { finalizers: ['a.b/c'], deletionTimestamp: 'then' });
    expect(rule.check(deleted(held), 'any')).toBe('is gone with its finalizers a.b/c');
    expect(rule.check(deleted(object('o')), 'any')).toBeUndefined();
    expect(rule.excuses?.({ verb: 'patch' } as WriteRecord)).toBe(true);
    expect(rule.excuses?.({ verb: 'delete' } as WriteRecord)).toBe(false);
    expect(rule.check(modified(object('o'), held), 'any')).toBe('is deleted no more');
  });

  it('that owns its owner', () => {
    const rule = ruleOver(owners, {});
    const owned = (name: string, by: string) =>
      object(name, {}, { ownerReferences: [{ kind: 'Any', name: by, uid: `uid-${by}` }] });
    expect(rule.check(added(owned('b', 'a')), 'any')).toBeUndefined();
    expect(rule.check(added(owned('c', 'b')), 'any')).toBeUndefined();
    expect(rule.check(modified(owned('a', 'c'), object('a')), 'any')).toBe(
      'owns one of its owners',
    );
  });

  it('whose revision or generation goes back', () => {
    const rule = ruleOver(revisions, {});
    const at = (version: string, generation: number) =>
      object('o', {}, { resourceVersion: version, generation });
    const tell = (each: KubeObject, number: number, previous?: KubeObject) =>
      rule.check(
        {
          type: previous ? 'MODIFIED' : 'ADDED',
          object: each,
          revision: number,
          ...(previous ? { previous } : {}),
        },
        'any',
      );
    expect(tell(at('5', 2), 5)).toBeUndefined();
    expect(tell(at('5', 2), 5)).toBe('changed at revision 5, after 5');
    expect(tell(at('5', 2), 6)).toBe('has resourceVersion 5 at revision 6');
    expect(tell(at('7', 1), 7, at('5', 2))).toBe('goes back from generation 2 to 1');
  });
});
