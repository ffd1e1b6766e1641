import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DaemonSet } from '../../../generated/apps/v1/types.ts';
import type { Node, Pod } from '../../../generated/core/v1/types.ts';
import { VIRTUAL_EPOCH_MS } from '../../base/index.ts';
import type { Lister } from '../../client/index.ts';
import { formatTime, type WatchEvent } from '../../meta/index.ts';
import { survey } from './survey.ts';
import { Surveys } from './surveys.ts';

const NOW = VIRTUAL_EPOCH_MS + 3_600_000;
const KEY = 'shop/log';
const SET: DaemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'log', namespace: 'shop', uid: 'u' },
  spec: {
    selector: { matchLabels: { app: 'log' } },
    template: { metadata: { labels: { app: 'log' } }, spec: { containers: [{ name: 'c' }] } },
  },
};
const STATE = { daemonSet: SET, hash: 'new', nowMs: NOW };

function nodeOf(name: string, isTainted = false): Node {
  const taints = isTainted ? [{ key: 'own', effect: 'NoSchedule' as const }] : [];
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { taints } };
}

interface Looks {
  readonly revision?: string;
  readonly isReady?: boolean;
  readonly isFailed?: boolean;
  readonly isGoing?: boolean;
}

function podOf(name: string, node: string, looks: Looks = {}): Pod {
  const { revision = 'new', isReady = true, isFailed, isGoing } = looks;
  const condition = { type: 'Ready', lastTransitionTime: formatTime(NOW - 60_000) };
  const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'log', uid: 'u' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      labels: { app: 'log', 'controller-revision-hash': revision },
      ownerReferences: [{ ...owner, controller: true }],
      ...(isGoing ? { deletionTimestamp: formatTime(NOW) } : {}),
    },
    spec: { nodeName: node, containers: [] },
    status: {
      phase: isFailed ? 'Failed' : 'Running',
      conditions: [{ ...condition, status: isReady && !isFailed ? 'True' : 'False' }],
    },
  };
}

/** A cluster of nodes and daemon pods, that counts how often somebody asks what is on a node. */
class World {
  readonly nodes = new Map<string, Node>();
  readonly pods = new Map<string, Pod>();
  readonly surveys: Surveys;
  asked = 0;

  constructor() {
    const lister = {
      byIndex: (_: string, value: string) => {
        this.asked++;
        return [...this.pods.values()].filter(({ spec }) => value === `u/${spec?.nodeName}`);
      },
    } as unknown as Lister<never>;
    const nodes = {
      byKey: (name: string) => this.nodes.get(name),
      list: () => [...this.nodes.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    } as unknown as Lister<Node>;
    const transport = { addIndex: () => undefined, lister: () => lister };
    this.surveys = new Surveys(transport, { nodes, podsOf: () => [...this.pods.values()] });
  }

  put(pod: Pod): void {
    const previous = this.pods.get(nameOf(pod));
    this.pods.set(nameOf(pod), pod);
    const event = { type: 'MODIFIED', object: pod, previous, revision: 1 };
    this.surveys.notePod(KEY, SET, event as WatchEvent<Pod>);
  }

  remove(name: string): void {
    const object = this.pods.get(name);
    if (!object) return;
    this.pods.delete(name);
    this.surveys.notePod(KEY, SET, { type: 'DELETED', object, revision: 1 } as WatchEvent<Pod>);
  }

  putNode(name: string, node: Node | undefined): void {
    if (node) this.nodes.set(name, node);
    else this.nodes.delete(name);
    this.surveys.noteNode(name);
  }
}

const nameOf = ({ metadata }: Node | Pod): string => metadata.name ?? '';

/** A survey in a form that can be compared. */
function plain({ outdated, ...counts }: ReturnType<typeof survey>): object {
  return { ...counts, outdated: [...outdated.entries()] };
}

describe('the survey of a DaemonSet', () => {
  it('looks only at what changed, and at what is open', () => {
    const world = new World();
    for (let at = 0; at < 50; at++) {
      world.putNode(`n${at}`, nodeOf(`n${at}`));
      world.put(podOf(`p${at}`, `n${at}`));
    }
    expect(world.surveys.look(KEY, STATE)).toMatchObject({ settled: 50, open: [] });
    expect(world.asked).toBe(0);
    world.put(podOf('p7', 'n7', { isReady: false }));
    expect(world.surveys.look(KEY, STATE)).toMatchObject({ settled: 49, starting: 1, open: [] });
    world.remove('p8');
    expect(world.surveys.look(KEY, STATE).open).toMatchObject([{ node: 'n8', pods: [] }]);
    expect(world.asked).toBe(2);
  });

  it('begins anew with another template or revision', () => {
    const world = new World();
    world.putNode('a', nodeOf('a'));
    world.put(podOf('p', 'a'));
    world.surveys.look(KEY, STATE);
    const after = world.surveys.look(KEY, { ...STATE, hash: 'newer' });
    expect([after.settled, [...after.outdated.keys()]]).toEqual([0, ['a']]);
    const spec = { ...SET.spec!, minReadySeconds: 3600 };
    const daemonSet = { ...SET, spec };
    expect(world.surveys.look(KEY, { ...STATE, daemonSet }).open).toHaveLength(1);
  });

  it('knows when there may be pods to take or to let go', () => {
    const world = new World();
    expect(world.surveys.hasClaims(KEY, SET)).toBe(true);
    world.surveys.look(KEY, STATE);
    world.put(podOf('p', 'a'));
    expect(world.surveys.hasClaims(KEY, SET)).toBe(false);
    const { ownerReferences: _, ...metadata } = podOf('q', 'a').metadata;
    world.put({ ...podOf('q', 'a'), metadata });
    expect(world.surveys.hasClaims(KEY, SET)).toBe(true);
    world.surveys.claimed(KEY);
    const stranger = podOf('p', 'a');
    world.put({ ...stranger, metadata: { ...stranger.metadata, labels: { app: 'other' } } });
    expect(world.surveys.hasClaims(KEY, SET)).toBe(true);
  });

  it('is always the one that a look at everything would give', () => {
    const node = fc.constantFrom('a', 'b', 'c');
    const looks = fc.record({
      revision: fc.constantFrom('new', 'old'),
      isReady: fc.boolean(),
      isFailed: fc.boolean(),
      isGoing: fc.boolean(),
    });
    const change = fc.oneof(
      fc.record({ put: fc.constantFrom('p', 'q', 'r', 's'), node, looks }),
      fc.record({ remove: fc.constantFrom('p', 'q', 'r', 's') }),
      fc.record({ node, isTainted: fc.boolean() }),
      fc.record({ gone: node }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const world = new World();
        for (const each of changes) {
          if ('put' in each) world.put(podOf(each.put, each.node, each.looks));
          else if ('remove' in each) world.remove(each.remove);
          else if ('gone' in each) world.putNode(each.gone, undefined);
          else world.putNode(each.node, nodeOf(each.node, each.isTainted));
          const nodes = [...world.nodes.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
          const full = survey(STATE, nodes, [...world.pods.values()]);
          expect(plain(world.surveys.look(KEY, STATE))).toEqual(plain(full));
        }
      }),
    );
  });
});
