import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployment, framesOf, GOOD_POD, TempProject } from './temp-project.fakes.ts';

describe('what a manifest exports', () => {
  let temp: TempProject;
  beforeAll(() => {
    temp = new TempProject({
      'a.ts': `
import { ConfigMap, Namespace, Pod } from 'slipway/core/v1';
export const zeta = new Namespace({ metadata: { name: 'shop' } });
export const alpha = new ConfigMap({ metadata: { name: 'alpha', namespace: 'shop' } });
export const REPLICAS = 3;
export const nothing = undefined;
export function helper(): number { return 1; }
export class Own extends ConfigMap {}
export const list = [[new Own({ metadata: { name: 'one' } })], null, false, undefined];
export const later = Promise.resolve([new ConfigMap({ metadata: { name: 'two' } })]);
const hidden = new ConfigMap({ metadata: { name: 'hidden' } });
export const many = { hidden };
export const made = new Pod({
  metadata: { generateName: 'job-' },
  spec: { containers: [{ name: 'a', image: 'i' }] },
});
`,
      'b.ts': `
export { alpha as again } from './a.ts';
export * from './a.ts';
const plain = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'plain' } };
export default plain;
`,
      'ignored.test.ts': 'export default 1;',
      'ignored.d.ts': 'export declare const x: number;',
      'node_modules/x/index.ts': 'export default 1;',
      '.hidden/x.ts': 'export default 1;',
    });
  });
  afterAll(() => temp.close());

  it('is applied when it is a resource, or a list or promise of them, each object once and in order', async () => {
    const { resources, findings, files } = await temp.check();
    expect(findings).toEqual([]);
    expect(files).toEqual(['a.ts', 'b.ts']);
    expect(resources.map(({ ref, key, range }) => `${ref.resource} ${key} ${range.file}`)).toEqual([
      'namespaces shop a.ts',
      'configmaps shop/alpha a.ts',
      'configmaps default/one a.ts',
      'configmaps default/two a.ts',
      'pods default/ a.ts',
      'configmaps default/plain b.ts',
    ]);
    expect(resources[2]!.object).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'one', namespace: 'default' },
    });
  });

  it('must be a resource when it is the default, or beside one in a list', async () => {
    const frames = await framesOf({
      'a.ts': 'export default () => [];',
      'b.ts': 'export default undefined;',
      'c.ts': `export { Pod as default } from 'slipway/core/v1';`,
      'd.ts': `
import { Namespace } from 'slipway/core/v1';
export const list = [new Namespace({ metadata: { name: 'd' } }), 'stray'];
`,
      'e.ts': `export default { apiVersion: 'v1', kind: 'Pod' };`,
    });
    expect(frames).toMatchInlineSnapshot(`
      "error E_MANIFEST_EXPORT: the default export is a function, not a resource

        ❯ a.ts:1:16
            1| export default () => [];
             |                ^^^^^^^^
        help: export what it returns, not the function

      error E_MANIFEST_EXPORT: the default export is undefined, not a resource

        ❯ b.ts:1:16
            1| export default undefined;
             |                ^^^^^^^^^
        help: export a resource, a list of resources or a promise of them

      error E_MANIFEST_EXPORT: the default export is the class Pod, not a resource

        ❯ c.ts:1:10
            1| export { Pod as default } from 'slipway/core/v1';
             |          ^^^^^^^^^^^^^^
        help: export a \`new\` object of it

      error E_MANIFEST_EXPORT: \`list\` holds the string "stray" at [1], not a resource

        ❯ d.ts:3:66
            2| import { Namespace } from 'slipway/core/v1';
            3| export const list = [new Namespace({ metadata: { name: 'd' } }), 'stray'];
             |                                                                  ^^^^^^^
        help: export a resource, a list of resources or a promise of them

      error E_MANIFEST_EXPORT: the default export is a Pod without metadata, not a resource

        ❯ e.ts:1:16
            1| export default { apiVersion: 'v1', kind: 'Pod' };
             |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: export a resource, a list of resources or a promise of them"
    `);
  });

  it('is taken for an object of the API though it lacks what those have', async () => {
    const text = `
export const a = { apiVersion: 'v1', kind: 'ConfigMap', spec: {} };
export const b = { kind: 'ConfigMap', metadata: { name: 'b' } };
export const c = { apiVersion: 5, kind: 'ConfigMap', metadata: { name: 'c' } };
export const d = { apiVersion: 'v1', kind: 'ConfigMap', metadata: 'd' };
export const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'e' };
export const template = { metadata: { labels: { app: 'f' } }, spec: {} };
`;
    const temp = new TempProject({ 'a.ts': text });
    const { findings } = await temp.check();
    await temp.close();
    expect(
      findings.map(({ message, range }) => `${range?.line}:${range?.column} ${message}`),
    ).toEqual([
      '2:18 `metadata` is required in ConfigMap',
      '3:18 `apiVersion` is required in ConfigMap',
      '4:32 `apiVersion` must be a string',
      '5:67 `metadata` is required in ConfigMap',
    ]);
  });

  it('must have a name, and one that nobody else has', async () => {
    const nameless = `
import { ConfigMap, Namespace } from 'slipway/core/v1';
export const a = new ConfigMap({ metadata: {} });
export const b = new Namespace({ metadata: { name: 'n', namespace: 'x' } });
`;
    const files = {
      'one.ts': deployment(GOOD_POD),
      'two.ts': deployment(GOOD_POD),
      'three.ts': nameless,
    };
    expect(await framesOf(files)).toMatchInlineSnapshot(`
      "error E_MANIFEST_NAME: a resource needs a \`name\`, or a \`generateName\` to have one made up
        default › ConfigMap/(no name) › metadata.name

        ❯ three.ts:3:44
            2| import { ConfigMap, Namespace } from 'slipway/core/v1';
            3| export const a = new ConfigMap({ metadata: {} });
             |                                            ^^
        help: slipway explain configmap.metadata.name

      error E_MANIFEST_FORBIDDEN: \`namespace\` may not be set: a Namespace is in no namespace
        x › Namespace/n › metadata.namespace

        ❯ three.ts:4:68
            3| export const a = new ConfigMap({ metadata: {} });
            4| export const b = new Namespace({ metadata: { name: 'n', namespace: 'x' } });
             |                                                                    ^^^
        help: slipway explain namespace.metadata.namespace

      error E_MANIFEST_DUPLICATE: Deployment/web is made more than once
        shop › Deployment/web

        ❯ two.ts:5:21
            4| export const web = new Deployment({
            5|   metadata: { name: 'web', namespace: 'shop' },
             |                     ^^^^^
        help: rename one, or export it once
        see: it is made first: one.ts:5:21"
    `);
  });

  it('must be of a kind that is served', async () => {
    const text = `
export const old = { apiVersion: 'extensions/v1beta1', kind: 'Deployment', metadata: { name: 'a' } };
export const slip = { apiVersion: 'v1', kind: 'Confgmap', metadata: { name: 'b' } };
export const odd = { apiVersion: 'example.com/v1', kind: 'Frobnicator', metadata: { name: 'c' } };
`;
    expect(await framesOf({ 'kinds.ts': text })).toMatchInlineSnapshot(`
      "error E_MANIFEST_KIND: no matches for kind "Deployment" in version "extensions/v1beta1"
        Deployment/a › apiVersion

        ❯ kinds.ts:2:34
            1|
            2| export const old = { apiVersion: 'extensions/v1beta1', kind: 'Deployment', metadata: { name: 'a' } }…
             |                                  ^^^^^^^^^^^^^^^^^^^^
        help: write 'apps/v1'

      error E_MANIFEST_KIND: no matches for kind "Confgmap" in version "v1"
        Confgmap/b › kind

        ❯ kinds.ts:3:47
            2| export const old = { apiVersion: 'extensions/v1beta1', kind: 'Deployment', metadata: { name: 'a' } }…
            3| export const slip = { apiVersion: 'v1', kind: 'Confgmap', metadata: { name: 'b' } };
             |                                               ^^^^^^^^^^
        help: did you mean ConfigMap of 'v1'?

      error E_MANIFEST_KIND: no matches for kind "Frobnicator" in version "example.com/v1"
        Frobnicator/c › kind

        ❯ kinds.ts:4:58
            3| export const slip = { apiVersion: 'v1', kind: 'Confgmap', metadata: { name: 'b' } };
            4| export const odd = { apiVersion: 'example.com/v1', kind: 'Frobnicator', metadata: { name: 'c' } };
             |                                                          ^^^^^^^^^^^^^
        help: export its CustomResourceDefinition from a manifest of the same folder, or check apiVersion and kind"
    `);
  });
});
