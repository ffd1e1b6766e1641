import { describe, expect, it } from 'vitest';
import { schemaSet } from '../../../generated/registry.ts';
import { differences, summary } from './api/answers.ts';
import { expand, newVariables, variable, WORD } from './api/cases.ts';
import { normalise } from './api/normalise.ts';
import { toApiRequest } from './api/request.ts';
import { AREAS } from './areas.ts';
import floors from './floors.json' with { type: 'json' };
import { percent, sameJson, Tally } from './report.ts';

const { kinds } = schemaSet;

describe('areas', () => {
  it('have a floor each', () => {
    expect(Object.keys(floors).sort()).toEqual(AREAS.map(({ name }) => name).sort());
  });

  it('count what matches, and round down', () => {
    const tally = new Tally('x');
    tally.equal('same', { a: 1, b: [2] }, { b: [2], a: 1 });
    tally.equal('other', 1, 2);
    tally.add(undefined);
    const result = tally.result();
    expect(result.mismatches).toEqual([{ id: 'other', expected: 1, actual: 2 }]);
    expect(percent(result)).toBe(66.6);
    expect(percent(new Tally('nothing').result())).toBe(0);
    expect(sameJson(undefined, null)).toBe(true);
  });
});

describe('recorded requests', () => {
  it('become in-process ones', () => {
    const path =
      '/apis/apps/v1/namespaces/n/deployments/web/scale?fieldManager=me&force=true&dryRun=All';
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    expect(toApiRequest({ method: 'PATCH', path, headers, body: {} }, kinds)).toMatchObject({
      verb: 'patch',
      resource: { kind: 'Deployment' },
      namespace: 'n',
      name: 'web',
      subresource: 'scale',
      patchType: 'application/apply-patch+yaml',
      options: { fieldManager: 'me', force: true, dryRun: true },
    });
    const list = { method: 'GET', path: '/api/v1/pods?labelSelector=a%3Db&limit=2' };
    expect(toApiRequest(list, kinds)).toMatchObject({
      verb: 'list',
      options: { labelSelector: 'a=b', limit: 2 },
    });
    const deletion = {
      method: 'DELETE',
      path: '/api/v1/namespaces/n',
      body: { kind: 'DeleteOptions', propagationPolicy: 'Orphan', preconditions: { uid: 'u' } },
    };
    expect(toApiRequest(deletion, kinds)).toMatchObject({
      verb: 'delete',
      name: 'n',
      options: { propagationPolicy: 'Orphan', preconditions: { uid: 'u' } },
    });
    expect(
      toApiRequest({ method: 'POST', path: '/api/v1/namespaces', body: {} }, kinds),
    ).toMatchObject({
      verb: 'create',
      options: { fieldManager: 'oracle' },
    });
  });

  it('leave bodies that are text to whoever decodes them', () => {
    const headers = { 'content-type': 'application/yaml' };
    const step = { method: 'POST', path: '/api/v1/namespaces', headers, raw: 'kind: [' };
    const request = toApiRequest(step, kinds);
    expect([request?.verb, request?.body]).toEqual(['create', undefined]);
  });

  it.each([
    ['a kind that is not there', { method: 'GET', path: '/api/v1/namespaces/n/gizmos' }],
    ['a watch', { method: 'GET', path: '/api/v1/pods?watch=1' }],
    [
      'a table',
      { method: 'GET', path: '/api/v1/pods', headers: { accept: 'application/json;as=Table' } },
    ],
    [
      'a body that is no text of ours',
      { method: 'POST', path: '/api/v1/namespaces', headers: { 'content-type': 'text/plain' } },
    ],
    ['an odd parameter', { method: 'POST', path: '/api/v1/namespaces?dryRun=bogus', body: {} }],
  ])('are left to HTTP: %s', (_, step) => {
    expect(toApiRequest(step, kinds)).toBeUndefined();
  });
});

describe('answers', () => {
  const view = { sent: '"10.96.0.9"' };

  it('are compared without what differs from run to run', () => {
    const service = {
      kind: 'Service',
      metadata: {
        name: `a-${WORD}`,
        generateName: 'x-',
        uid: '01234567-89ab-cdef-0123-456789abcdef',
        resourceVersion: '12',
        creationTimestamp: '2026-01-01T00:00:00Z',
        namespace: `o-${WORD}`,
        annotations: { 'deployment.kubernetes.io/revision': '1' },
      },
      spec: { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ports: [{ nodePort: 30001 }] },
    };
    expect(normalise(service, view)).toEqual({
      kind: 'Service',
      metadata: {
        name: `a-${variable('u')}`,
        generateName: 'x-',
        uid: '<uid>',
        resourceVersion: '<rv>',
        creationTimestamp: '<time>',
        namespace: variable('ns'),
      },
      spec: { clusterIP: '<ip>', clusterIPs: ['<ip>'], ports: [{ nodePort: '<nodePort>' }] },
    });
    const asked = { kind: 'Service', spec: { clusterIP: '10.96.0.9' } };
    expect(normalise(asked, view)).toEqual(asked);
  });

  it('of refusals are code, reason and causes, sorted and once each', () => {
    const causes = ['b', 'a', 'b'].map((field) => ({ field, reason: 'R', message: 'm' }));
    const object = {
      kind: 'Status',
      reason: 'Invalid',
      message: 'x',
      details: { causes },
    } as never;
    expect(summary({}, { code: 422, object }, view, 'B')).toEqual({
      code: 422,
      reason: 'Invalid',
      causes: [
        { field: 'a', reason: 'R' },
        { field: 'b', reason: 'R' },
      ],
    });
  });

  it('differ at paths', () => {
    expect(differences({ a: [1, { b: 2 }], c: null }, { a: [1, { b: 3 }, 4] })).toEqual([
      { path: 'a[1].b', expected: 2, actual: 3 },
      { path: 'a[2]', expected: undefined, actual: 4 },
    ]);
  });

  it('have their variables filled in, keys too', () => {
    const filled = expand(
      { [variable('u')]: [variable('ns'), variable('enc:x')] },
      { ...newVariables(), x: 'a b' },
    );
    expect(filled).toEqual({ [WORD]: [`o-${WORD}`, 'a%20b'] });
  });
});
