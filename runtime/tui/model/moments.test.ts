import { describe, expect, it } from 'vitest';
import { NOW_MS } from '../fakes.ts';
import { running, shop } from '../fakes-shop.ts';
import { Person } from './driving.fakes.ts';
import { update } from './update.ts';

const START_MS = Date.UTC(2026, 0, 1);
const having = (keys: string): Person => new Person(shop()).type(keys);

describe('copies of the cluster', () => {
  it.each([
    [':at 1800', { revision: 1800 }, 'rev 1800'],
    [':at rev 1800', { revision: 1800 }, 'rev 1800'],
    [':at t+00:01:02.5', { atMs: START_MS + 62_500 }, 't+00:01:02.5'],
    [':at t+2m', { atMs: START_MS + 120_000 }, 't+00:02:00.0'],
    [':at 2m', { atMs: START_MS + 120_000 }, 't+00:02:00.0'],
    [':at -30s', { atMs: NOW_MS - 30_000 }, 't+00:02:42.4'],
    [':whatif', 'now', 'rev 1842'],
  ])('%s asks for one', (keys, of, text) => {
    expect(having(`${keys}<enter>`).effects).toEqual([{ type: 'copy-of', of, text }]);
  });

  it('are asked for with what is to be tried', () => {
    expect(having(':whatif zone=b+10m<enter>').effects).toMatchObject([
      { type: 'copy-of', of: 'now', trial: { fault: 'zone=b+10m' } },
    ]);
    expect(having(':nodes<enter>rw').effects).toMatchObject([
      {
        type: 'copy-of',
        of: 'now',
        trial: { action: { verb: 'drain', targets: [{ key: 'n1' }] } },
      },
    ]);
    expect(having(':po<enter><ctrl-d><up><right>w').effects).toMatchObject([
      { trial: { action: { verb: 'delete', options: { gracePeriodSeconds: '0' } } } },
    ]);
  });

  it.each([
    [':at', 'say a revision'],
    [':at noon', 'say a revision'],
    [':now', 'this is the cluster itself'],
    [':changes', 'only a copy can differ'],
  ])('%s says %s', (keys, words) => {
    const person = having(`${keys}<enter>`);
    expect(person.effects).toEqual([]);
    expect(person.lines.at(-1)).toContain(words);
  });

  it('are named in the header until they are left', () => {
    const world = shop();
    const person = new Person(world);
    const send = (message: Parameters<typeof update>[1]) => {
      person.state = update(person.state, message, world.now()).state;
    };
    send({ type: 'entered', copy: 'rev 1842', compares: true });
    expect(person.lines[0]).toContain('COPY of rev 1842');
    expect(person.lines[2]).toContain('changes');
    expect(person.lines.at(-1)).toContain('nothing done here touches the cluster');
    expect(person.type(':whatif<enter>').effects).toEqual([]);
    expect(person.type(':now<enter>').effects).toEqual([{ type: 'now' }]);
    send({ type: 'left' });
    expect(person.lines[0]).not.toContain('COPY');
    expect(person.lines[2]).toContain('convergence');
  });
});

describe('changes', () => {
  /** The shop after something happened in a copy of it. */
  const changed = (keys = '', isLater = false) => {
    const [before, copy] = [shop(), shop()];
    copy.take(copy.get('pods', 'shop/db-7f-0'));
    copy.put(running('web', 9, 'n2'));
    const web = copy.get('deployments.apps', 'shop/web') as unknown as { spec: object };
    copy.put({ ...web, spec: { ...web.spec, replicas: 7 } } as never);
    const world = Object.assign(copy, {
      other: { isLater, lister: before.lister.bind(before) },
    });
    return new Person(world, { columns: 100 }).type(`:changes<enter>${keys}`);
  };
  const rows = (person: Person): string[] =>
    person.lines
      .slice(4, -2)
      .map((line) => line.slice(3, -1).trim().replace(/ +/g, ' '))
      .filter(Boolean);

  it('are what came, went and is otherwise', () => {
    expect(rows(changed())).toEqual([
      '+ po/web-7f-9 shop new: at its goal',
      '- po/db-7f-0 shop gone',
      '~ deploy/web shop spec.replicas 6 -> 7',
    ]);
  });

  it('can be narrowed to what is not at its goal', () => {
    expect(rows(changed('<ctrl-z>'))).toEqual(['~ deploy/web shop spec.replicas 6 -> 7']);
  });

  it('of the past are what has happened since', () => {
    expect(rows(changed('', true))).toEqual([
      '+ po/db-7f-0 shop new: at its goal',
      '- po/web-7f-9 shop gone',
      '~ deploy/web shop spec.replicas 7 -> 6',
    ]);
  });

  it('lead to the object', () => {
    expect(changed('d').lines[2]).toContain('describe pod/shop/web-7f-9');
  });
});

describe('faults', () => {
  it('are injected by a command', () => {
    expect(having(':fault zone=b+10m<enter>').effects).toEqual([
      { type: 'inject', fault: 'zone=b+10m' },
    ]);
  });

  it('are listed, ended, and followed to what came of them', () => {
    const world = shop();
    world.faults = [
      {
        ...{ id: '1', text: 'zone=b+10m', spec: {}, phase: 'active' },
        beginMs: NOW_MS - 5000,
        endMs: NOW_MS + 60_000,
        record: 38,
        strikes: 3,
      },
      {
        ...{ id: '2', text: 'node=n1@1m', spec: {}, phase: 'waiting' },
        beginMs: NOW_MS + 60_000,
        record: 0,
        strikes: 0,
      },
    ];
    const person = new Person(world).type('X');
    expect(person.lines[0]).toContain('faults: 1 active, 1 to come');
    expect(person.lines[4]).toMatch(/1 +zone=b\+10m +active +t\+00:03:07.4 +in 60s +3 +#38/);
    expect(person.lines[5]).toMatch(/2 +node=n1@1m +waiting +in 60s +never +0/);
    expect(person.type('j<ctrl-d>').effects).toEqual([{ type: 'heal', id: '2' }]);
    expect(person.type('k<enter>').lines[2]).toContain('causes and effects of record 38');
  });
});
