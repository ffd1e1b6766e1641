import { describe, expect, it } from 'vitest';
import { brokenSave, FRAME, running, shop } from '../fakes-shop.ts';
import { Person } from './driving.fakes.ts';
import { currentView } from './state.ts';
import { isList } from './view.ts';

const at = (person: Person): string => {
  const view = currentView(person.state);
  if (view.type === 'object') return `${view.page} ${view.resource} ${view.key}`;
  if (view.type === 'text') return view.page;
  if (view.type === 'log') return `log ${view.title}`;
  if (view.type === 'shell') return `${view.door} ${view.target.name}/${view.target.container}`;
  const cursor = view.cursor.key ?? '';
  const of = view.type === 'page' && view.subject ? ` of ${view.subject.key}` : '';
  const name =
    view.type === 'table' ? `${view.resource} in ${view.namespace || 'all'}` : `${view.page}${of}`;
  return `${name} at ${cursor || view.cursor.at}`;
};

describe('ways through the screen', () => {
  it.each([
    ['', 'convergence at 0'],
    ['j', 'convergence at deployments.apps shop/worker'],
    ['G', 'convergence at nodes '],
    ['<enter>', 'pods in shop at 0'],
    ['<enter>j<enter>', 'containers of shop/web-7f-1 at 0'],
    ['<enter>j<enter><enter>', 'log shop/web-7f-1/web'],
    ['<enter>j<enter>y', 'yaml pods shop/web-7f-1'],
    ['<enter>jdyq', 'pods in shop at shop/web-7f-1'],
    ['<enter>jl', 'log shop/web-7f-1'],
    ['l', 'log deployment/shop/web'],
    ['T', 'timeline of shop/web at 0'],
    ['T<enter>', 'causes of 45 at 45'],
    ['T<enter>k<enter>', 'causes of 43 at 43'],
    ['D', 'diff of shop/web at 0'],
    [':svc<enter>f', 'flows of shop/web at 0'],
    [':flows<enter>', 'flows at 0'],
    [':rules<enter>', 'rules nodes n1'],
    [':rules n2<enter>', 'rules nodes n2'],
    [':rules n9<enter>', 'convergence at 0'],
    [':nodes<enter>ji', 'rules nodes n2'],
    [':flows web<enter>', 'flows of shop/web at 0'],
    [':flows nothing<enter>', 'convergence at 0'],
    [':cm<enter>u', 'used-by of shop/设置 at 0'],
    [':secrets<enter>x', 'decode secrets shop/db'],
    [':xray<enter>', 'xray of  at 0'],
    [':xray po shop<enter>', 'xray of shop at 0'],
    [':x nothing<enter>', 'convergence at 0'],
    [':pulses<enter>', 'pulses at 0'],
    [':pulses<enter><tab><enter>', 'nodes in all at 0'],
    [':pulses<enter>l<enter>', 'nodes in all at 0'],
    [':pulses<enter><right><right><left><enter>', 'nodes in all at 0'],
    [':pulses<enter>h<enter>', 'namespaces in all at 0'],
    [':pulses<enter>j<enter>', 'pods in all at 0'],
    [':pulses<enter>ljj<enter>', 'replicasets.apps in all at 0'],
    [':pulses<enter>jjk<enter>', 'pods in all at 0'],
    [':pulses<enter>G<enter>', 'replicasets.apps in all at 0'],
    [':pulses<enter><shift-tab><enter>', 'replicasets.apps in all at 0'],
    [':pulses<enter>G<tab><enter>', 'namespaces in all at 0'],
    [':pulses<enter><ctrl-w>j<enter>', 'nodes in all at 0'],
    [':po<enter>w', 'pods in shop at 0'],
    [':wq<enter><enter>', 'timeline at 0'],
    ['G<enter>', 'nodes in all at 0'],
    [':pods<enter>', 'pods in all at 0'],
    [':po shop<enter>', 'pods in shop at 0'],
    [':po -n shop<enter>', 'pods in shop at 0'],
    [':po shop<enter>:deploy<enter>', 'deployments.apps in shop at 0'],
    [':po shop<enter>0:deploy<enter>', 'deployments.apps in all at 0'],
    [':po all<enter>2', 'pods in shop at 0'],
    [':pod<enter>', 'pods in all at 0'],
    [':dep<enter>', 'deployments.apps in all at 0'],
    [':no<enter><enter>', 'pods in all at 0'],
    [':ns<enter>j<enter>', 'pods in shop at 0'],
    [':svc<enter><enter>', 'pods in shop at 0'],
    [':po<enter>GJ', 'replicasets.apps in shop at shop/worker-7f'],
    [':po<enter>GJJ', 'deployments.apps in shop at shop/worker'],
    [':deploy<enter>z', 'replicasets.apps in shop at 0'],
    [':deploy<enter>zz', 'pods in shop at 0'],
    [':po<enter>o', 'nodes in all at n1'],
    [':po<enter><ctrl-a>', 'kinds at 0'],
    ['<ctrl-a>/configmaps<enter><enter>', 'configmaps in all at 0'],
    [':po<enter>?', 'help'],
    [':po<enter>?q', 'pods in all at 0'],
    [':po<enter>H', 'convergence at 0'],
    [':po<enter>:sleepers<enter>', 'sleepers at 0'],
    [':wq<enter>', 'queues at 0'],
    [':journal<enter>', 'timeline at 0'],
    [':po<enter>:deploy<enter>-', 'pods in all at 0'],
    [':po<enter>:deploy<enter>--', 'deployments.apps in all at 0'],
    [':po<enter>:deploy<enter>:no<enter>[[', 'pods in all at 0'],
    [':po<enter>:deploy<enter>:no<enter>[[]', 'deployments.apps in all at 0'],
    ['qqq', 'convergence at 0'],
    [':nonsense<enter>', 'convergence at 0'],
    [':po nowhere<enter>', 'convergence at 0'],
    [':<esc>j', 'convergence at deployments.apps shop/worker'],
  ])('%s leads to %s', (keys, place) => {
    expect(at(new Person(shop()).type(keys))).toBe(place);
  });

  it.each([':q', ':q!', ':qa', ':quit', ':exit'])('%s quits', (command) => {
    expect(new Person(shop()).type(`${command}<enter>`).effects).toEqual([{ type: 'quit' }]);
  });

  it('asks the shell for what concerns time', () => {
    const { effects } = new Person(shop()).type(',.>').type('<').type('=<ctrl-r>');
    expect(effects).toEqual([
      { type: 'pause' },
      { type: 'step' },
      { type: 'speed', to: 'faster' },
      { type: 'speed', to: 'slower' },
      { type: 'speed', to: 'real' },
      { type: 'redraw' },
    ]);
  });

  it('says what it does not know', () => {
    expect(new Person(shop()).type(':nonsense<enter>').lines.at(-1)).toContain(
      'no kind or command is called nonsense',
    );
    expect(new Person(shop()).type(':po nowhere<enter>').lines.at(-1)).toContain(
      'there is no namespace nowhere',
    );
    expect(new Person(shop()).type('J').lines.at(-1)).toContain('nothing owns this');
  });
});

