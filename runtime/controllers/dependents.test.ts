import { describe, expect, it } from 'vitest';
import { replicasets } from '../../generated/apps/v1/resources.ts';
import type { ReplicaSet } from '../../generated/apps/v1/types.ts';
import { pods } from '../../generated/core/v1/resources.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import type { IndexFunction } from '../client/index.ts';
import { type KubeObject, keyOf, ownerReference } from '../meta/index.ts';
import { decideClaims } from './claim.ts';
import { Dependents } from './dependents.ts';

const set = (name: string, selector: NonNullable<ReplicaSet['spec']>['selector']): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name, namespace: 'shop', uid: `uid-${name}` },
  spec: { selector },
});

function pod(name: string, labels: Record<string, string>, owner?: KubeObject): Pod {
  const ownerReferences = owner ? [ownerReference(owner)] : [];
  const metadata = { name, namespace: 'shop', labels, ownerReferences };
  return { apiVersion: 'v1', kind: 'Pod', metadata };
}

const web = set('web', { matchLabels: { app: 'web', tier: 'front' } });
const any = set('any', { matchExpressions: [{ key: 'app', operator: 'Exists' }] });
const api = set('api', { matchLabels: { app: 'api' } });

/** Listers over fixed objects that answer from the index functions alone. */
function dependents(existing: readonly Pod[] = []): Dependents<ReplicaSet, Pod> {
  const objects: Record<string, readonly KubeObject[]> = {
    replicasets: [web, any, api],
    pods: existing,
  };
  const indexes = new Map<string, IndexFunction<KubeObject>>();
  const transport = {
    addIndex: (ref: { resource: string }, name: string, index: unknown) =>
      indexes.set(`${ref.resource}/${name}`, index as IndexFunction<KubeObject>),
    lister: (ref: { resource: string }) => ({
      byIndex: (name: string, value: string) =>
        objects[ref.resource]?.filter((each) =>
          indexes.get(`${ref.resource}/${name}`)?.(each).includes(value),
        ),
    }),
  };
  return new Dependents(transport as never, replicasets, pods);
}

const change = (object: Pod, previous?: Pod) =>
  ({ type: 'MODIFIED', object, revision: 1, ...(previous ? { previous } : {}) }) as const;

describe('the owners that a change touches', () => {
  const sets = dependents();
  const labels = { app: 'web', tier: 'front' };

  it('are the controller alone, by its name', () => {
    expect(sets.keys(change(pod('p', { app: 'api' }, web)))).toEqual(['shop/web']);
  });

  it('are all that select an orphan, also those that ask for no label by value', () => {
    expect(sets.keys({ ...change(pod('p', labels)), type: 'ADDED' })).toEqual([
      'shop/web',
      'shop/any',
    ]);
    expect(sets.keys({ ...change(pod('p', { app: 'web' })), type: 'ADDED' })).toEqual(['shop/any']);
  });

  it('are none when an orphan goes, or changes apart from its labels', () => {
    expect(sets.keys({ ...change(pod('p', labels)), type: 'DELETED' })).toEqual([]);
    const orphan = pod('p', labels);
    expect(sets.keys(change({ ...orphan, status: { phase: 'Running' } }, orphan))).toEqual([]);
  });

  it('are the old and the new when the controller changes', () => {
    const before = pod('p', labels, api);
    expect(sets.keys(change(pod('p', labels, web), before))).toEqual(['shop/api', 'shop/web']);
    expect(sets.keys(change(pod('p', labels), before))).toEqual([
      'shop/api',
      'shop/web',
      'shop/any',
    ]);
  });
});

describe('claims', () => {
  const labels = { app: 'web', tier: 'front' };
  const own = pod('own', labels, web);
  const strayed = pod('strayed', { app: 'else' }, web);
  const orphan = pod('orphan', labels);
  const leaving = pod('leaving', labels);
  const going = { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: 'now' } };

  it('find what belongs to an owner through the indexes', () => {
    const sets = dependents([own, strayed, orphan, pod('other', { app: 'api' }, api)]);
    expect(sets.of('uid-web').map(keyOf)).toEqual(['shop/own', 'shop/strayed']);
    expect(sets.orphansFor(web)).toEqual([orphan]);
    expect(sets.orphansFor(any)).toEqual([orphan]);
    expect(sets.orphansFor(api)).toEqual([]);
  });

  it('keep, adopt and release', () => {
    expect(decideClaims(web, [own, strayed], [orphan, going])).toEqual({
      owned: [own],
      adopt: [orphan],
      release: [strayed],
    });
  });

  it('change nothing for an owner that is being deleted', () => {
    const owner = { ...web, metadata: { ...web.metadata, deletionTimestamp: 'now' } };
    expect(decideClaims(owner, [own, strayed], [orphan])).toEqual({
      owned: [own],
      adopt: [],
      release: [],
    });
  });
});
