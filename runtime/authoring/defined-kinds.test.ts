import { describe, expect, it } from 'vitest';
import { framesOf, TempProject } from './temp-project.fakes.ts';

/** A definition with a schema of `spec`. */
const definition = (spec: string, more = ''): string => `
import { CustomResourceDefinition } from 'slipway/apiextensions/v1';
export const databases = new CustomResourceDefinition({
  metadata: { name: 'databases.shop.example' },
  spec: {
    group: 'shop.example',
    scope: 'Namespaced',
    names: { plural: 'databases', singular: 'database', kind: 'Database' },
    versions: [
      {
        name: 'v1', served: true, storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec: ${spec} } } },
      },
      ${more}
    ],
  },
});
`;

const SIZED = `{
  type: 'object', required: ['size'],
  properties: { size: { type: 'integer', maximum: 5 }, engine: { type: 'string', enum: ['a', 'b'] } },
}`;

const database = (spec: string, apiVersion = 'shop.example/v1'): string =>
  `const five = { size: 9 };\nexport const main = { apiVersion: '${apiVersion}', kind: 'Database', metadata: { name: 'main' }, spec: ${spec} };\n`;

async function said(files: Readonly<Record<string, string>>): Promise<string[]> {
  const temp = new TempProject(files);
  const { findings } = await temp.check();
  await temp.close();
  return findings.map(
    ({ code, message, range }) =>
      `${range?.file}:${range?.line}:${range?.column} ${code} ${message}`,
  );
}

describe('a kind that the folder defines', () => {
  it('holds its objects against its schema, wherever they are written', async () => {
    const spec = `{ ...five, engine: 'c', sise: 1, tags: undefined }`;
    expect(await said({ 'a.ts': database(spec), 'b.ts': definition(SIZED) })).toEqual([
      'a.ts:1:22 E_MANIFEST_VALUE `size` is not valid: should be less than or equal to 5; got 9',
      'a.ts:2:125 E_MANIFEST_ENUM `engine` must be one of a, b; got "c"',
      'a.ts:2:130 E_MANIFEST_UNKNOWN_FIELD `spec` has no field `sise`',
    ]);
    expect(await said({ 'a.ts': database(`{ size: '3' }`), 'b.ts': definition(SIZED) })).toEqual([
      'a.ts:2:114 E_MANIFEST_TYPE `size` must be an integer; got "3"',
    ]);
    expect(await said({ 'a.ts': database('{}'), 'b.ts': definition(SIZED) })).toEqual([
      'a.ts:2:106 E_MANIFEST_REQUIRED `size` is required in `spec`',
    ]);
  });

  it('gives objects its namespace, and judges anew when only the schema changes', async () => {
    const temp = new TempProject({ 'a.ts': database('{ size: 3 }'), 'b.ts': definition(SIZED) });
    const { findings, resources } = await temp.check();
    expect(findings).toEqual([]);
    expect(resources.map(({ key, ref }) => `${ref.resource} ${key}`)).toEqual([
      'databases default/main',
      'customresourcedefinitions databases.shop.example',
    ]);
    temp.write({ 'b.ts': definition(SIZED.replace('maximum: 5', 'maximum: 2')) });
    expect((await temp.check()).findings.map(({ message }) => message)).toEqual([
      '`size` is not valid: should be less than or equal to 2; got 3',
    ]);
    temp.write({ 'b.ts': definition(SIZED) });
    expect((await temp.check()).findings).toEqual([]);
    temp.remove('b.ts');
    expect(await temp.frames()).toMatchInlineSnapshot(`
      "error E_MANIFEST_KIND: no matches for kind "Database" in version "shop.example/v1"
        Database/main › kind

        ❯ a.ts:2:60
            1|
            2| …'shop.example/v1', kind: 'Database', metadata: { name: 'main' }, spec: { size: 3 } };
             |                           ^^^^^^^^^^
        help: export its CustomResourceDefinition from a manifest of the same folder, or check apiVersion and kind"
    `);
    await temp.close();
  });

  it('has the versions that are served', async () => {
    const more = `{ name: 'v2', served: true, storage: false, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } },
      { name: 'v3', served: false, storage: false, schema: { openAPIV3Schema: { type: 'object' } } },`;
    const files = { 'b.ts': definition(SIZED, more) };
    expect(await said({ ...files, 'a.ts': database('{ any: 1 }', 'shop.example/v2') })).toEqual([]);
    expect(
      await framesOf({ ...files, 'a.ts': database('{}', 'shop.example/v3') }),
    ).toMatchInlineSnapshot(`
      "error E_MANIFEST_KIND: no matches for kind "Database" in version "shop.example/v3"
        Database/main › apiVersion

        ❯ a.ts:2:35
            1| const five = { size: 9 };
            2| export const main = { apiVersion: 'shop.example/v3', kind: 'Database', metadata: { name: 'main' }, s…
             |                                   ^^^^^^^^^^^^^^^^^
        help: write 'shop.example/v1' or 'shop.example/v2'"
    `);
  });

  it('has a class with types, whose objects are held against them and against the schema', async () => {
    const text = `
import { customKind } from 'slipway/apiextensions/v1';
import { databases } from './b.ts';
export const Database = customKind<{ spec: { size: number; engine?: 'a' | 'b' } }>(databases);
export const main = new Database({ metadata: { name: 'main' }, spec: { size: 7 } });
export const typo = new Database({ metadata: { name: 'typo' }, spec: { size: 1, engin: 'a' } });
export const missing = new Database({ metadata: { name: 'missing' }, spec: {} });
`;
    const files = { 'a.ts': text, 'b.ts': definition(SIZED) };
    expect(await said(files)).toEqual([
      'a.ts:5:78 E_MANIFEST_VALUE `size` is not valid: should be less than or equal to 5; got 7',
      'a.ts:6:81 E_MANIFEST_UNKNOWN_FIELD `spec` has no field `engin`',
      'a.ts:7:76 E_MANIFEST_REQUIRED `size` is required in `spec`',
    ]);
    const right = text.replace('size: 7', 'size: 3').split('export const typo')[0]!;
    const temp = new TempProject({ ...files, 'a.ts': right });
    const { findings, resources } = await temp.check();
    await temp.close();
    expect(findings).toEqual([]);
    expect(resources[0]?.object).toEqual({
      apiVersion: 'shop.example/v1',
      kind: 'Database',
      metadata: { name: 'main', namespace: 'default' },
      spec: { size: 3 },
    });
  });

  it('is not used to blame objects for a mistake in the definition', async () => {
    const wrong = definition(`{ type: 'object', properties: { size: { type: 'int' } } }`);
    expect(
      await framesOf({ 'a.ts': database('{ size: 3 }'), 'b.ts': wrong }),
    ).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENUM: \`type\` must be one of array, boolean, integer, number, object, string; got "int"
        CustomResourceDefinition/databases.shop.example › spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[size].type

        ❯ b.ts:12:120
           11|
           12| …perties: { size: { type: 'int' } } } } } },
             |                           ^^^^^
        help: slipway explain customresourcedefinition.spec.versions.schema.openAPIV3Schema.properties.properties.type"
    `);
    const worse = definition(`{ type: 'object', properties: 5 }`);
    const all = await said({ 'a.ts': database('{ size: 3 }'), 'b.ts': worse });
    expect(all).toEqual(['b.ts:12:104 E_MANIFEST_TYPE `properties` must be an object; got 5']);
  });
});
