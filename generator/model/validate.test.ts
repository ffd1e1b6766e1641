import { describe, expect, it } from 'vitest';
import { schemaSet } from '../../generated/registry.ts';
import {
  compile,
  FORMAT_CHECKS,
  FORMAT_COMPLAINTS,
  type Format,
  ruleProblem,
  type Schema,
} from './index.ts';

const PART: Schema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string' },
    fixed: { type: 'string', immutable: true },
    count: { type: 'integer' },
  },
};

const ITEM: Schema = {
  type: 'object',
  emptyIsAbsent: true,
  required: ['name', 'any'],
  properties: {
    name: { type: 'string', format: 'dns-label' },
    any: { type: 'string', minLength: 0 },
    mode: { type: 'string', enum: ['Slow', 'Fast'] },
    size: { type: 'integer', minimum: 0 },
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    share: { type: 'intOrString', minimum: 0, pattern: '^[0-9]+%$' },
    few: { type: 'integer', maximum: 3 },
    code: { type: 'string', pattern: '^[a-z]+$', minLength: 2, maxLength: 4 },
    labels: {
      type: 'object',
      keys: 'label-key',
      values: { type: 'string', format: 'label-value' },
    },
    data: { type: 'object', keys: 'config-key', values: { type: 'string' } },
    words: { type: 'array', listType: 'set', items: { type: 'string' } },
    parts: { type: 'array', listType: 'map', listMapKeys: ['name'], items: { ref: 'Part' } },
    again: {
      type: 'array',
      listType: 'map',
      listMapKeys: ['name'],
      uniqueItems: false,
      items: { ref: 'Part' },
    },
    ports: {
      type: 'array',
      listType: 'map',
      listMapKeys: ['name', 'count'],
      items: { ref: 'Part' },
    },
    loose: { type: 'array', minItems: 1, maxItems: 2, items: { ref: 'Part' } },
    fixed: { ref: 'Part', immutable: true },
    maybe: {
      type: 'object',
      nullable: true,
      required: ['x'],
      properties: { x: { type: 'string' } },
    },
    atLeast: {
      type: 'array',
      minItems: 1,
      whenMissing: 'one at least',
      items: { type: 'string' },
    },
    told: {
      type: 'object',
      required: ['mode'],
      properties: { mode: { type: 'string', whenMissing: 'a or b' } },
    },
    source: {
      type: 'object',
      alternatives: { kind: 'source', fields: ['own', 'far'] },
      properties: {
        far: { type: 'object', required: ['url'], properties: { url: { type: 'string' } } },
        own: { type: 'object', required: ['path'], properties: { path: { type: 'string' } } },
      },
    },
    ruled: {
      type: 'object',
      properties: { low: { type: 'integer' }, high: { type: 'integer' } },
      rules: [
        {
          rule: '!has(self.low) || self.low <= self.high',
          message: 'must not be above high',
          fieldPath: '.low',
        },
        { rule: '!has(self.low) || self.low != 5', message: 'five', reason: 'FieldValueForbidden' },
        { rule: '!has(self.low) || self.low >= oldSelf.low', message: 'may not decrease' },
        { rule: 'nothing.of.the.kind', message: 'never' },
      ],
    },
  },
};

const items = compile({ definitions: { Item: ITEM, Part: PART }, kinds: [] });

/** What is wrong with a value that is named and has `any`. */
function problemsOf(value: object, old?: object): string[] {
  const whole = (each: object): object => ({ name: 'a', any: '', ...each });
  return items
    .validate('Item', whole(value), old && whole(old))
    .map(({ field, message }) => `${field}: ${message}`);
}

