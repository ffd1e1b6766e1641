import { describe, expect, it } from 'vitest';
import { customresourcedefinitions } from '../../generated/apiextensions/v1/resources.ts';
import type { JSONSchemaProps } from '../../generated/apiextensions/v1/types.ts';
import { BOATS, type Boat, boat, boatDefinition, version } from './custom-resources.fakes.ts';
import { createCluster, type TestCluster } from './index.ts';

async function withSpec(
  properties: Record<string, object>,
  more: Parameters<typeof version>[1] = {},
): Promise<TestCluster> {
  const cluster = await createCluster();
  const spec = { type: 'object', properties } as JSONSchemaProps;
  await cluster.client.create(customresourcedefinitions, boatDefinition([version(spec, more)]));
  await cluster.settle();
  return cluster;
}

/** Fields and messages of the refusal. */
async function refusal(cluster: TestCluster, spec: object, more: object = {}): Promise<string[]> {
  try {
    await cluster.client.create(BOATS, { ...boat('a', spec as Boat['spec']), ...more } as Boat);
    return [];
  } catch (error) {
    const { causes = [] } =
      (error as { status: { details?: { causes?: { field: string; message: string }[] } } }).status
        .details ?? {};
    return causes.map(({ field, message }) => `${field}: ${message}`);
  }
}

const UNASKED = expect.stringContaining('some validation rules were not checked');

describe('values of custom resources', () => {
  it('are told of one thing that is wrong with a text', async () => {
    const cluster = await withSpec({ flag: { type: 'string', minLength: 2, pattern: '^[a-z]+$' } });
    expect(await refusal(cluster, { flag: 'A' })).toEqual([
      'spec.flag: Invalid value: "A": spec.flag in body should be at least 2 chars long',
    ]);
  });

  it('are held against rules only when they are of their type and among the allowed ones', async () => {
    const rule = { rule: 'self != "c"', message: 'not c' };
    const cluster = await withSpec({
      flag: { type: 'string', enum: ['a', 'c'], 'x-kubernetes-validations': [rule] },
    });
    expect(await refusal(cluster, { flag: 'b' })).toEqual([
      'spec.flag: Unsupported value: "b": supported values: "a", "c"',
      UNASKED,
    ]);
    expect(await refusal(cluster, { flag: 'c' })).toEqual(['spec.flag: Invalid value: "c": not c']);
  });

  it('may be objects of the API themselves, which say what they are', async () => {
    const cluster = await withSpec({
      cargo: {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        'x-kubernetes-preserve-unknown-fields': true,
      },
    });
    expect(await refusal(cluster, { cargo: { weight: 1 } })).toEqual([
      'spec.cargo.apiVersion: Required value',
      'spec.cargo.kind: Required value',
    ]);
    const metadata = { name: 'crate', labels: { a: 'b' }, lid: true };
    const cargo = { apiVersion: 'v1', kind: 'Crate', metadata, weight: 1 };
    const made = await cluster.client.create(BOATS, boat('a', { cargo }));
    expect(made.spec).toEqual({
      cargo: { ...cargo, metadata: { name: 'crate', labels: { a: 'b' } } },
    });
    const strict = { fieldValidation: 'Strict' } as const;
    await expect(cluster.client.create(BOATS, boat('b', { cargo }), strict)).rejects.toMatchObject({
      message: expect.stringContaining('unknown field "spec.cargo.metadata.lid"'),
    });
  });

  it('name replicas as numbers', async () => {
    const scale = { specReplicasPath: '.spec.crew', statusReplicasPath: '.status.crew' };
    const crew = { 'x-kubernetes-int-or-string': true };
    const cluster = await withSpec({ crew }, { subresources: { scale } });
    expect(await refusal(cluster, { crew: 'two' })).toEqual([
      '.spec.crew: Invalid value: 0: .spec.crew accessor error: two is of the type string, expected int64',
    ]);
    expect(await refusal(cluster, { crew: -1 })).toEqual([
      '.spec.crew: Invalid value: -1: should be a non-negative integer',
    ]);
  });

  it('are of the kind that the path names', async () => {
    const cluster = await withSpec({});
    expect(await refusal(cluster, {}, { kind: 'Raft' })).toEqual([
      'kind: Invalid value: "Raft": must be Boat',
    ]);
  });
});
