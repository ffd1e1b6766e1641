import { describe, expect, it } from 'vitest';
import type { Schema } from '../../generator/model/schema.ts';
import { type Applied, applyConfiguration, managedFields } from './apply.ts';
import { valueAt } from './object.ts';
import {
  type Ownership,
  type OwnershipSchema,
  recordUpdate,
  UNOWNED,
  type Writer,
} from './ownership.ts';

const DEFINITIONS: Record<string, Schema> = {
  'meta/v1.ObjectMeta': {
    type: 'object',
    properties: {
      name: { type: 'string' },
      labels: { type: 'object', values: { type: 'string' } },
      finalizers: { type: 'array', items: { type: 'string' }, listType: 'set' },
    },
  },
  Port: {
    type: 'object',
    properties: {
      port: { type: 'integer' },
      protocol: { type: 'string', default: 'TCP' },
      name: { type: 'string' },
    },
  },
  Probe: { type: 'object', properties: { path: { type: 'string' }, period: { type: 'integer' } } },
  Container: {
    type: 'object',
    properties: {
      name: { type: 'string' },
      image: { type: 'string' },
      args: { type: 'array', items: { type: 'string' }, listType: 'atomic' },
      probe: { ref: 'Probe' },
      limits: { type: 'object', values: { type: 'string' } },
    },
  },
  Spec: {
    type: 'object',
    required: ['containers'],
    properties: {
      replicas: { type: 'integer' },
      selector: { type: 'object', values: { type: 'string' }, mapType: 'atomic' },
      containers: {
        type: 'array',
        items: { ref: 'Container' },
        listType: 'map',
        listMapKeys: ['name'],
      },
      ports: {
        type: 'array',
        items: { ref: 'Port' },
        listType: 'map',
        listMapKeys: ['port', 'protocol'],
      },
    },
  },
};
const schema: OwnershipSchema = {
  schema: {
    type: 'object',
    properties: {
      metadata: { ref: 'meta/v1.ObjectMeta' },
      spec: { ref: 'Spec', default: {} },
      status: { type: 'object', properties: { ready: { type: 'integer' } }, default: {} },
    },
  },
  resolve: (each) => (each.ref ? DEFINITIONS[each.ref]! : each),
  hasStatus: true,
};

const applier = (manager: string, subresource?: string): Writer => ({
  manager,
  operation: 'Apply',
  apiVersion: 'v1',
  ...(subresource ? { subresource } : {}),
});
const updater = (manager: string): Writer => ({ ...applier(manager), operation: 'Update' });

/** An object and who owns what of it, as a server keeps them. */
class Kept {
  object: unknown;
  ownership: Ownership = UNOWNED;

  apply(writer: Writer, config: object, force = false): Applied {
    const state = { ownership: this.ownership, writer, timeMs: 0 };
    const applied = applyConfiguration(this.object, config, state, { force }, schema);
    if (applied.conflicts.length === 0)
      ({ object: this.object, ownership: this.ownership } = applied);
    return applied;
  }

  update(writer: Writer, after: object): this {
    const change = { before: this.object, after, timeMs: 0 };
    this.ownership = recordUpdate(this.ownership, writer, change, schema);
    this.object = after;
    return this;
  }

  /** Fields by manager. */
  get managers(): Record<string, unknown> {
    return Object.fromEntries(
      managedFields(this.ownership, schema).map(({ manager, fieldsV1 }) => [manager, fieldsV1]),
    );
  }
}

const spec = (fields: object) => ({ spec: fields });
const fieldsOf = (applied: Applied): string[] => applied.conflicts.map(({ field }) => field);

