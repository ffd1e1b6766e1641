import { describe, expect, it } from 'vitest';
import { FakeWorld } from '../fakes.ts';
import { shop } from '../fakes-shop.ts';
import { Person } from './driving.fakes.ts';
import { restored, resumed, screenOf } from './persist.ts';
import { currentView, type State } from './state.ts';
import { update } from './update.ts';

const size = { columns: 100, rows: 24 };
const typing = (keys: string, world = shop()): Person => new Person(world, size).type(keys);
const said = (person: Person): string => person.lines.at(-1)!.trim();

describe('commands that name a kind', () => {
  it.each([
    [':pod shop', { resource: 'pods', namespace: 'shop', filter: '' }],
    [':pod -n shop', { resource: 'pods', namespace: 'shop', filter: '' }],
    [':pod -n shop /web', { resource: 'pods', namespace: 'shop', filter: 'web' }],
    [':pod /web|db', { resource: 'pods', namespace: '', filter: 'web|db' }],
    [':pod app=web,tier!=x', { resource: 'pods', filter: '-l app=web,tier!=x' }],
    [':pod app=web shop', { resource: 'pods', filter: '-l app=web shop' }],
    [':pod shop app=web', { resource: 'pods', namespace: 'shop', filter: '-l app=web' }],
    [':pod @cluster shop', { resource: 'pods', namespace: 'shop' }],
    [':Deployment', { resource: 'deployments.apps' }],
    [':deployments.apps', { resource: 'deployments.apps' }],
    [':apps/v1/deployments', { resource: 'deployments.apps' }],
    [':v1/pods', { resource: 'pods' }],
    [':dp', { resource: 'deployments.apps' }],
    [':sec', { resource: 'secrets' }],
    [':xray dp', { page: 'xray', subject: { resource: 'deployments.apps' } }],
    [':po<enter>:nonsense<enter>:no<enter>-', { resource: 'pods' }],
  ])('%s', (command, view) => {
    const end = command.endsWith('-') ? '' : '<enter>';
    expect(currentView(typing(command + end).state)).toMatchObject(view);
  });

  it('may lead to another context', () => {
    expect(typing(':pod @copy<enter>').effects).toMatchObject([{ type: 'copy-of', of: 'now' }]);
    expect(typing(':pod @cluster<enter>').effects).toEqual([]);
    expect(said(typing(':pod @other<enter>'))).toBe('there is no context other: cluster, copy');
    const copied = new Person(shop(), size);
    copied.state = { ...copied.state, copy: 'rev 1' };
    copied.type(':deploy app=web @cluster<enter>');
    expect(copied.effects).toEqual([{ type: 'now' }]);
    expect(currentView(copied.state)).toMatchObject({
      ...{ resource: 'deployments.apps', filter: '-l app=web' },
    });
    expect(said(typing(':pod @'))).toMatch(/^:pod @copy +pod @copy +pod @cluster|^:pod @cluster/);
  });

  it('say that there is no cluster yet, and are no beginnings of others', () => {
    const early = new Person({ ...new FakeWorld().now(), kinds: [] }, size).type(':po<enter>');
    expect(said(early)).toContain('there is no cluster yet');
    expect(currentView(early.state)).toMatchObject({ page: 'convergence' });
  });
});