describe('lists', () => {
  const names = (person: Person): string[] =>
    person.lines.slice(4, -2).flatMap((line) => /│ [ ▌] (?:shop +)?(\S+)/.exec(line)?.[1] ?? []);

  it('are filtered while typing, and say so', () => {
    const person = new Person(shop()).type(':po<enter>/web-7f-[45]');
    expect(names(person)).toEqual(['web-7f-4', 'web-7f-5']);
    expect(person.type('<enter>').lines[2]).toContain('pods(all)[2/11] </web-7f-[45]>');
    expect(names(person.type('<esc>'))).toHaveLength(11);
  });

  it('take filters from commands', () => {
    expect(names(new Person(shop()).type(':po /pending<enter>'))).toEqual(['web-7f-4', 'web-7f-5']);
    expect(names(new Person(shop()).type(':po app=db<enter>'))).toEqual([
      'db-7f-0',
      'db-7f-1',
      'db-7f-2',
    ]);
    expect(names(new Person(shop()).type(':po<enter>/!running|pending<enter>'))).toEqual([
      'worker-7f-0',
      'worker-7f-1',
    ]);
  });

  it('say what is wrong with a selector', () => {
    const person = new Person(shop()).type(':po<enter>/-l app in (<enter>');
    expect(person.lines.at(-1)).toContain('unable to parse requirement');
  });

  it('show only what is not at its goal', () => {
    expect(names(new Person(shop()).type(':po<enter><ctrl-z>'))).toEqual([
      'web-7f-4',
      'web-7f-5',
      'worker-7f-0',
      'worker-7f-1',
    ]);
  });

  it('are sorted by a column, and the other way round', () => {
    const byStatus = new Person(shop()).type(':po<enter>S');
    expect(names(byStatus).slice(0, 2)).toEqual(['worker-7f-0', 'worker-7f-1']);
    expect(byStatus.lines[3]).toContain('STATUS↑');
    expect(names(byStatus.type('S')).at(-1)).toBe('worker-7f-1');
    expect(byStatus.lines[3]).toContain('STATUS↓');
    expect(byStatus.type('<shift-right>').lines[3]).toContain('RESTARTS↑');
    expect(byStatus.type('<shift-left><shift-left>O').lines[3]).toContain('READY↓');
  });

  it('keep the cursor on its object while others come and go', () => {
    const world = shop();
    const person = new Person(world).type(':po<enter>jjj');
    world.put(running('aaa', 0, 'n1'));
    expect(person.lines.find((line) => line.includes('▌'))).toContain('web-7f-0');
  });

  it('keep the cursor where it was when its object goes', () => {
    const world = shop();
    const person = new Person(world).type(':po<enter>jjj');
    world.take(world.get('pods', 'shop/web-7f-0'));
    expect(person.lines.find((line) => line.includes('▌'))).toContain('web-7f-1');
    expect(at(person.type('j'))).toBe('pods in all at shop/web-7f-2');
  });

  it('scroll so that the cursor is always seen', () => {
    const person = new Person(shop(), { rows: 12 }).type(':po<enter>G');
    expect(names(person).at(-1)).toBe('worker-7f-1');
    expect(person.type('kkkkkkkk').lines.some((line) => line.includes('▌'))).toBe(true);
    const view = currentView(person.state);
    expect(isList(view) && view.cursor.at).toBe(2);
  });
});

