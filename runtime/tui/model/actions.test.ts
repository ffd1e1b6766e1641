import { describe, expect, it } from 'vitest';
import { object, shop } from '../fakes-shop.ts';
import { Person } from './driving.fakes.ts';

const having = (keys: string): Person => new Person(shop()).type(keys);
const said = (person: Person): string => person.lines.at(-1)!.trim();
const pods = (...names: readonly string[]) =>
  names.map((name) => ({ resource: 'pods', key: `shop/${name}` }));

describe('editing', () => {
  it('is of what is chosen, in lists and texts', () => {
    const wanted = [{ type: 'edit', target: { resource: 'deployments.apps', key: 'shop/db' } }];
    expect(having(':deploy<enter>e').effects).toEqual(wanted);
    expect(having(':deploy<enter>ye').effects).toEqual(wanted);
    expect(having(':tl<enter>Ge').effects).toEqual([]);
  });
});

describe('a screen that only looks', () => {
  const looking = () => new Person(shop(), { isReadonly: true, columns: 120 });

  it.each([
    ['an action', ':po<enter><ctrl-k>'],
    ['a dialog', ':po<enter><ctrl-d>y'],
    ['a value', ':deploy<enter>s9<enter>'],
    ['an edit', ':deploy<enter>e'],
    ['a fault', ':fault node=n1<enter>'],
  ])('lets %s through to nobody', (_, keys) => {
    const { effects, lines } = looking().type(keys);
    expect(effects).toEqual([]);
    expect(lines[0]).toContain('read-only');
  });

  it('does not offer it, and says why a command does nothing', () => {
    expect(looking().type(':deploy<enter>').lines.at(-1)).not.toMatch(/scale|restart|edit|delete/);
    const writing = new Person(shop(), { columns: 120 }).type(':deploy<enter>');
    expect(writing.lines.at(-1)).toMatch(/scale.*restart/);
    expect(said(looking().type(':fault node=n1<enter>'))).toMatch(/^read-only/);
  });

  it('may do it to a copy', () => {
    const person = looking();
    person.state = { ...person.state, copy: 'rev 1842' };
    expect(person.type(':po<enter><ctrl-k>').effects).toMatchObject([{ action: { verb: 'kill' } }]);
  });

  it('still steps and looks', () => {
    expect(
      looking()
        .type('.:whatif<enter>')
        .effects.map(({ type }) => type),
    ).toEqual(['step', 'copy-of']);
  });
});

describe('marks', () => {
  it('are what actions are for, instead of the row under the cursor', () => {
    const { effects } = having(':po<enter>j<space>jj<space>G<ctrl-k>');
    expect(effects).toEqual([
      { type: 'act', action: { verb: 'kill', targets: pods('db-7f-1', 'web-7f-0'), options: {} } },
    ]);
  });

  it('are set over a range, up or down, and taken away one by one or all', () => {
    const range = having(':po<enter>jjj<space>kk<ctrl-space>');
    expect(range.lines[2]).toContain('3 marked');
    expect(range.type('<space>').lines[2]).toContain('2 marked');
    expect(range.type('\u001c').lines[2]).not.toContain('marked');
    expect(range.type('<ctrl-k>').effects).toMatchObject([
      { action: { targets: pods('db-7f-1') } },
    ]);
  });

  it('do not reach what the filter hides', () => {
    const { effects } = having(':po<enter><space>j<space>/db-7f-1<enter><ctrl-k>');
    expect(effects).toMatchObject([{ action: { targets: pods('db-7f-1') } }]);
  });

  it('are counted in the question', () => {
    expect(having(':po<enter><space>j<space><ctrl-d>').screen).toContain('Delete 2 pods?');
  });
});

