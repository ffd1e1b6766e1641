import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../fakes.ts';
import { shop } from '../fakes-shop.ts';
import { Person } from './driving.fakes.ts';
import type { LogLine } from './state.ts';
import { update } from './update.ts';

const wide = { columns: 120, rows: 30 };

describe('trees', () => {
  it('fold at their roots and unfold, whatever the row is', () => {
    const person = new Person(shop(), wide).type(':xray deploy shop<enter>jj');
    const before = person.lines;
    expect(person.type('x').screen).not.toContain('rs/web-7f');
    expect(person.screen).toMatch(/▸ ?deploy\/web|deploy\/web/);
    expect(person.lines[2]).toContain('[3]');
    person.type('x');
    expect(person.lines[2]).toBe(before[2]);
    const secret = new Person(shop(), wide).type(':secrets<enter>x');
    expect(secret.lines[2]).toContain('decode');
  });
});

describe('the way here', () => {
  it('stands in the border, and goes away', () => {
    const person = new Person(shop(), wide);
    expect(person.lines[2]).toMatch(/─┐$/);
    person.type(':po<enter>d');
    expect(person.lines[2]).toMatch(/ convergence › pods › describe ─┐$/);
    person.type('<ctrl-g>');
    expect(person.lines[2]).toMatch(/──┐$/);
    expect(person.lines[2]).not.toContain('›');
    person.type('<ctrl-g>qTWl:po<enter>:no<enter>:sa<enter>');
    expect(person.lines[2]).toMatch(/… › .*serviceaccounts ─┐$/);
  });

  it('gives way to the title', () => {
    const person = new Person(shop(), { columns: 44, rows: 14 }).type(':po<enter>d');
    expect(person.lines[2]).toMatch(/describe pod\/shop\/db-7f-0 ─+┐$/);
  });
});

describe('logs', () => {
  const line = (seconds: number): LogLine => ({
    atMs: NOW_MS + seconds * 1000,
    source: 'web-7f-0/web',
    text: `line ${seconds}`,
  });

  it('keep a mark between what was written before it and after', () => {
    const world = shop();
    const lines = [line(-2), line(-1)];
    const person = new Person(world, { ...wide, logOf: () => lines });
    person.type(':po<enter>/web-7f-0<enter>lm');
    expect(person.lines[5]).toMatch(/──── +01 Jan 2026 00:03:12 ─+/);
    lines.push(line(3));
    expect(
      person
        .type('k')
        .lines.slice(3, 7)
        .map((each) => each.slice(2, 8)),
    ).toEqual(['line -', 'line -', '──── 0', 'line 3']);
  });

  it('are of all containers of a pod again', () => {
    const person = new Person(shop(), wide);
    person.type(':po<enter>/web-7f-0<enter><enter><enter>');
    expect(person.lines[2]).toContain('logs shop/web-7f-0/web ');
    expect(person.type('a').lines[2]).toContain('logs shop/web-7f-0 ');
  });
});

describe('what is said', () => {
  it('is over after a while', () => {
    const world = shop();
    const person = new Person(world, wide).type(':nonsense<enter>');
    expect(person.lines.at(-1)).toContain('no kind or command');
    person.state = update(person.state, { type: 'flash-over' }, world.now()).state;
    expect(person.lines.at(-1)).toContain('<enter> open');
  });
});

describe('contexts', () => {
  it('are the cluster, and the copy that is looked at; enter on the cluster leaves it', () => {
    const person = new Person(shop(), wide).type(':ctx<enter>');
    expect(person.lines[4]).toMatch(/▶ +cluster +1842 +00:03:12.4/);
    expect(person.type('<enter>').effects).toEqual([]);
    person.state = { ...person.state, copy: 'rev 12' };
    person.type(':ctx<enter>');
    expect(person.lines[5]).toMatch(/▶ +copy of rev 12 +1842/);
    expect(person.type('j<enter>').effects).toEqual([]);
    expect(person.type('k<enter>').effects).toEqual([{ type: 'now' }]);
  });
});

