import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { schemaDocs, schemaSet } from '../../generated/registry.ts';
import { emitRegistry } from '../emit/registry.ts';
import { loadSchemas } from '../load/index.ts';
import type { KindDescriptor, SchemaSet } from '../model/schema.ts';
import { ExplainError, type ExplainOptions, explain } from './index.ts';

const registry = emitRegistry(
  loadSchemas(fileURLToPath(new URL('../fixtures/schemas', import.meta.url))),
);
const small = JSON.parse(registry.registry) as SchemaSet;
const docs = JSON.parse(registry.docs) as Record<string, string>;

const ask = (type: string, options: Omit<ExplainOptions, 'type'> = {}): string =>
  explain(small, docs, { type, ...options });
const V2 = { output: 'plaintext-openapiv2' } as const;

const GOLDENS: readonly [string, Omit<ExplainOptions, 'type'>][] = [
  ['deployment', {}],
  ['deployment.spec.strategy', {}],
  ['deployment.spec.strategy.type', {}],
  ['deployment.spec.strategy.rollingUpdate.maxSurge', {}],
  ['pods.spec.containers', {}],
  ['pods.spec.nodeSelector', {}],
  ['pods.spec.containers.resources.limits', {}],
  ['pods.status', {}],
  ['deployment', { recursive: true }],
  ['deployment', { recursive: true, maxDepth: 2 }],
  ['deployment', V2],
  ['deployment.spec.strategy', V2],
  ['deployment.spec.replicas', V2],
  ['pods.spec.containers', V2],
  ['pods.spec.containers.command', V2],
  ['pods.spec.nodeSelector', V2],
  ['pods.spec.containers.resources.limits', V2],
  ['pods.status', V2],
  ['pods.status.seen', V2],
  ['pods.status.extra', V2],
  ['pods.status.extra.more', V2],
  ['deployment', { ...V2, recursive: true }],
  ['deployment', { ...V2, recursive: true, maxDepth: 2 }],
];

function goldenName(type: string, options: Omit<ExplainOptions, 'type'>): string {
  const marks = [
    options.output ? 'v2' : '',
    options.recursive ? 'recursive' : '',
    options.maxDepth ? `depth-${options.maxDepth}` : '',
  ].filter((mark) => mark !== '');
  return `./goldens/${[type, ...marks].join('+')}.txt`;
}

describe('explain prints what kubectl prints', () => {
  it.each(GOLDENS)('%s %o', async (type, options) => {
    await expect(ask(type, options)).toMatchFileSnapshot(goldenName(type, options));
  });

  it('leaves a line of four spaces after a text, two blank lines before it, and one more at the end', () => {
    expect(ask('deployment.spec.template.metadata.name')).toBe(
      [
        'GROUP:      apps',
        'KIND:       Deployment',
        'VERSION:    v1',
        '',
        'FIELD: name <string>',
        '',
        '',
        'DESCRIPTION:',
        '    Name of the object, unique in its namespace.',
        '    ',
        '',
        '',
      ].join('\n'),
    );
  });

  it('says when there is no text, without the line of spaces', () => {
    expect(ask('configmaps.data')).toContain('DESCRIPTION:\n    <empty>\n\n');
    expect(ask('configmaps', V2)).toContain('   data\t<map[string]string>\n\n');
  });

  it('goes round a cycle once, and says nothing where it closes', () => {
    const set: SchemaSet = {
      definitions: small.definitions,
      kinds: [{ ...small.kinds[0]!, plural: 'trees', kind: 'Tree', schema: 'meta/v1.Tree' }],
    };
    const below = ['children\t<[]Tree>', 'label\t<string> -required-', 'parent\t<Tree>'];
    const once = below.flatMap((line) =>
      line.startsWith('label')
        ? [`  ${line}`]
        : [`  ${line}`, ...below.map((inner) => `    ${inner}`)],
    );
    expect(explain(set, docs, { type: 'trees', recursive: true })).toContain(
      `FIELDS:\n${once.join('\n')}\n\n`,
    );
    expect(explain(set, docs, { type: 'trees.parent.children', recursive: true })).toContain(
      `FIELDS:\n${below.map((line) => `  ${line}`).join('\n')}\n\n`,
    );
    const v2 = explain(set, docs, { type: 'trees', recursive: true, ...V2 });
    expect(v2.split('\n').filter((line) => line.includes('label'))).toEqual([
      '      label\t<string>',
      '   label\t<string>',
      '      label\t<string>',
    ]);
  });
});

