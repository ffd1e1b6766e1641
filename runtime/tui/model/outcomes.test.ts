import { describe, expect, it } from 'vitest';
import { shop } from '../fakes-shop.ts';
import { BUDGET } from '../fakes-story.ts';
import { Person } from './driving.fakes.ts';
import { update } from './update.ts';

const wide = { columns: 140, rows: 30 };

describe('outcomes', () => {
  it('stand at the lines that cause them, on the home screen', () => {
    const { lines } = new Person(shop(), wide);
    expect(lines[1]).toContain('✗ 2 outcomes <!> manifests/shop.ts:24');
    const web = lines.find((line) => line.includes('deploy/web'));
    expect(web).toMatch(/✗ +deploy\/web .* manifests\/shop\.ts:24:34 +Unschedulable/);
    const budget = lines.find((line) => line.includes('pdb/db'));
    expect(budget).toMatch(/! .* manifests\/shop\.ts:71:19 +lets nobody evict: it needs/);
    expect(lines.at(-2)).toContain('manifests/shop.ts:24:34  po/web-7f-4');
  });

  it('are told at the row of their object, where it has one and is at its goal', () => {
    const world = shop();
    world.outcomes.push({ ...BUDGET, object: 'shop › Deployment/db', message: 'kept' });
    const row = new Person(world, wide).lines.find((line) => line.includes('deploy/db'));
    expect(row).toMatch(/! +deploy\/db +shop +3 +3 +0 .* manifests\/shop\.ts:71:19 +kept/);
  });

  it('show the lines around them', () => {
    const person = new Person(shop(), wide).type('!<enter>');
    expect(person.screen).toContain("24|       resources: { requests: { cpu: '500m' } },");
    person.type('q').type('G<enter>');
    expect(person.screen).toContain("71|   spec: { minAvailable: '100%', selector },");
    const home = new Person(shop(), wide).type('jj<enter>');
    expect(home.screen).toContain("71|   spec: { minAvailable: '100%', selector },");
    expect(new Person(shop(), wide).type('W').screen).toContain("requests: { cpu: '500m' }");
  });

  it('are gone when they are', () => {
    const world = shop();
    const person = new Person(world, wide).type('!<enter>');
    world.outcomes.length = 0;
    world.manifests = { ...world.manifests!, savedAtWallMs: 1 };
    expect(person.screen).toContain('this is not so any more');
    expect(new Person(world, wide).screen).not.toContain('outcome');
  });

  it('are worked out once a revision and save', () => {
    const world = shop();
    let asked = 0;
    const outcomes = world.control.outcomes.bind(world.control);
    world.control.outcomes = () => {
      asked++;
      return outcomes();
    };
    const person = new Person(world, wide).type('jkj!');
    expect([person.lines.length, asked]).toEqual([29, 1]);
  });

  it('are what was last known while there is work to do, unless somebody asks', () => {
    const world = shop();
    const person = new Person(world, wide);
    expect(person.lines[1]).toContain('2 outcomes');
    world.components = [{ name: 'scheduler', depth: 1, ready: true, retrying: 0 }];
    world.outcomes.length = 1;
    world.manifests = { ...world.manifests!, savedAtWallMs: 1 };
    expect(person.lines[1]).toContain('2 outcomes');
    expect(person.type('!').lines[2]).toContain('outcomes[1]');
    world.mode = 'paused';
    expect(person.lines[1]).toContain('1 outcome ');
  });

  it('keep what a drain was refused until the next drain', () => {
    const world = shop();
    world.outcomes.length = 0;
    const person = new Person(world, wide);
    const flash = { type: 'flash', text: '0 of 2', tone: 'info' } as const;
    person.state = update(person.state, { ...flash, refusals: [BUDGET] }, world.now()).state;
    expect(person.lines[1]).toContain('! 1 outcome <!> manifests/shop.ts:71');
    expect(person.type('!<enter>').screen).toContain('minAvailable');
    person.state = update(person.state, { ...flash, refusals: [] }, world.now()).state;
    expect(person.type('q<esc>').lines[1]).not.toContain('outcome');
  });
});
