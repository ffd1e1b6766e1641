import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { loadSchemas, type Problem, SchemaProblems } from './index.ts';

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder of schema files, by path and text. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'schemas-'));
  made.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function problemsOf(files: Readonly<Record<string, string>>): readonly Problem[] {
  try {
    loadSchemas(folderOf(files));
  } catch (error) {
    if (error instanceof SchemaProblems) return error.problems;
    throw error;
  }
  return [];
}

/** What is wrong with one definition, `line pointer: message`. The definition's own keywords begin on line 3. */
function complaints(definition: string): string[] {
  const body = definition.replaceAll('\n', '\n    ');
  return problemsOf({ 'shop/v1/item.yaml': `definitions:\n  Item:\n    ${body}\n` }).map(
    ({ line, pointer, message }) =>
      `${line} ${pointer.replace('/definitions/Item', '')}: ${message}`,
  );
}

const KIND = `group: shop
version: v1
kind: Item
names: { plural: items, singular: item }
scope: Cluster
schema: { $ref: '#/definitions/Item' }
definitions:
  Item: { type: object }
`;

describe('loadSchemas', () => {
  it('reads kinds and definitions, with references resolved across files', () => {
    const folder = fileURLToPath(new URL('../fixtures/schemas', import.meta.url));
    const { definitions, kinds } = loadSchemas(folder);
    expect(kinds.map(({ group, kind }) => `${group}/${kind}`)).toEqual([
      '/ConfigMap',
      '/Pod',
      'apps/Deployment',
    ]);
    const deployment = kinds.at(-1)!;
    expect(deployment).toMatchObject({
      schema: 'apps/v1.Deployment',
      namespaced: true,
      shortNames: ['deploy'],
      statusField: 'status',
      nameFormat: 'dns-subdomain',
      generationFields: ['spec'],
    });
    expect(deployment.verbs).toContain('deletecollection');
    expect(definitions['apps/v1.DeploymentSpec']!.properties!.template).toEqual({
      ref: 'core/v1.PodTemplateSpec',
      description: 'Pods to make.',
    });
    expect(definitions['core/v1.PodSpec']!.properties!.nodeSelector!.description).toMatch(
      /^Labels.*every node will do\.$/s,
    );
  });

  it('reads an empty folder as no kinds', () => {
    expect(loadSchemas(folderOf({}))).toEqual({ definitions: {}, kinds: [] });
  });

  it('names file, line and pointer, says what to do, and reports everything at once', () => {
    const files = {
      'shop/v1/item.yaml': KIND.replace('Cluster', 'Everywhere'),
      'shop/v1/part.yaml': 'definitions:\n  Part:\n    type: strnig\n    formt: int32\n',
    };
    const folder = folderOf(files);
    expect(() => loadSchemas(folder)).toThrow(
      new SchemaProblems([
        {
          file: 'shop/v1/item.yaml',
          line: 5,
          pointer: '/scope',
          message: 'unknown scope Everywhere',
          help: 'write Namespaced or Cluster',
        },
        {
          file: 'shop/v1/part.yaml',
          line: 3,
          pointer: '/definitions/Part/type',
          message: 'type is strnig',
          help: 'write one of object, array, string, integer, number, boolean, intOrString, any',
        },
        {
          file: 'shop/v1/part.yaml',
          line: 4,
          pointer: '/definitions/Part/formt',
          message: 'unknown keyword formt',
          help: 'correct or remove it',
        },
      ]),
    );
  });

  it('refuses the keys of a kind in a file that declares none', () => {
    const text = 'kinds: Item\ndefinitions: {}\n';
    expect(problemsOf({ 'a/v1/b.yaml': text })).toMatchObject([{ line: 1, pointer: '/kinds' }]);
  });

  it('reports YAML that does not parse beside what is wrong elsewhere', () => {
    const problems = problemsOf({
      'a/v1/broken.yaml': 'definitions:\n  A: {type: object\n',
      'a/v1/twice.yaml': 'definitions:\n  B: { type: object, type: string }\n',
      'a/v1/wrong.yaml': 'definitions:\n  C: { type: thing }\n',
    });
    expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'a/v1/broken.yaml:3',
      'a/v1/twice.yaml:2',
      'a/v1/wrong.yaml:2',
    ]);
  });

  it('refuses a second definition of a name, wherever it is', () => {
    const problems = problemsOf({
      'a/v1/one.yaml': 'definitions:\n  A: { type: object }\n',
      'a/v1/two.yaml': 'definitions:\n  A: { type: string }\n',
      'a/v2/one.yaml': 'definitions:\n  A: { type: string }\n',
    });
    expect(problems).toMatchObject([
      { file: 'a/v1/two.yaml', line: 2, message: 'A is defined in a/v1/one.yaml too' },
    ]);
  });
});

