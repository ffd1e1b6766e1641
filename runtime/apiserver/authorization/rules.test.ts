import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../../generated/rbac/v1/types.ts';
import type { Access } from './access.ts';
import { allows, ruleText, uncovered } from './rules.ts';

const rule = (verbs: string, groups: string, resources: string, names = ''): PolicyRule => ({
  verbs: verbs.split(' '),
  apiGroups: groups.split(' ').map((group) => (group === 'core' ? '' : group)),
  resources: resources.split(' '),
  ...(names ? { resourceNames: names.split(' ') } : {}),
});
const urls = (...nonResourceURLs: string[]): PolicyRule => ({ verbs: ['get'], nonResourceURLs });

/** `get apps/deployments/scale web`: verb, group, resource, subresource, name. */
function access(text: string): Access {
  const [verb = '', what = '', name] = text.split(' ');
  if (what.startsWith('/')) return { verb, path: what };
  const [group = '', resource = '', subresource] = what.split('/');
  return { verb, group: group === 'core' ? '' : group, resource, subresource, name };
}

describe('a rule', () => {
  it.each([
    [rule('get', 'core', 'pods'), 'get core/pods', true],
    [rule('get', 'core', 'pods'), 'list core/pods', false],
    [rule('get', 'core', 'pods'), 'get apps/pods', false],
    [rule('get', 'core', 'pods'), 'get core/pods/log', false],
    [rule('get', 'core', 'pods/log'), 'get core/pods/log', true],
    [rule('get', 'core', 'pods/log'), 'get core/pods', false],
    [rule('get', 'core', '*/log'), 'get core/pods/log', true],
    [rule('get', 'core', '*/log'), 'get core/pods/exec', false],
    [rule('*', '*', '*'), 'drop apps/deployments/scale web', true],
    [rule('*', '*', '*'), 'get /metrics', false],
    [rule('get', 'core', 'pods', 'one two'), 'get core/pods two', true],
    [rule('get', 'core', 'pods', 'one two'), 'get core/pods three', false],
    [rule('get', 'core', 'pods', 'one'), 'get core/pods', false],
    [urls('/healthz'), 'get /healthz', true],
    [urls('/healthz'), 'get /healthz/etcd', false],
    [urls('/healthz/*'), 'get /healthz/etcd', true],
    [urls('/healthz/*'), 'post /healthz/etcd', false],
    [urls('*'), 'get /whatever', true],
    [urls('*'), 'get core/pods', false],
  ])('%j says of %s: %s', (each, text, allowed) => {
    expect(allows(each, access(text))).toBe(allowed);
  });
});

describe('what is not covered', () => {
  const textOf = (wanted: PolicyRule[], owned: PolicyRule[]): string[] =>
    uncovered(wanted, owned).map(ruleText);

  it('is nothing where the owner has all, in other words', () => {
    const owned = [rule('get', 'core apps', '*'), rule('list', 'core', 'pods'), urls('/api/*')];
    expect(textOf([rule('get list', 'core', 'pods'), urls('/api/v1')], owned)).toEqual([]);
    expect(textOf([rule('get', 'core', 'pods/log')], [rule('get', 'core', '*/log')])).toEqual([]);
    expect(textOf([rule('get', 'core', 'pods', 'a')], [rule('get', 'core', 'pods')])).toEqual([]);
  });

  it('is named by resource, with the verbs together', () => {
    const wanted = [rule('get list watch', 'core', 'pods secrets')];
    expect(textOf(wanted, [rule('get', 'core', 'pods secrets'), rule('*', '*', 'pods')])).toEqual([
      '{APIGroups:[""], Resources:["secrets"], Verbs:["list" "watch"]}',
    ]);
  });

  it('is everything that a rule of some names does not name', () => {
    const owned = [rule('get', 'core', 'pods', 'a')];
    expect(textOf([rule('get', 'core', 'pods', 'a b')], owned)).toEqual([
      '{APIGroups:[""], Resources:["pods"], ResourceNames:["b"], Verbs:["get"]}',
    ]);
    expect(textOf([rule('get', 'core', 'pods')], owned)).toEqual([
      '{APIGroups:[""], Resources:["pods"], Verbs:["get"]}',
    ]);
    expect(textOf([urls('/metrics')], owned)).toEqual([
      '{NonResourceURLs:["/metrics"], Verbs:["get"]}',
    ]);
  });

  it('is what a star stands for, unless the owner has a star', () => {
    expect(textOf([rule('*', 'core', 'pods')], [rule('get list', 'core', 'pods')])).toHaveLength(1);
    expect(textOf([rule('*', 'core', 'pods')], [rule('*', '*', '*')])).toEqual([]);
  });
});
