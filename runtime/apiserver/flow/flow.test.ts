import { expect, it } from 'vitest';
import {
  flowschemas,
  prioritylevelconfigurations,
} from '../../../generated/flowcontrol/v1/resources.ts';
import type { Access } from '../authorization/index.ts';
import { type Bench, serverForTests } from '../server.fakes.ts';

const AUTHENTICATED = 'system:authenticated';
const pods: Access = { verb: 'list', group: '', resource: 'pods', namespace: 'shop' };
const lease = (verb: string): Access => ({
  verb,
  group: 'coordination.k8s.io',
  resource: 'leases',
  namespace: 'kube-system',
});
const account = (namespace: string) => ({
  name: `system:serviceaccount:${namespace}:a`,
  groups: ['system:serviceaccounts', AUTHENTICATED],
});

const flowOf = ({ server }: Bench, name: string, groups: string[], access: Access) => {
  const flow = server.flow({ name, groups: [...groups, AUTHENTICATED] }, access);
  return flow && `${flow.schema.metadata.name} ${flow.level.metadata.name}`;
};

it.each<[string, string[], Access, string]>([
  ['admin', ['system:masters'], pods, 'exempt exempt'],
  ['jane', [], pods, 'global-default global-default'],
  ['jane', [], { verb: 'get', path: '/healthz' }, 'probes exempt'],
  ['jane', [], { verb: 'get', path: '/version' }, 'global-default global-default'],
  ['system:kube-scheduler', [], lease('update'), 'system-leader-election leader-election'],
  ['system:kube-scheduler', [], lease('delete'), 'kube-scheduler workload-high'],
  [account('shop').name, account('shop').groups, pods, 'service-accounts workload-low'],
  [account('kube-system').name, [], pods, 'kube-system-service-accounts workload-high'],
  [
    'system:node:a',
    ['system:nodes'],
    { verb: 'patch', group: '', resource: 'nodes', subresource: 'status', name: 'a' },
    'system-node-high node-high',
  ],
  ['system:node:a', ['system:nodes'], pods, 'system-nodes system'],
])('a request of %s in %j for %j belongs to %s', async (name, groups, access, flow) => {
  expect(flowOf(await serverForTests(), name, groups, access)).toBe(flow);
});

it('belongs to the first schema whose level there is', async () => {
  const bench = await serverForTests();
  const subject = { kind: 'User', user: { name: 'jane' } } as const;
  const rule = { verbs: ['list'], apiGroups: [''], resources: ['pods'], namespaces: ['shop'] };
  await bench.client.create(flowschemas, {
    metadata: { name: 'janes' },
    spec: {
      matchingPrecedence: 5,
      priorityLevelConfiguration: { name: 'janes' },
      rules: [{ subjects: [subject], resourceRules: [rule] }],
    },
  });
  expect(flowOf(bench, 'jane', [], pods)).toBe('global-default global-default');
  await bench.client.create(prioritylevelconfigurations, {
    metadata: { name: 'janes' },
    spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } },
  });
  expect(flowOf(bench, 'jane', [], pods)).toBe('janes janes');
  expect(flowOf(bench, 'jane', [], { ...pods, namespace: 'other' })).toMatch(/^global-default/);
  expect(flowOf(bench, 'jane', [], { ...pods, namespace: undefined })).toMatch(/^global-default/);
});
