import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resource } from './author.fakes.ts';
import { type Change, type Plan, planSave } from './plan.ts';

function afterwards(plan: Plan, applied: ReadonlyMap<string, Change>): Map<string, Change> {
  const next = new Map(applied);
  for (const change of [...plan.unchanged, ...plan.changes]) next.set(change.id, change);
  for (const { id } of plan.pruned) next.delete(id);
  return next;
}

const ids = (changes: readonly Change[]): string[] => changes.map(({ id }) => id);

describe('planSave', () => {
  it('applies cluster-scoped resources first and the others as the manifests have them', () => {
    const plan = planSave(
      [
        resource('ConfigMap', 'shop/b'),
        resource('Pod', 'shop/a'),
        resource('Namespace', 'shop'),
        resource('ConfigMap', 'shop/a'),
      ],
      new Map(),
    );
    expect(ids(plan.changes)).toEqual([
      'namespaces/shop',
      'configmaps/shop/b',
      'pods/shop/a',
      'configmaps/shop/a',
    ]);
    expect(plan.created.size).toBe(4);
  });

  it('has definitions before all others and takes them out after all others', () => {
    const versions = (...served: boolean[]) =>
      served.map((each, at) => ({ name: `v${at + 1}`, served: each, storage: at === 0 }));
    const definition = (...served: boolean[]) =>
      resource('CustomResourceDefinition', 'databases.shop.example', {
        spec: { versions: versions(...served) },
      });
    const object = resource('Database', 'shop/main');
    const both = [object, resource('Namespace', 'shop'), definition(true)];
    const first = planSave(both, new Map());
    expect(ids(first.changes)).toEqual([
      'customresourcedefinitions.apiextensions.k8s.io/databases.shop.example',
      'namespaces/shop',
      'databases.shop.example/shop/main',
    ]);
    expect([...first.defining]).toEqual(['databases.shop.example']);
    const applied = new Map([...afterwards(first, new Map())].reverse());
    expect(ids(planSave([], applied).pruned).at(-1)).toContain('customresourcedefinitions');
    const [kept] = planSave([definition(true, true)], applied).pruned;
    expect([kept?.id, kept?.ref]).toEqual(['namespaces/shop', undefined]);
    const gone = planSave([definition(false, true)], applied).pruned;
    expect(gone.find(({ id }) => id.startsWith('databases'))?.ref).toMatchObject({
      resource: 'databases',
      version: 'v2',
    });
  });

  it('tells updates from what only moved, and prunes newest first', () => {
    const before = [
      resource('Namespace', 'shop'),
      resource('ConfigMap', 'shop/a', { data: { x: '1', y: '2' } }),
      resource('ConfigMap', 'shop/b', { data: { x: '1' } }),
      resource('ConfigMap', 'shop/c'),
      resource('ConfigMap', 'shop/d'),
    ];
    const applied = afterwards(planSave(before, new Map()), new Map());
    const plan = planSave(
      [
        resource('ConfigMap', 'shop/a', { data: { y: '2', x: '1' } }, 40),
        resource('ConfigMap', 'shop/b', { data: { x: '2' } }),
        resource('Namespace', 'shop'),
      ],
      applied,
    );
    expect(ids(plan.changes)).toEqual(['configmaps/shop/b']);
    expect(plan.created.size).toBe(0);
    expect(ids(plan.unchanged)).toEqual(['namespaces/shop', 'configmaps/shop/a']);
    expect(plan.unchanged[1]?.resource.range.line).toBe(40);
    expect(ids(plan.pruned)).toEqual(['configmaps/shop/d', 'configmaps/shop/c']);
  });

  it('hashes what the manifests say, whatever the order of keys', () => {
    const hash = (data: object): string =>
      planSave([resource('ConfigMap', 'shop/a', { data })], new Map()).contentHash;
    expect(hash({ x: '1', y: '2' })).toBe(hash({ y: '2', x: '1' }));
    expect(hash({ x: '1' })).not.toBe(hash({ x: '2' }));
  });

  it('leads from any state to any other, and then has nothing left to do', () => {
    const folder = fc.uniqueArray(
      fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.nat(2) }),
      { selector: ({ name }) => name },
    );
    const manifests = (entries: { name: string; value: number }[]) =>
      entries.map(({ name, value }) =>
        resource('ConfigMap', `shop/${name}`, { data: { value: String(value) } }),
      );
    fc.assert(
      fc.property(folder, folder, (first, second) => {
        const start = afterwards(planSave(manifests(first), new Map()), new Map());
        const plan = planSave(manifests(second), start);
        const end = afterwards(plan, start);
        expect([...end.keys()].sort()).toEqual(
          second.map(({ name }) => `configmaps/shop/${name}`).sort(),
        );
        const again = planSave(manifests(second), end);
        expect([again.changes, again.pruned]).toEqual([[], []]);
        expect(again.contentHash).toBe(plan.contentHash);
      }),
    );
  });
});
