import { describe, expect, it } from 'vitest';
import type { FakeWorld } from '../fakes.ts';
import { shop } from '../fakes-shop.ts';
import { takenKeys } from '../own-keys.ts';
import {
  type Hotkey,
  NO_SETTINGS,
  type Plugin,
  parseFile,
  type Settings,
} from '../settings/index.ts';
import { Person } from './driving.fakes.ts';
import { currentView } from './state.ts';

function having(settings: Partial<Settings>): FakeWorld {
  const world = shop();
  world.served = { url: 'https://127.0.0.1:6443', kubeconfig: '/tmp/k' };
  world.settings = { ...NO_SETTINGS, ...settings };
  return world;
}

const hotkey = (key: string, command: string, overrides = false): Hotkey => ({
  ...{ key, command, does: command, overrides },
});
const plugin = (more: Partial<Plugin>): Plugin => ({
  ...{ name: 'stern', key: 'b', does: 'stern', overrides: false, scopes: ['po'] },
  ...{ command: 'stern', args: [], isBackground: false, isConfirmed: false, isDangerous: false },
  ...more,
});
const size = { columns: 120, rows: 30 };
const views = (text: string): Partial<Settings> => parseFile('views.yaml', `views:\n${text}`)!;

describe("a user's keys", () => {
  it('run commands, on lists and texts', () => {
    const world = having({ hotkeys: [hotkey('b', 'deploy shop')] });
    const person = new Person(world, size).type('b');
    expect(currentView(person.state)).toMatchObject({ resource: 'deployments.apps' });
    expect(currentView(person.type('yb').state)).toMatchObject({ type: 'table' });
  });

  it('take the place of others only when they say so', () => {
    const settings = { ...NO_SETTINGS, hotkeys: [hotkey('d', 'pods')] };
    const modest = new Person(having(settings), size).type(':po<enter>d');
    expect(currentView(modest.state)).toMatchObject({ page: 'describe' });
    expect(takenKeys(settings)).toEqual([expect.stringContaining('d means something already')]);
    const bold = { ...NO_SETTINGS, hotkeys: [hotkey('d', 'nodes', true)] };
    expect(currentView(new Person(having(bold), size).type(':po<enter>d').state)).toMatchObject({
      resource: 'nodes',
    });
    expect(takenKeys(bold)).toEqual([]);
  });

  it('are in the help, with what else there is', () => {
    const world = having({
      hotkeys: [{ ...hotkey('b', 'po'), does: 'all of them' }],
      plugins: [plugin({ key: 'v' }), plugin({ key: ';', does: 'wipe', isDangerous: true })],
      aliases: { mine: 'pods shop' },
      skins: { dusk: {} },
      ...views('  v1/pods: { columns: [NAME, "ZONE:.x"] }'),
    });
    const text = new Person(world, { columns: 240, rows: 110 }).type('?').screen;
    expect(text).toMatch(/Yours/);
    expect(text).toMatch(/b +all of them \(:po\)/);
    expect(text).toMatch(/v +stern, on po/);
    expect(text).toMatch(/; +wipe, on po/);
    expect(text).toMatch(/:mine +:pods shop/);
    expect(text).toMatch(/v1\/pods +NAME ZONE/);
    expect(text).toMatch(/dusk/);
    const looking = new Person(world, { columns: 240, rows: 110, isReadonly: true }).type(
      '?',
    ).screen;
    expect(looking).not.toMatch(/wipe|delete, after asking/);
    expect(looking).toMatch(/stern, on po/);
  });
});

