import { describe, expect, it } from 'vitest';
import { compile, type Schema } from './index.ts';

const text: Schema = { type: 'string' };

function interpret(schema: Schema) {
  const { admit, validate } = compile({ definitions: { 'a/v1.A': schema }, kinds: [] });
  return {
    admitted: (value: unknown) => admit('a/v1.A', value).value,
    undecodable: (value: unknown) =>
      admit('a/v1.A', value).problems.map(({ field, reason }) => `${reason} ${field}`),
    causes: (value: unknown, old?: unknown) =>
      validate('a/v1.A', value, old).map(({ field, reason }) => `${reason} ${field}`),
    messages: (value: unknown) => validate('a/v1.A', value).map(({ message }) => message),
  };
}

const struct = (properties: Record<string, Schema>, rest: Partial<Schema> = {}): Schema => ({
  type: 'object',
  properties,
  ...rest,
});

describe('empty values', () => {
  const properties: Record<string, Schema> = {
    text,
    list: { type: 'array', items: text },
    map: { type: 'object', values: text },
    struct: struct({}),
    kept: { type: 'string', minLength: 0 },
    filled: { type: 'string', default: 'x' },
    needed: { type: 'array', items: text },
  };
  const empty = { text: '', list: [], map: {}, struct: {}, kept: '', filled: '', needed: [] };

  it('are absent in kinds that are Go structs, but for structs, required fields and texts that say otherwise', () => {
    const { admitted } = interpret(
      struct(properties, { emptyIsAbsent: true, required: ['needed'] }),
    );
    expect(admitted(empty)).toEqual({ struct: {}, kept: '', filled: 'x', needed: [] });
  });

  it('stay in custom resources', () => {
    const value = { ...empty };
    expect(interpret(struct(properties)).admitted(value)).toBe(value);
  });

  it('are missing where a Go struct requires a text, and only there', () => {
    const fields = { a: text, b: { type: 'string', minLength: 0 } } as const;
    const required = ['a', 'b'];
    const go = interpret(struct(fields, { emptyIsAbsent: true, required }));
    expect(go.causes({ a: '', b: '' })).toEqual(['FieldValueRequired a']);
    expect(interpret(struct(fields, { required })).causes({ a: '', b: '' })).toEqual([]);
  });
});

describe('decoding', () => {
  it.each([
    ['int32', 'integer', 2 ** 31],
    ['int64', 'integer', 2 ** 53],
    ['byte', 'string', 'YQ='],
    ['date-time', 'string', '2026-01-31'],
    ['micro-time', 'string', '2026-01-31T00:00:00Z'],
    ['quantity', 'string', '1 Gi'],
    ['duration', 'string', 'soon'],
  ] as const)(
    'refuses a malformed %s at once and does not complain again',
    (format, type, value) => {
      const { undecodable, causes } = interpret(struct({ field: { type, format } }));
      expect(undecodable({ field: value })).toEqual(['FieldValueTypeInvalid field']);
      expect(causes({ field: value })).toEqual([]);
    },
  );
});

describe('where a problem is reported', () => {
  it('names the map for labels and the entry for everything else', () => {
    const labels = struct({
      labels: { type: 'object', keys: 'label-key', values: { ...text, format: 'label-value' } },
      data: { type: 'object', keys: 'config-key', values: { ...text, maxLength: 1 } },
    });
    expect(interpret(labels).causes({ labels: { '-': '-' }, data: { '/': 'ab' } })).toEqual([
      'FieldValueInvalid labels',
      'FieldValueInvalid labels',
      'FieldValueInvalid data[/]',
      'FieldValueTooLong data[/]',
    ]);
  });

  it('names the key of a repeated item, the item itself in a set, nothing where repeats are stored', () => {
    const items = struct({ name: text });
    const lists = struct({
      keyed: { type: 'array', listType: 'map', listMapKeys: ['name'], items },
      loose: { type: 'array', listType: 'map', listMapKeys: ['name'], items, uniqueItems: false },
      set: { type: 'array', listType: 'set', items: text },
    });
    const twice = [{ name: 'a' }, { name: 'a' }];
    expect(interpret(lists).causes({ keyed: twice, loose: twice, set: ['a', 'a'] })).toEqual([
      'FieldValueDuplicate keyed[1].name',
      'FieldValueDuplicate set[1]',
    ]);
  });
});

describe('limits', () => {
  it('are the number of an intOrString, its format is the text of it', () => {
    const port: Schema = { type: 'intOrString', format: 'port-name', minimum: 1, maximum: 9 };
    const { causes } = interpret(struct({ port }));
    expect(causes({ port: 1 })).toEqual([]);
    expect(causes({ port: 'http' })).toEqual([]);
    expect(causes({ port: 10 })).toEqual(['FieldValueInvalid port']);
    expect(causes({ port: '10' })).toEqual(['FieldValueInvalid port']);
  });

  it.each([
    [{ minimum: 0, maximum: 9 }, 'must be between 0 and 9, inclusive'],
    [{ minimum: 1 }, 'must be greater than 0'],
    [{ minimum: 2 }, 'must be greater than or equal to 2'],
  ])('%o reads as the API words it', (limits, words) => {
    const { messages } = interpret(struct({ field: { type: 'integer', ...limits } }));
    expect(messages({ field: -1 })).toEqual([`Invalid value: -1: ${words}`]);
  });

  it('call an unknown operator of a selector invalid, other values unsupported', () => {
    const one: Schema = { type: 'string', enum: ['In'] };
    const fields = { operator: { ...one, format: 'label-selector-operator' }, other: one } as const;
    expect(interpret(struct(fields)).causes({ operator: 'On', other: 'On' })).toEqual([
      'FieldValueInvalid operator',
      'FieldValueNotSupported other',
    ]);
  });
});

describe('rules', () => {
  it('show the value they are about', () => {
    const rules = [
      { rule: 'self.a.b < 2', message: 'too much', fieldPath: '.a.b' },
      { rule: "self.c != ''", message: '', reason: 'FieldValueRequired', fieldPath: '.c' },
    ];
    const schema = struct({ a: struct({ b: { type: 'integer' } }), c: text }, { rules });
    expect(interpret(schema).messages({ a: { b: 2 }, c: '' })).toEqual([
      'Invalid value: 2: too much',
      'Required value',
    ]);
  });
});
