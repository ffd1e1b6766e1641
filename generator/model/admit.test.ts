import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemaSet } from '../../generated/registry.ts';
import { compile, type Interpreter, jsonEqual, type Schema } from './index.ts';

const ITEM: Schema = {
  type: 'object',
  emptyIsAbsent: true,
  required: ['name'],
  properties: {
    name: { type: 'string' },
    note: { type: 'string' },
    kept: { type: 'string', minLength: 0 },
    size: { type: 'integer', format: 'int32', default: 1 },
    wide: { type: 'integer', format: 'int64' },
    ratio: { type: 'number' },
    on: { type: 'boolean' },
    off: { type: 'boolean', omitZero: true },
    none: { type: 'integer', omitZero: true },
    port: { type: 'intOrString' },
    amount: { type: 'string', format: 'quantity' },
    when: { type: 'string', format: 'date-time' },
    data: { type: 'string', format: 'byte' },
    limits: { type: 'object', values: { type: 'string', format: 'quantity' } },
    labels: { type: 'object', values: { type: 'string' } },
    words: { type: 'array', items: { type: 'string' } },
    parts: { type: 'array', items: { ref: 'Item' } },
    inner: { ref: 'Item' },
    mode: { ref: 'Mode', default: {} },
    raw: { type: 'object', preserveUnknown: true },
    any: { type: 'any' },
    empty: { type: 'string', nullable: true },
  },
};

const MODE: Schema = {
  type: 'object',
  properties: { type: { type: 'string', default: 'Slow' }, speed: { type: 'integer' } },
};

const fresh = (): Interpreter => compile({ definitions: { Item: ITEM, Mode: MODE }, kinds: [] });
const items = fresh();

/** What becomes of a value, without the defaults that every item gets. */
function admitted(value: unknown): unknown {
  const { value: result, problems } = items.admit('Item', value);
  expect(problems).toEqual([]);
  const { size, mode, ...rest } = result as Record<string, unknown>;
  expect([size, mode]).toEqual([1, { type: 'Slow' }]);
  return rest;
}

const problemsOf = (value: unknown): string[] =>
  items.admit('Item', value).problems.map(({ field, reason, message }) => {
    return `${field} ${reason}: ${message}`;
  });

describe('admit: defaults', () => {
  it('fills in what is absent, all the way down a default', () => {
    expect(items.admit('Item', { name: 'a' }).value).toEqual({
      name: 'a',
      size: 1,
      mode: { type: 'Slow' },
    });
    expect(items.admit('Item', { size: 2, mode: { speed: 3 } }).value).toEqual({
      size: 2,
      mode: { speed: 3, type: 'Slow' },
    });
  });

  it('takes an explicit null of a field for absent, so that the default comes', () => {
    expect(items.admit('Item', { size: null, mode: null, name: null }).value).toEqual({
      size: 1,
      mode: { type: 'Slow' },
    });
    expect(items.admit('Item', null).value).toEqual({ size: 1, mode: { type: 'Slow' } });
  });
});

describe('admit: null', () => {
  it('is the zero value in a list or a map, as it is for a decoder in Go', () => {
    expect(admitted({ words: ['a', null] })).toEqual({ words: ['a', ''] });
    expect(admitted({ labels: { a: null } })).toEqual({ labels: { a: '' } });
    expect(admitted({ limits: { cpu: null } })).toEqual({ limits: { cpu: '0' } });
    expect(items.admit('Item', { parts: [null] }).value).toMatchObject({
      parts: [{ size: 1, mode: { type: 'Slow' } }],
    });
  });

  it('stays where a field is nullable, and in what is kept unread', () => {
    expect(admitted({ empty: null })).toEqual({ empty: null });
    expect(admitted({ raw: { a: null, b: [null] } })).toEqual({ raw: { a: null, b: [null] } });
  });
});

describe('admit: pruning', () => {
  it('takes unknown fields out and names each', () => {
    const value = {
      name: 'a',
      nmae: 'b',
      parts: [{ name: 'c', x: 1 }],
      raw: { any: { thing: 1 } },
    };
    const { value: result, problems } = items.admit('Item', value);
    expect(result).toMatchObject({ name: 'a', parts: [{ name: 'c' }], raw: { any: { thing: 1 } } });
    expect(JSON.stringify(result)).not.toMatch(/nmae|"x"/);
    expect(problems).toEqual([
      { field: 'nmae', reason: 'FieldUnknown', message: 'unknown field "nmae"' },
      { field: 'parts[0].x', reason: 'FieldUnknown', message: 'unknown field "parts[0].x"' },
    ]);
  });

  it('reports them for each object, however often', () => {
    const value = { nmae: 'b' };
    expect(problemsOf(value)).toEqual(problemsOf(value));
    expect(problemsOf(value)).toHaveLength(1);
  });

  it('takes empty values of optional fields for none where the schema says so', () => {
    expect(admitted({ name: '', note: '', kept: '', words: [], labels: {} })).toEqual({
      name: '',
      kept: '',
    });
    expect(items.admit('Mode', { type: '' }).value).toEqual({ type: '' });
    expect(admitted({ on: false, wide: 0, off: false, none: 0 })).toEqual({ on: false, wide: 0 });
    expect(admitted({ off: true, none: 1 })).toEqual({ off: true, none: 1 });
  });

  it('keeps keys that every object has by inheritance', () => {
    const labels = JSON.parse('{"constructor": "a", "__proto__": "b", "toString": null}');
    const { labels: after } = admitted({ labels }) as { labels: object };
    expect(Object.entries(after)).toEqual([
      ['constructor', 'a'],
      ['__proto__', 'b'],
      ['toString', ''],
    ]);
    expect(problemsOf({ constructor: 1 })).toEqual([
      'constructor FieldUnknown: unknown field "constructor"',
    ]);
  });
});

