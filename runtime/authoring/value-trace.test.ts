import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from './contract.ts';
import { TempProject } from './temp-project.fakes.ts';

const FILES = {
  'sizes.ts': `
export const FAR = '16';
export const LIMITS = { cpu: '8', memory: '32Gi', nested: { list: ['a', FAR] } } as const;
const hidden = '4';
export { hidden as shown };
`,
  'app.ts': `
import { ConfigMap, Pod } from 'slipway/core/v1';
import { FAR, LIMITS, shown } from './sizes.ts';
import * as sizes from './sizes.ts';

const big = '64';
const alias = (big satisfies string);
const cpu = '2' as const;
let loose = 'let';
const changed: Record<string, string> = { cpu: 'before' };
changed.cpu = 'after';
const over = { cpu: 'first', ...changed };
const made = ['a', 'b'].join('');
const spread = JSON.parse('{"copied":"x"}') as Record<string, string>;

function named(text: string): string {
  return text;
}
function settings(far: string): ConfigMap {
  const big = 'inner';
  return new ConfigMap({
    metadata: { name: 'local' },
    data: { far, big },
  });
}
export const local = settings('argument');

export const all = new ConfigMap({
  metadata: { name: 'all' },
  data: {
    big: big,
    alias,
    cpu,
    far: FAR,
    member: LIMITS.cpu,
    quoted: LIMITS['memory'],
    deep: LIMITS.nested.list[1],
    star: sizes.FAR,
    starMember: sizes.LIMITS.memory,
    shown,
    loose,
    changed: changed.cpu!,
    over: over.cpu,
    either: loose ? big : FAR,
    called: named(big),
    made,
    ...spread,
  },
});

const labels = { app: 'web' };
export const pod = new Pod({
  metadata: { name: 'web', labels },
  spec: { containers: [{ name: 'web', image: 'nginx', resources: { requests: { cpu } } }] },
});
`,
};

describe('the place of a value that is a constant', () => {
  let temp: TempProject;
  let checked: CheckResult;
  beforeAll(async () => {
    temp = new TempProject(FILES);
    checked = await temp.check();
    expect(checked.findings).toEqual([]);
  });
  afterAll(() => temp.close());

  function place(name: string, path: string): string {
    const resource = checked.resources.find(({ object }) => object.metadata.name === name)!;
    const { file, line, column, endLine, endColumn } = resource.rangeOf(path);
    expect(endLine).toBe(line);
    const text = FILES[file as keyof typeof FILES].split('\n')[line - 1]!;
    return `${file} ${line}: ${text.slice(column - 1, endColumn - 1)}`;
  }

  it.each([
    ['big', `app.ts 6: '64'`],
    ['alias', `app.ts 6: '64'`],
    ['cpu', `app.ts 8: '2'`],
    ['far', `sizes.ts 2: '16'`],
    ['member', `sizes.ts 3: '8'`],
    ['quoted', `sizes.ts 3: '32Gi'`],
    ['deep', `sizes.ts 2: '16'`],
    ['star', `sizes.ts 2: '16'`],
    ['starMember', `sizes.ts 3: '32Gi'`],
    ['shown', `sizes.ts 4: '4'`],
    ['loose', `app.ts 9: 'let'`],
    ['changed', `app.ts 11: 'after'`],
    ['over', `app.ts 11: 'after'`],
    ['either', `app.ts 6: '64'`],
    ['called', `app.ts 6: '64'`],
    ['made', `app.ts 13: ['a', 'b'].join('')`],
  ])('is where %s is written', (key, expected) => {
    expect(place('all', `data.${key}`)).toBe(expected);
  });

  it('stays where it is used if that is all that is known', () => {
    expect(place('all', 'data.copied')).toBe('app.ts 47: spread');
  });

  it('is that of the innermost name, and of what a caller gives', () => {
    expect(place('local', 'data.big')).toBe(`app.ts 20: 'inner'`);
    expect(place('local', 'data.far')).toBe(`app.ts 26: 'argument'`);
  });

  it('is found for objects and deep in them', () => {
    expect(place('web', 'metadata.labels')).toBe(`app.ts 51: { app: 'web' }`);
    expect(place('web', 'spec.containers[0].resources.requests[cpu]')).toBe(`app.ts 8: '2'`);
  });

  it('stays that of its own check when the files have changed since', async () => {
    const before = { ...FILES };
    temp.write({ 'app.ts': `// one line more\n${before['app.ts']}` });
    await temp.check();
    expect(place('all', 'data.alias')).toBe(`app.ts 6: '64'`);
    expect(place('all', 'data.far')).toBe(`sizes.ts 2: '16'`);
  });
});

describe('a mistake in a constant', () => {
  it('is marked where the constant is written, once', async () => {
    const temp = new TempProject({
      'sizes.ts': `export const POLICY = 'Sometimes' as 'Always';\n`,
      'app.ts': `
import { Pod } from 'slipway/core/v1';
import { POLICY } from './sizes.ts';
const replicas = 'many';
export const pod = new Pod({
  metadata: { name: 'web' },
  spec: {
    containers: [{ name: 'web', image: 'nginx', imagePullPolicy: POLICY }],
    priority: replicas,
  },
});
`,
    });
    try {
      const { findings } = await temp.check();
      expect(
        findings.map(({ code, range }) => `${code} ${range?.file}:${range?.line}:${range?.column}`),
      ).toEqual(['E_MANIFEST_TYPE app.ts:4:18', 'E_MANIFEST_ENUM sizes.ts:1:23']);
    } finally {
      await temp.close();
    }
  });
});
