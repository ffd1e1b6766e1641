import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../meta/index.ts';
import { node, object, shop } from '../fakes-shop.ts';
import { Person } from './driving.fakes.ts';
import { currentView } from './state.ts';
import { sameUsage, usageOf, usageQuestion } from './usage.ts';

const metrics = (name: string, ...usages: readonly object[]): KubeObject =>
  object(
    'metrics.k8s.io/v1beta1',
    'PodMetrics',
    { name, namespace: 'shop' },
    {
      containers: usages.map((usage, at) => ({ name: `c${at}`, usage })),
    },
  );

/** The cells of a column as they are seen, without spaces around. */
function column(person: Person, name: string): string[] {
  const [heads = '', ...rows] = person.lines.slice(3, -2);
  const end =
    heads.search(new RegExp(`(?<=\\s)${name.replace('/', '\\/')}[↑↓]?(?=\\s)`)) + name.length;
  return rows.map(
    (line) =>
      line
        .slice(0, end + 1)
        .split(/\s+/)
        .filter(Boolean)
        .at(-1) ?? '',
  );
}

const pod = (name: string, resources: object): KubeObject =>
  object(
    'v1',
    'Pod',
    { name, namespace: 'shop' },
    {
      spec: { containers: [{ name: 'a', resources }] },
      status: { phase: 'Running', qosClass: 'Burstable' },
    },
  );

describe('what is used', () => {
  it('is the sum of the containers of a pod, and the whole of a node', () => {
    const pods = usageOf('pods ', [
      metrics('two', { cpu: '120500u', memory: '64Mi' }, { cpu: '79m', memory: '1Ki' }),
    ]);
    expect(pods.byKey.get('shop/two')).toEqual({ cpuMilli: 200, memoryBytes: 64 * 2 ** 20 + 1024 });
    const nodes = usageOf('nodes ', [
      { ...node('n1'), usage: { cpu: '1500m', memory: '2Gi' } } as KubeObject,
    ]);
    expect(nodes.byKey.get('n1')).toEqual({ cpuMilli: 1500, memoryBytes: 2 * 2 ** 30 });
  });

  it('is asked for where pods or nodes are listed, in their namespace', () => {
    const world = shop();
    const asked = (keys: string) => {
      const { state } = new Person(world).type(keys);
      const { id, namespace, ref } = usageQuestion(state, world) ?? {};
      return [id, namespace, ref?.group, ref?.resource];
    };
    expect(asked(':pods shop<enter>')).toEqual(['pods shop', 'shop', 'metrics.k8s.io', 'pods']);
    expect(asked(':nodes<enter>')).toEqual(['nodes ', undefined, 'metrics.k8s.io', 'nodes']);
    for (const keys of ['', ':deploy<enter>', ':pods<enter>d', ':pu<enter>'])
      expect(usageQuestion(new Person(world).type(keys).state, world)).toBeUndefined();
  });

  it('says nothing new where no amount has changed', () => {
    const [one, more] = [
      { cpu: '1m', memory: '1Mi' },
      { cpu: '2m', memory: '1Mi' },
    ];
    const before = usageOf('pods ', [metrics('a', one)]);
    expect(sameUsage(before, usageOf('pods ', [metrics('a', one)]))).toBe(true);
    expect(sameUsage(before, usageOf('pods ', [metrics('a', more)]))).toBe(false);
    expect(sameUsage(before, usageOf('pods x', [metrics('a', one)]))).toBe(false);
    expect(sameUsage(before, usageOf('pods ', []))).toBe(false);
    expect(sameUsage(undefined, before)).toBe(false);
  });
});

