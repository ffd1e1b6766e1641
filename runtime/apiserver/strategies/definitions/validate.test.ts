import { describe, expect, it } from 'vitest';
import type {
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from '../../../../generated/apiextensions/v1/types.ts';
import { definitions } from './index.ts';
import { definitionProblems, type StoredDefinition } from './validate.ts';

function definition(
  root: object = { type: 'object' },
  spec: Partial<CustomResourceDefinitionSpec> = {},
  version: Partial<CustomResourceDefinitionVersion> = {},
): StoredDefinition {
  const own = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: root as JSONSchemaProps },
    ...version,
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'carts.farm.example.com' },
    spec: {
      group: 'farm.example.com',
      scope: 'Namespaced',
      names: { plural: 'carts', singular: 'cart', kind: 'Cart', listKind: 'CartList' },
      versions: [own],
      ...spec,
    },
    status: { storedVersions: ['v1'] },
  };
}

/** Of a definition whose spec has these fields and this rule. */
const withRule = (properties: object, rule: string): StoredDefinition => {
  const spec = { type: 'object', properties, 'x-kubernetes-validations': [{ rule }] };
  return definition({ type: 'object', properties: { spec } });
};

const problemsOf = (each: StoredDefinition, old?: StoredDefinition): string[] =>
  definitionProblems(each, old).map(({ field, message }) => `${field}: ${message}`);

const ofSpec = (spec: object): string[] =>
  problemsOf(definition({ type: 'object', properties: { spec } })).map((each) =>
    each.replace('spec.validation.openAPIV3Schema.properties[spec]', '$'),
  );

