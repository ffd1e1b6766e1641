import { describe, expect, it } from 'vitest';
import type { JsonRule, JsonSchema } from '../../../generator/model/index.ts';
import { ruleCheck } from './rules.ts';

const WAGON: JsonSchema = {
  type: 'object',
  properties: {
    wheels: { type: 'integer' },
    color: { type: 'string' },
    'top-speed': { type: 'number' },
    port: { 'x-kubernetes-int-or-string': true },
    since: { type: 'string', format: 'date-time' },
    loads: { type: 'array', items: { type: 'integer' } },
    tags: { type: 'object', additionalProperties: { type: 'string' } },
    load: {
      type: 'object',
      properties: {
        parts: {
          type: 'array',
          items: { type: 'object', properties: { name: { type: 'string' } } },
        },
      },
    },
  },
};

function ask(
  rule: Omit<JsonRule, 'rule'> & { readonly rule: string },
  value: object,
  old?: object,
): string[] {
  const spec: JsonSchema = { ...WAGON, 'x-kubernetes-validations': [rule] };
  const check = ruleCheck({ type: 'object', properties: { spec } })!;
  const found = check({ spec: value }, old && { spec: old });
  return found.map(({ field, message }) => `${field}: ${message}`);
}

describe('a rule', () => {
  it.each([
    ['self.wheels > 2', { wheels: 4 }],
    ['self.wheels + 1 == 5', { wheels: 4 }],
    ['!has(self.wheels) || self.wheels > 2', {}],
    ['self.top__dash__speed > 1', { 'top-speed': 1.5 }],
    ["self.port == 80 || self.port == 'http'", { port: 'http' }],
    ["self.since > timestamp('2020-01-01T00:00:00Z')", { since: '2021-01-01T00:00:00Z' }],
    ['self.loads.isSorted() && self.loads.sum() == 6', { loads: [1, 2, 3] }],
    ["self.tags.all(name, name.startsWith('a'))", { tags: { ab: '', ac: '' } }],
    ["self.load.parts.exists(part, part.name == 'b')", { load: { parts: [{ name: 'b' }] } }],
    ["quantity(self.color).isGreaterThan(quantity('1Mi'))", { color: '2Mi' }],
    ["quantity('1500m').add(quantity('0.5')).asInteger() == self.wheels", { wheels: 2 }],
    ["quantity('1k').sub(1).compareTo(quantity('999')) == 0", {}],
    ["!isQuantity('1x') && isQuantity('1Ki')", {}],
    [
      'self.loads.max() == 3 && self.loads.indexOf(2) == 1 && self.loads.min() == 1',
      { loads: [1, 2, 3] },
    ],
    ["self.color.replace('a', 'b') == 'bcb' && self.color.charAt(1) == 'c'", { color: 'aca' }],
    ["'%s has %d'.format([self.color, self.wheels]) == 'a has 4'", { color: 'a', wheels: 4 }],
    [
      "isIP(self.color) && !isCIDR(self.color) && isCIDR(self.color + '/24')",
      { color: '10.0.0.1' },
    ],
    ["isURL(self.color) && !isURL('x')", { color: 'https://example.com/a' }],
    ["self.tags.ab == 'x'", { tags: { ab: 'x' } }],
    ["self.color.find('[a-c]+') == 'abc'", { color: 'xabcx' }],
  ])('%s holds', (rule, value) => {
    expect(ask({ rule: rule as string }, value as object)).toEqual([]);
  });

  it('that does not hold is told with its text, or its message', () => {
    const rule = 'self.wheels > 4';
    expect(ask({ rule }, { wheels: 4 })).toEqual([
      'spec: Invalid value: failed rule: self.wheels > 4',
    ]);
    expect(ask({ rule, message: 'too few' }, { wheels: 4 })).toEqual([
      'spec: Invalid value: too few',
    ]);
    expect(
      ask(
        { rule, message: 'too few', messageExpression: "'only ' + string(self.wheels)" },
        { wheels: 4 },
      ),
    ).toEqual(['spec: Invalid value: only 4']);
  });

  it('says for what reason and where', () => {
    const rule = { rule: 'self.wheels > 4', message: 'no', fieldPath: '.wheels' };
    expect(ask({ ...rule, reason: 'FieldValueForbidden' }, { wheels: 4 })).toEqual([
      'spec.wheels: Forbidden: no',
    ]);
    expect(ask({ ...rule, reason: 'FieldValueRequired' }, { wheels: 4 })).toEqual([
      'spec.wheels: Required value: no',
    ]);
  });

  it('that cannot be answered does not hold', () => {
    expect(ask({ rule: 'self.wheels > 4' }, {})).toEqual([
      'spec: Invalid value: "object": no such key: wheels evaluating rule: self.wheels > 4',
    ]);
  });

  it('compares with what was there, and is not asked where nothing was', () => {
    const rule = { rule: 'self.wheels == oldSelf.wheels', message: 'stays' };
    expect(ask(rule, { wheels: 4 })).toEqual([]);
    expect(ask(rule, { wheels: 4 }, { wheels: 3 })).toEqual(['spec: Invalid value: stays']);
  });

  it('that knows of nothing before is asked of what is new', () => {
    const rule = {
      rule: 'oldSelf.hasValue() ? self.wheels == oldSelf.value().wheels : self.wheels == 2',
      optionalOldSelf: true,
      message: 'grows',
    };
    expect(ask(rule, { wheels: 2 })).toEqual([]);
    expect(ask(rule, { wheels: 3 })).toEqual(['spec: Invalid value: grows']);
    expect(ask(rule, { wheels: 3 }, { wheels: 2 })).toEqual(['spec: Invalid value: grows']);
  });

  it('is not held against what was stored before it', () => {
    const check = ruleCheck({
      type: 'object',
      properties: {
        spec: { ...WAGON, 'x-kubernetes-validations': [{ rule: 'self.wheels > 4' }] },
        other: { type: 'string' },
      },
    })!;
    expect(check({ spec: { wheels: 4 }, other: 'b' }, { spec: { wheels: 4 }, other: 'a' })).toEqual(
      [],
    );
    expect(check({ spec: { wheels: 3 } }, { spec: { wheels: 4 } })).toHaveLength(1);
  });
});

