import { describe, expect, it } from 'vitest';
import { schemaSet } from '../../../generated/registry.ts';
import { compile } from '../../../generator/model/index.ts';
import { decodeText, typeError } from './index.ts';

const JSON_TYPE = 'application/json';
const APPLY = 'application/apply-patch+yaml';
const { resolve } = compile(schemaSet);

const refusalOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    const { code, message } = error as { code: number; message: string };
    return `${code} ${message}`;
  }
  return 'taken';
};

describe('decodeText', () => {
  it('notes keys that an object has twice, each path once', () => {
    const text = '{"a": {"x": 1, "x": 2, "x": 3}, "l": [{"k": 1}, {"k": 1, "k": 2}], "a": {}}';
    const { body, notes } = decodeText(text, JSON_TYPE, 'ConfigMap');
    expect(body).toEqual({ a: {}, l: [{ k: 1 }, { k: 2 }] });
    expect(notes?.strictErrors).toEqual([
      'duplicate field "a.x"',
      'duplicate field "l[1].k"',
      'duplicate field "a"',
    ]);
  });

  it('knows keys by what they say, and no key in a text', () => {
    const { notes } = decodeText('{"\\u0061": 1, "a": "{\\"b\\":1,\\"b\\":2}"}', JSON_TYPE, 'X');
    expect(notes?.strictErrors).toEqual(['duplicate field "a"']);
    expect(decodeText('{"a": "\\\\", "b": [1, 2, {}]}', JSON_TYPE, 'X').notes).toBeUndefined();
  });

  it('notes whole numbers that are written as fractions', () => {
    const text = '{"spec": {"replicas": 2.0, "l": [1, 1e1, 1.5, -3]}}';
    expect(decodeText(text, JSON_TYPE, 'X').notes?.literals).toEqual({
      'spec.replicas': '2.0',
      'spec.l[1]': '1e1',
    });
  });

  it('reads YAML 1.1 and says in which line a key comes again', () => {
    const text = 'kind: ConfigMap\ndata:\n  y: a\n  b: c\n  b: d\n';
    expect(decodeText(text, 'application/yaml', 'ConfigMap')).toEqual({
      body: { kind: 'ConfigMap', data: { true: 'a', b: 'd' } },
      notes: {
        strictErrors: ['yaml: unmarshal errors:\n  line 5: key "b" already set in map'],
        literals: {},
      },
    });
    expect(decodeText('{"a": 1, "a": 2}', APPLY, 'X').notes?.strictErrors).toEqual([
      'error converting YAML to JSON: yaml: unmarshal errors:\n  line 1: key "a" already set in map',
    ]);
  });

  it('recognizes a spec that came before, whatever is around it', () => {
    const bodyOf = (text: string) =>
      decodeText(text, JSON_TYPE, 'X').body as { metadata: object; spec: object };
    const first = bodyOf('{"metadata": {"name": "a"}, "spec": {"l": [{"k": 1}]}}');
    const second = bodyOf('{"spec": {"l":[{"k":1}]}, "metadata": {"name": "b"}}');
    expect(second).toEqual({ metadata: { name: 'b' }, spec: { l: [{ k: 1 }] } });
    expect(second.spec).toBe(first.spec);
    expect(bodyOf('{"metadata": {}, "spec": {"l": [{"k": "1"}]}}').spec).toEqual({
      l: [{ k: '1' }],
    });
    expect(decodeText('[{"spec": null}]', JSON_TYPE, 'X').body).toEqual([{ spec: null }]);
  });

  it('refuses malformed text with what it was taken for', () => {
    const refusal = (text: string, type: string) =>
      refusalOf(() => decodeText(text, type, 'ConfigMap'));
    expect([
      refusal('{"a": x}', JSON_TYPE),
      refusal('[1', JSON_TYPE),
      refusal('{"a"', 'application/merge-patch+json'),
      refusal('a: [', 'application/yaml'),
      refusal('a: [', APPLY),
      refusal('{}', 'text/plain'),
    ]).toMatchInlineSnapshot(`
      [
        "400 the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'x' looking for beginning of value ({"a": x})",
        "400 the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (5b31)",
        "400 error decoding patch: unexpected end of JSON input",
        "400 the object provided is unrecognized (must be of type ConfigMap): error converting YAML to JSON: yaml: did not find expected node content (613a205b)",
        "400 error decoding YAML: error converting YAML to JSON: yaml: did not find expected node content",
        "415 the body of the request was in an unknown format - accepted media types include: application/json, application/yaml",
      ]
    `);
    expect(refusal('', JSON_TYPE)).toBe(
      "400 the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; " +
        'json parse error: unexpected end of JSON input (<empty>)',
    );
  });
});

describe('YAML that is none', () => {
  it.each([
    ['a: [\n', 'line 1: did not find expected node content'],
    ['a: b: c\n', 'mapping values are not allowed in this context'],
    ['x: 1\na: b: c\n', 'line 2: mapping values are not allowed in this context'],
    ['a: 1\n  b: 2\n', 'line 2: mapping values are not allowed in this context'],
    ['a:\n\tb: 1\n', 'line 2: found character that cannot start any token'],
    ['a: @x\n', 'found character that cannot start any token'],
    ['a: "x\n', 'line 2: found unexpected end of stream'],
    ['a:\n  b: 1\n c: 2\n', 'line 2: did not find expected key'],
    ['a: {x\n', "line 1: did not find expected ',' or '}'"],
    ['- a\nb: 1\n', "line 1: did not find expected '-' indicator"],
    ['key: value\nnokey\nother: 1\n', "line 2: could not find expected ':'"],
  ])('%j: %s', (text, says) => {
    expect(refusalOf(() => decodeText(text, APPLY, 'X'))).toBe(
      `400 error decoding YAML: error converting YAML to JSON: yaml: ${says}`,
    );
  });
});

