import { describe, expect, it } from 'vitest';
import { jsonPatch } from './json-patch.ts';
import { isApiError } from './status.ts';

const target = { data: { k: 'v' }, list: ['a', 'b'], deep: { list: [{ x: 1 }] } };

const patched = (...operations: object[]): unknown => jsonPatch(target, operations);

function refusal(attempt: () => unknown): unknown {
  try {
    return attempt();
  } catch (error) {
    return isApiError(error) ? [error.code, error.reason, error.causes.length] : error;
  }
}

describe('a JSON patch', () => {
  it('adds, replaces and removes in maps and lists', () => {
    expect(patched({ op: 'add', path: '/data/n', value: 1 })).toMatchObject({
      data: { k: 'v', n: 1 },
    });
    expect(patched({ op: 'add', path: '/list/1', value: 'x' })).toMatchObject({
      list: ['a', 'x', 'b'],
    });
    expect(patched({ op: 'add', path: '/list/-', value: 'x' })).toMatchObject({
      list: ['a', 'b', 'x'],
    });
    expect(patched({ op: 'replace', path: '/list/0', value: 'x' })).toMatchObject({
      list: ['x', 'b'],
    });
    expect(patched({ op: 'remove', path: '/list/0' })).toMatchObject({ list: ['b'] });
    expect(patched({ op: 'remove', path: '/list/-1' })).toMatchObject({ list: ['a'] });
    expect(patched({ op: 'replace', path: '/deep/list/0/x', value: 2 })).toMatchObject({
      deep: { list: [{ x: 2 }] },
    });
  });

  it('moves, copies and tests', () => {
    expect(patched({ op: 'move', from: '/data/k', path: '/data/m' })).toMatchObject({
      data: { m: 'v' },
    });
    expect(patched({ op: 'copy', from: '/list/1', path: '/data/c' })).toMatchObject({
      data: { k: 'v', c: 'b' },
    });
    const tested = { op: 'test', path: '/data/k', value: 'v' };
    expect(patched(tested, { op: 'remove', path: '/data/k' })).toMatchObject({ data: {} });
    expect(patched(tested)).toBe(target);
    expect(patched({ op: 'test', path: '/data/none', value: null })).toBe(target);
  });

  it('reads escaped keys', () => {
    const operations = [
      { op: 'remove', path: '/a~1b' },
      { op: 'add', path: '/~01', value: 2 },
    ];
    expect(jsonPatch({ 'a/b': 1 }, operations)).toEqual({ '~1': 2 });
  });

  it('shares what it does not change', () => {
    const after = patched({ op: 'add', path: '/data/n', value: 1 }) as typeof target;
    expect(after.list).toBe(target.list);
    expect(target).toEqual({ data: { k: 'v' }, list: ['a', 'b'], deep: { list: [{ x: 1 }] } });
  });

  it('succeeds where upstream does: absent keys, nothing to copy, no leading slash', () => {
    expect(patched({ op: 'replace', path: '/data/none', value: 1 })).toMatchObject({
      data: { none: 1 },
    });
    expect(patched({ op: 'copy', from: '/nope', path: '/data/z' })).toMatchObject({
      data: { z: null },
    });
    expect(patched({ op: 'add', path: 'data/k', value: 'x' })).toEqual({ ...target, k: 'x' });
  });

  it.each([
    [{ op: 'remove', path: '/data/none' }],
    [{ op: 'remove', path: '/list/2' }],
    [{ op: 'replace', path: '/list/2', value: 1 }],
    [{ op: 'add', path: '/list/3', value: 1 }],
    [{ op: 'add', path: '/list/x', value: 1 }],
    [{ op: 'add', path: '/none/deep', value: 1 }],
    [{ op: 'add', path: '/data/k/deep', value: 1 }],
    [{ op: 'add', path: '', value: {} }],
    [{ op: 'move', from: '/data/none', path: '/data/x' }],
    [{ op: 'move', path: '/data/x' }],
    [{ op: 'test', path: '/data/k', value: 'other' }],
    [{ op: 'bogus', path: '/data/k' }],
    [{ op: 'add' }],
  ])('%j is refused with 422 and no causes', (operation) => {
    expect(refusal(() => patched(operation))).toEqual([422, 'Invalid', 0]);
  });

  it('must be a list of operations', () => {
    expect(refusal(() => jsonPatch(target, { op: 'add' }))).toEqual([400, 'BadRequest', 0]);
    expect(refusal(() => jsonPatch(target, [null]))).toEqual([400, 'BadRequest', 0]);
    expect(jsonPatch(target, [])).toBe(target);
  });
});
