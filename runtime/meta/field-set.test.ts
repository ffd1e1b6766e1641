import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  difference,
  EMPTY,
  type FieldSet,
  intersection,
  nodeOf,
  pathsOf,
  pathText,
  union,
} from './field-set.ts';

const node: fc.Arbitrary<FieldSet> = fc.letrec<{ node: FieldSet }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'field-set' },
    fc.constant(EMPTY),
    fc
      .tuple(fc.dictionary(fc.constantFrom('f:a', 'f:b', 'k:{"x":1}'), tie('node')), fc.boolean())
      .map(([children, member]) => nodeOf(children, member) ?? EMPTY),
  ),
})).node;
/** Sets of paths: what stands at the top is no path. */
const set = fc
  .dictionary(fc.constantFrom('f:a', 'f:b', 'f:c'), node)
  .map((children) => nodeOf(children, false) ?? EMPTY);

const texts = (fields: FieldSet | undefined): Set<string> =>
  new Set(pathsOf(fields ?? EMPTY).map((path) => path.join(' ')));

describe('sets of fields', () => {
  it('are sets: union, intersection and difference are those of their paths', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [left, right] = [texts(a), texts(b)];
        expect(texts(union(a, b))).toEqual(new Set([...left, ...right]));
        expect(texts(intersection(a, b))).toEqual(
          new Set([...left].filter((path) => right.has(path))),
        );
        expect(texts(difference(a, b))).toEqual(
          new Set([...left].filter((path) => !right.has(path))),
        );
      }),
    );
  });

  it('keep the reference of what does not change', () => {
    const a: FieldSet = { 'f:a': { 'f:b': {} } };
    expect(union(a, { 'f:a': { 'f:b': {} } })).toBe(a);
    expect(difference(a, { 'f:c': {} })).toBe(a);
    expect(union(EMPTY, a)).toBe(a);
  });

  it('name paths as conflicts do', () => {
    const fields = {
      'f:spec': {
        'f:list': { 'k:{"port":80,"protocol":"TCP"}': { 'f:name': {} } },
        'f:set': { 'v:"x"': {} },
      },
    };
    expect(pathsOf(fields).map(pathText)).toEqual([
      '.spec.list[port=80,protocol="TCP"].name',
      '.spec.set[="x"]',
    ]);
  });
});