describe('a resource is found by', () => {
  it.each(['deployments', 'deployment', 'deploy', 'Deployment', 'deployments.apps', 'Deployments'])(
    '%s',
    (type) => {
      expect(ask(type)).toBe(ask('deployments'));
    },
  );

  it('its group and a path together', () => {
    expect(ask('deployments.apps.spec.strategy')).toBe(ask('deployment.spec.strategy'));
    expect(ask('deployment.spec.')).toBe(ask('deployment.spec'));
    expect(ask('deployment..spec')).toBe(ask('deployment.spec'));
  });

  it('the plural only when it carries the group', () => {
    expect(() => ask('deploy.apps')).toThrow('field "apps" does not exist');
  });

  const kind = (group: string, version: string): KindDescriptor => ({
    ...small.kinds.find((each) => each.kind === 'Pod')!,
    group,
    version,
    plural: 'events',
    singular: 'event',
    shortNames: [],
    kind: 'Event',
  });
  const twice: SchemaSet = {
    definitions: small.definitions,
    kinds: [
      kind('events.k8s.io', 'v1beta1'),
      kind('events.k8s.io', 'v1'),
      kind('events.k8s.io', 'v2alpha1'),
      kind('', 'v1'),
    ],
  };
  const headOf = (type: string, apiVersion?: string): string =>
    explain(twice, docs, { type, ...(apiVersion ? { apiVersion } : {}) }).split('\n\n')[0]!;

  it('priority: core first, then the most mature version; the longest prefix; the version asked for', () => {
    expect(headOf('events')).toBe('KIND:       Event\nVERSION:    v1');
    expect(headOf('events.events.k8s.io')).toBe(
      'GROUP:      events.k8s.io\nKIND:       Event\nVERSION:    v1',
    );
    expect(headOf('event', 'events.k8s.io/v1beta1')).toBe(
      'GROUP:      events.k8s.io\nKIND:       Event\nVERSION:    v1beta1',
    );
  });
});

describe('what cannot be explained', () => {
  const cases: readonly [string, Omit<ExplainOptions, 'type'>, string][] = [
    ['widgets', {}, 'the server doesn\'t have a resource type "widgets"'],
    ['pods.spec.does.not.exist', {}, 'field "exist" does not exist'],
    ['pods.spec.does.not.exist', V2, 'field "does" does not exist'],
    ['pods.spec.restartPolicy.more', {}, 'field "more" does not exist'],
    ['pods.toString', {}, 'field "toString" does not exist'],
    ['DEPLOY', {}, 'the server doesn\'t have a resource type "DEPLOY"'],
    ['pods.spec.containers[0]', {}, 'invalid jsonpath syntax, first node must be field node'],
    [
      'pods.spec.containers[0]',
      { apiVersion: 'v1' },
      'invalid jsonpath syntax, all nodes must be field nodes',
    ],
    ['deployments.apps', { apiVersion: 'apps/v1' }, 'field "apps" does not exist'],
    ['pods', { apiVersion: 'v99' }, 'couldn\'t find resource for "/v99, Resource=pods"'],
    ['pods', { apiVersion: 'v99', ...V2 }, 'couldn\'t find resource for "/v99, Kind=Pod"'],
    ['pods', { apiVersion: 'apps/v1' }, 'GVR (apps/v1, Resource=pods) not found in OpenAPI schema'],
    ['pods', { apiVersion: 'a/b/c' }, 'unexpected GroupVersion string: a/b/c'],
    ['pods', { output: 'yaml' }, 'unrecognized format: yaml'],
    ['pods', { maxDepth: 2 }, '--max-depth requires --recursive'],
    ['pods', { maxDepth: -1, recursive: true }, '--max-depth must be non-negative'],
  ];

  it.each(cases)('%s %o', (type, options, message) => {
    expect(() => ask(type, options)).toThrow(new ExplainError(message));
  });

  it('stops at the first primitive in the older layout, as kubectl does', () => {
    expect(ask('pods.spec.restartPolicy.more', V2)).toContain('FIELD:    more <string>\n');
  });
});

/** Lines of several words; enums and the names of types take the room they need. */
const isText = (line: string): boolean => /^ {4,}\S+ \S/.test(line) && !/\t|^ *enum: /.test(line);

describe('every kind that is served', () => {
  const kinds = schemaSet.kinds.map((each) => each.plural);

  it.each(kinds)('%s: each field of the recursive page has a page, in lines of 80', (type) => {
    const fields = explain(schemaSet, schemaDocs(), { type, recursive: true })
      .split('FIELDS:\n')[1]!
      .split('\n')
      .filter((line) => line.includes('\t'));
    const path: string[] = [];
    for (const line of fields) {
      const [, margin = '', name = ''] = /^( +)(\S+)\t</.exec(line) ?? [];
      path.splice(margin.length / 2 - 1, path.length, name);
      for (const options of [{}, V2]) {
        const text = explain(schemaSet, schemaDocs(), {
          type: [type, ...path].join('.'),
          ...options,
        });
        expect(text.split('\n').filter((each) => each.length > 80 && isText(each))).toEqual([]);
      }
    }
    expect(fields.length).toBeGreaterThan(0);
  });
});