describe('watches', () => {
  it('tell who does not see what, and until when', () => {
    const { lines } = new Person(shop(), wide).type(':watches<enter>');
    expect(lines[4]).toMatch(/deployment +pods +1 +12 +1840 +3 +4s/);
    expect(lines[5]).toMatch(/bob \(kubectl\) +pods in shop +1 +12 +1840 +0 +- +2 +1 /);
    expect(lines[6]).toMatch(/deployment +deployments.apps +1 +12 +1840 +0 +-/);
    expect(lines[7]).toMatch(/scheduler +nodes +looks up +0 +- +0 +-/);
  });
});

describe('the home screen', () => {
  it('says since when nothing moves, where all is well', () => {
    const world = shop();
    world.outcomes.length = 0;
    for (const kind of ['deployments.apps', 'replicasets.apps', 'pods'])
      world.objects.set(kind, []);
    const { lines } = new Person(world, wide);
    expect(lines.at(-2)).toContain('all 5 at their goals since t+00:02:31.4');
    expect(lines[0]).toContain('✓ converged');
  });

  it('is settling when all is at its goal and more is to come', () => {
    const world = shop();
    for (const kind of ['deployments.apps', 'replicasets.apps', 'pods'])
      world.objects.set(kind, []);
    Object.defineProperty(world.control, 'converged', { value: false });
    expect(new Person(world, wide).lines[0]).toContain('◐ settling');
  });
});

describe('the timeline', () => {
  it('leaves heartbeats out, unless they are wanted wide', () => {
    const world = shop();
    const base = { atMs: NOW_MS, component: 'kubelet' };
    world.journal = [
      {
        ...base,
        type: 'write',
        id: 301,
        verb: 'update',
        resource: 'leases.coordination.k8s.io',
        key: 'x/n1',
        revision: 9,
        by: 300,
      },
      { ...base, type: 'reconcile', id: 300, key: 'lease/10000/4', trigger: -299, outcome: 'done' },
      { ...base, type: 'reconcile', id: 298, key: 'monitor', trigger: -297, outcome: 'requeue' },
      ...world.journal,
    ];
    const person = new Person(world, wide).type(':tl<enter>');
    expect(person.lines[2]).toContain('timeline[9]');
    expect(person.screen).not.toMatch(/leases|monitor/);
    expect(person.type('<ctrl-w>').lines[2]).toContain('timeline[12]');
    expect(person.screen).toMatch(/leases\/x\/n1/);
  });
});

describe('causes', () => {
  it('leave out what came to nothing, unless they are wanted wide', () => {
    const world = shop();
    const base = {
      type: 'reconcile' as const,
      atMs: NOW_MS,
      key: 'shop/web',
      outcome: 'done' as const,
    };
    world.journal = [
      { ...base, id: 202, component: 'disruption', trigger: -201 },
      { ...base, id: 201, component: 'endpoint', trigger: 1838 },
      ...world.journal,
    ];
    const person = new Person(world, wide).type(':tl<enter>/replicasets<enter><enter>');
    expect(person.lines[2]).toMatch(/record 41\[\d\]/);
    expect(person.screen).toContain('no node fits');
    expect(person.screen).not.toContain('endpoint');
    expect(person.type('<ctrl-w>').screen).toMatch(/endpoint +└ reconcile shop\/web/);
    expect(person.screen).toMatch(/disruption +↓ reconcile shop\/web/);
  });

  it('tell of wake-ups that are all the same the first and the last', () => {
    const world = shop();
    world.journal = Array.from({ length: 9 }, (_, at) => ({
      type: 'reconcile' as const,
      id: 109 - at,
      atMs: NOW_MS - at * 1000,
      component: 'nodelifecycle',
      key: 'monitor',
      trigger: at === 8 ? 0 : -(108 - at),
      outcome: 'requeue' as const,
    }));
    const control = world.control;
    control.causesOf = () => world.journal;
    const { lines } = new Person(world, wide).type(':tl<enter><ctrl-w><enter>');
    const rows = lines.slice(4, -2).map((each) => each.slice(4).trim());
    expect(rows.slice(0, 4).map((each) => /\d+|….*same/.exec(each)?.[0])).toEqual([
      '101',
      '… 6 more of the same',
      '108',
      '109',
    ]);
  });
});