describe('what rules may cost', () => {
  const text = { type: 'string' };
  const short = { type: 'string', maxLength: 200 };
  const few = { type: 'array', maxItems: 1000, items: short };
  const all = { type: 'array', items: { type: 'integer' } };
  const named = { type: 'object', properties: { name: { type: 'string', maxLength: 63 } } };

  // As kube-apiserver 1.36 says of the very same.
  it.each([
    [few, 'self.l.all(x, self.l.exists_one(y, x == y))', '8.4x'],
    [few, 'self.l.all(x, self.l.filter(y, x == y).size() < 2)', '9.5x'],
    [few, "self.l.map(x, x + 'a').exists(x, self.l.exists(y, y == x && x != 'b'))", undefined],
    [{ ...few, items: text, maxItems: 100 }, "self.l.exists(x, x.contains('abc'))", '3.1x'],
    [
      { ...few, maxItems: 5000, items: { ...text, maxLength: 300 } },
      'self.l.all(x, x in self.l)',
      '2.5x',
    ],
    [all, 'self.l.all(x, x > 1)', undefined],
    [all, 'self.l.all(x, x > 1 && x < 100 && x != 5 && x != 6)', '1.415577x'],
    [
      { ...few, maxItems: 3000, items: named },
      'self.l.map(x, x.name).all(n, self.l.exists_one(y, y.name == n))',
      '4.5x',
    ],
    [
      { ...few, maxItems: 3000, items: named },
      "self.l.map(x, x.name).all(n, n == 'a' || self.l.exists(y, true))",
      '3.6x',
    ],
  ])('is estimated of %j and %s', (l, rule, factor) => {
    const found = problemsOf(withRule({ l }, rule));
    const at = 'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule';
    expect(found.map((each) => each.split(' (try')[0])).toEqual(
      factor ? [`${at}: Forbidden: estimated rule cost exceeds budget by factor of ${factor}`] : [],
    );
  });

  it('counts for every value of which there can be one, and together for the schema', () => {
    const items = { ...text, 'x-kubernetes-validations': [{ rule: 'self.lowerAscii() == self' }] };
    const spec = { type: 'object', properties: { l: { type: 'array', items } } };
    const dear = definition({ type: 'object', properties: { spec } });
    const at = 'spec.validation.openAPIV3Schema';
    const rule = `${at}.properties[spec].properties[l].items.x-kubernetes-validations[0].rule`;
    expect(problemsOf(dear).map((each) => each.split(' (try')[0])).toEqual([
      `${rule}: Forbidden: estimated rule cost exceeds budget by factor of more than 100x`,
      `${rule}: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
      `${at}: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x`,
    ]);
    expect(problemsOf(dear, dear)).toEqual([]);
  });
});

describe('a schema', () => {
  it('that is structural is taken', () => {
    expect(
      ofSpec({
        type: 'object',
        properties: {
          port: { 'x-kubernetes-int-or-string': true },
          size: {
            'x-kubernetes-int-or-string': true,
            anyOf: [{ type: 'integer' }, { type: 'string' }],
          },
          any: { 'x-kubernetes-preserve-unknown-fields': true },
          tags: { type: 'object', additionalProperties: { type: 'string' } },
        },
        anyOf: [{ required: ['port'] }, { required: ['size'] }],
      }),
    ).toEqual([]);
  });

  it('names one type for each value', () => {
    expect(ofSpec({ properties: { wheels: {}, load: { type: 'array', items: {} } } })).toEqual([
      '$.properties[load].items.type: Required value: must not be empty for specified array items',
      '$.properties[wheels].type: Required value: must not be empty for specified object fields',
      '$.type: Required value: must not be empty for specified object fields',
    ]);
  });

  it('says under a junctor only what values may be', () => {
    expect(
      ofSpec({
        type: 'object',
        not: { description: 'none', properties: { a: { type: 'string' } } },
      }),
    ).toEqual([
      '$.not.description: Forbidden: must be empty to be structural',
      '$.not.properties[a].type: Forbidden: must be empty to be structural',
    ]);
  });

  it('names at its root each field that a junctor says something of', () => {
    const root = { type: 'object', anyOf: [{ properties: { spec: { minLength: 1 } } }] };
    expect(problemsOf(definition(root))).toEqual([
      'spec.validation.openAPIV3Schema.properties[spec]: Required value: because it is defined in spec.validation.openAPIV3Schema.anyOf[0].properties[spec]',
    ]);
  });

  it('gives keyed lists keys that every item has', () => {
    const items = { type: 'object', properties: { name: { type: 'string' } } };
    const list = { type: 'array', 'x-kubernetes-list-type': 'map', items };
    expect(ofSpec(list)).toEqual([
      '$.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map',
    ]);
    expect(ofSpec({ ...list, 'x-kubernetes-list-map-keys': ['name', 'id'] })).toEqual([
      '$.x-kubernetes-list-map-keys: Invalid value: ["name","id"]: entries must all be names of item properties',
      '$.items.properties[name].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
    ]);
  });

  it('has defaults that it takes itself', () => {
    expect(
      ofSpec({
        type: 'object',
        default: { wheels: 'four', horn: true },
        properties: { wheels: { type: 'integer' } },
      }),
    ).toEqual([
      '$.default: Invalid value: {"wheels":"four","horn":true}: must not have unknown fields',
      '$.default.wheels: Invalid value: "string": wheels in body must be of type integer: "string"',
    ]);
  });

  it('leaves metadata alone', () => {
    const root = {
      type: 'object',
      properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } },
    };
    expect(problemsOf(definition(root))).toEqual([
      'spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ]);
  });

  it('is named by its version where versions differ', () => {
    const other = { name: 'v2', served: true, storage: false, schema: { openAPIV3Schema: {} } };
    const { spec } = definition();
    const two = [spec!.versions![0]!, other as CustomResourceDefinitionVersion];
    expect(problemsOf(definition(undefined, { versions: two }))).toEqual([
      'spec.versions[1].schema.openAPIV3Schema.type: Required value: must not be empty at the root',
    ]);
  });
});

describe('a rule in CEL', () => {
  const of = (rule: object): string[] =>
    ofSpec({
      type: 'object',
      properties: { wheels: { type: 'integer' }, color: { type: 'string', maxLength: 9 } },
      'x-kubernetes-validations': [rule],
    }).map((each) => each.replace('$.x-kubernetes-validations[0].', ''));

  it.each<[object, readonly string[]]>([
    [{ rule: 'self.wheels > 2', messageExpression: "'not ' + self.color" }, []],
    [{ rule: 'self.wheels == oldSelf.wheels' }, []],
    [
      { rule: 'self.doors > 2' },
      [
        expect.stringMatching(
          /^rule: Invalid value: .*undefined field 'doors'\n \| self.doors > 2\n \| \.{4}\^$/s,
        ),
      ],
    ],
    [{ rule: 'self.wheels' }, [expect.stringContaining('cel expression must evaluate to a bool')]],
    [
      { rule: 'self.wheels > 2', messageExpression: 'self.wheels' },
      [expect.stringContaining('messageExpression must evaluate to a string')],
    ],
    [
      { rule: 'self.wheels > 2', optionalOldSelf: true },
      ['optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule'],
    ],
    [
      { rule: 'self.wheels > 2', fieldPath: '.doors' },
      ['fieldPath: Invalid value: ".doors": must be a valid path'],
    ],
  ])('%j', (rule, expected) => {
    expect(of(rule)).toEqual(expected);
  });

  it('compares only what can be told from one write to the next', () => {
    const items = {
      type: 'object',
      properties: { name: { type: 'string', maxLength: 9 } },
      required: ['name'],
      'x-kubernetes-validations': [{ rule: 'self.name == oldSelf.name' }],
    };
    expect(ofSpec({ type: 'array', maxItems: 9, items })).toEqual([
      expect.stringContaining('oldSelf cannot be used on the uncorrelatable portion'),
    ]);
    const keyed = { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
    expect(ofSpec({ type: 'array', maxItems: 9, items, ...keyed })).toEqual([]);
  });

  it('holds for defaults', () => {
    const rule = { rule: 'self > 0', message: 'positive' };
    const wheels = { type: 'integer', default: 0, 'x-kubernetes-validations': [rule] };
    expect(ofSpec({ type: 'object', properties: { wheels } })).toEqual([
      '$.properties[wheels].default: Invalid value: 0: positive',
    ]);
  });
});

describe('what a definition says of its kind', () => {
  it.each<[string, Partial<CustomResourceDefinitionSpec>, readonly string[]]>([
    [
      'scope',
      { scope: 'Farm' },
      ['spec.scope: Unsupported value: "Farm": supported values: "Cluster", "Namespaced"'],
    ],
    [
      'conversion',
      { conversion: { strategy: 'Webhook' } },
      [
        'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
        'spec.conversion.conversionReviewVersions: Required value',
      ],
    ],
    [
      'unknown fields',
      { preserveUnknownFields: true },
      [
        'spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ],
    ],
  ])('%s', (_, spec, expected) => {
    expect(problemsOf(definition(undefined, spec))).toEqual(expected);
  });

  it('is where its paths are', () => {
    const subresources = { scale: { specReplicasPath: 'spec.n', statusReplicasPath: '.spec.n' } };
    const selectableFields = [{ jsonPath: '.spec.color' }];
    const columns = [{ name: 'N', type: 'text', jsonPath: '.spec.n' }];
    const version = { subresources, selectableFields, additionalPrinterColumns: columns };
    expect(problemsOf(definition(undefined, {}, version))).toEqual([
      'spec.subresources.scale.specReplicasPath: Invalid value: "spec.n": must be a simple json path starting with .',
      'spec.subresources.scale.statusReplicasPath: Invalid value: ".spec.n": should be a json path under .status',
      'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
      'spec.selectableFields[0].jsonPath: Invalid value: ".spec.color": is an invalid path: does not refer to a valid field',
    ]);
  });

  it('is found by fields that are no lists, written as paths', () => {
    const spec = {
      type: 'object',
      properties: { ports: { type: 'array', items: { type: 'string' } } },
    };
    const root = { type: 'object', properties: { spec } };
    const paths = ['spec.ports', '.spec.ports[0]', '.spec.gates[0]'];
    const selectableFields = paths.map((jsonPath) => ({ jsonPath }));
    const at = (index: number): string => `spec.selectableFields[${index}].jsonPath`;
    expect(problemsOf(definition(root, {}, { selectableFields }))).toEqual([
      `${at(0)}: Invalid value: "spec.ports": is an invalid path: expected [ or . but got: spec`,
      `${at(1)}: Invalid value: ".spec.ports[0]": is an invalid path: array notation is not allowed`,
      `${at(2)}: Invalid value: ".spec.gates[0]": is an invalid path: does not refer to a valid field`,
    ]);
  });

  it('cannot change once objects may be stored', () => {
    const old = definition();
    const conditions = [{ type: 'Established', status: 'True' }];
    const established = { ...old, status: { ...old.status, conditions } };
    const changed = definition(undefined, { scope: 'Cluster' });
    expect(problemsOf(changed, old)).toEqual([]);
    expect(problemsOf(changed, established)).toEqual([
      'spec.scope: Invalid value: "Cluster": field is immutable',
    ]);
  });

  it('keeps versions in which objects are stored', () => {
    const old = { ...definition(), status: { storedVersions: ['v1', 'v0'] } };
    expect(problemsOf(old, old)).toEqual([
      expect.stringMatching(
        /^status.storedVersions\[1\]: Invalid value: "v0": missing from spec.versions; v0 was/,
      ),
    ]);
  });

  it('is approved of where the group is a protected one', () => {
    const own = definition(undefined, { group: 'farm.k8s.io' });
    const named = (annotations: Record<string, string>): StoredDefinition => ({
      ...own,
      metadata: { name: 'carts.farm.k8s.io', annotations },
    });
    expect(problemsOf(named({}))).toEqual([
      expect.stringContaining('protected groups must have approval annotation'),
    ]);
    expect(problemsOf(named({ 'api-approved.kubernetes.io': 'unapproved, a trial' }))).toEqual([]);
  });
});

it('warns of formats that nobody checks, once', () => {
  const spec = { type: 'object', properties: { plate: { type: 'string', format: 'plate' } } };
  const own = definition({ type: 'object', properties: { spec } });
  expect(definitions.warnings!(own, undefined)).toEqual(['unrecognized format "plate"']);
  expect(definitions.warnings!(own, own)).toEqual([]);
});