describe('a definition', () => {
  const cases: readonly [string, string, string][] = [
    ['unknown type', 'type: text', '3 /type: type is text'],
    ['no type at all', 'type:', '3 /type: type is null'],
    ['unknown format', 'type: string\nformat: email', '4 /format: format is email'],
    ['format of keys', 'type: object\nkeys: word', '4 /keys: keys is word'],
    ['booleans in an enum', 'enum: [True, False]', '3 /enum: enum is [true,false]'],
    ['text for a list', 'required: name', '3 /required: required is name'],
    ['text for a number', 'minimum: "1"', '3 /minimum: minimum is 1'],
    ['negative length', 'minLength: -1', '3 /minLength: minLength is -1'],
    ['text for a flag', 'nullable: yes', '3 /nullable: nullable is yes'],
    ['wrong pattern', 'pattern: "["', '3 /pattern: pattern is ['],
    ['wrong list type', 'listType: bag', '3 /listType: listType is bag'],
    ['keyed list without keys', 'listType: map', '3 /listType: a list is keyed by its listMapKeys'],
    [
      'required field that is none',
      'type: object\nrequired: [name]\nproperties:\n  nam: { type: string }',
      '4 /required: required field name is not a property',
    ],
    [
      'required field that every object has',
      'type: object\nrequired: [toString]\nproperties: {}',
      '4 /required: required field toString is not a property',
    ],
    ['schema that is none', 'items: string', '3 /items: a schema is a mapping'],
    ['properties that are none', 'properties: [name]', '3 /properties: properties is no mapping'],
    [
      'nested',
      'properties:\n  a/b:\n    items: { type: x }',
      '5 /properties/a~1b/items/type: type is x',
    ],
    [
      'reference to nothing',
      "$ref: '#/definitions/Iten'",
      '3 /$ref: #/definitions/Iten leads nowhere',
    ],
    [
      'reference to another file',
      '$ref: core/v1/pod.yaml#/definitions/Pod',
      '3 /$ref: core/v1/pod.yaml#/definitions/Pod leads nowhere',
    ],
    [
      'rule that is no CEL',
      'rules:\n  - { rule: "self.a >", message: no }',
      '4 /rules: rules is [{"rule":"self.a >","message":"no"}]',
    ],
    ['rule without a message', 'rules: [{ rule: "true" }]', '3 /rules: rules is [{"rule":"true"}]'],
  ];

  it.each(cases)('with %s', (_, definition, complaint) => {
    expect(complaints(definition)).toEqual([complaint]);
  });

  it('that is right has no complaints', () => {
    expect(complaints('type: array\nlistType: map\nlistMapKeys: [a]\nitems: {}')).toEqual([]);
  });
});

describe('a kind', () => {
  const without = (key: string): string => KIND.replace(new RegExp(`^${key}:.*\n`, 'm'), '');

  it.each(['group', 'version', 'names', 'scope', 'schema'])('needs %s', (key) => {
    expect(problemsOf({ 'shop/v1/item.yaml': without(key) })).toMatchObject([
      { pointer: `/${key}`, message: `a kind has no ${key}`, help: `write ${key}: …` },
    ]);
  });

  it('has no other keys, both names, and a schema that exists', () => {
    const text = KIND.replace('scope:', 'scop: x\nscope:')
      .replace(', singular: item', '')
      .replace("'#/definitions/Item'", "'#/definitions/Thing'");
    expect(
      problemsOf({ 'shop/v1/item.yaml': text }).map(({ line, message }) => `${line} ${message}`),
    ).toEqual([
      '5 unknown key scop',
      '4 a kind is named in plural and singular',
      '7 #/definitions/Thing leads nowhere',
    ]);
  });

  it('says since and until when Kubernetes serves it', () => {
    const served = `servedFrom: '1.22'\nservedUntil: '1.30'\n${KIND}`;
    const [kind] = loadSchemas(folderOf({ 'shop/v1/item.yaml': served })).kinds;
    expect(kind).toMatchObject({ servedFrom: '1.22', servedUntil: '1.30' });
    expect(problemsOf({ 'shop/v1/item.yaml': `servedFrom: 1.30\n${KIND}` })).toMatchObject([
      { line: 1, pointer: '/servedFrom', message: 'servedFrom is 1.3' },
    ]);
  });
});