describe('filters', () => {
  it.each([
    ['/web', 6],
    ['/WEB|db', 9],
    ['/!web', 5],
    ['/-l app=web', 6],
    ['/app=web', 6],
    ['/app!=web', 5],
    ['/-l app in (db,web)', 9],
    ['/-f w7f1', 2],
    ['/[', 0],
  ])('%s leaves %i pods', (filter, count) => {
    const [, left] =
      /pods\(all\)\[(\d+)/.exec(typing(`:po<enter>${filter}<enter>`).lines[2]!) ?? [];
    expect(Number(left)).toBe(count);
  });
});

describe('the line', () => {
  const asked = (keys: string): unknown => typing(keys).state.prompt?.text;
  it.each([
    [':dep<tab>', 'deploy'],
    [':dep<right>', 'deploy'],
    [':dep<ctrl-f>', 'deploy'],
    [':dep<down><tab>', 'deployments'],
    [':dep<up><tab>', 'deployments'],
    [':dep<ctrl-w>', ''],
    [':dep<ctrl-u>', ''],
    [':dep<esc>', undefined],
    [':dep<ctrl-e>', undefined],
  ])('%s', (keys, text) => {
    expect(asked(keys)).toBe(text);
  });

  it('is run by ctrl-e too', () => {
    expect(currentView(typing(':dep<ctrl-e>').state)).toMatchObject({
      resource: 'deployments.apps',
    });
  });
});

describe('a namespace', () => {
  it('is used from now on, by u', () => {
    const person = typing(':ns<enter>/shop<enter>u');
    expect(currentView(person.state)).toMatchObject({ resource: 'pods', namespace: 'shop' });
    expect(currentView(person.type(':cm<enter>').state)).toMatchObject({ namespace: 'shop' });
  });
});

describe('a text', () => {
  it('stays as it is when it is told to, and follows again', () => {
    const world = shop();
    const person = typing(':po<enter>dr', world);
    expect(person.lines[2]).toContain('db-7f-0 held');
    world.take(world.get('pods', 'shop/db-7f-0'));
    expect(person.lines[3]).toContain('db-7f-0');
    expect(person.type('r').screen).toContain('shop/db-7f-0 does not exist any more');
  });
});

describe('a folder', () => {
  const entries = [
    { name: 'sub', isFolder: true },
    { name: 'shop.ts', isFolder: false, bytes: 512 },
  ];
  const inFolder = (isReadonly = false): Person => {
    const world = shop();
    const person = new Person(world, { ...size, isReadonly });
    const read = { type: 'dir-read', path: 'manifests', entries } as const;
    person.state = update(person.state, read, world.now()).state;
    return person;
  };

  it('is that of the manifests, or another', () => {
    for (const [command, path] of [
      [':dir', 'manifests'],
      [':ls ../a b', '../a b'],
      [':d /etc', '/etc'],
    ])
      expect(typing(`${command}<enter>`).effects).toEqual([{ type: 'read-dir', path }]);
  });

  it('leads into folders, above, and to the editor', () => {
    expect(inFolder().screen).toMatch(/\.\.\/[\s\S]*sub\/[\s\S]*shop\.ts +512/);
    expect(inFolder().type('<enter>').effects).toEqual([{ type: 'read-dir', path: '.' }]);
    expect(inFolder().type('j<enter>').effects).toEqual([
      { type: 'read-dir', path: 'manifests/sub' },
    ]);
    const edits = [{ type: 'edit-file', path: 'manifests/shop.ts' }];
    expect(inFolder().type('G<enter>').effects).toEqual(edits);
    expect(inFolder().type('Ge').effects).toEqual(edits);
    expect(inFolder(true).type('G<enter>').effects).toEqual([]);
    expect(inFolder(true).type('Ge').effects).toEqual([]);
  });

  it('takes the place of the one before', () => {
    const person = inFolder();
    const read = { type: 'dir-read', path: '.', entries: [] } as const;
    person.state = update(person.state, read, shop().now()).state;
    expect(person.lines[2]).toContain('dir(.)');
    expect(person.type('q').lines[2]).toContain('convergence');
  });
});

describe('a screen that is kept', () => {
  it('waits until its list is there, and for nobody who was quicker', () => {
    const { state } = new Person(shop(), size);
    const world = shop();
    const [namespace] = world.objects
      .get('namespaces')!
      .filter(({ metadata }) => metadata.name === 'shop');
    world.take(namespace!);
    expect(resumed(state, 'pods shop', world.now())).toBeUndefined();
    world.put(namespace!);
    expect(resumed({ ...state, isInUse: true }, 'pods shop', world.now())).toBeUndefined();
    expect(resumed(state, undefined, world.now())).toBeUndefined();
    expect(currentView(resumed(state, 'pods shop', world.now())!)).toMatchObject({
      ...{ resource: 'pods', namespace: 'shop' },
    });
  });

  it('is the list, the namespace, what is away, and the commands', () => {
    const person = typing(':po shop /web<enter>d<ctrl-e><ctrl-g><ctrl-p>');
    const screen = {
      ...{ namespace: 'shop', isHeadless: true, isCrumbless: true },
      ...{ history: ['po shop /web'], command: 'pods shop /web' },
    };
    expect(person.effects).toEqual([{ type: 'persist', screen }]);
    const next = new Person(shop(), size);
    next.state = restored(next.state, screen);
    next.type(`:${screen.command}<enter>`);
    const kept = ({ namespace, headless, crumbless }: State) => ({
      namespace,
      headless,
      crumbless,
    });
    expect(kept(next.state)).toEqual(kept(person.state));
    expect(kept(next.state)).toEqual({ namespace: 'shop', headless: true, crumbless: true });
    expect(next.state.history.at(0)).toBe('po shop /web');
    expect(screenOf(restored(new Person(shop()).state, undefined))).toMatchObject({
      namespace: '',
    });
  });
});
