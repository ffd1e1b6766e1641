import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../meta/index.ts';
import type { FakeWorld } from '../fakes.ts';
import { object, running, shop, usageIn } from '../fakes-shop.ts';
import { ASCII_GLYPHS } from '../theme.ts';
import { frame } from '../views/frame.ts';
import { Person } from './driving.fakes.ts';
import type { Span } from './text.ts';
import { update } from './update.ts';
import { momentOf } from './world.ts';

/** Somebody who looks at a list: at once, and again whenever something has changed. */
class Watcher extends Person {
  readonly #of: FakeWorld;

  constructor(world: FakeWorld, keys: string, size: ConstructorParameters<typeof Person>[1] = {}) {
    super(world, { columns: 120, rows: 20, ...size });
    this.#of = world;
    this.type(keys).tell('changed');
  }

  tell(type: 'changed' | 'beat'): this {
    this.state = update(this.state, { type }, momentOf(this.#of)).state;
    return this;
  }

  row(name: string): string {
    return this.lines.find((line) => line.includes(name)) ?? '';
  }

  /** The tone of a piece of text on the row of something. */
  tone(name: string, text: string): string | undefined {
    const line = frame(this.state, momentOf(this.#of)).find((spans) =>
      spans.some((each) => each.text.includes(name)),
    );
    return line?.find((each: Span) => each.text.trim() === text)?.tone;
  }
}

const deployment = (ready: number, nodes = 3): KubeObject =>
  object(
    'apps/v1',
    'Deployment',
    { name: 'db', namespace: 'shop' },
    {
      spec: { replicas: nodes, selector: { matchLabels: { app: 'db' } } },
      status: {
        readyReplicas: ready,
        updatedReplicas: 3,
        availableReplicas: ready,
        observedGeneration: 1,
        replicas: 3,
      },
    },
  );

const restarted = (count: number, finishedAt: string): KubeObject => {
  const pod = running('db', 0, 'n1');
  const status = {
    name: 'db',
    ready: true,
    restartCount: count,
    started: true,
    state: { running: {} },
  };
  const lastState = { terminated: { finishedAt } };
  return {
    ...pod,
    status: { phase: 'Running', containerStatuses: [{ ...status, lastState }] },
  } as KubeObject;
};

describe('what moved in a list', () => {
  it('is marked behind its cell: numbers up and down, texts as others', () => {
    const world = shop();
    const watcher = new Watcher(world, ':deploy<enter>G');
    expect(watcher.row('db')).toMatch(/3\/3 +3 +3 /);
    world.put(deployment(1));
    world.nowMs += 100;
    expect(watcher.tell('changed').row('db')).toMatch(/1\/3↓ +3 +1↓ /);
    expect(watcher.tone('db', '↓')).toBe('ok');
    world.put(deployment(2));
    world.nowMs += 100;
    expect(watcher.tell('changed').row('db')).toMatch(/2\/3↑ +3 +2↑ /);
    expect(watcher.tone('db', '↑')).toBe('error');
    const before = watcher.row('web');
    expect(before).not.toMatch(/[↑↓Δ]/);
    const pods = new Watcher(world, ':pods<enter>G');
    world.put({ ...running('db', 0, 'n1'), status: { phase: 'Failed' } } as KubeObject);
    world.nowMs += 100;
    expect(pods.tell('changed').row('db-7f-0')).toMatch(/FailedΔ/);
  });

  it('leaves every other cell where it was', () => {
    const world = shop();
    const watcher = new Watcher(world, ':deploy<enter>G');
    const width = watcher.row('db').length;
    const at = watcher.row('db').indexOf('shop/db:1');
    world.put({
      ...deployment(1),
      spec: (world.get('deployments.apps', 'shop/db') as { spec?: object }).spec,
    } as KubeObject);
    world.nowMs += 100;
    watcher.tell('changed');
    expect(watcher.row('db')).toContain('↓');
    expect([watcher.row('db').length, watcher.row('db').indexOf('shop/db:1')]).toEqual([width, at]);
  });

  it('stays marked for a beat at least and is gone after two', () => {
    const world = shop();
    const watcher = new Watcher(world, ':deploy<enter>');
    world.put(deployment(1));
    world.nowMs += 100;
    watcher.tell('changed').tell('beat');
    expect(watcher.row('db')).toContain('↓');
    expect(watcher.tell('beat').row('db')).not.toContain('↓');
    expect(watcher.tell('beat').state.moves?.marked.size).toBe(0);
  });

  it('is not what goes by itself', () => {
    const world = shop();
    world.put(restarted(3, '2026-01-01T00:03:00Z'));
    const watcher = new Watcher(world, ':pods<enter>', { columns: 200 });
    world.nowMs += 3_600_000;
    world.put(restarted(3, '2026-01-01T00:03:00Z'));
    expect(watcher.tell('changed').row('db-7f-0')).toMatch(/3 \(60m ago\) +60m .* 63m/);
    expect(watcher.screen).not.toMatch(/[↑↓Δ]/);
    world.put(restarted(4, '2026-01-01T01:03:00Z'));
    world.nowMs += 100;
    expect(watcher.tell('changed').row('db-7f-0')).toMatch(/4 \(12s ago\)↑/);
  });

  it('is nothing that was not known before', () => {
    const world = shop();
    const watcher = new Watcher(world, ':pods<enter>', { columns: 160 });
    usageIn(world, 'pods ');
    world.nowMs += 100;
    expect(watcher.tell('changed').row('db-7f-0')).toMatch(/120m +24 /);
    expect(watcher.state.moves?.marked.size).toBe(0);
    const { byKey } = world.usage!;
    const amount = { cpuMilli: 200, memoryBytes: 50 * 2 ** 20 };
    world.usage = { id: 'pods ', byKey: new Map([...byKey, ['shop/db-7f-0', amount]]) };
    world.nowMs += 100;
    expect(watcher.tell('changed').row('db-7f-0')).toMatch(/200m↑ +40↑ +50Mi↓/);
  });

  it('is no row that was only scrolled to, filtered away, or seen in another list', () => {
    const world = shop();
    const watcher = new Watcher(world, ':pods<enter>', { rows: 10 });
    for (const keys of [
      'G',
      'g',
      '/web<enter>',
      '<esc>',
      'N',
      'O',
      '<ctrl-w>',
      '1',
      ':deploy<enter>',
      'q',
    ]) {
      world.nowMs += 5000;
      watcher.type(keys).tell('changed');
      expect([keys, watcher.state.moves?.marked.size]).toEqual([keys, 0]);
    }
  });

  it('is a row that was made since, in a tone of its own, as are those that changed', () => {
    const world = shop();
    const watcher = new Watcher(world, ':pods<enter>', { rows: 30 });
    world.nowMs += 10_000;
    const created = new Date(world.nowMs).toISOString();
    const pod = running('web', 9, 'n2');
    world.put({ ...pod, metadata: { ...pod.metadata, creationTimestamp: created } } as KubeObject);
    world.put({
      ...running('web', 3, 'n1'),
      spec: { containers: [{ name: 'web' }], nodeName: 'n3' },
    } as KubeObject);
    watcher.tell('changed');
    expect(watcher.tone('web-7f-9', 'Running')).toBe('added');
    expect(watcher.tone('web-7f-3', 'Running')).toBe('modified');
    expect(watcher.tone('web-7f-2', 'Running')).toBe('normal');
    watcher.tell('beat').tell('beat');
    expect(watcher.tone('web-7f-9', 'Running')).toBe('normal');
  });

  it('does not hide what is broken', () => {
    const world = shop();
    const watcher = new Watcher(world, ':pods<enter>', { rows: 30 });
    const state = { waiting: { reason: 'CrashLoopBackOff' } };
    const broken = { name: 'web', ready: false, restartCount: 1, state };
    const pod = running('web', 3, 'n1');
    world.put({ ...pod, status: { phase: 'Running', containerStatuses: [broken] } } as KubeObject);
    world.nowMs += 100;
    watcher.tell('changed');
    expect(watcher.row('web-7f-3')).toMatch(/CrashLoopBackOffΔ/);
    expect(watcher.tone('web-7f-3', 'CrashLoopBackOff')).toBe('error');
  });

  it('is said in ASCII too, and under the cursor', () => {
    const world = shop();
    const watcher = new Watcher(world, ':deploy<enter>', { glyphs: ASCII_GLYPHS });
    world.put(deployment(1));
    world.nowMs += 100;
    expect(watcher.tell('changed').row('db')).toMatch(/> +shop +db +1\/3v/);
  });
});

describe('rows', () => {
  it('have the tone of what they are about', () => {
    const world = shop();
    const pod = (name: string, status: object, metadata: object = {}): void => {
      const { metadata: own, ...rest } = object(
        'v1',
        'Pod',
        { name, namespace: 'shop' },
        {
          spec: { containers: [{ name: 'a' }], initContainers: [{ name: 'i' }, { name: 'j' }] },
          status,
        },
      );
      world.put({ ...rest, metadata: { ...own, ...metadata } } as KubeObject);
    };
    const waiting = {
      initContainerStatuses: [
        { name: 'i', state: { running: {} } },
        { name: 'j', state: {} },
      ],
    };
    pod('aa-begins', { phase: 'Pending', ...waiting });
    pod('ab-done', { phase: 'Succeeded' });
    pod('ac-goes', { phase: 'Running' }, { deletionTimestamp: '2026-01-01T00:03:12Z' });
    pod('ad-broken', { phase: 'Failed' });
    const watcher = new Watcher(world, ':pods<enter>G', { rows: 30 });
    expect(watcher.tone('aa-begins', 'Init:0/2')).toBe('highlight');
    expect(watcher.tone('ab-done', 'Succeeded')).toBe('completed');
    expect(watcher.tone('ac-goes', 'Terminating')).toBe('deleted');
    expect(watcher.tone('ad-broken', 'Failed')).toBe('error');
    expect(watcher.tone('web-7f-4', 'Pending')).toBe('pending');
    expect(watcher.tone('web-7f-3', 'Running')).toBe('normal');
  });
});
