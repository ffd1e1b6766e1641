import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFieldSelector, parseFieldSelector } from './field-selector.ts';
import { parseRequirements } from './label-parser.ts';
import {
  formatRequirement,
  problemText,
  type Requirement,
  requirementProblems,
} from './label-requirement.ts';
import {
  compileSelector,
  exactLabels,
  formatSelector,
  hasLabels,
  labelMatcher,
  matchesLabelSelector,
} from './selectors.ts';

const refusal = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};

describe('a label selector as text', () => {
  const labels = { app: 'web', tier: '', weight: '10' };

  it.each([
    ['', true],
    ['app', true],
    ['!app', false],
    ['app=web', true],
    ['app == web', true],
    ['app!=web', false],
    ['gone!=web', true],
    ['tier=', true],
    ['app in (api, web)', true],
    ['app notin (api,web)', false],
    ['gone notin (api)', true],
    ['tier in ()', true],
    ['weight>9,weight<11', true],
    ['weight > 10', false],
    ['app>1', false],
    [' app ,\ttier\n', true],
    ['in in (in)', false],
  ])('%j matches: %s', (text, matches) => {
    expect(compileSelector(text)(labels)).toBe(matches);
  });

  it.each([
    ['app web', "found 'web', expected: in, notin, =, ==, !=, gt, lt"],
    ['app=web tier', "found 'tier', expected: ',' or 'end of string'"],
    ['app,', "found '', expected: identifier after ','"],
    ['app in (a b)', "found 'b', expected: ',' or ')'"],
    ['app in (a', "found '', expected: ',' or ')'"],
    ['app in a', "found 'a' expected: '('"],
    ['=web', "found '=', expected: !, identifier, or 'end of string'"],
    ['!=web', "found '!=', expected: !, identifier, or 'end of string'"],
    ['a=(', "found '(', expected: identifier"],
    [
      'weight>heavy',
      "values[0]: Invalid value: \"heavy\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    ['-a=b', 'key: Invalid value: "-a"'],
    ['a=-b', 'values[0][a]: Invalid value: "-b"'],
  ])('%j is refused', (text, why) => {
    expect(refusal(() => parseRequirements(text))).toContain(why);
  });

  it('is sorted by key, its values sorted and without repeats', () => {
    const printed = parseRequirements('z,b in (y,x,y),a!=1').map(formatRequirement).join(',');
    expect(printed).toBe('a!=1,b in (x,y),z');
  });

  it('of nothing but pairs is a set of labels', () => {
    expect(exactLabels(' a = b , c=')).toEqual({ a: 'b', c: '' });
    for (const text of ['a', 'a!=b', 'a==b', 'a in (b)'])
      expect(refusal(() => exactLabels(text))).toContain('invalid selector');
  });

  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
  const requirement: fc.Arbitrary<Requirement> = fc.oneof(
    fc.record({
      key: word,
      operator: fc.constantFrom('in' as const, 'notin' as const),
      values: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).map((values) => values.sort()),
    }),
    fc.record({
      key: word,
      operator: fc.constantFrom('=' as const, '==' as const, '!=' as const),
      values: word.map((value) => [value]),
    }),
    fc.record({
      key: word,
      operator: fc.constantFrom('exists' as const, '!' as const),
      values: fc.constant([]),
    }),
    fc.record({
      key: word,
      operator: fc.constantFrom('gt' as const, 'lt' as const),
      values: fc.integer({ min: 0, max: 99 }).map((bound) => [String(bound)]),
    }),
  );

  it('parses to what was printed', () => {
    fc.assert(
      fc.property(requirement, (each) => {
        expect(parseRequirements(formatRequirement(each))).toEqual([each]);
        expect(requirementProblems(each.key, each.operator, each.values)).toEqual([]);
      }),
    );
  });
});

