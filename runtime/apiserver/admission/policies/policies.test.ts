import { describe, expect, it } from 'vitest';
import {
  mutatingadmissionpolicies,
  mutatingadmissionpolicybindings,
  validatingadmissionpolicies,
  validatingadmissionpolicybindings,
} from '../../../../generated/admissionregistration/v1/resources.ts';
import { configmaps, namespaces } from '../../../../generated/core/v1/resources.ts';
import { type Bench, refusal, serverForTests } from '../../server.fakes.ts';

const onConfigMaps = {
  resourceRules: [
    { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['*'] },
  ],
};
const IN = { namespace: 'default' };

const policy = ({ client }: Bench, spec: object, name = 'p') =>
  client.create(validatingadmissionpolicies, {
    metadata: { name },
    spec: { matchConstraints: onConfigMaps, ...spec } as never,
  });
const binding = ({ client }: Bench, spec: object = {}, name = 'b') =>
  client.create(validatingadmissionpolicybindings, {
    metadata: { name },
    spec: { policyName: 'p', validationActions: ['Deny'], ...spec } as never,
  });
const save = ({ client }: Bench, name: string, data: Record<string, string>, more: object = {}) =>
  client.create(configmaps, { metadata: { name, ...IN, ...more }, data });

async function inForce(spec: object, bound: object = {}): Promise<Bench> {
  const bench = await serverForTests();
  await policy(bench, spec);
  await binding(bench, bound);
  return bench;
}

const SMALL = { expression: 'size(object.data) < 2' };

describe('a policy in force', () => {
  it('refuses what breaks it, with the reason, and lets the rest pass', async () => {
    const bench = await inForce({ validations: [SMALL] });
    await save(bench, 'small', { a: '1' });
    expect(await refusal(save(bench, 'big', { a: '1', b: '2' }))).toEqual({
      code: 422,
      reason: 'Invalid',
      message:
        "configmaps \"big\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed expression: size(object.data) < 2",
    });
  });

  it('says what it computes, in one line, else what is written', async () => {
    const messageExpression = "'has ' + string(size(object.data))";
    const messages = [
      { ...SMALL, message: 'too many', messageExpression, reason: 'Forbidden' },
      { ...SMALL, message: 'too many', messageExpression: "'a\\nb'" },
      { ...SMALL, message: 'too many', messageExpression: 'object.nothing' },
    ];
    const told = [];
    for (const each of messages) {
      const bench = await inForce({ validations: [each] });
      const answer = (await refusal(save(bench, 'big', { a: '1', b: '2' }))) as Refused;
      told.push([answer.code, answer.message.split('denied request: ')[1]]);
    }
    expect(told).toEqual([
      [403, 'has 2'],
      [422, 'too many'],
      [422, 'too many'],
    ]);
  });

  it('does nothing unbound, and nothing to policies', async () => {
    const bench = await serverForTests();
    const all = { ...onConfigMaps.resourceRules[0], apiGroups: ['*'], resources: ['*'] };
    const matchConstraints = { resourceRules: [{ ...all, apiVersions: ['*'] }] };
    await policy(bench, { matchConstraints, validations: [{ expression: 'false' }] });
    await save(bench, 'before', {});
    await binding(bench);
    expect(await refusal(save(bench, 'after', {}))).toMatchObject({ code: 422 });
    await bench.client.delete(validatingadmissionpolicies, { name: 'p' });
    await save(bench, 'later', {});
  });

  it('sees a deletion as an object that was', async () => {
    const expression = "object != null || oldObject.metadata.name != 'kept'";
    const bench = await inForce({ validations: [{ expression }] });
    await save(bench, 'kept', {});
    const gone = bench.client.delete(configmaps, { name: 'kept', ...IN });
    expect(await refusal(gone)).toMatchObject({ code: 422 });
  });

  it('warns instead, where its binding says so', async () => {
    const { server } = await inForce({ validations: [SMALL] }, { validationActions: ['Warn'] });
    const answer = await server.request({
      verb: 'create',
      resource: configmaps,
      ...IN,
      body: { metadata: { name: 'big' }, data: { a: '1', b: '2' } },
      user: { name: 'ann', groups: ['system:masters'] },
      cause: { component: 'tests', record: 0 },
    });
    expect(answer).toMatchObject({
      code: 201,
      warnings: [
        "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: size(object.data) < 2",
      ],
    });
  });
});

interface Refused {
  readonly code: number;
  readonly message: string;
}

describe('which requests', () => {
  const NEVER = [{ expression: 'false' }];
  const refused = async (bench: Bench, name: string, more: object = {}): Promise<boolean> =>
    save(bench, name, {}, more).then(
      () => false,
      () => true,
    );

  it('are those whose namespace and object are selected, less what is excluded', async () => {
    const bench = await inForce({
      validations: NEVER,
      matchConstraints: {
        ...onConfigMaps,
        namespaceSelector: { matchLabels: { strict: 'yes' } },
        objectSelector: { matchExpressions: [{ key: 'free', operator: 'DoesNotExist' }] },
        excludeResourceRules: [{ ...onConfigMaps.resourceRules[0], resourceNames: ['spared'] }],
      },
    });
    const { client } = bench;
    await client.create(namespaces, { metadata: { name: 'strict', labels: { strict: 'yes' } } });
    const namespace = 'strict';
    expect(await refused(bench, 'a')).toBe(false);
    expect(await refused(bench, 'b', { namespace })).toBe(true);
    expect(await refused(bench, 'c', { namespace, labels: { free: '' } })).toBe(false);
    expect(await refused(bench, 'spared', { namespace })).toBe(false);
  });

  it('are those that meet all conditions, of which a failing one counts as the policy says', async () => {
    const conditions = (expression: string, failurePolicy = 'Fail') => ({
      validations: NEVER,
      matchConditions: [{ name: 'c', expression }],
      failurePolicy,
    });
    const named = "request.name == 'x' && request.operation == 'CREATE'";
    expect(await refused(await inForce(conditions(named)), 'x')).toBe(true);
    expect(await refused(await inForce(conditions(named)), 'y')).toBe(false);
    expect(await refused(await inForce(conditions('object.no == 1')), 'x')).toBe(true);
    expect(await refused(await inForce(conditions('object.no == 1', 'Ignore')), 'x')).toBe(false);
  });
});

