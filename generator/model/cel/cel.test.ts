import { describe, expect, it } from 'vitest';
import { celEnvironment } from './index.ts';

const value = (text: string): unknown => celEnvironment().evaluate(text);

describe('the functions of Kubernetes', () => {
  it.each([
    ['[3, 1].sum() == 4 && [1.5, 2.0].sum() == 3.5 && [].sum() == 0', true],
    ['["b", "a"].min() + ["b", "a"].max()', 'ab'],
    ['[1, 2, 2].isSorted() && ![2, 1].isSorted()', true],
    ['[7, 8, 7].indexOf(7) == 0 && [7, 8, 7].lastIndexOf(7) == 2', true],
    ['sets.equivalent([1, 1, 2], [2, 1]) && !sets.intersects([1], [2])', true],
    ['jsonpatch.escapeKey("a/b~c")', 'a~1b~0c'],
    ['"web-12".find("[a-z\\\\-]+")', 'web-'],
    ['"%s has %d".format(["a", 2])', 'a has 2'],
    ['isIP("::1") && isCIDR("10.0.0.0/8") && !isCIDR("10.0.0.0/33") && isURL("http://a")', true],
    ['quantity("1Gi").compareTo(quantity("1024Mi")) == 0', true],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  it('fail on what has no answer', () => {
    expect(() => value('[].max()')).toThrow('max called on empty list');
    expect(() => value('quantity("a lot")')).toThrow('quantities must match');
  });

  it('leave what one declares to oneself', () => {
    celEnvironment().registerVariable('mine', 'int');
    expect(() => value('mine')).toThrow('Unknown variable: mine');
  });
});