describe('deleting', () => {
  const deleting = (keys: string) => new Person(shop()).type(`:po<enter>j<ctrl-d>${keys}`).effects;

  it.each(['y', '<tab><enter>', '<right><enter>'])('%s deletes', (keys) => {
    expect(deleting(keys)).toMatchObject([
      {
        type: 'act',
        action: { verb: 'delete', targets: [{ resource: 'pods', key: 'shop/db-7f-1' }] },
      },
    ]);
  });

  it.each([
    'n',
    'q',
    '<esc>',
    '<enter>',
    '<tab><tab><enter>',
    '<tab><tab><tab><tab><enter>',
    'jjjj',
  ])('%s does not', (keys) => {
    expect(deleting(keys)).toEqual([]);
  });

  it('says when somebody was faster', () => {
    const world = shop();
    const person = new Person(world).type(':po<enter>j<ctrl-d>');
    world.take(world.get('pods', 'shop/db-7f-1'));
    expect(person.type('y').effects).toEqual([]);
    expect(person.lines.at(-1)).toContain('gone already');
  });
});

describe('errors of a save', () => {
  const title = (person: Person): string => person.lines[2] ?? '';

  it('cover the view until they are waved away, and are there to be seen again', () => {
    const world = shop();
    brokenSave(world);
    const person = new Person(world).type(':po<enter>');
    brokenSave(world, [FRAME.replace('18', '19')]);
    expect(title(person)).toContain('1 error');
    expect(title(person.type('<esc>'))).toContain('pods');
    expect(person.lines[1]).toContain('1 error');
    expect(title(person.type('E'))).toContain('errors of the last save');
    expect(title(person.type('q'))).toContain('pods');
  });

  it('come back when they are others, or were mended in between', () => {
    const world = shop();
    brokenSave(world);
    const person = new Person(world).type('<esc>');
    expect(title(person)).toContain('convergence');
    brokenSave(world);
    expect(title(person)).toContain('convergence');
    brokenSave(world, [FRAME, FRAME]);
    expect(title(person)).toContain('2 errors');
    person.type('<esc>');
    brokenSave(world, []);
    person.type('j');
    brokenSave(world, [FRAME, FRAME]);
    expect(title(person)).toContain('2 errors');
  });

  it('scroll, and leave the list alone meanwhile', () => {
    const world = shop();
    brokenSave(
      world,
      Array.from({ length: 9 }, () => FRAME),
    );
    const person = new Person(world).type('jj');
    expect(person.lines.at(-2)).toContain('lines 3-20');
    expect(at(person)).toBe('convergence at 0');
    expect(person.type('G').lines.at(-3)).toContain('help: did you mean');
  });

  it('give way to a command', () => {
    const world = shop();
    brokenSave(world);
    expect(title(new Person(world).type(':po<enter>'))).toContain('pods(all)');
  });
});