describe('validate speaks as Kubernetes does', () => {
  const cases: readonly [string, object, string[]][] = [
    ['nothing wrong', { mode: 'Fast', size: 0, port: 80, share: '25%', code: 'ab' }, []],
    [
      'an enum',
      { mode: 'fast' },
      ['mode: Unsupported value: "fast": supported values: "Slow", "Fast"'],
    ],
    [
      'a number below',
      { size: -1 },
      ['size: Invalid value: -1: must be greater than or equal to 0'],
    ],
    ['a number above', { few: 4 }, ['few: Invalid value: 4: must be less than or equal to 3']],
    ['a port', { port: 0 }, ['port: Invalid value: 0: must be between 1 and 65535, inclusive']],
    [
      'a negative share',
      { share: -1 },
      ['share: Invalid value: -1: must be greater than or equal to 0'],
    ],
    ['a length', { code: 'abcde' }, ['code: Too long: may not be more than 4 bytes']],
    ['a text that is too short', { code: 'a' }, ['code: Required value']],
    [
      'a pattern',
      { code: 'AB' },
      [`code: Invalid value: "AB": must match the regular expression '^[a-z]+$'`],
    ],
    ['none of what needs one', { atLeast: [] }, ['atLeast: Required value: one at least']],
    ['a field that is missing', { told: {} }, ['told.mode: Required value: a or b']],
    ['one of a choice', { source: { far: {} } }, ['source.far.url: Required value']],
    [
      'two of a choice, of which the second is not looked into',
      { source: { far: {}, own: {} } },
      [
        'source.own.path: Required value',
        'source.far: Forbidden: may not specify more than 1 source',
      ],
    ],
    ['no items', { loose: [] }, ['loose: Required value']],
    [
      'too many items',
      { loose: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
      ['loose: Too many: 3: must have at most 2 items'],
    ],
    ['a part of a list', { parts: [{ name: 'a' }, {}] }, ['parts[1].name: Required value']],
    ['a repeated word', { words: ['a', 'b', 'a'] }, ['words[2]: Duplicate value: "a"']],
    [
      'a repeated key',
      { parts: [{ name: 'a' }, { name: 'a' }] },
      ['parts[1].name: Duplicate value: "a"'],
    ],
    ['keys that may repeat', { again: [{ name: 'a' }, { name: 'a' }] }, []],
    [
      'half of a key repeated',
      {
        ports: [
          { name: 'a', count: 1 },
          { name: 'a', count: 2 },
        ],
      },
      [],
    ],
    [
      'items without their key',
      { parts: [{}, {}] },
      ['parts[0].name: Required value', 'parts[1].name: Required value'],
    ],
    [
      'labels, named by their map',
      { labels: { 'a b': 'c', d: 'e f' } },
      [
        expect.stringMatching(/^labels: Invalid value: "a b": name part must consist of/),
        expect.stringMatching(
          /^labels: Invalid value: "e f": a valid label must be an empty string/,
        ),
      ] as unknown as string[],
    ],
    [
      'a key of data, named itself',
      { data: { 'a/b': '' } },
      [
        expect.stringMatching(
          /^data\[a\/b\]: Invalid value: "a\/b": a valid config key must consist/,
        ),
      ] as unknown as string[],
    ],
    ['null where a field may be null', { maybe: null }, []],
    ['what is required below it', { maybe: {} }, ['maybe.x: Required value']],
  ];

  it.each(cases)('%s', (_, value, problems) => {
    expect(problemsOf(value)).toEqual(problems);
  });

  it('of required fields, the empty text included unless it is a value', () => {
    expect(items.validate('Item', { name: '' })).toEqual([
      { field: 'name', reason: 'FieldValueRequired', message: 'Required value' },
      { field: 'any', reason: 'FieldValueRequired', message: 'Required value' },
    ]);
  });

  it('of everything at once, in the order of the fields', () => {
    expect(
      problemsOf({ mode: 'x', size: -1, parts: [{}] }).map((each) => each.split(':')[0]),
    ).toEqual(['mode', 'size', 'parts[0].name']);
  });
});

describe('validate: rules', () => {
  it('name a field below, and say what the reason says', () => {
    expect(items.validate('Item', { name: 'a', any: '', ruled: { low: 5, high: 1 } })).toEqual([
      {
        field: 'ruled.low',
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 5: must not be above high',
      },
      { field: 'ruled', reason: 'FieldValueForbidden', message: 'Forbidden: five' },
    ]);
  });

  it('compare with what is stored on updates only', () => {
    const [low, high] = [{ ruled: { low: 1, high: 9 } }, { ruled: { low: 2, high: 9 } }];
    expect(problemsOf(low)).toEqual([]);
    expect(problemsOf(high, low)).toEqual([]);
    expect(problemsOf(low, high)).toEqual([
      'ruled: Invalid value: {"low":1,"high":9}: may not decrease',
    ]);
    expect(problemsOf(low, {})).toEqual([]);
  });

  it('of the schemas can all be read', () => {
    const rules = new Set<string>();
    JSON.stringify(schemaSet.definitions, (key, value) => {
      if (key === 'rules' && Array.isArray(value)) for (const { rule } of value) rules.add(rule);
      return value;
    });
    expect(rules.size).toBeGreaterThan(10);
    expect([...rules].filter((rule) => ruleProblem(rule))).toEqual([]);
    expect(ruleProblem('self.a >')).toMatch(/EOF/);
  });
});

describe('validate: what is stored', () => {
  it('may not change where a field is immutable, and may come', () => {
    const [one, two] = [{ fixed: { name: 'a' } }, { fixed: { name: 'b' } }];
    expect(problemsOf(two, one)).toEqual([
      'fixed: Invalid value: {"name":"b"}: field is immutable',
    ]);
    expect(problemsOf({}, one)).toEqual(['fixed: Invalid value: null: field is immutable']);
    expect(problemsOf(structuredClone(one), one)).toEqual([]);
    expect(problemsOf(one, {})).toEqual([]);
  });

  it('is told by the key in a keyed list, by the place in another', () => {
    const list = [
      { name: 'a', fixed: 'x' },
      { name: 'b', fixed: 'y' },
    ];
    const swapped = list.toReversed();
    expect(problemsOf({ parts: swapped }, { parts: list })).toEqual([]);
    expect(problemsOf({ loose: swapped }, { loose: list })).toHaveLength(2);
    const changed = [{ name: 'b', fixed: 'z' }];
    expect(problemsOf({ parts: changed }, { parts: list })).toEqual([
      'parts[0].fixed: Invalid value: "z": field is immutable',
    ]);
    const pair = [
      { name: 'a', count: 1, fixed: 'x' },
      { name: 'a', count: 2, fixed: 'y' },
    ];
    expect(problemsOf({ ports: pair.toReversed() }, { ports: pair })).toEqual([]);
  });

  it('is not judged again while it stays', () => {
    const wrong = { name: 'A b' };
    expect(
      problemsOf({ size: 1, fixed: wrong, mode: 'x' }, { size: 1, fixed: wrong, mode: 'x' }),
    ).toEqual([]);
    expect(problemsOf({ size: 1, fixed: wrong, mode: 'x' })).toHaveLength(1);
  });

  it('makes nothing clean that was only compared', () => {
    const part = {};
    const [old, changed] = [{ parts: [part] }, { parts: [part], size: 1 }];
    const before = { name: 'a', any: '', ...old };
    const after = { name: 'a', any: '', ...changed };
    expect(items.validate('Item', after, before)).toEqual([]);
    expect(items.validate('Item', after)).toHaveLength(1);
  });

  it('remembers what is clean, and repeats what is not', () => {
    const parts = [{ name: 'a' }, {}];
    expect(problemsOf({ parts })).toEqual(problemsOf({ parts }));
    expect(problemsOf({ parts })).toHaveLength(1);
  });
});

describe('formats', () => {
  const long = 'a'.repeat(300);
  const cases: readonly [Format, readonly (string | number)[], readonly (string | number)[]][] = [
    ['int32', [0, 2 ** 31 - 1, -(2 ** 31)], [2 ** 31, 1.5]],
    ['int64', [2 ** 53 - 1], [2 ** 53]],
    ['byte', ['', 'AA==', 'AAE=', 'AAEC'], ['A', 'AA=', 'AAE', 'A A=', 'AA-_', '====']],
    [
      'date-time',
      ['2026-01-31T15:04:05Z', '2024-02-29T00:00:00.5+01:00'],
      ['2026-01-31', '2026-02-29T00:00:00Z', '2026-01-01T24:00:00Z', 'now'],
    ],
    ['micro-time', ['2026-01-31T15:04:05.000000Z'], ['2026-01-31T15:04:05Z']],
    [
      'quantity',
      ['1', '+.5', '1.', '1Ki', '100m', '1e3', '1E-3', '5n'],
      ['', '1 Gi', '12Q', '1e', 'Mi', '1KiB', '0x1'],
    ],
    ['duration', ['90s', '1h30m', '1.5h'], ['', '90', 's', '1 h']],
    ['dns-label', ['a', '0-a'], ['A', '-a', 'a-', 'a.b', 'ä', long]],
    ['dns-subdomain', ['a.b-c.d'], ['a..b', '.a', 'A', long]],
    ['dns-1035-label', ['a-1'], ['1a', 'A']],
    ['label-key', ['a', 'a.b/c_D', 'a/1'], ['', 'a/', '/a', 'a/b/c', 'A/b', 'a b', long]],
    ['label-value', ['', 'a_B.c-d'], ['-a', 'a b', long]],
    ['port-name', ['http', 'a-1'], ['80', 'HTTP', 'a--b', '-a', 'a'.repeat(16)]],
    ['env-name', ['A', 'a.b-c', '1 2'], ['a=b', 'ä', '']],
    ['config-key', ['a.b', '_', '...a'.slice(2)], ['a/b', '.', '..', '..a', long]],
    [
      'ip',
      ['10.0.0.1', '::1', 'fe80::1'],
      ['10.0.0', '010.0.0.1', '256.0.0.1', ':::', 'fe80::1%eth0', 'a'],
    ],
    ['cidr', ['10.0.0.0/8', '::/0'], ['10.0.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/8/8', '/8']],
    ['absolute-path', ['/', '/a'], ['a', '']],
    ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['123', '']],
    ['resource-name', ['cpu', 'example.com/gpu', 'hugepages-2Mi'], ['gpu', 'a b']],
  ];

  it.each(cases)('%s', (format, right, wrong) => {
    expect(right.filter((value) => FORMAT_CHECKS[format](value))).toEqual([]);
    expect(wrong.filter((value) => !FORMAT_CHECKS[format](value))).toEqual([]);
  });

  it("complain in Kubernetes' words", () => {
    const said = (format: Format, value: string): string | undefined =>
      FORMAT_CHECKS[format](value);
    expect(said('dns-label', 'A')).toBe(
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an " +
        "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    );
    expect(said('dns-label', 'a.b')).toBe('must not contain dots');
    expect(said('dns-subdomain', long)).toBe('must be no more than 253 characters');
    expect(said('port-name', '80')).toBe('must contain at least one letter (a-z)');
    expect(said('config-key', '..')).toBe("must not be '..'");
    expect(said('quantity', 'x')).toBe(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  });

  it('complain of all that is wrong at once, in order', () => {
    const said = (format: Format, value: string): readonly string[] =>
      FORMAT_COMPLAINTS[format](value);
    expect(said('port-name', 'A')).toEqual([
      'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'must contain at least one letter (a-z)',
    ]);
    expect(said('label-key', '/')).toEqual([
      'prefix part must be non-empty',
      'name part must be non-empty',
      expect.stringMatching(/^name part must consist of/),
    ]);
    expect(said('label-key', 'a/b/c')).toEqual([
      expect.stringMatching(
        /^a valid label key must consist of .*\(e\.g\. 'example\.com\/MyName'\)$/,
      ),
    ]);
    expect(said('label-value', `-${'a'.repeat(63)}`)).toEqual([
      'must be no more than 63 bytes',
      expect.stringMatching(/^a valid label must be an empty string/),
    ]);
    expect(said('dns-label', `${'a'.repeat(63)}.a`)).toEqual([
      'must be no more than 63 characters',
      'must not contain dots',
    ]);
    expect(said('path-segment', 'a/%')).toEqual(["may not contain '/'", "may not contain '%'"]);
  });
});