describe('a kind that is stored in another version', () => {
  const columns = 'printerColumns: [{ name: Name, type: string, path: .metadata.name }]\n';
  const second = KIND.replace('version: v1', 'version: v2').replaceAll('shop/v1', 'shop/v2');
  const files = (storageVersion: string): Record<string, string> => ({
    'shop/v1/item.yaml': `storageVersion: ${storageVersion}\n${KIND}`,
    'shop/v2/item.yaml': `${columns}${second}`,
  });

  it('names it, and has its columns', () => {
    const [first, stored] = loadSchemas(folderOf(files('shop/v2'))).kinds;
    expect(first?.storageVersion).toBe('shop/v2');
    expect(first?.printerColumns).toEqual(stored?.printerColumns);
    expect(stored?.printerColumns).toHaveLength(1);
  });

  it('names one that exists and is stored as it is', () => {
    const messages = (all: Record<string, string>): string[] =>
      problemsOf(all).map(({ file, line, message }) => `${file}:${line} ${message}`);
    expect(messages(files('shop/v3'))).toEqual(['shop/v1/item.yaml:1 there is no Item in shop/v3']);
    const circle = {
      ...files('shop/v2'),
      'shop/v2/item.yaml': `storageVersion: shop/v1\n${second}`,
    };
    expect(messages(circle)).toEqual([
      'shop/v1/item.yaml:1 Item of shop/v2 is itself stored as shop/v1',
      'shop/v2/item.yaml:1 Item of shop/v1 is itself stored as shop/v2',
    ]);
  });
});

describe('groups', () => {
  const problems = (list: string): string[] =>
    problemsOf({ 'groups.yaml': `groups: ${list}\n` }).map(({ message }) => message);

  it('are listed in a file', () => {
    const text = "groups:\n  - { name: '', priority: 2, package: io.core }\n  - { name: apps }\n";
    expect(loadSchemas(folderOf({ 'groups.yaml': text })).groups).toEqual([
      { name: '', priority: 2, package: 'io.core' },
      { name: 'apps' },
    ]);
    expect(loadSchemas(folderOf({ 'shop/v1/item.yaml': KIND }))).not.toHaveProperty('groups');
  });

  it.each([
    ['{}', 'groups is no list'],
    ['[apps]', '"apps" is no group: it has no keys'],
    ['[{ priority: 1 }]', '{"priority":1} is no group: its name is no text'],
    [
      '[{ name: a, priority: x }]',
      '{"name":"a","priority":"x"} is no group: its priority is no number',
    ],
    ['[{ name: a, package: 1 }]', '{"name":"a","package":1} is no group: its package is no text'],
    ['[{ name: a, prio: 1 }]', '{"name":"a","prio":1} is no group: unknown key prio'],
  ])('cannot be %s', (list, complaint) => {
    expect(problems(list)).toEqual([complaint]);
  });
});

describe('messages', () => {
  const problems = (messages: string): string[] =>
    problemsOf({ 'protobuf.yaml': `messages: ${messages}\n` }).map(({ message }) => message);

  it('number the fields of definitions', () => {
    const text = 'messages:\n  core/v1.A: { name: 1, of: [3, core/v1.B] }\n  core/v1.B: { b: 1 }\n';
    expect(loadSchemas(folderOf({ 'protobuf.yaml': text })).messages).toEqual({
      'core/v1.A': { name: 1, of: [3, 'core/v1.B'] },
      'core/v1.B': { b: 1 },
    });
    expect(loadSchemas(folderOf({ 'shop/v1/item.yaml': KIND }))).not.toHaveProperty('messages');
    const either =
      'messages:\n  core/v1.A: { or: { number: 2, boolean: 1, message: [2, core/v1.A] } }\n';
    expect(loadSchemas(folderOf({ 'protobuf.yaml': either })).messages).toEqual({
      'core/v1.A': { or: { number: 2, boolean: 1, message: [2, 'core/v1.A'] } },
    });
  });

  it.each([
    ['[a]', 'messages is no mapping'],
    ['{ a: 1 }', 'a has no fields'],
    ['{ a: { b: x } }', 'b has no number'],
    ['{ a: { b: 0 } }', 'b has no number'],
    ['{ a: { b: 536870912 } }', 'b has no number'],
    ['{ a: { b: 1, c: 1 } }', 'c has a number that another field has'],
    ['{ a: { b: [1, c] } }', 'b is of "c", which is no message of the file'],
    ['{ a: { b: { boolean: 1 } } }', 'b has no number'],
    [
      '{ a: { b: { number: 1, boolean: 1, strings: 1 } } }',
      'b: strings has a number that another field has',
    ],
    [
      '{ a: { b: { number: 1, message: [1, c] } } }',
      'b: message is of "c", which is no message of the file',
    ],
    [
      '{ a: { b: { number: 1, text: 1 } } }',
      'b is either of boolean, message, messages, strings; not text',
    ],
  ])('cannot be %s', (messages, complaint) => {
    expect(problems(messages)).toEqual([complaint]);
  });
});
