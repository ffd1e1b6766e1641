import { describe, expect, it } from 'vitest';
import type { ClusterRole } from '../../../generated/rbac/v1/types.ts';
import { isPart, rulesToWrite } from './decide.ts';

const rule = (resource: string) => ({ verbs: ['get'], apiGroups: [''], resources: [resource] });
const role = (name: string, ...resources: string[]): ClusterRole => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name },
  rules: resources.map(rule),
});
const whole = (...resources: string[]): ClusterRole => ({
  ...role('whole', ...resources),
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] },
});

describe('the rules of an aggregated role', () => {
  it('are those of the chosen roles by name, each once', () => {
    const chosen = [[role('b', 'pods', 'nodes'), role('a', 'secrets', 'pods')], [role('a', 'x')]];
    expect(rulesToWrite(whole(), chosen)).toEqual(['secrets', 'pods', 'nodes', 'x'].map(rule));
  });

  it('are left alone when they are right', () => {
    expect(rulesToWrite(whole('pods'), [[role('a', 'pods')]])).toBeUndefined();
  });

  it('go with the roles that they came from', () => {
    expect(rulesToWrite(whole('pods'), [[]])).toEqual([]);
  });

  it('do not come from the role itself', () => {
    expect(rulesToWrite(whole('pods'), [[whole('pods'), role('a', 'x')]])).toEqual([rule('x')]);
  });
});

it('takes a role as a part by its labels, and no role without selectors', () => {
  expect(isPart(whole(), { part: 'yes' })).toBe(true);
  expect(isPart(whole(), { part: 'no' })).toBe(false);
  expect(isPart({ ...whole(), aggregationRule: {} }, { part: 'yes' })).toBe(false);
});
