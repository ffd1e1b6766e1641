import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, type Json } from './json.ts';
import {
  createMergePatch,
  createThreeWayJsonMergePatch,
  mergePatch,
  patchesConflict,
  splitNulls,
} from './merge-patch.ts';

/** JSON without nulls: what merge patches can say. */
const { value: withoutNulls } = fc.letrec<{ value: unknown; object: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, 1, 'a', 'b', true),
    fc.array(fc.constantFrom(1, 2, 'x'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom('p', 'q', 'r'), tie('value'), {
    maxKeys: 3,
  }) as fc.Arbitrary<Json>,
}));
const object = fc.dictionary(fc.constantFrom('p', 'q', 'r'), withoutNulls, { maxKeys: 3 });

describe('a merge patch', () => {
  it('merges maps, replaces all else, and removes with null', () => {
    const target = { a: { b: 1, c: [1, 2] }, d: 'e' };
    const patch = { a: { b: null, c: [3] }, d: { f: null, g: 1 } };
    expect(mergePatch(target, patch)).toEqual({ a: { c: [3] }, d: { g: 1 } });
    expect(mergePatch(target, 'whole')).toBe('whole');
  });

  it('keeps the reference of what it does not change', () => {
    const target = { a: { b: 1 }, c: { d: [1] } };
    const patched = mergePatch(target, { a: { b: 2 }, c: { d: [1] }, gone: null }) as typeof target;
    expect(patched.c).toBe(target.c);
    expect(mergePatch(target, { a: { b: 1 } })).toBe(target);
  });

  it('takes keys that every object inherits for what they are', () => {
    expect(mergePatch({}, { constructor: { a: 1 } })).toEqual({ constructor: { a: 1 } });
    expect(mergePatch({}, { toString: null })).toEqual({});
  });

  it('made of two documents makes one of the other', () => {
    fc.assert(
      fc.property(object, object, (a, b) => {
        const patch = createMergePatch(a, b);
        expect(mergePatch(a, patch)).toEqual(b);
        expect(createMergePatch(b, b)).toEqual({});
        expect(mergePatch(mergePatch(a, patch), patch)).toEqual(b);
      }),
    );
  });

  it('in its parts says the same as whole', () => {
    fc.assert(
      fc.property(object, object, (a, b) => {
        const { nulls, values } = splitNulls(createMergePatch(a, b));
        const onlyNulls = (value: unknown): boolean =>
          isObject(value) ? Object.values(value).every(onlyNulls) : value === null;
        expect(onlyNulls(nulls)).toBe(true);
        expect(patchesConflict(nulls, values)).toBe(false);
        expect(mergePatch(mergePatch(a, nulls), values)).toEqual(b);
      }),
    );
  });
});

describe('a three-way merge patch', () => {
  it('removes what was applied before, and leaves what others added', () => {
    const original = { spec: { replicas: 2, paused: true } };
    const current = { spec: { replicas: 5, paused: true, added: 'x' }, status: { ready: 1 } };
    const modified = { spec: { replicas: 3 } };
    const patch = createThreeWayJsonMergePatch(original, modified, current);
    expect(patch).toEqual({ spec: { replicas: 3, paused: null } });
    expect(mergePatch(current, patch)).toEqual({
      spec: { replicas: 3, added: 'x' },
      status: { ready: 1 },
    });
  });

  it('is empty when nothing changed since', () => {
    fc.assert(
      fc.property(object, (a) => {
        expect(createThreeWayJsonMergePatch(a, a, a)).toEqual({});
      }),
    );
  });
});
