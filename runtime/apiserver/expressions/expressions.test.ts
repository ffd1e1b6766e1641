import { describe, expect, it } from 'vitest';
import { Authorizer } from '../authorization/index.ts';
import {
  AuthorizerValue,
  evaluate,
  expressionProblem,
  fromCel,
  toCel,
  withoutTypes,
} from './index.ts';

const object = { spec: { replicas: 3, ratio: 0.5, names: ['b', 'a'], gone: undefined } };
const value = (expression: string): unknown =>
  fromCel(evaluate(expression, { object: toCel(object), oldObject: null }));

describe('expressions', () => {
  it.each([
    ['object.spec.replicas % 2 == 1', true],
    ['object.spec.ratio < 1.0', true],
    ['has(object.spec.gone)', false],
    ['oldObject == null', true],
    ['object.?spec.?other.orValue(7)', 7],
    ['object.spec.names.isSorted()', false],
    ['object.spec.names.min()', 'a'],
    ['[1, 2, 3].sum() + [4, 9, 2].max()', 15],
    ['jsonpatch.escapeKey("a~b/c")', 'a~0b~1c'],
    ['sets.contains([1, 2, 3], [3, 1]) && !sets.contains([1], [1, 2])', true],
    ['sets.intersects(["a"], object.spec.names) && !sets.intersects([1], [2])', true],
    ['sets.equivalent([1, 1, 2], [2, 1]) && !sets.equivalent([1, 2], [1])', true],
    ['"web-12".find("[0-9]+")', '12'],
    ['"a1b22".findAll("[0-9]+")', ['1', '22']],
  ])('%s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it('say which one failed, and why', () => {
    expect(() => value('object.spec.other > 1')).toThrow(
      "expression 'object.spec.other > 1' resulted in error: no such key: other",
    );
    expect(() => value('[].max()')).toThrow('max called on empty list');
  });

  it('are told apart from what is none', () => {
    expect(expressionProblem('object.spec.x > 1')).toBeUndefined();
    expect(expressionProblem('object.spec.x >')).toMatch(/^Unexpected token/);
  });
});

describe('literals of types', () => {
  it.each([
    ['Object{spec: Object.spec{replicas: 1}}', '{"spec": {"replicas": 1}}'],
    ['[JSONPatch{op: "add", path: "/a: b"}]', '[{"op": "add", "path": "/a: b"}]'],
    ['Object{a: x ? y : z}', '{"a": x ? y : z}'],
    ['Object{a: {"Object{k: 1}": k}}', '{"a": {"Object{k: 1}": k}}'],
    ['object.kind == "Object"', 'object.kind == "Object"'],
  ])('%s', (typed, plain) => {
    expect(withoutTypes(typed)).toBe(plain);
  });
});

describe('the authorizer', () => {
  const roles = { byIndex: () => [], object: () => undefined } as never;
  const authorizer = new Authorizer(roles);
  const asked = (...groups: string[]) =>
    new AuthorizerValue({ authorizer, user: { name: 'ann', groups } });
  const check = 'authorizer.group("apps").resource("deployments").namespace("x").check("delete")';

  it('says who may do what', () => {
    const may = (who: AuthorizerValue, expression: string): unknown =>
      evaluate(expression, { authorizer: who });
    expect(may(asked('system:masters'), `${check}.allowed()`)).toBe(true);
    expect(may(asked(), `${check}.allowed()`)).toBe(false);
    expect(may(asked(), 'authorizer.path("/healthz").check("get").allowed()')).toBe(false);
    expect(
      may(
        asked('system:masters'),
        'authorizer.serviceAccount("x", "robot").resource("pods").check("get").allowed()',
      ),
    ).toBe(false);
  });
});
