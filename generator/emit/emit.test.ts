import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadSchemas } from '../load/index.ts';
import type { KindDescriptor, SchemaSet } from '../model/schema.ts';
import { emit } from './index.ts';
import { identifier, propertyKey, quoted } from './names.ts';
import { TypeChecker } from './type-check.fakes.ts';

const small = loadSchemas(fileURLToPath(new URL('../fixtures/schemas', import.meta.url)));
const files = emit(small);

/** The generated files as if they were the project's. */
function checkerOf(texts: ReadonlyMap<string, string>): TypeChecker {
  return new TypeChecker(new Map([...texts].map(([path, text]) => [`emitted/${path}`, text])));
}

describe('emit', () => {
  it('makes types, classes and references a group version, and one registry', () => {
    expect([...files.keys()].sort()).toEqual([
      'apps/v1/index.ts',
      'apps/v1/resources.ts',
      'apps/v1/types.ts',
      'core/v1/index.ts',
      'core/v1/resources.ts',
      'core/v1/types.ts',
      'docs.json',
      'meta/v1/index.ts',
      'meta/v1/types.ts',
      'protobuf.json',
      'registry.json',
      'registry.ts',
    ]);
  });

  it.each([...files.keys()].filter((path) => path !== 'registry.ts'))('%s', async (path) => {
    const text = files.get(path)!;
    const shown = path.endsWith('.json') ? `${JSON.stringify(JSON.parse(text), null, 2)}\n` : text;
    await expect(shown).toMatchFileSnapshot(`./goldens/${path.replaceAll('/', '+')}.txt`);
  });

  it('makes the same of the same', () => {
    expect([...emit(small)]).toEqual([...files]);
  });

  it('takes texts out of the registry, each under its path', () => {
    const registry = JSON.parse(files.get('registry.json')!) as SchemaSet;
    expect(JSON.stringify(registry)).not.toContain('"description"');
    const docs = JSON.parse(files.get('docs.json')!) as Record<string, string>;
    expect(docs['core/v1.Container.image']).toBe('Image to run.');
    expect(docs['core/v1.PodSpec']).toBe('What a pod runs, and where it may.');
  });

  it('keeps the numbers of protobuf apart, of what there is', () => {
    expect(files.get('registry.json')).not.toContain('messages');
    const messages = JSON.parse(files.get('protobuf.json')!) as SchemaSet['messages'];
    expect(Object.keys(messages!)).toEqual(['core/v1.ConfigMap', 'core/v1.Common']);
  });

  it('writes what type-checks: keyed data, odd names, comment ends in texts, cycles', () => {
    const checker = checkerOf(files);
    for (const path of files.keys())
      if (path.endsWith('.ts') && path !== 'registry.ts')
        expect([path, checker.errorsOf(`emitted/${path}`)]).toEqual([path, []]);
    const use = [
      "import { ConfigMap, configKey } from './core/v1/index.ts';",
      "import type { Tree } from './meta/v1/index.ts';",
      "export const settings = new ConfigMap({ metadata: { name: 'a' }, data: { mode: 'on' },",
      "  class: \"it's\", 'binary-data': { blob: 'AAEC' } });",
      "export const key = configKey(settings, 'mode');",
      "export const wrong = configKey(settings, 'mood');",
      "export const tree: Tree = { label: 'a', children: [{ label: 'b' }] };",
      "export const list: readonly 'it\\'s'[] = [settings.class as \"it's\"];",
    ];
    expect(checker.errorsOf('emitted/use.ts', use.join('\n'))).toEqual([
      `6: Argument of type '"mood"' is not assignable to parameter of type '"mode"'.`,
    ]);
  });

  it('keeps to what the language reserves', () => {
    const odd: KindDescriptor = {
      ...small.kinds.find(({ kind }) => kind === 'Pod')!,
      group: 'odd.example.com',
      kind: 'Delete',
      plural: 'delete',
      schema: 'odd/v1.Delete',
    };
    const set: SchemaSet = {
      definitions: {
        'odd/v1.Delete': {
          type: 'object',
          properties: {
            metadata: { type: 'object', properties: { name: { type: 'string' } } },
            'a-b': { type: 'object', values: { type: 'string' } },
            default: { type: 'array', items: { type: 'string', enum: ['a', "b'c\\d"] } },
            '1st': { type: 'object', properties: { 'x.y': { type: 'boolean' } } },
          },
        },
      },
      kinds: [odd, { ...odd, plural: 'widget-sets' }],
    };
    const emitted = emit({ ...set, kinds: [odd] });
    expect(emitted.get('odd/v1/resources.ts')).toContain('export const delete_: ResourceRef<');
    const checker = checkerOf(emitted);
    for (const name of ['types', 'index', 'resources'])
      expect(checker.errorsOf(`emitted/odd/v1/${name}.ts`)).toEqual([]);
    expect(emit(set).get('odd/v1/resources.ts')).toContain('export const widgetSets: ResourceRef<');
  });
});

describe('names', () => {
  it('quote only where they must', () => {
    expect(['image', '$ref', 'a-b', '1st', 'class'].map(propertyKey)).toEqual([
      'image',
      '$ref',
      "'a-b'",
      "'1st'",
      'class',
    ]);
    expect(quoted(`it's "a\\b"\n`)).toBe(`'it\\'s "a\\\\b"\\n'`);
  });

  it('become identifiers', () => {
    expect(['pods', 'new', 'widget-sets', '3d-things', 'a.b'].map(identifier)).toEqual([
      'pods',
      'new_',
      'widgetSets',
      '_3dThings',
      'aB',
    ]);
  });
});
