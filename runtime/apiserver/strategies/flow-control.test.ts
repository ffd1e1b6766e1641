import { describe, expect, it } from 'vitest';
import {
  flowschemas,
  prioritylevelconfigurations,
} from '../../../generated/flowcontrol/v1/resources.ts';
import { tableColumns, tableRow } from '../../meta/index.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';

const group = { kind: 'Group', group: { name: 'builders' } };
const anything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true };
const level = { name: 'builds' };

const makeSchema = ({ client }: Bench, name: string, spec: object) =>
  client.create(flowschemas, {
    metadata: { name },
    spec: { priorityLevelConfiguration: level, ...spec } as never,
  });
const makeLevel = ({ client }: Bench, name: string, spec: object) =>
  client.create(prioritylevelconfigurations, { metadata: { name }, spec: spec as never });

function cells({ server }: Bench, id: string, object: object): unknown[] {
  const [plural = '', ...rest] = id.split('.');
  const descriptor = server.kindAt(rest.join('.'), 'v1', plural)!;
  return tableRow(descriptor, object as never, 0, tableColumns(descriptor)).slice(0, -1);
}

describe('a FlowSchema', () => {
  it('is one of many, asked in the middle unless it says otherwise', async () => {
    const bench = await serverForTests();
    const rules = [{ subjects: [group], resourceRules: [anything] }];
    const made = await makeSchema(bench, 'builds', { rules });
    expect(made.spec).toMatchObject({ matchingPrecedence: 1000, rules });
    expect(cells(bench, 'flowschemas.flowcontrol.apiserver.k8s.io', made).slice(0, 4)).toEqual([
      'builds',
      'builds',
      '1000',
      '<none>',
    ]);
  });

  it.each([
    [{ matchingPrecedence: 1 }, 'spec.matchingPrecedence'],
    [{ matchingPrecedence: 10_001 }, 'spec.matchingPrecedence'],
    [{ matchingPrecedence: -4 }, 'spec.matchingPrecedence'],
    [{ priorityLevelConfiguration: { name: '' } }, 'spec.priorityLevelConfiguration.name'],
    [{ priorityLevelConfiguration: { name: 'A b' } }, 'spec.priorityLevelConfiguration.name'],
    [{ rules: [{ subjects: [group] }] }, 'spec.rules[0]'],
    [{ rules: [{ subjects: [], resourceRules: [anything] }] }, 'spec.rules[0].subjects'],
    [
      { rules: [{ subjects: [{ kind: 'User' }], resourceRules: [anything] }] },
      'spec.rules[0].subjects[0].user',
    ],
    [
      { rules: [{ subjects: [group], resourceRules: [{ ...anything, clusterScope: false }] }] },
      'spec.rules[0].resourceRules[0].namespaces',
    ],
    [
      { rules: [{ subjects: [group], resourceRules: [{ ...anything, resources: [] }] }] },
      'spec.rules[0].resourceRules[0].resources',
    ],
    [
      { rules: [{ subjects: [group], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: [] }] }] },
      'spec.rules[0].nonResourceRules[0].nonResourceURLs',
    ],
  ])('cannot say %j', async (spec, field) => {
    const bench = await serverForTests();
    expect(await refusal(makeSchema(bench, 'builds', spec))).toMatchObject({
      code: 422,
      fields: [field],
    });
  });
});

describe('a PriorityLevelConfiguration', () => {
  it('has queues of a usual size', async () => {
    const bench = await serverForTests();
    const limited = { limitResponse: { type: 'Queue', queuing: {} } };
    const made = await makeLevel(bench, 'builds', { type: 'Limited', limited });
    const id = 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io';
    expect(cells(bench, id, made)).toEqual(['builds', 'Limited', '30', '64', '8', '50']);
    const exempt = await bench.client.get(prioritylevelconfigurations, 'exempt');
    expect(exempt.spec?.exempt).toEqual({ nominalConcurrencyShares: 0, lendablePercent: 0 });
    expect(cells(bench, id, exempt).slice(2)).toEqual(Array(4).fill('<none>'));
  });

  it.each([
    [{ type: 'Exempt' }, 'spec.type'],
    [{ type: 'Limited' }, 'spec.limited'],
    [
      { type: 'Limited', exempt: {}, limited: { limitResponse: { type: 'Reject' } } },
      'spec.exempt',
    ],
    [
      { type: 'Limited', limited: { limitResponse: { type: 'Queue' } } },
      'spec.limited.limitResponse.queuing',
    ],
    [
      { type: 'Limited', limited: { limitResponse: { type: 'Reject', queuing: {} } } },
      'spec.limited.limitResponse.queuing',
    ],
    [
      {
        type: 'Limited',
        limited: { limitResponse: { type: 'Queue', queuing: { queues: 2, handSize: 3 } } },
      },
      'spec.limited.limitResponse.queuing.handSize',
    ],
    [
      { type: 'Limited', limited: { lendablePercent: 101, limitResponse: { type: 'Reject' } } },
      'spec.limited.lendablePercent',
    ],
  ])('cannot be %j', async (spec, field) => {
    const bench = await serverForTests();
    expect(await refusal(makeLevel(bench, 'builds', spec))).toMatchObject({
      code: 422,
      fields: [field],
    });
  });
});