describe('apply', () => {
  it('owns what it states: leaves, items, and what is empty', () => {
    const kept = new Kept();
    kept.apply(applier('one'), {
      apiVersion: 'v1',
      kind: 'Thing',
      metadata: { name: 'x', labels: { a: 'b' }, finalizers: ['f'] },
      spec: { selector: { a: 'b' }, containers: [{ name: 'c', image: 'i', limits: {} }] },
      status: { ready: 1 },
    });
    expect(kept.managers.one).toEqual({
      'f:metadata': { 'f:labels': { 'f:a': {} }, 'f:finalizers': { 'v:"f"': {} } },
      'f:spec': {
        'f:selector': {},
        'f:containers': {
          'k:{"name":"c"}': { '.': {}, 'f:name': {}, 'f:image': {}, 'f:limits': {} },
        },
      },
    });
  });

  it('leaves a field with who set it and set it back, a whole map as a leaf', () => {
    const [first, second] = [
      spec({ selector: { a: '1', b: '2' } }),
      spec({ selector: { a: '9' } }),
    ];
    const kept = new Kept().update(updater('one'), first).update(updater('two'), second);
    kept.update(updater('two'), spec({ selector: { a: '1', b: '2' } }));
    expect(kept.managers.two).toEqual({ 'f:spec': { 'f:selector': {} } });
    const listed = (image: string) => spec({ containers: [{ name: 'c', image }] });
    const list = new Kept().update(updater('one'), listed('i'));
    list.update(updater('two'), listed('j')).update(updater('two'), listed('i'));
    expect(list.managers.two).toEqual({
      'f:spec': { 'f:containers': { 'k:{"name":"c"}': { 'f:image': {} } } },
    });
  });

  it('takes from others what was said before another way, as far as that is still true', () => {
    const before = { metadata: { name: 'x', labels: { a: '1', b: '1' } } };
    const kept = new Kept().update(updater('old'), {
      metadata: { name: 'x', labels: { a: '1', b: 'changed' } },
    });
    const next = { metadata: { name: 'x', labels: { a: '2', b: '2' } } };
    const state = { ownership: kept.ownership, writer: applier('new'), timeMs: 0 };
    const options = { force: false, lastApplied: before };
    const refused = applyConfiguration(kept.object, next, state, options, schema);
    expect(fieldsOf(refused)).toEqual(['.metadata.labels.b']);
    const smaller = { metadata: { name: 'x', labels: { a: '2' } } };
    const { conflicts, ownership } = applyConfiguration(
      kept.object,
      smaller,
      state,
      options,
      schema,
    );
    expect(conflicts).toEqual([]);
    expect(managedFields(ownership, schema).map(({ fieldsV1 }) => fieldsV1)).toEqual([
      expect.not.objectContaining({
        'f:metadata': { 'f:labels': expect.objectContaining({ 'f:a': {} }) },
      }),
      { 'f:metadata': { 'f:labels': { 'f:a': {} } } },
    ]);
  });

  it('shows the fields of each in the order in which they are written', () => {
    const kept = new Kept();
    kept.apply(applier('one'), {
      apiVersion: 'v1',
      kind: 'Thing',
      spec: { replicas: 1, paused: true },
      metadata: { name: 'x', labels: { b: '1', a: '2' } },
    });
    expect(JSON.stringify(kept.managers['one'])).toBe(
      '{"f:metadata":{"f:labels":{"f:a":{},"f:b":{}}},"f:spec":{"f:paused":{},"f:replicas":{}}}',
    );
  });

  it('leaves what identifies the object when nothing else of its metadata is stated any more', () => {
    const kept = new Kept();
    const named = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'x' } };
    kept.apply(applier('one'), { ...named, metadata: { name: 'x', labels: { a: 'b' } } });
    kept.apply(applier('one'), { ...named, spec: { replicas: 1 } });
    expect(kept.object).toEqual({ ...named, spec: { replicas: 1 } });
  });

  it('that states nothing is not kept', () => {
    const kept = new Kept();
    kept.apply(applier('one'), { metadata: { name: 'x' } });
    expect(kept.managers).toEqual({});
  });

  it('removes what it does not state any more, with what defaults put there', () => {
    const kept = new Kept();
    kept.apply(
      applier('one'),
      spec({ replicas: 1, containers: [{ name: 'c', probe: { path: '/' } }, { name: 'd' }] }),
    );
    kept.object = spec({
      replicas: 1,
      containers: [
        { name: 'c', image: 'defaulted', probe: { path: '/', period: 10 } },
        { name: 'd', image: 'defaulted' },
      ],
    });
    kept.apply(applier('one'), spec({ containers: [{ name: 'c' }] }));
    expect(kept.object).toEqual(spec({ containers: [{ name: 'c', image: 'defaulted' }] }));
  });

  it('leaves what others own, of items too', () => {
    const kept = new Kept();
    kept.apply(applier('one'), spec({ containers: [{ name: 'c', image: 'i' }] }));
    kept.apply(applier('two'), spec({ containers: [{ name: 'c', args: ['x'] }, { name: 'd' }] }));
    kept.apply(applier('one'), spec({}));
    expect(kept.object).toEqual(spec({ containers: [{ name: 'c', args: ['x'] }, { name: 'd' }] }));
    expect(kept.managers.one).toEqual({ 'f:spec': {} });
    kept.apply(applier('two'), spec({ containers: [{ name: 'd' }] }));
    expect(kept.object).toEqual(spec({ containers: [{ name: 'd' }] }));
  });

  it('conflicts where it says otherwise, and shares where it says the same', () => {
    const kept = new Kept();
    kept.apply(
      applier('one'),
      spec({ replicas: 1, selector: { a: 'b' }, containers: [{ name: 'c', image: 'i' }] }),
    );
    const other = spec({
      replicas: 2,
      selector: { a: 'c' },
      containers: [{ name: 'c', image: 'j' }],
    });
    const refused = kept.apply(applier('two'), other);
    expect(fieldsOf(refused)).toEqual([
      '.spec.replicas',
      '.spec.selector',
      '.spec.containers[name="c"].image',
    ]);
    expect(refused.conflicts[0]!.who).toBe('"one"');
    expect(kept.managers).not.toHaveProperty('two');
    expect(fieldsOf(kept.apply(applier('two'), spec({ replicas: 1 })))).toEqual([]);
    expect(kept.managers.two).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  it('takes over what it is forced to', () => {
    const kept = new Kept();
    kept.apply(applier('one'), spec({ replicas: 1, selector: { a: 'b' } }));
    kept.apply(applier('two'), spec({ replicas: 2 }), true);
    expect(kept.object).toEqual(spec({ replicas: 2, selector: { a: 'b' } }));
    expect(kept.managers).toEqual({
      one: { 'f:spec': { 'f:selector': {} } },
      two: { 'f:spec': { 'f:replicas': {} } },
    });
    kept.apply(applier('one'), spec({ selector: { a: 'b' } }));
    expect(kept.object).toEqual(spec({ replicas: 2, selector: { a: 'b' } }));
  });

  it('does not conflict with an owner of the empty map that it fills', () => {
    const kept = new Kept();
    kept.apply(applier('one'), spec({ containers: [{ name: 'c', limits: {} }] }));
    const filled = kept.apply(
      applier('two'),
      spec({ containers: [{ name: 'c', limits: { cpu: '1' } }] }),
    );
    expect(fieldsOf(filled)).toEqual([]);
  });

  it('finds items by keys that have defaults', () => {
    const kept = new Kept();
    kept.apply(applier('one'), spec({ ports: [{ port: 80 }] }));
    kept.object = spec({ ports: [{ port: 80, protocol: 'TCP' }] });
    kept.apply(
      applier('two'),
      spec({
        ports: [
          { port: 80, name: 'http' },
          { port: 80, protocol: 'UDP' },
        ],
      }),
    );
    expect(kept.object).toEqual(
      spec({
        ports: [
          { port: 80, protocol: 'TCP', name: 'http' },
          { port: 80, protocol: 'UDP' },
        ],
      }),
    );
    expect(Object.keys(valueAt(kept.managers, 'two.f:spec.f:ports') as object)).toEqual([
      'k:{"port":80,"protocol":"TCP"}',
      'k:{"port":80,"protocol":"UDP"}',
    ]);
  });

  it('refuses what states an item twice, with 500 and no reason', () => {
    const twice = {
      kind: 'Thing',
      apiVersion: 'v1',
      metadata: { name: 'x', finalizers: ['f', 'f'] },
    };
    const attempt = (config: object) => () => new Kept().apply(applier('one'), config);
    expect(attempt(twice)).toThrow(
      'failed to create typed patch object (x; v1, Kind=Thing): .metadata.finalizers: duplicate entries for set item [="f"]',
    );
    const ports = [{ port: 80 }, { port: 80, protocol: 'TCP' }];
    expect(attempt(spec({ ports }))).toThrow(
      '.spec.ports: duplicate entries for key [port=80,protocol="TCP"]',
    );
    expect(attempt(spec({ containers: [{ name: 'c' }, { name: 'd' }] }))).not.toThrow();
  });

  it('changes nothing when it says the same again', () => {
    const kept = new Kept();
    kept.apply(applier('one'), spec({ replicas: 1 }));
    const { object, ownership } = kept;
    kept.apply(applier('one'), spec({ replicas: 1 }));
    expect(kept.object).toBe(object);
    expect(kept.ownership).toBe(ownership);
  });

  it('leaves the main resource without status, and the status without spec', () => {
    const kept = new Kept();
    kept.apply(applier('one'), { ...spec({ replicas: 1 }), status: { ready: 5 } });
    kept.apply(applier('agent', 'status'), { ...spec({ replicas: 9 }), status: { ready: 1 } });
    expect(kept.managers).toEqual({
      one: { 'f:spec': { 'f:replicas': {} } },
      agent: { 'f:status': { 'f:ready': {} } },
    });
  });

  it('takes what nobody kept track of as somebody’s from before', () => {
    const kept = new Kept();
    kept.object = spec({ replicas: 1, selector: { a: 'b' } });
    expect(kept.apply(applier('one'), spec({ replicas: 2 })).conflicts).toEqual([
      { who: '"before-first-apply" using v1', field: '.spec.replicas' },
    ]);
    kept.apply(applier('one'), spec({ replicas: 2 }), true);
    expect(kept.managers).toEqual({
      'before-first-apply': { 'f:spec': { 'f:selector': {} } },
      one: { 'f:spec': { 'f:replicas': {} } },
    });
  });

  it('puts applied items in their order around live ones', () => {
    const names = (list: string) => spec({ containers: [...list].map((name) => ({ name })) });
    const merged = (live: string, config: string): string => {
      const kept = new Kept();
      kept.apply(applier('one'), names(live));
      kept.apply(applier('two'), names(config));
      const containers = valueAt(kept.object, 'spec.containers') as { readonly name: string }[];
      return containers.map(({ name }) => name).join('');
    };
    expect([merged('ab', 'c'), merged('ab', 'ca'), merged('abc', 'bxc'), merged('', 'ab')]).toEqual(
      ['abc', 'cab', 'abxc', 'ab'],
    );
  });
});