describe('a requirement', () => {
  it('says all that is wrong with it', () => {
    const texts = (key: string, operator: string, values: string[]): string[] =>
      requirementProblems(key, operator, values).map(problemText);
    expect(texts('a', 'in', [])).toEqual([
      "values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty",
    ]);
    expect(texts('a', 'exists', ['x'])).toEqual([
      'values: Invalid value: []string{"x"}: values set must be empty for exists and does not exist',
    ]);
    expect(texts('a', '=', ['x', 'y'])).toEqual([
      'values: Invalid value: []string{"x", "y"}: exact-match compatibility requires one single value',
    ]);
    expect(texts('a', 'gt', ['1', 'b'])).toHaveLength(2);
    expect(texts('a', 'like', [])).toEqual([
      'operator: Unsupported value: "like": supported values: "in", "notin", "=", "==", "!=", "gt", "lt", "exists", "!"',
    ]);
    expect(texts('', 'in', [' '])).toHaveLength(2);
  });
});

describe('a LabelSelector', () => {
  it('selects nothing when absent, everything when empty', () => {
    expect(matchesLabelSelector(undefined, { a: 'b' })).toBe(false);
    expect(matchesLabelSelector({}, {})).toBe(true);
  });

  it('holds when its labels and expressions all do', () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['a', 'b'] },
        { key: 'old', operator: 'DoesNotExist' },
        { key: 'env', operator: 'NotIn', values: ['dev'] },
        { key: 'zone', operator: 'Exists' },
      ],
    } as const;
    const labels = { app: 'web', tier: 'b', zone: '' };
    expect(matchesLabelSelector(selector, labels)).toBe(true);
    expect(matchesLabelSelector(selector, { ...labels, old: '' })).toBe(false);
    expect(matchesLabelSelector(selector, { ...labels, env: 'dev' })).toBe(false);
    expect(matchesLabelSelector(selector, { ...labels, tier: 'c' })).toBe(false);
    expect(labelMatcher(selector)).toBe(labelMatcher(selector));
  });

  it('is printed sorted by key, as lists take it', () => {
    expect(
      formatSelector({
        matchLabels: { b: '1', a: '2' },
        matchExpressions: [
          { key: 'c', operator: 'NotIn', values: ['y', 'x'] },
          { key: 'aa', operator: 'In', values: ['z'] },
          { key: 'd', operator: 'DoesNotExist' },
        ],
      }),
    ).toBe('a=2,aa in (z),b=1,c notin (x,y),!d');
  });

  it('asks no more of labels than they have', () => {
    expect(hasLabels({ a: '1', b: '2' }, { a: '1' })).toBe(true);
    expect(hasLabels(undefined, { a: '1' })).toBe(false);
    expect(hasLabels(undefined, {})).toBe(true);
  });
});

describe('a field selector', () => {
  it('splits at commas and operators that are not escaped', () => {
    expect(parseFieldSelector(String.raw`status.phase!=Running,metadata.name=a\,b\=c\\`)).toEqual([
      { path: 'status.phase', equal: false, value: 'Running' },
      { path: 'metadata.name', equal: true, value: 'a,b=c\\' },
    ]);
    expect(parseFieldSelector('a==b')).toEqual([{ path: 'a', equal: true, value: 'b' }]);
    expect(parseFieldSelector('')).toEqual([]);
  });

  it.each(['spec.nodeName', 'a=b=c', String.raw`a=\b`, 'a in (b)'])('refuses %j', (text) => {
    expect(refusal(() => parseFieldSelector(text))).toMatch(/^invalid/);
  });

  it('parses to what was printed', () => {
    const term = fc.record({
      path: fc.stringMatching(/^[a-z]+(\.[a-z]+)?$/),
      equal: fc.boolean(),
      value: fc.string({ maxLength: 8 }),
    });
    fc.assert(
      fc.property(fc.array(term, { maxLength: 4 }), (terms) => {
        expect(parseFieldSelector(formatFieldSelector(terms))).toEqual(terms);
      }),
    );
  });
});