describe('the prompt', () => {
  const line = (keys: string): string =>
    new Person(shop()).type(keys).lines.at(-1)!.trimEnd().replace(/ +/g, ' ');

  it.each([
    [':', ' :'],
    [':dep', ' :deploy deploy deployments'],
    [':dep<down>', ' :deployments deploy deployments'],
    [':dep<tab>', ' :deploy deploy deployments'],
    [':dep<down><tab>', ' :deployments deployments'],
    [':po sh', ' :po shop po shop'],
    [':po sh<tab>', ' :po shop po shop'],
    [':pods<backspace>', ' :pods pods podtemplates poddisruptionbudgets'],
    [':pods<ctrl-u>', ' :'],
    [':xyz', ' :xyz'],
  ])('%s shows %s', (keys, shown) => {
    expect(line(keys)).toBe(shown);
  });

  it('closes when more is erased than there is', () => {
    expect(line(':a<backspace><backspace>')).toContain('<enter> open');
  });
});

describe('texts', () => {
  it('are searched and scrolled', () => {
    const person = new Person(shop(), { rows: 14 }).type(
      ':po<enter>/web-7f-0<enter>y/image<enter>',
    );
    expect(person.lines[3]).toContain('image: shop/web:1');
    expect(
      person
        .type('n')
        .lines.some((line) => line.includes('containerStatuses') || line.includes('image')),
    ).toBe(true);
    expect(person.type('g').lines[3]).toContain('apiVersion: v1');
    expect(person.type('/nowhere to be found<enter>').lines.at(-1)).toContain(
      'no line has nowhere',
    );
  });

  it('move to the side', () => {
    const person = new Person(shop()).type(':po<enter>yl');
    expect(person.lines[3]).toContain('│ on: v1');
    expect(person.type('h').lines[3]).toContain('│ apiVersion: v1');
  });

  it('follow the object, also when it goes', () => {
    const world = shop();
    const person = new Person(world).type(':po<enter>d');
    expect(person.lines[3]).toContain('db-7f-0');
    world.take(world.get('pods', 'shop/db-7f-0'));
    expect(person.screen).toContain('shop/db-7f-0 does not exist any more');
  });
});
