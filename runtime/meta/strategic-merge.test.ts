import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schema } from '../../generator/model/schema.ts';
import type { Json } from './json.ts';
import { createThreeWayMergePatch, createTwoWayMergePatch } from './patch-diff.ts';
import { isApiError } from './status.ts';
import { strategicMergePatch } from './strategic-merge.ts';

const CONTAINER: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    image: { type: 'string' },
    args: { type: 'array', items: { type: 'string' } },
    env: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, value: { type: 'string' } },
      },
      patchStrategy: 'merge',
      patchMergeKey: 'name',
    },
  },
};
const SPEC: Schema = {
  type: 'object',
  properties: {
    containers: {
      type: 'array',
      items: { ref: 'Container' },
      patchStrategy: 'merge',
      patchMergeKey: 'name',
    },
    finalizers: { type: 'array', items: { type: 'string' }, patchStrategy: 'merge' },
    tolerations: { type: 'array', items: { type: 'object' } },
    labels: { type: 'object', values: { type: 'string' } },
    raw: { type: 'object', values: { type: 'any' }, patchStrategy: 'replace' },
    strategy: {
      type: 'object',
      properties: {
        type: { type: 'string' },
        rollingUpdate: { type: 'object', values: { type: 'any' } },
      },
      patchStrategy: 'retainKeys',
    },
  },
};
const resolve = (schema: Schema): Schema => (schema.ref ? CONTAINER : schema);

const patched = (target: object, patch: object): unknown =>
  strategicMergePatch(target, patch, SPEC, resolve);

function refusal(target: object, patch: object): unknown {
  try {
    return patched(target, patch);
  } catch (error) {
    return isApiError(error) ? [error.code, error.reason, error.message] : error;
  }
}

describe('a strategic merge patch', () => {
  const live = {
    containers: [
      { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }] },
      { name: 'b', image: 'b:1' },
    ],
    finalizers: ['one'],
  };

  it('merges items by their key and puts new ones first', () => {
    expect(patched(live, { containers: [{ name: 'c', image: 'c:1' }] })).toMatchObject({
      containers: [{ name: 'c' }, { name: 'a' }, { name: 'b' }],
    });
    expect(
      patched(live, {
        containers: [{ name: 'b', image: 'b:2' }, { name: 'c' }, { name: 'a', args: ['x'] }],
      }),
    ).toEqual({
      ...live,
      containers: [
        { name: 'b', image: 'b:2' },
        { name: 'c' },
        { ...live.containers[0], args: ['x'] },
      ],
    });
    expect(patched(live, { finalizers: ['two', 'one'] })).toMatchObject({
      finalizers: ['two', 'one'],
    });
    expect(patched(live, { finalizers: ['two'] })).toMatchObject({ finalizers: ['two', 'one'] });
  });

  it('keeps the reference of what it does not change', () => {
    expect(patched(live, { containers: [{ name: 'a', image: 'a:1' }] })).toBe(live);
    const after = patched(live, { containers: [{ name: 'b', image: 'b:2' }] }) as typeof live;
    expect(after.containers[0]).toBe(live.containers[0]);
  });

  it('follows the directives of items', () => {
    const gone = {
      containers: [
        { name: 'a', $patch: 'delete' },
        { name: 'ghost', $patch: 'delete' },
      ],
    };
    expect(patched(live, gone)).toEqual({ ...live, containers: [live.containers[1]] });
    const whole = { containers: [{ $patch: 'replace' }, { name: 'solo' }] };
    expect(patched(live, whole)).toEqual({ ...live, containers: [{ name: 'solo' }] });
  });

  it('follows the directives of maps', () => {
    const target = { labels: { a: '1', b: '2' } };
    expect(patched(target, { labels: { $patch: 'replace', c: '3' } })).toEqual({
      labels: { c: '3' },
    });
    expect(patched(target, { labels: { $patch: 'delete' } })).toEqual({ labels: {} });
    expect(patched(target, { labels: null })).toEqual({});
    expect(patched({}, { labels: { $patch: 'delete' } })).toEqual({});
  });

  it('deletes from lists of scalars', () => {
    const target = { finalizers: ['one', 'two', 'three'] };
    const patch = { '$deleteFromPrimitiveList/finalizers': ['two'], finalizers: ['four'] };
    expect(patched(target, patch)).toEqual({ finalizers: ['four', 'one', 'three'] });
    expect(patched({}, { '$deleteFromPrimitiveList/finalizers': ['two'] })).toEqual({});
  });

  it('orders lists as asked; what is not named stays behind what it followed', () => {
    const names = (list: string[]): object[] => list.map((name) => ({ name }));
    const order = (list: string[]): object => ({ '$setElementOrder/containers': names(list) });
    const target = { containers: names(['a', 'x', 'b', 'y']) };
    expect(patched(target, order(['b', 'a']))).toEqual({ containers: names(['x', 'b', 'a', 'y']) });
    expect(patched(target, { ...order(['n', 'a']), containers: names(['n']) })).toEqual({
      containers: names(['n', 'a', 'x', 'b', 'y']),
    });
    expect(
      patched({ finalizers: ['p', 'q'] }, { '$setElementOrder/finalizers': ['q', 'p'] }),
    ).toEqual({
      finalizers: ['q', 'p'],
    });
  });

  it('retains the keys that it names, and clears the rest', () => {
    const target = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } };
    expect(patched(target, { strategy: { $retainKeys: ['type'], type: 'Recreate' } })).toEqual({
      strategy: { type: 'Recreate' },
    });
    expect(patched(target, { strategy: { $retainKeys: ['type', 'rollingUpdate'] } })).toBe(target);
  });

  it('replaces atomic lists and maps, and leaves no directive in what is new', () => {
    const target = { tolerations: [{ key: 'a' }], raw: { a: 1 } };
    expect(patched(target, { tolerations: [{ key: 'b' }], raw: { b: 2 } })).toEqual({
      tolerations: [{ key: 'b' }],
      raw: { b: 2 },
    });
    const fresh = {
      containers: [{ name: 'n', args: null, env: [{ name: 'X', $patch: 'delete' }] }],
    };
    expect(patched({}, fresh)).toEqual({ containers: [{ name: 'n', env: [] }] });
  });

  it.each([
    [
      'an item without its key',
      { containers: [{ image: 'x' }] },
      'does not contain declared merge key: name',
    ],
    [
      'an unknown directive',
      { containers: [{ name: 'a', $patch: 'bogus' }] },
      'unknown patch type: bogus',
    ],
    [
      'an unknown directive of a map',
      { containers: [{ name: 'a', env: [{ name: 'X', $patch: 'merge' }] }] },
      'unknown patch type',
    ],
    [
      'an order that lacks an item',
      { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'b' }] },
      "doesn't match $setElementOrder",
    ],
    ['keys that are not retained', { $retainKeys: ['finalizers'], containers: [] }, 'retainKeys'],
    ['an order that is no list', { '$setElementOrder/containers': 'a' }, 'invalid patch format'],
    ['items of two types', { containers: ['a'] }, 'list element types are not identical'],
  ])('%s is a 500 without a reason', (_, patch, why) => {
    expect(refusal(live, patch)).toEqual([500, '', expect.stringContaining(why)]);
  });
});

