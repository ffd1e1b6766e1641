import { describe, expect, it } from 'vitest';
import { deployment, framesOf, GOOD_POD, TempProject } from './temp-project.fakes.ts';

const SHORT = { evaluationMs: 400 };

/** Manifests are programs: whatever they do, the check ends and says what happened. */
describe('what a manifest prints', () => {
  it('is cut to a bound, which is said', async () => {
    const temp = new TempProject({
      'a.ts': "for (let at = 0; at < 9_000; at++) console.log('line', at);\n",
    });
    const { printed } = await temp.check();
    expect(printed.length).toBeLessThan(66_000);
    expect(printed).toMatch(/\n… what was printed after this is left out\n$/);
    await temp.close();
  });
});

describe('a manifest that', () => {
  it('throws is shown where it throws, through helpers of other files', async () => {
    const frames = await framesOf({
      'a.ts': `import { port } from './lib.ts';\nexport const p = port({} as never);\n`,
      'lib.ts': `
interface Service { spec: { ports: { port: number }[] } }
export enum Kind { Web = 'web' }
export function port(service: Service): number {
  return service.spec.ports[0]!.port;
}
`,
      'c.ts': `throw new Error('outer', { cause: new TypeError('inner') });`,
      'd.ts': `throw 'a text';`,
    });
    expect(frames).toMatchInlineSnapshot(`
      "error E_MANIFEST_THROWS: c.ts throws Error: outer

        ❯ c.ts:1:7
            1| throw new Error('outer', { cause: new TypeError('inner') });
             |       ^^^
        help: mend it at the mark
        Caused by: TypeError: inner

      error E_MANIFEST_THROWS: d.ts throws "a text"

        ❯ d.ts:1:1
            1| throw 'a text';
             | ^
        help: mend it at the mark

      error E_MANIFEST_THROWS: lib.ts throws TypeError: Cannot read properties of undefined (reading 'ports')

        ❯ lib.ts:5:23
            4| export function port(service: Service): number {
            5|   return service.spec.ports[0]!.port;
             |                       ^^^^^
        help: mend it at the mark"
    `);
  });

  it('rejects is shown where the error was made, awaited or not', async () => {
    const frames = await framesOf({
      'a.ts': `export const a = Promise.reject(new Error('exported'));\n`,
      'b.ts': `export const b = 1;\nvoid Promise.reject(new Error('lost'));\n`,
    });
    expect(frames).toMatchInlineSnapshot(`
      "error E_MANIFEST_THROWS: the export \`a\` is rejected with Error: exported

        ❯ a.ts:1:33
            1| export const a = Promise.reject(new Error('exported'));
             |                                 ^^^
        help: mend it at the mark

      error E_MANIFEST_THROWS: b.ts throws Error: lost

        ❯ b.ts:2:21
            1| export const b = 1;
            2| void Promise.reject(new Error('lost'));
             |                     ^^^
        help: mend it at the mark"
    `);
  });

  it('never ends is stopped, with the loop that turns', async () => {
    const sync = `export const a = 1;\nfor (;;) {\n  if (a > 1) break;\n}\n`;
    expect(await framesOf({ 'a.ts': sync }, SHORT)).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENDLESS: this loop is still turning after 0.4 s

        ❯ a.ts:2:1
            1| export const a = 1;
            2| for (;;) {
             | ^^^^^^^^
        help: a manifest has to come to an end: bound the loop"
    `);
    const inHelper = {
      'a.ts': `import { spin } from './b.ts';\nexport const a = spin();\n`,
      'b.ts': `export function spin(): number {\n  let n = 0;\n  while (n >= 0) n++;\n  return n;\n}\n`,
    };
    expect(await framesOf(inHelper, SHORT)).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENDLESS: this loop is still turning after 0.4 s

        ❯ b.ts:3:3
            2|   let n = 0;
            3|   while (n >= 0) n++;
             |   ^^^^^^^^^^^^^^
        help: a manifest has to come to an end: bound the loop"
    `);
    const async = `for (;;) await null;\nexport {};\n`;
    expect(await framesOf({ 'a.ts': async }, SHORT)).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENDLESS: this loop is still turning after 0.4 s

        ❯ a.ts:1:1
            1| for (;;) await null;
             | ^^^^^^^^
        help: a manifest has to come to an end: bound the loop"
    `);
    const native = `export const a = /^(a+)+$/.test('${'a'.repeat(40)}b');\n`;
    expect(await framesOf({ 'a.ts': native }, SHORT)).toMatchInlineSnapshot(`
      "error E_MANIFEST_ENDLESS: a.ts is still evaluating after 0.4 s

        ❯ a.ts:1:1
            1| export const a = /^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab');
             | ^
        help: a manifest has to come to an end: bound the loop"
    `);
  });

  it('waits for ever is ended at once, with the await', async () => {
    const frames = await framesOf({
      'a.ts': `export const first = await Promise.resolve(1);\nexport const a = await new Promise(() => {});\n`,
    });
    expect(frames).toMatchInlineSnapshot(`
      "error E_MANIFEST_UNSETTLED: this never settles

        ❯ a.ts:2:18
            1| export const first = await Promise.resolve(1);
            2| export const a = await new Promise(() => {});
             |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: resolve or reject the promise"
    `);
    const exported = { 'a.ts': `export const a = new Promise(() => {});\n` };
    expect(await framesOf(exported)).toMatchInlineSnapshot(`
      "error E_MANIFEST_UNSETTLED: this never settles

        ❯ a.ts:1:14
            1| export const a = new Promise(() => {});
             |              ^
        help: resolve or reject the promise"
    `);
  });

  it('ends the process, or prints, reaches neither', async () => {
    const text = `
declare const process: { exit(code: number): never };
console.log('before', { a: 1 });
process.exit(3);
`;
    const temp = new TempProject({ 'a.ts': text });
    expect(await temp.frames()).toMatchInlineSnapshot(`
      "error E_MANIFEST_EXIT: the manifest calls process.exit

        ❯ a.ts:4:9
            3| console.log('before', { a: 1 });
            4| process.exit(3);
             |         ^^^^
        help: throw an error instead"
    `);
    expect((await temp.check()).printed).toBe('before { a: 1 }\n');
    await temp.close();
  });

  it('needs too much memory is ended', async () => {
    const text = `export const a: unknown[] = [];\nfor (;;) a.push(new Array(1e6).fill(1.5));\n`;
    expect(
      await framesOf({ 'a.ts': text }, { evaluationMs: 60_000, evaluationHeapMiB: 64 }),
    ).toMatchInlineSnapshot(`
      "error E_MANIFEST_MEMORY: evaluating the manifests runs out of memory

        ❯ a.ts:2:1
            1| export const a: unknown[] = [];
            2| for (;;) a.push(new Array(1e6).fill(1.5));
             | ^^^^^^^^
        help: a manifest has to be finite: bound what it builds"
    `);
  });

  it('imports in a circle works, or says what was not there yet', async () => {
    const good = {
      'a.ts': `import { b } from './b.ts';\nexport const one = 1;\nexport const a = (): number => b();\n`,
      'b.ts': `import { one } from './a.ts';\nexport const b = (): number => one;\n`,
      'c.ts': deployment(GOOD_POD),
    };
    expect(await framesOf(good)).toBe('');
    const bad = {
      'a.ts': `import { b } from './b.ts';\nexport const one = b;\n`,
      'b.ts': `import { one } from './a.ts';\nexport const b: number = one;\n`,
    };
    expect(await framesOf(bad)).toMatchInlineSnapshot(`
      "error E_MANIFEST_THROWS: b.ts throws ReferenceError: Cannot access 'one' before initialization

        ❯ b.ts:2:26
            1| import { one } from './a.ts';
            2| export const b: number = one;
             |                          ^^^
        help: where files import each other in a circle, move what both need into a third"
    `);
  });

  it('imports what is not there is shown at the import, once', async () => {
    const frames = await framesOf({
      'a.ts': `
import { gone } from './gone.ts';
import left from 'left-pad';
import { Pod } from 'slipway/cores/v1';
import { Podd } from 'slipway/core/v1';
export const all = [gone, left, Pod, Podd];
`,
      'b.ts': `import { all } from './a.ts';\nexport const some = all;\n`,
      'ignored.ts': `// @ts-expect-error\nimport { x } from './nowhere.ts';\nexport const y: unknown = x;\n`,
    });
    expect(frames).toMatchInlineSnapshot(`
      "error E_MANIFEST_IMPORT: cannot find ./gone.ts

        ❯ a.ts:2:22
            1|
            2| import { gone } from './gone.ts';
             |                      ^^^^^^^^^^^
        help: check the path, or install the package

      error E_MANIFEST_IMPORT: cannot find left-pad

        ❯ a.ts:3:18
            2| import { gone } from './gone.ts';
            3| import left from 'left-pad';
             |                  ^^^^^^^^^^
        help: npm install left-pad

      error E_MANIFEST_IMPORT: cannot find slipway/cores/v1

        ❯ a.ts:4:21
            3| import left from 'left-pad';
            4| import { Pod } from 'slipway/cores/v1';
             |                     ^^^^^^^^^^^^^^^^^^
        help: did you mean 'slipway/core/v1'?

      error E_MANIFEST_IMPORT: 'slipway/core/v1' has no exported member named 'Podd' (TS2724)

        ❯ a.ts:5:10
            4| import { Pod } from 'slipway/cores/v1';
            5| import { Podd } from 'slipway/core/v1';
             |          ^^^^
        help: did you mean Pod?

      error E_MANIFEST_IMPORT: cannot find ./nowhere.ts

        ❯ ignored.ts:2:19
            1| // @ts-expect-error
            2| import { x } from './nowhere.ts';
             |                   ^^^^^^^^^^^^^^
        help: check the path, or install the package"
    `);
  });

  it('uses what Node and TypeScript offer works', async () => {
    const temp = new TempProject({
      'a.ts': `
import data from './data.json' with { type: 'json' };
import { basename } from 'node:path';
import { ConfigMap } from 'slipway/core/v1';
import { suffix } from './lib/helper.ts';
const { name = 'x', ...rest } = data as { name?: string; more?: string };
let first = '';
let second = '';
[first, second = 'b'] = ['a'];
({ first } = { first });
enum Tier { Web = 'web' }
export const config = new ConfigMap({
  metadata: { name: name + suffix(), labels: { ...rest, tier: Tier.Web, first, second } },
  data: { base: basename('/a/b') },
});
export const url = import.meta.url;
const late = await import('./lib/helper.ts');
export const other = new ConfigMap({ metadata: { name: 'other' }, data: { s: late.suffix() } });
`,
      'lib/helper.ts': `export const suffix = (): string => '-suffix';\n`,
      'data.json': `{ "name": "from-json", "more": "yes" }`,
    });
    const { findings, resources } = await temp.check();
    expect(findings.filter(({ message }) => !message.includes('node:path'))).toEqual([]);
    expect(resources.map(({ object }) => object)).toMatchObject([
      {
        metadata: {
          name: 'from-json-suffix',
          labels: { more: 'yes', tier: 'web', first: 'a', second: 'b' },
        },
        data: { base: 'b' },
      },
      { data: { s: '-suffix' } },
    ]);
    await temp.close();
  });

  it('is mended is good again', async () => {
    const temp = new TempProject({ 'a.ts': deployment(`{ containers: [{ name: 1 }] }`) });
    expect((await temp.check()).findings).not.toEqual([]);
    temp.write({ 'a.ts': deployment(GOOD_POD) });
    expect((await temp.check()).findings).toEqual([]);
    await temp.close();
  });
});