describe('what expressions see', () => {
  it('are variables that use each other, and are computed when they are used', async () => {
    const bench = await inForce({
      variables: [
        { name: 'broken', expression: 'object.nothing' },
        { name: 'count', expression: 'size(object.data)' },
        { name: 'isOdd', expression: 'variables.count % 2 == 1' },
      ],
      validations: [{ expression: 'variables.isOdd' }],
    });
    await save(bench, 'odd', { a: '1' });
    expect(await refusal(save(bench, 'even', { a: '1', b: '2' }))).toMatchObject({ code: 422 });
  });

  it('is who asks, and what they may do', async () => {
    const check = "authorizer.group('').resource('secrets').namespace('default').check('get')";
    const expression = `${check}.allowed() && request.userInfo.username == 'tests'`;
    const bench = await inForce({ validations: [{ expression }] });
    await save(bench, 'mine', {});
    const other = bench.as('other').create(configmaps, { metadata: { name: 'its', ...IN } });
    expect(await refusal(other)).toMatchObject({ code: 422 });
  });

  it('are parameters, one evaluation for each', async () => {
    const spec = {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [
        { expression: '!has(object.data) || size(object.data) <= int(params.data.max)' },
      ],
    };
    const bench = await serverForTests();
    await save(bench, 'tight', { max: '1' }, { labels: { limits: '' } });
    await save(bench, 'loose', { max: '3' }, { labels: { limits: '' } });
    await policy(bench, spec);
    await binding(bench, { paramRef: { name: 'loose', parameterNotFoundAction: 'Deny' } });
    const two = { a: '1', b: '2' };
    await save(bench, 'first', two);
    const selector = { matchLabels: { limits: '' } };
    await binding(bench, { paramRef: { selector, parameterNotFoundAction: 'Deny' } }, 'all');
    expect(await refusal(save(bench, 'second', two))).toMatchObject({
      message: expect.stringContaining("with binding 'all' denied request"),
    });
  });

  it('are parameters that must be there, or need not', async () => {
    const spec = {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: 'false' }],
    };
    const missing = (parameterNotFoundAction: string) =>
      inForce(spec, { paramRef: { name: 'none', parameterNotFoundAction } });
    await save(await missing('Allow'), 'x', {});
    expect(await refusal(save(await missing('Deny'), 'x', {}))).toMatchObject({
      message: expect.stringContaining(
        'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
      ),
    });
  });
});

describe('a policy that changes objects', () => {
  const mutation = ({ client }: Bench, mutations: object[], more: object = {}) =>
    client.create(mutatingadmissionpolicies, {
      metadata: { name: 'm' },
      spec: {
        matchConstraints: onConfigMaps,
        mutations,
        reinvocationPolicy: 'Never',
        ...more,
      } as never,
    });
  const bound = ({ client }: Bench) =>
    client.create(mutatingadmissionpolicybindings, {
      metadata: { name: 'mb' },
      spec: { policyName: 'm' },
    });

  it('merges, then patches what came of it', async () => {
    const bench = await serverForTests();
    const apply = 'Object{data: {"added": "by " + request.userInfo.username}}';
    const patch =
      '[JSONPatch{op: "add", path: "/data/" + jsonpatch.escapeKey("seen"), value: object.data.added}]';
    await mutation(bench, [
      { patchType: 'ApplyConfiguration', applyConfiguration: { expression: apply } },
      { patchType: 'JSONPatch', jsonPatch: { expression: patch } },
    ]);
    await bound(bench);
    const { data } = await save(bench, 'c', { own: '1' });
    expect(data).toEqual({ own: '1', added: 'by tests', seen: 'by tests' });
  });

  it('refuses the request where it cannot be evaluated, unless it may fail', async () => {
    const broken = [
      {
        patchType: 'ApplyConfiguration',
        applyConfiguration: { expression: 'Object{data: object.nothing}' },
      },
    ];
    const strict = await serverForTests();
    await mutation(strict, broken);
    await bound(strict);
    expect(await refusal(save(strict, 'c', {}))).toMatchObject({
      code: 422,
      message: expect.stringContaining(
        "policy 'm' with binding 'mb' denied request: expression 'Object{data: object.nothing}' resulted in error: no such key: nothing",
      ),
    });
    const lenient = await serverForTests();
    await mutation(lenient, broken, { failurePolicy: 'Ignore' });
    await bound(lenient);
    expect((await save(lenient, 'c', { own: '1' })).data).toEqual({ own: '1' });
  });
});

describe('a policy that cannot be', () => {
  it('is refused with the expression that cannot be read', async () => {
    const bench = await serverForTests();
    expect(
      await refusal(policy(bench, { validations: [{ expression: 'object.a >' }] })),
    ).toMatchObject({
      reason: 'Invalid',
      fields: ['spec.validations[0].expression'],
    });
    expect(await refusal(policy(bench, { validations: [], matchConstraints: {} }))).toMatchObject({
      fields: ['spec.matchConstraints.resourceRules', 'spec.validations'],
    });
  });
});