describe("a user's programs", () => {
  const run = (keys: string, more: Partial<Plugin>, isReadonly = false): Person =>
    new Person(having({ plugins: [plugin(more)] }), { ...size, isReadonly }).type(keys);

  it('are told what is chosen', () => {
    const args = ['$NAMESPACE/$NAME', '$COL-STATUS', '$RESOURCE_NAME', '$FILTER', '$HOME', '$$'];
    expect(run(':po<enter>/web-7f-0<enter>b', { args }).effects).toMatchObject([
      {
        type: 'run',
        call: {
          name: 'stern',
          command: 'stern',
          args: ['shop/web-7f-0', 'Running', 'pods', 'web-7f-0', '$HOME', '$$'],
          env: { POD: 'web-7f-0', NAMESPACE: 'shop', KUBECONFIG: '/tmp/k' },
          isBackground: false,
        },
      },
    ]);
  });

  it('are told of containers too', () => {
    const args = ['$POD', '$CONTAINER', '$NAME'];
    expect(run(':po<enter>/web-7f-0<enter><enter>b', { args }).effects).toMatchObject([
      { call: { args: ['web-7f-0', 'web', 'web'] } },
    ]);
  });

  it('are there for the kinds that they are for', () => {
    expect(run(':deploy<enter>b', {}).effects).toEqual([]);
    expect(run(':deploy<enter>b', { scopes: ['apps/v1/deployments'] }).effects).toHaveLength(1);
    expect(run(':deploy<enter>b', { scopes: ['all'] }).effects).toHaveLength(1);
    expect(run(':pulses<enter>b', { scopes: ['pods'] }).effects).toEqual([]);
  });

  it('are not run where they could only find another cluster', () => {
    const world = having({ plugins: [plugin({})] });
    world.served = undefined;
    const person = new Person(world, size).type(':po<enter>b');
    expect(person.lines.at(-1)).toContain('the API is not open yet');
    person.state = { ...person.state, copy: 'rev 1842' };
    expect(person.type('b').lines.at(-1)).toContain('nobody can run programs on a copy');
    expect(person.effects).toEqual([]);
  });

  it('are asked about when they say so', () => {
    const person = run(':po<enter>b', { isConfirmed: true, args: ['-n', '$NAMESPACE'] });
    expect(person.screen).toContain('Run stern?');
    expect(person.screen).toContain('stern -n shop');
    expect(person.effects).toEqual([]);
    expect(person.type('y').effects).toMatchObject([{ type: 'run' }]);
    expect(run(':po<enter>bn', { isConfirmed: true }).effects).toEqual([]);
    expect(run(':po<enter>bw', { isConfirmed: true }).effects).toEqual([]);
  });

  it('are not there for who may only look, when they are dangerous', () => {
    const looking = run(':po<enter>b', { isDangerous: true }, true);
    expect(looking.effects).toEqual([]);
    expect(looking.lines.at(-1)).toContain('read-only');
    expect(run(':po<enter>b', {}, true).effects).toHaveLength(1);
  });
});

describe("a user's names and namespaces", () => {
  it('stand for commands, and are suggested', () => {
    const world = having({ aliases: { dd: 'apps/v1/deployments', mine: 'pods shop /web' } });
    const person = new Person(world, size).type(':dd<enter>');
    expect(currentView(person.state)).toMatchObject({ resource: 'deployments.apps' });
    expect(currentView(person.type(':mine<enter>').state)).toMatchObject({
      ...{ resource: 'pods', namespace: 'shop', filter: 'web' },
    });
    expect(new Person(world, size).type(':mi').lines.at(-1)).toContain(':mine');
  });

  it('are those of the keys 1 to 9', () => {
    const world = having({ favorites: ['shop', 'default'] });
    expect(new Person(world, size).type(':po<enter>1').state.namespace).toBe('shop');
    expect(new Person(world, size).type(':po<enter>2').state.namespace).toBe('default');
  });
});

describe("a user's columns", () => {
  const list = (text: string, keys = ':po<enter>'): Person =>
    new Person(having(views(text)), size).type(keys);

  it('are those of the kind by name, and paths into the object', () => {
    const world = list(
      `  v1/pods: { columns: [STATUS, NAME, 'APP:.metadata.labels.app', 'IMAGE:.spec.containers[*].image', NOTHING] }`,
    );
    expect(world.lines[3]).toMatch(/NAMESPACE +STATUS +NAME +APP +IMAGE +[^N]*│$/);
    expect(world.screen).toMatch(/shop +Running +db-7f-0 +db +shop\/db:1/);
    expect(world.type('<ctrl-w>').lines[3]).toMatch(/IMAGE +READY/);
  });

  it('are filtered and sorted by', () => {
    const text = `  pods: { sortColumn: 'APP:desc', columns: [NAME, 'APP:.metadata.labels.app'] }`;
    expect(list(text).lines[4]).toContain('worker');
    const filtered = list(
      `  pods: { columns: [NAME, 'UID:.metadata.uid'] }`,
      ':po<enter>/uid-Pod-db-7f-1<enter>',
    );
    expect(filtered.lines[2]).toContain('[1/');
  });

  it('read names with dots, places, and times', () => {
    const world = having(
      views(
        `  nodes: { columns: [NAME, 'HOST:.metadata.labels.kubernetes\\.io/hostname', ` +
          `"SAME:.metadata.labels['kubernetes.io/hostname']", 'FIRST:.status.conditions[0].type', ` +
          `'BORN:.metadata.creationTimestamp|T'] }`,
      ),
    );
    const person = new Person(world, size).type(':no<enter>');
    expect(person.screen).toMatch(/n1 +n1 +n1 +MemoryPressure +3m/);
  });
});