describe('dialogs', () => {
  const deleting = (keys: string) => having(`:po<enter><ctrl-d>${keys}y`).effects;
  const options = (keys: string) =>
    (deleting(keys)[0] as { action: { options: object } }).action.options;

  it('turn choices into options; what was not touched is none', () => {
    expect(options('')).toEqual({});
    expect(options('<tab><tab><right>')).toEqual({ propagationPolicy: 'Foreground' });
    expect(options('<up><left><up><left>')).toEqual({
      gracePeriodSeconds: '300',
      propagationPolicy: 'Orphan',
    });
    expect(options('<down><down><down><right><right>')).toEqual({ gracePeriodSeconds: '1' });
    expect(options('<tab><tab><right><right><right>')).toEqual({});
  });

  it('go on to the next field on enter, never further', () => {
    expect(having(':po<enter><ctrl-d><tab><tab><enter><enter>').state.dialog?.focus).toBe('cancel');
  });

  it('say what goes along', () => {
    expect(having(':deploy<enter><ctrl-d>').screen).toContain('with it go 1 replicaset, 3 pods');
    expect(having(':po<enter><ctrl-d>').screen).not.toContain('with it go');
  });

  it.each([
    [':deploy<enter>r', 'Restart deployment shop/db?'],
    [':nodes<enter>r', 'Drain node n1?'],
    [':rs<enter><ctrl-l>', 'Rollback replicaset shop/db-7f?'],
  ])('%s asks %s', (keys, question) => {
    const person = having(keys);
    expect(person.screen).toContain(question);
    expect(person.effects).toEqual([]);
    expect(person.type('y').effects).toHaveLength(1);
  });
});

describe('what needs a value', () => {
  it('asks for it, beginning with how it is', () => {
    const person = having(':deploy<enter>js');
    expect(said(person)).toContain('replicas of deployment shop/web: 6');
    expect(person.type('<backspace>9<enter>').effects).toEqual([
      {
        type: 'act',
        action: {
          verb: 'scale',
          targets: [{ resource: 'deployments.apps', key: 'shop/web' }],
          options: { value: '9' },
        },
      },
    ]);
  });

  it('sets images by container', () => {
    const { effects } = having(':deploy<enter>i<backspace>2<enter>');
    expect(effects).toMatchObject([
      { action: { verb: 'image', options: { value: 'db=shop/db:2' } } },
    ]);
  });

  it.each([
    ['s<ctrl-u>many<enter>', 'many is no number of replicas'],
    ['s<ctrl-u>-1<enter>', '-1 is no number of replicas'],
    ['i<ctrl-u>nginx<enter>', 'say container=image'],
  ])('%s is refused: %s', (keys, words) => {
    const person = having(`:deploy<enter>${keys}`);
    expect(person.effects).toEqual([]);
    expect(said(person)).toBe(words);
  });

  it('forgets it on esc', () => {
    const person = having(':deploy<enter>s9<esc>');
    expect(person.effects).toEqual([]);
    expect(person.state.prompt).toBeUndefined();
  });
});

describe('keys of some kinds', () => {
  it.each([
    [':nodes<enter>c', 'cordon'],
    [':nodes<enter>u', 'uncordon'],
    [':cj<enter>s', 'suspend'],
    [':po<enter><ctrl-k>', 'kill'],
  ])('%s does it at once: %s', (keys, verb) => {
    const world = shop();
    world.put(object('batch/v1', 'CronJob', { name: 'nightly', namespace: 'shop' }));
    expect(new Person(world).type(keys).effects).toMatchObject([{ action: { verb } }]);
  });

  it('mean nothing on others', () => {
    expect(having(':po<enter>sru<ctrl-l>').effects).toEqual([]);
    expect(having(':cm<enter>l<ctrl-k>s').effects).toEqual([]);
  });

  it('act from the home screen too', () => {
    expect(having('s<ctrl-u>1<enter>').effects).toMatchObject([
      { action: { verb: 'scale', targets: [{ key: 'shop/web' }] } },
    ]);
  });
});

describe('copies', () => {
  it.each([
    [':po<enter>c', 'db-7f-0'],
    [':po<enter>n', 'shop'],
    [':secrets<enter>xc', 'password: hunter2\n'],
  ])('%s copies %s', (keys, text) => {
    expect(having(keys).effects).toMatchObject([{ type: 'copy', text }]);
  });

  it('take the whole list to a file, not only what is seen', () => {
    const [effect] = new Person(shop(), { rows: 12 }).type(':po<enter><ctrl-s>').effects;
    const { text, name } = effect as { text: string; name: string };
    expect(name).toBe('pods-all');
    expect(text.split('\n')).toHaveLength(1 + 11 + 1);
    expect(text).toContain('shop       worker-7f-1');
  });

  it('say when there is nothing', () => {
    expect(said(having(':nodes<enter>n'))).toBe('there is nothing to copy');
  });
});
