import { describe, expect, it } from 'vitest';
import type { KindDescriptor } from '../../../generator/model/index.ts';
import { isPathOf, readTarget, resourcePath } from './paths.ts';

describe('readTarget', () => {
  it('decodes the path once and as a whole', () => {
    expect(readTarget('/api/v1/namespaces/a%2Fb?x=%2F').path).toBe('/api/v1/namespaces/a/b');
    expect(readTarget('/a%252f').path).toBe('/a%2f');
    expect(readTarget('/x?a=1&a=2').parameters.getAll('a')).toEqual(['1', '2']);
  });

  it('takes the path of a whole URL, and resolves nothing', () => {
    expect(readTarget('https://other:1/api').path).toBe('/api');
    expect(readTarget('//evil:99999/api').path).toBe('//evil:99999/api');
    expect(readTarget('/api/../metrics').path).toBe('/api/../metrics');
    expect(readTarget('http://[').path).toBe('/');
  });

  it('refuses what is no text', () => {
    expect(() => readTarget('/%ff')).toThrow(URIError);
    expect(() => readTarget('/%zz')).toThrow(URIError);
  });
});

describe('resourcePath', () => {
  it.each([
    ['/api/v1/pods', { resource: 'pods' }],
    ['/api/v1/pods/', { resource: 'pods' }],
    ['/api/v1/namespaces/a', { resource: 'namespaces', name: 'a' }],
    ['/api/v1/namespaces/a/status', { resource: 'namespaces', name: 'a', subresource: 'status' }],
    ['/api/v1/namespaces/a/pods/p/log', { namespace: 'a', name: 'p', subresource: 'log' }],
    ['/apis/apps/v1/watch/deployments', { group: 'apps', resource: 'deployments', isWatch: true }],
    ['/api/v1/nodes/n/proxy/a/b', { name: 'n', subresource: 'proxy', rest: 'a/b' }],
    ['/api/v1/nodes/n:1/proxy/a//b/', { name: 'n:1', subresource: 'proxy', rest: 'a//b/' }],
    ['/api/v1/nodes/n/proxy/', { name: 'n', subresource: 'proxy', rest: '' }],
    ['/api/v1/namespaces/a/pods/p/proxy/x', { namespace: 'a', name: 'p', rest: 'x' }],
  ])('reads %s', (path, what) => {
    expect(resourcePath(path)).toMatchObject(what);
  });

  it.each(['/', '/api', '/apis', '/apis//v1/x', '/api/v1', '/api/v1//pods', '//api/v1/pods'])(
    'finds no resource at %s',
    (path) => expect(resourcePath(path)).toBeUndefined(),
  );
});

it('tells a proxy without a path from one of the root, and from an object of that name', () => {
  expect(resourcePath('/api/v1/nodes/n/proxy')).not.toHaveProperty('rest');
  const named = resourcePath('/api/v1/namespaces/a/pods/proxy/');
  expect(named).toMatchObject({ namespace: 'a', name: 'proxy' });
  expect(named).not.toHaveProperty('rest');
});

describe('isPathOf', () => {
  const kind = (namespaced: boolean): KindDescriptor =>
    ({
      namespaced,
      subresources: { status: {}, others: { log: { kind: 'Pod', verbs: ['get'] } } },
    }) as unknown as KindDescriptor;
  const is = (path: string, namespaced: boolean): boolean =>
    isPathOf(kind(namespaced), resourcePath(path)!);

  it('knows where objects are', () => {
    expect(is('/api/v1/pods', true)).toBe(true);
    expect(is('/api/v1/pods/default', true)).toBe(false);
    expect(is('/api/v1/namespaces/default/nodes', false)).toBe(false);
    expect(is('/api/v1/nodes/n', false)).toBe(true);
  });

  it('knows the subresources of a kind and none of its prototypes', () => {
    expect(is('/api/v1/nodes/n/status', false)).toBe(true);
    expect(is('/api/v1/nodes/n/log', false)).toBe(true);
    expect(is('/api/v1/nodes/n/log/more', false)).toBe(false);
    expect(is('/api/v1/nodes/n/exec', false)).toBe(false);
    expect(is('/api/v1/nodes/n/others', false)).toBe(false);
    expect(is('/api/v1/nodes/n/constructor', false)).toBe(false);
  });
});