describe('admit: types', () => {
  const cases: readonly [string, unknown, string][] = [
    [
      'a number for a text',
      { name: 5 },
      'name FieldValueTypeInvalid: Invalid value: 5: expected string, got number',
    ],
    [
      'a text for a number',
      { size: '5' },
      'size FieldValueTypeInvalid: Invalid value: "5": expected integer, got string',
    ],
    [
      'a fraction',
      { size: 2.5 },
      'size FieldValueTypeInvalid: Invalid value: 2.5: expected integer, got number',
    ],
    [
      'a text for a flag',
      { on: 'true' },
      'on FieldValueTypeInvalid: Invalid value: "true": expected boolean, got string',
    ],
    [
      'an object for a list',
      { words: {} },
      'words FieldValueTypeInvalid: Invalid value: {}: expected array, got object',
    ],
    [
      'a list for an object',
      { labels: [] },
      'labels FieldValueTypeInvalid: Invalid value: []: expected object, got array',
    ],
    [
      'a text for an object',
      { inner: 'x' },
      'inner FieldValueTypeInvalid: Invalid value: "x": expected object, got string',
    ],
    [
      'a number in a map',
      { labels: { a: 1 } },
      'labels[a] FieldValueTypeInvalid: Invalid value: 1: expected string, got number',
    ],
    [
      'a fraction for a port',
      { port: 1.5 },
      'port FieldValueTypeInvalid: Invalid value: 1.5: expected intOrString, got number',
    ],
    [
      'a flag for an amount',
      { amount: true },
      'amount FieldValueTypeInvalid: Invalid value: true: expected quantity, got boolean',
    ],
  ];

  it.each(cases)('refuses %s', (_, value, problem) => {
    expect(problemsOf(value)).toEqual([problem]);
  });

  const undecodable: readonly [string, unknown][] = [
    ['int32 beyond', { size: 2 ** 31 }],
    ['int32 below', { size: -(2 ** 31) - 1 }],
    ['int64 that a number cannot hold', { wide: 2 ** 53 }],
    ['a malformed amount', { amount: '12Q' }],
    ['an empty amount', { amount: '' }],
    ['a malformed amount in a map', { limits: { cpu: '1.5 Gi' } }],
    ['a day without a time', { when: '2026-01-31' }],
    ['a day that does not exist', { when: '2026-02-31T00:00:00Z' }],
    ['what is not base64', { data: 'a-b' }],
  ];

  it.each(undecodable)('refuses %s', (_, value) => {
    expect(problemsOf(value)).toEqual([
      expect.stringContaining('FieldValueTypeInvalid: Invalid value: '),
    ]);
  });

  it('takes the ends of the ranges', () => {
    const value = { size: -(2 ** 31), wide: Number.MAX_SAFE_INTEGER, ratio: 0.5, port: 'http' };
    expect(items.admit('Item', value)).toMatchObject({ value, problems: [] });
  });

  it('writes amounts as the API does, and of resources nothing below a thousandth', () => {
    expect(admitted({ amount: 0.5 })).toEqual({ amount: '500m' });
    expect(admitted({ amount: '0.0001' })).toEqual({ amount: '100u' });
    expect(admitted({ limits: { cpu: '0.0001', memory: '1024Ki', pods: 110, gpu: '+1' } })).toEqual(
      {
        limits: { cpu: '1m', memory: '1Mi', pods: '110', gpu: '+1' },
      },
    );
  });
});

