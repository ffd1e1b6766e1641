import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../meta/index.ts';
import { changedField, writtenField } from './changed-field.ts';

const of = (kind: string, apiVersion: string, fields: object): KubeObject =>
  ({ apiVersion, kind, metadata: { name: 'x' }, ...fields }) as KubeObject;
const config = (data: object): KubeObject => of('ConfigMap', 'v1', { data });
const web = (spec: object): KubeObject => of('Deployment', 'apps/v1', { spec });
const labels = (matchLabels: object): KubeObject => web({ selector: { matchLabels } });
const tolerating = (...keys: string[]): KubeObject =>
  of('Pod', 'v1', { spec: { tolerations: keys.map((key) => ({ key })) } });

const IMMUTABLE = 'Invalid value: {}: field is immutable';

describe('the changed part of a field that must not change', () => {
  it.each([
    ['a key', config({ a: '1', b: '2' }), config({ a: '1', b: '3' }), 'data', 'data[b]'],
    ['a dotted key', config({ 'a.b': '1' }), config({ 'a.b': '2' }), 'data', 'data[a.b]'],
    ['a key that is new', config({ a: '1' }), config({ a: '1', b: '2' }), 'data', 'data[b]'],
    ['a key that is gone', config({ a: '1', b: '2' }), config({ a: '1' }), 'data', 'data[b]'],
    ['two keys', config({ a: '1', b: '2' }), config({ a: '2', b: '3' }), 'data', 'data'],
    [
      'a label below it',
      labels({ app: 'a', tier: 'x' }),
      labels({ app: 'b', tier: 'x' }),
      'spec.selector',
      'spec.selector.matchLabels[app]',
    ],
    ['an item', tolerating('a', 'b'), tolerating('a', 'c'), 'spec', 'spec.tolerations[1].key'],
    ['a list', tolerating('a', 'b'), tolerating('b'), 'spec', 'spec.tolerations'],
    ['nothing', config({ a: '1' }), config({ a: '1' }), 'data', 'data'],
  ])('is %s', (_, before, now, field, expected) => {
    expect(changedField(now, before, field, IMMUTABLE)).toBe(expected);
  });

  it.each([
    ['pod updates may not change fields other than `spec.containers[*].image`', 'data[a]'],
    ["updates to statefulset spec for fields other than 'replicas' are forbidden", 'data[a]'],
    ['may not change once set', 'data[a]'],
    ['Invalid value: "x": must be shorter', 'data'],
  ])('is looked for where the server says so: %s', (message, expected) => {
    expect(changedField(config({ a: '2' }), config({ a: '1' }), 'data', message)).toBe(expected);
  });
});

describe('the field that a manifest has', () => {
  const service = (spec: object): KubeObject => of('Service', 'v1', { spec });

  it.each([
    [{ clusterIP: '10.0.0.1' }, 'spec.clusterIPs[0]', 'spec.clusterIP'],
    [{ clusterIP: '10.0.0.1' }, 'spec.clusterIPs', 'spec.clusterIP'],
    [{ clusterIP: '10.0.0.1' }, 'spec.clusterIPs[1]', 'spec.clusterIPs[1]'],
    [{ clusterIP: 'a', clusterIPs: ['a'] }, 'spec.clusterIPs[0]', 'spec.clusterIPs[0]'],
    [{}, 'spec.clusterIPs[0]', 'spec.clusterIPs[0]'],
  ])('of %o for %s is %s', (spec, field, expected) => {
    expect(writtenField(service(spec), field)).toBe(expected);
  });
});