describe('an update', () => {
  it('owns what it changed, and all on the way to what is new', () => {
    const kept = new Kept();
    kept.update(updater('maker'), {
      metadata: { name: 'x', labels: { a: 'b' } },
      spec: {
        containers: [{ name: 'c', probe: { path: '/' }, args: ['x'] }],
        ports: [{ port: 1 }],
      },
      status: { ready: 0 },
    });
    expect(kept.managers.maker).toEqual({
      'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
      'f:spec': {
        'f:containers': {
          'k:{"name":"c"}': {
            '.': {},
            'f:name': {},
            'f:args': {},
            'f:probe': { '.': {}, 'f:path': {} },
          },
        },
        'f:ports': { '.': {}, 'k:{"port":1,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
      },
    });
  });

  it('takes what it changes from all others, and what it removes from everybody', () => {
    const kept = new Kept();
    kept.apply(applier('one'), spec({ replicas: 1, selector: { a: 'b' }, ports: [{ port: 1 }] }));
    kept.update(updater('two'), spec({ replicas: 2, selector: { a: 'b' } }));
    expect(kept.managers).toEqual({
      one: { 'f:spec': { 'f:selector': {} } },
      two: { 'f:spec': { 'f:replicas': {} } },
    });
    expect(
      kept.apply(applier('one'), spec({ replicas: 1, selector: { a: 'b' } })).conflicts,
    ).toEqual([{ who: '"two" using v1', field: '.spec.replicas' }]);
  });

  it('of one manager adds up, whoever looks in between', () => {
    const play = (look: boolean): Record<string, unknown> => {
      const kept = new Kept();
      const steps = [
        { replicas: 1 },
        { replicas: 1, selector: { a: 'b' } },
        { replicas: 3, selector: { a: 'b' } },
      ];
      for (const [at, step] of steps.entries()) {
        kept.update(updater(at === 2 ? 'two' : 'one'), spec(step));
        if (look) kept.apply(applier('looker'), {});
      }
      return kept.managers;
    };
    expect(play(false)).toEqual(play(true));
    expect(play(false)).toEqual({
      one: { 'f:spec': { 'f:selector': {} } },
      two: { 'f:spec': { 'f:replicas': {} } },
    });
  });

  it('of an object that nobody keeps track of is not kept', () => {
    const kept = new Kept();
    kept.object = spec({ replicas: 1 });
    expect(kept.update(updater('one'), spec({ replicas: 2 })).managers).toEqual({});
  });

  it('puts the oldest managers together when they are too many', () => {
    const kept = new Kept();
    const labels: Record<string, string> = {};
    for (let at = 0; at < 14; at++) {
      labels[`l${at}`] = 'x';
      kept.update(updater(`m${at}`), { metadata: { labels: { ...labels } } });
    }
    const { managers } = kept;
    expect(Object.keys(managers)).toHaveLength(10);
    expect(managers['ancient-changes']).toEqual({
      'f:metadata': {
        'f:labels': { '.': {}, 'f:l0': {}, 'f:l1': {}, 'f:l2': {}, 'f:l3': {}, 'f:l4': {} },
      },
    });
  });
});