/** Objects of the real schemas and near them: fields that exist and some that do not, values of any kind. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom('', 'a', 'Always', '100m', '1.50', '2026-01-01T00:00:00Z', 'AA==', 'http'),
    fc.integer({ min: -1, max: 70_000 }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(
    fc.constantFrom(
      'metadata',
      'spec',
      'status',
      'name',
      'labels',
      'containers',
      'resources',
      'requests',
      'cpu',
      'ports',
      'template',
      'selector',
      'replicas',
      'strategy',
      'env',
      'value',
      'volumes',
      'type',
      'unknown',
      'constructor',
    ),
    tie('any'),
    { maxKeys: 6 },
  ),
})).object;

const ROOTS = ['core/v1.Pod', 'apps/v1.Deployment', 'core/v1.ConfigMap', 'core/v1.Service'];

describe('admit: laws', () => {
  const real = compile(schemaSet);
  const frozen = (each: unknown): unknown => {
    if (typeof each === 'object' && each !== null)
      Object.values(Object.freeze(each)).forEach(frozen);
    return each;
  };

  it('what was admitted is admitted as it is, by reference', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROOTS), value, (root, given) => {
        const first = real.admit(root, frozen(given));
        if (first.problems.some(({ reason }) => reason !== 'FieldUnknown')) return;
        const second = real.admit(root, first.value);
        expect(second.problems).toEqual([]);
        expect(second.value).toBe(first.value);
        // Also where nothing is remembered.
        const again = compile(schemaSet).admit(root, first.value);
        expect(again).toEqual({ value: first.value, problems: [] });
        expect(again.value).toBe(first.value);
      }),
      { numRuns: 150 },
    );
  });

  it('the memory changes nothing: a copy, and a new interpreter, come to the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROOTS), value, (root, given) => {
        const once = real.admit(root, given);
        const copy = real.admit(root, structuredClone(given));
        const apart = compile(schemaSet).admit(root, given);
        expect(copy).toEqual(once);
        expect(apart).toEqual(once);
        expect(real.admit(root, given).value).toEqual(once.value);
      }),
      { numRuns: 150 },
    );
  });

  it('clean subtrees are shared, whatever changes beside them', () => {
    const interpreter = fresh();
    const inner = { name: 'clean', size: 3, mode: { type: 'Fast' }, words: ['a'] };
    const given = { name: 'a', inner, parts: [inner, { name: 'b' }] };
    const { value: result } = interpreter.admit('Item', given);
    const made = result as typeof given;
    expect(made).not.toBe(given);
    expect(made.inner).toBe(inner);
    expect(made.parts[0]).toBe(inner);
    expect(made.parts).not.toBe(given.parts);
    expect(given.parts[1]).toEqual({ name: 'b' });
  });

  it('one large object becomes one object, in however many it stands', () => {
    const spec = { containers: [{ name: 'main', image: 'web:1' }] };
    const [one, two] = ['a', 'b'].map(
      (name) => real.admit('core/v1.Pod', { metadata: { name }, spec }).value as { spec: object },
    );
    expect(one!.spec).not.toBe(spec);
    expect(one!.spec).toBe(two!.spec);
  });

  it('does not look at what is stored as it is', () => {
    const stored = { name: 'p', unknown: 1 };
    expect(fresh().admit('Item', { parts: [stored] }, { parts: [stored] }).problems).toEqual([]);
    expect(fresh().admit('Item', { parts: [stored] }).problems).toHaveLength(1);
  });

  it('does not change what it is given', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ROOTS), value, (root, given) => {
        const before = structuredClone(given);
        real.admit(root, given);
        expect(jsonEqual(given, before)).toBe(true);
      }),
      { numRuns: 80 },
    );
  });
});

describe('the schemas', () => {
  const real = compile(schemaSet);

  it('have defaults that are right for their fields, and whole', () => {
    const wrong: string[] = [];
    const visit = (at: string, schema: Schema): void => {
      const { default: given, ...rest } = schema;
      if (given !== undefined) {
        const interpreter = compile({
          ...schemaSet,
          definitions: { ...schemaSet.definitions, X: rest },
        });
        const { problems } = interpreter.admit('X', given);
        wrong.push(...problems.map(({ message }) => `${at}: ${message}`));
      }
      for (const [name, each] of Object.entries(schema.properties ?? {}))
        visit(`${at}.${name}`, each);
      if (schema.items) visit(`${at}[]`, schema.items);
      if (schema.values) visit(`${at}{}`, schema.values);
    };
    for (const [name, schema] of Object.entries(schemaSet.definitions)) visit(name, schema);
    expect(wrong).toEqual([]);
  });

  it('are found by path, references and lists and maps followed', () => {
    const path = ['spec', 'template', 'spec', 'containers', 0, 'resources', 'limits', 'cpu'];
    expect(real.schemaAt('apps/v1.Deployment', path)).toMatchObject({ format: 'quantity' });
    expect(real.schemaAt('apps/v1.Deployment', ['spec', 'selector'])).toMatchObject({
      immutable: true,
      type: 'object',
    });
    expect(real.schemaAt('apps/v1.Deployment', ['spec', 'nothing'])).toBeUndefined();
    expect(real.schemaAt('apps/v1.Deployment', ['constructor'])).toBeUndefined();
  });
});