const name = fc.constantFrom('a', 'b', 'c', 'd');
const items = (more: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .record({ name, ...more }, { requiredKeys: ['name'] })
    .map((item) => item as Json)
    .chain((first) => fc.constant(first));
const keyed = (more: Record<string, fc.Arbitrary<unknown>>) =>
  fc.uniqueArray(items(more), { selector: (item) => item.name, maxLength: 4 });
const word = fc.constantFrom('p', 'q', 'r');
const spec = fc.record(
  {
    containers: keyed({
      image: word,
      args: fc.array(word, { maxLength: 2 }),
      env: keyed({ value: word }),
    }),
    finalizers: fc.uniqueArray(word),
    tolerations: fc.array(fc.record({ key: word }), { maxLength: 2 }),
    labels: fc.dictionary(word, word),
    raw: fc.dictionary(word, word),
    strategy: fc.record(
      { type: word, rollingUpdate: fc.dictionary(word, word) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Json>;

describe('laws of strategic merge patches', () => {
  it('a patch made of two documents makes one of the other', () => {
    fc.assert(
      fc.property(spec, spec, (a, b) => {
        expect(patched(a, createTwoWayMergePatch(a, b, SPEC, resolve))).toEqual(b);
      }),
    );
  });

  it('patch, then diff: empty', () => {
    fc.assert(
      fc.property(spec, spec, (a, b) => {
        const after = patched(a, createTwoWayMergePatch(a, b, SPEC, resolve)) as Json;
        expect(createTwoWayMergePatch(after, b, SPEC, resolve)).toEqual({});
      }),
    );
  });

  it('what nobody else touched ends as it was configured', () => {
    fc.assert(
      fc.property(spec, spec, (original, modified) => {
        const patch = createThreeWayMergePatch(
          { original, modified, current: original },
          SPEC,
          resolve,
        );
        expect(patched(original, patch)).toEqual(modified);
      }),
    );
  });

  it('three ways leave what others added', () => {
    const original = { containers: [{ name: 'a', image: 'p' }, { name: 'b' }] };
    const current = {
      containers: [{ name: 'a', image: 'p', args: ['x'] }, { name: 'b' }, { name: 'sidecar' }],
    };
    const modified = { containers: [{ name: 'a', image: 'q' }] };
    const patch = createThreeWayMergePatch({ original, modified, current }, SPEC, resolve);
    expect(patch).toEqual({
      '$setElementOrder/containers': [{ name: 'a' }],
      containers: [
        { name: 'a', image: 'q' },
        { name: 'b', $patch: 'delete' },
      ],
    });
    expect(patched(current, patch)).toEqual({
      containers: [{ name: 'a', image: 'q', args: ['x'] }, { name: 'sidecar' }],
    });
  });
});