describe('columns of what is used', () => {
  const both = { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '128Mi' } };

  function pods(): ReturnType<typeof shop> {
    const world = shop();
    world.objects.set('pods', []);
    world.put(pod('a', both));
    world.put(pod('b', {}));
    world.put(pod('c', both));
    const amount = (cpuMilli: number, mebibytes: number) => ({
      cpuMilli,
      memoryBytes: mebibytes * 2 ** 20,
    });
    world.usage = {
      id: 'pods ',
      byKey: new Map([
        ['shop/a', amount(250, 120)],
        ['shop/b', amount(90, 9)],
      ]),
    };
    return world;
  }

  it('are shares of what pods ask for and of their limits, where there are any', () => {
    const person = new Person(pods(), { columns: 160, rows: 10 }).type(':pods<enter>');
    expect(column(person, 'CPU')).toEqual(['250m', '90m', 'n/a']);
    expect(column(person, '%CPU/R')).toEqual(['250', 'n/a', 'n/a']);
    expect(column(person, '%CPU/L')).toEqual(['25', 'n/a', 'n/a']);
    expect(column(person, 'MEM')).toEqual(['120Mi', '9Mi', 'n/a']);
    expect(column(person, '%MEM/R')).toEqual(['187', 'n/a', 'n/a']);
    expect(column(person, '%MEM/L')).toEqual(['93', 'n/a', 'n/a']);
  });

  it('are sorted by their amounts, what nobody measured first', () => {
    const person = new Person(pods(), { columns: 160, rows: 10 }).type(':pods<enter>');
    while (!/CPU[↑]/.test(person.lines[3]!)) person.type('<shift-right>');
    expect(column(person, 'CPU')).toEqual(['n/a', '90m', '250m']);
    expect(column(person.type('O'), 'CPU')).toEqual(['250m', '90m', 'n/a']);
  });

  it('are not there while nobody has measured', () => {
    const world = pods();
    world.usage = undefined;
    const { screen } = new Person(world, { columns: 160, rows: 10 }).type(':pods<enter>');
    expect(screen).not.toContain('CPU');
    expect(screen).toContain('QOS');
  });

  it('do not take what was measured of other lists for their own', () => {
    const world = pods();
    world.usage = { ...world.usage!, id: 'nodes ' };
    expect(new Person(world, { columns: 160 }).type(':pods<enter>').screen).not.toContain('CPU');
  });

  it('are in a wide list in any case', () => {
    const world = pods();
    world.usage = undefined;
    const { lines } = new Person(world, { columns: 250 }).type(':pods<enter><ctrl-w>');
    const heads = lines[3]!.split(/ {2,}/).slice(1, -1);
    expect(heads.slice(0, 6)).toEqual([
      'NAMESPACE',
      'NAME',
      'READY',
      'STATUS',
      'RESTARTS',
      'LAST RESTART',
    ]);
    expect(heads.slice(6, 12)).toEqual(['CPU', '%CPU/R', '%CPU/L', 'MEM', '%MEM/R', '%MEM/L']);
    expect(heads.slice(12)).toEqual(
      'IP,NODE,SERVICE-ACCOUNT,NOMINATED NODE,READINESS GATES,QOS,LABELS,AGE'.split(','),
    );
  });

  it('of nodes are shares of what pods may have, beside the number of these', () => {
    const world = shop();
    const keys = ['n1', 'n2'].map(
      (name, at) => [name, { cpuMilli: 1000 + 2800 * at, memoryBytes: 2 ** 30 }] as const,
    );
    world.usage = { id: 'nodes ', byKey: new Map(keys) };
    const person = new Person(world, { columns: 160, rows: 10 }).type(':nodes<enter>');
    expect(column(person, 'PODS')).toEqual(['5', '2', '2']);
    expect(column(person, '%CPU')).toEqual(['25', '95', 'n/a']);
    expect(column(person, 'CPU/A')).toEqual(['4000m', '4000m', '4000m']);
    expect(column(person, '%MEM')).toEqual(['6', '6', 'n/a']);
    expect(column(person, 'MEM/A')).toEqual(['16384Mi', '16384Mi', '16384Mi']);
    expect(currentView(person.state)).toMatchObject({ resource: 'nodes' });
  });

  it('tell when a container last ended, which is no number of restarts', () => {
    const world = pods();
    const status = { lastState: { terminated: { finishedAt: '2026-01-01T00:01:12Z' } } };
    world.put({
      ...pod('a', both),
      status: { phase: 'Running', containerStatuses: [{ name: 'a', restartCount: 3, ...status }] },
    } as KubeObject);
    const person = new Person(world, { columns: 200, rows: 10 }).type(':pods<enter>');
    expect(person.lines[4]).toMatch(/3 \(2m ago\) +2m +250m/);
  });
});
