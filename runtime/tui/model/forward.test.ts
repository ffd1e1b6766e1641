import { describe, expect, it } from 'vitest';
import type { FakeWorld } from '../fakes.ts';
import { FakePods } from '../fakes-pods.ts';
import { shop } from '../fakes-shop.ts';
import { Person } from './driving.fakes.ts';
import { wishOf } from './forward.ts';

function reachable(): FakeWorld {
  const world = shop();
  world.reach = new FakePods();
  const pod = world.get('pods', 'shop/web-7f-0') as never as { spec: object };
  const ports = [
    { name: 'http', containerPort: 8080 },
    { containerPort: 53, protocol: 'UDP' },
  ];
  world.put({ ...pod, spec: { ...pod.spec, containers: [{ name: 'web', ports }] } } as never);
  return world;
}

const asking = (keys: string, world = reachable()): Person =>
  new Person(world, { columns: 100, rows: 24 }).type(keys);
const POD = ':po<enter>/web-7f-0<enter>F';
const asked = (options: object) => ({
  type: 'act',
  action: {
    verb: 'forward',
    targets: [{ resource: 'pods', key: 'shop/web-7f-0' }],
    options: { container: 'web', address: 'localhost', ...options },
  },
});

describe('a forward', () => {
  it('begins with the port that the pod declares', () => {
    const person = asking(POD);
    expect(person.screen).toContain('it has web 8080 http');
    person.type('<enter><enter><enter><enter>');
    expect(person.effects).toEqual([asked({ port: '8080', localPort: '8080' })]);
  });

  it('takes what is typed, letters too, and no keys of dialogs', () => {
    const person = asking(POD).type('<ctrl-u>81<tab><ctrl-u>90<backspace>1<tab><ctrl-u>why.local');
    person.type('<tab><enter>');
    const options = { port: '81', localPort: '91', address: 'why.local' };
    expect(person.effects).toEqual([asked(options)]);
    const [effect] = person.effects;
    expect(effect?.type === 'act' && wishOf(effect.action)).toEqual({
      ...{ namespace: 'shop', name: 'web-7f-0', container: 'web' },
      ...{ port: 81, localPort: 91, address: 'why.local' },
    });
  });

  it.each([
    ['<ctrl-u>', 'nothing is no port of a pod'],
    ['<ctrl-u>70000', '70000 is no port of a pod'],
    ['<tab><ctrl-u>x', 'x is no port of this machine'],
    ['<tab><tab><ctrl-u>a b', 'nothing is no address'],
  ])('says what is wrong with %s, and asks again', (keys, words) => {
    const person = asking(POD).type(keys === '<tab><tab><ctrl-u>a b' ? '<tab><tab><ctrl-u>' : keys);
    while (!person.screen.includes('is no ')) person.type('<enter>');
    expect(person.screen).toContain(words);
    expect(person.effects).toEqual([]);
    expect(person.type('<esc>').screen).not.toContain('Forward a port');
  });

  it('goes to a pod that runs, of a workload or service', () => {
    expect(asking(':deploy<enter>jF').screen).toContain('Forward a port to pod shop/web-7f-0?');
    expect(asking(':svc<enter>F').screen).toContain('Forward a port to pod shop/web-7f-0?');
  });

  it('may be asked for by who only looks, and of no copy', () => {
    const looking = new Person(reachable(), { isReadonly: true });
    expect(looking.type(POD).screen).toContain('Forward a port');
    const world = reachable();
    world.reach = undefined;
    expect(asking(POD, world).lines.at(-1)).toContain('the API is not open yet');
  });

  it('is listed, for all pods or one, and ended', async () => {
    const world = reachable();
    const wish = { namespace: 'shop', container: 'web', port: 80, address: 'localhost' };
    await world.reach?.forwards.open({ ...wish, name: 'web-7f-0', localPort: 8080 });
    await world.reach?.forwards.open({ ...wish, name: 'db-7f-0', localPort: 0 });
    const all = asking(':pf<enter>', world);
    expect(all.lines[2]).toContain('port-forwards(all)[2]');
    expect(all.screen).toMatch(/web-7f-0 +web +80 +http:\/\/localhost:8080/);
    all.type('j<ctrl-d>');
    expect(all.effects).toEqual([{ type: 'stop-forward', id: '2' }]);
    const one = asking(':po<enter>/web-7f-0<enter>f', world);
    expect(one.lines[2]).toContain('port-forwards(shop/web-7f-0)[1]');
  });
});
