import { describe, expect, it } from 'vitest';
import { schemaSet } from '../../generated/registry.ts';
import { compile, type Rule, type Schema } from '../../generator/model/index.ts';
import { BROKEN_WORKLOADS, type Broken } from './schema-rules.fakes.ts';
import { BROKEN_APPS } from './schema-rules-apps.fakes.ts';
import { BROKEN_CORE } from './schema-rules-core.fakes.ts';
import { BROKEN_NETWORK } from './schema-rules-network.fakes.ts';
import { BROKEN_STORAGE } from './schema-rules-storage.fakes.ts';

/**
 * Every rule over several fields, broken once. A rule that cannot be evaluated holds, so that one with a slip in it would
 * never be noticed; here it is, because nothing breaks it.
 */
const { admit, validate } = compile(schemaSet);

const BROKEN = [
  ...BROKEN_WORKLOADS,
  ...BROKEN_APPS,
  ...BROKEN_CORE,
  ...BROKEN_NETWORK,
  ...BROKEN_STORAGE,
];

interface Found {
  readonly definition: string;
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

function problemsOf({ definition, value, old }: Broken): Found[] {
  const before = old === undefined ? undefined : admit(definition, old).value;
  return validate(definition, admit(definition, value).value, before).map((problem) => ({
    definition,
    ...problem,
  }));
}

interface Place {
  readonly definition: string;
  readonly path: string;
  readonly rule: Rule;
}

const places: Place[] = Object.entries(schemaSet.definitions).flatMap(([definition, schema]) =>
  rulesIn(schema, definition, ''),
);

function rulesIn(schema: Schema, definition: string, path: string): Place[] {
  const { rules = [], properties = {}, items } = schema;
  return [
    ...rules.map((rule) => ({ definition, path: `${path}${rule.fieldPath ?? ''}`, rule })),
    ...Object.entries(properties).flatMap(([name, each]) =>
      rulesIn(each, definition, path === '' ? name : `${path}.${name}`),
    ),
    ...(items ? rulesIn(items, definition, `${path}[0]`) : []),
  ];
}

describe('rules', () => {
  it.each(
    BROKEN.map((each) => [`${each.definition} ${JSON.stringify(each.value)}`, each] as const),
  )('%s', (_, broken) => {
    const causes = problemsOf(broken).map(({ field, reason }) => `${reason} ${field}`);
    expect([...new Set(causes)].sort()).toEqual([...broken.causes].sort());
  });

  it('are each broken by one of the examples', () => {
    const found = BROKEN.flatMap((broken) => problemsOf(broken));
    const isBroken = ({ definition, path, rule }: Place): boolean =>
      found.some(
        (each) =>
          each.definition === definition &&
          each.field === path.replace(/^\./, '') &&
          each.message.endsWith(rule.message),
      );
    const whole = places.filter((place) => !isBroken(place));
    expect(
      whole.map(({ definition, path, rule }) => `${definition} ${path}: ${rule.message}`),
    ).toEqual([]);
  });

  it('say which value is wrong, in the words of the reason', () => {
    const [first] = problemsOf({
      definition: 'apps/v1.DeploymentSpec',
      value: {
        selector: { matchLabels: { app: 'a' } },
        template: {
          metadata: { labels: { app: 'b' } },
          spec: { containers: [], restartPolicy: 'Never' },
        },
      },
      causes: [],
    }).filter(({ field }) => field === 'template.spec.restartPolicy');
    expect(first?.message).toBe('Unsupported value: "Never": supported values: "Always"');
  });
});