describe('typeError', () => {
  const errorOf = (definition: string, body: unknown, literals = {}) =>
    typeError(body, { schema: { ref: definition }, resolve, literals });
  const pod = (spec: object) => errorOf('core/v1.Pod', { spec });

  it('words what is wrong as the decoder of Go does', () => {
    expect([
      errorOf('core/v1.ConfigMap', []),
      errorOf('core/v1.ConfigMap', { metadata: 'x' }),
      errorOf('core/v1.ConfigMap', { metadata: { labels: { a: 5 } } }),
      errorOf('apps/v1.Deployment', { spec: { replicas: '3' } }),
      errorOf('apps/v1.Deployment', { spec: { replicas: 1.5 } }),
      errorOf('apps/v1.Deployment', { spec: { replicas: 2 } }, { 'spec.replicas': '2.0' }),
      errorOf('apps/v1.Deployment', { spec: { replicas: 2 ** 31 } }),
      pod({ containers: {} }),
      pod({ containers: [{ name: 'a', env: [{ name: 'A', value: true }] }] }),
      pod({ containers: [{ name: 'a', command: 'sh' }] }),
      pod({ restartPolicy: 5 }),
      pod({ containers: [{ resources: { limits: { cpu: '1.5.5' } } }] }),
      pod({ containers: [{ resources: { limits: [] } }] }),
      pod({ hostNetwork: 'yes' }),
      errorOf('core/v1.Service', { spec: { ports: [{ targetPort: true }] } }),
      errorOf('core/v1.Secret', { data: { k: '!' } }),
      errorOf('core/v1.Secret', { data: { k: ['x'] } }),
      errorOf('coordination/v1.Lease', { spec: { renewTime: '2021-03-04T05:06:07Z' } }),
      errorOf('core/v1.Pod', { status: { startTime: '2021-13-04T05:06:07Z' } }),
      errorOf('core/v1.Pod', { status: { startTime: 5 } }),
    ]).toMatchInlineSnapshot(`
      [
        "json: cannot unmarshal array into Go value of type v1.ConfigMap",
        "json: cannot unmarshal string into Go struct field ConfigMap.metadata of type v1.ObjectMeta",
        "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
        "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
        "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
        "json: cannot unmarshal number 2.0 into Go struct field DeploymentSpec.spec.replicas of type int32",
        "json: cannot unmarshal number 2147483648 into Go struct field DeploymentSpec.spec.replicas of type int32",
        "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container",
        "json: cannot unmarshal bool into Go struct field EnvVar.spec.containers.env.value of type string",
        "json: cannot unmarshal string into Go struct field Container.spec.containers.command of type []string",
        "json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy",
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        "json: cannot unmarshal array into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList",
        "json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool",
        "json: cannot unmarshal bool into Go value of type int32",
        "illegal base64 data at input byte 0",
        "json: cannot unmarshal string into Go struct field Secret.data of type uint8",
        "parsing time "2021-03-04T05:06:07Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"",
        "parsing time "2021-13-04T05:06:07Z": month out of range",
        "json: cannot unmarshal number into Go value of type string",
      ]
    `);
  });

  it('words what a strategic patch made as the conversion from values of no type does', () => {
    const restored = (definition: string, body: unknown) =>
      typeError(body, { schema: { ref: definition }, resolve, literals: {}, isRestored: true });
    expect([
      restored('core/v1.ConfigMap', { metadata: 'x' }),
      restored('core/v1.ConfigMap', { metadata: { labels: 'invalid' } }),
      restored('core/v1.ConfigMap', { metadata: { labels: { a: 5 } } }),
      restored('core/v1.ConfigMap', { data: { a: 1.5 } }),
      restored('apps/v1.Deployment', { spec: { replicas: '3' } }),
      restored('apps/v1.Deployment', { spec: { replicas: 1.5 } }),
      restored('apps/v1.Deployment', { spec: { paused: 1 } }),
      restored('core/v1.Pod', { spec: { containers: {} } }),
      restored('core/v1.Pod', { spec: { containers: [true] } }),
      restored('core/v1.Pod', { spec: { restartPolicy: 5 } }),
      restored('core/v1.Pod', { spec: { restartPolicy: [] } }),
      restored('core/v1.Pod', { spec: { containers: [{ resources: { limits: { cpu: 'x' } } }] } }),
      restored('core/v1.Secret', { data: { k: '!' } }),
      restored('core/v1.Secret', { data: { k: 5 } }),
      restored('core/v1.Service', { spec: { ports: [{ targetPort: true }] } }),
    ]).toMatchInlineSnapshot(`
      [
        "cannot restore struct from: string",
        "cannot restore map from string",
        "cannot convert int64 to string",
        "unrecognized type: string",
        "unrecognized type: int32",
        "cannot convert float64 to int32",
        "unrecognized type: bool",
        "cannot restore slice from map",
        "cannot restore struct from: bool",
        "cannot convert int64 to v1.RestartPolicy",
        "unrecognized type: string",
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        "error decoding from json: illegal base64 data at input byte 0",
        "cannot restore slice from int64",
        "json: cannot unmarshal bool into Go value of type int32",
      ]
    `);
  });

  it('tells the first in the order of the body, and nothing where there is nothing', () => {
    expect(errorOf('core/v1.ConfigMap', { data: { b: 5 }, metadata: 'x' })).toContain(
      'ConfigMap.data',
    );
    expect(pod({ containers: [{ name: 'a', ports: null }], nobody: 5 })).toBeUndefined();
  });
});