describe('rules inside of lists and maps', () => {
  const positive = { 'x-kubernetes-validations': [{ rule: 'self > 0', message: 'positive' }] };
  const kept = [{ rule: 'self.size >= oldSelf.size', message: 'grows' }];
  const item: JsonSchema = {
    type: 'object',
    properties: { name: { type: 'string' }, size: { type: 'integer' } },
    'x-kubernetes-validations': kept,
  };

  it('name the item or entry, with its value', () => {
    const check = ruleCheck({
      type: 'object',
      properties: {
        list: { type: 'array', items: { type: 'integer', ...positive } },
        map: { type: 'object', additionalProperties: { type: 'integer', ...positive } },
      },
    })!;
    expect(check({ list: [1, 0], map: { a: -1, b: 1 } }, undefined)).toEqual([
      { field: 'list[1]', reason: 'FieldValueInvalid', message: 'Invalid value: 0: positive' },
      { field: 'map[a]', reason: 'FieldValueInvalid', message: 'Invalid value: -1: positive' },
    ]);
  });

  it('know items of keyed lists by their keys', () => {
    const check = ruleCheck({
      type: 'object',
      properties: {
        list: {
          type: 'array',
          items: item,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
        },
      },
    })!;
    const old = {
      list: [
        { name: 'a', size: 2 },
        { name: 'b', size: 2 },
      ],
    };
    const found = check(
      {
        list: [
          { name: 'b', size: 1 },
          { name: 'c', size: 0 },
        ],
      },
      old,
    );
    expect(found.map(({ field }) => field)).toEqual(['list[0]']);
  });
});

it('sees of metadata the name alone', () => {
  const check = ruleCheck({
    type: 'object',
    properties: {},
    'x-kubernetes-validations': [{ rule: "self.metadata.name.startsWith('a')" }],
  })!;
  expect(check({ metadata: { name: 'ab', labels: {} } }, undefined)).toEqual([]);
  expect(check({ metadata: { name: 'b' } }, undefined)).toMatchObject([{ field: '<nil>' }]);
});

it('is nothing where a schema has no rules', () => {
  expect(ruleCheck(WAGON)).toBeUndefined();
});
