import { expect, it } from 'vitest';
import {
  ingressclasses,
  ingresses,
  networkpolicies,
  servicecidrs,
} from '../../../../generated/networking/v1/resources.ts';
import type { ResourceRef } from '../../../meta/index.ts';
import { refusal, serverForTests } from '../../server.fakes.ts';

const service = { service: { name: 'web', port: { number: 80 } } };
const path = (more: object) => ({ path: '/', pathType: 'Prefix', backend: service, ...more });
const rules = (...paths: object[]) => ({ rules: [{ host: 'a.test', http: { paths } }] });
const backend = (more: object) => ({ defaultBackend: more });

const FIRST = 'spec.rules[0].http.paths[0]';
type Row = readonly [kind: ResourceRef, spec: object, ...problems: string[]];

const INGRESSES: readonly Row[] = [
  [
    ingresses,
    {},
    'spec: Invalid value: null: either `defaultBackend` or `rules` must be specified',
  ],
  [
    ingresses,
    rules(path({ path: 'a' })),
    `${FIRST}.path: Invalid value: "a": must be an absolute path`,
  ],
  [
    ingresses,
    rules(path({ path: '/a/../b//c/.' })),
    `${FIRST}.path: Invalid value: "/a/../b//c/.": must not contain '//'`,
    `${FIRST}.path: Invalid value: "/a/../b//c/.": must not contain '/../'`,
    `${FIRST}.path: Invalid value: "/a/../b//c/.": cannot end with '/.'`,
  ],
  [
    ingresses,
    rules(path({ pathType: 'Regex' })),
    `${FIRST}.pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"`,
  ],
  [
    ingresses,
    rules({ backend: {} }),
    `${FIRST}.pathType: Required value: pathType must be specified`,
  ],
  [
    ingresses,
    rules(path({ backend: {} })),
    `${FIRST}.backend: Invalid value: "": resource or service backend is required`,
  ],
  [
    ingresses,
    backend({ ...service, resource: { kind: 'A', name: 'a' } }),
    'spec.defaultBackend: Invalid value: "": cannot set both resource and service backends',
  ],
  [
    ingresses,
    backend({ service: { name: 'web', port: { number: 80, name: 'http' } } }),
    'spec.defaultBackend: Invalid value: "": cannot set both port name & port number',
  ],
  [
    ingresses,
    backend({ service: { name: 'web' } }),
    'spec.defaultBackend: Required value: port name or number is required',
  ],
  [
    ingresses,
    backend({ service: { name: 'web', port: { number: 70_000 } } }),
    'spec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive',
  ],
  [
    ingresses,
    { rules: [{ host: '10.0.0.1' }] },
    'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
  ],
];

const OTHERS: readonly Row[] = [
  [
    ingressclasses,
    { controller: 'nginx' },
    'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")',
  ],
  [
    networkpolicies,
    { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/16', except: ['10.1.0.0/24'] } }] }] },
    'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.1.0.0/24": must be a strict subset of `cidr`',
  ],
  [
    networkpolicies,
    { egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/16', except: ['10.0.0.0/16'] } }] }] },
    'spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "10.0.0.0/16": must be a strict subset of `cidr`',
  ],
  [servicecidrs, {}, 'spec.cidrs: Required value: at least one CIDR required'],
  [
    servicecidrs,
    { cidrs: ['10.0.0.0/16', '10.1.0.0/16'] },
    'spec.cidrs: Invalid value: ["10.0.0.0/16","10.1.0.0/16"]: may specify no more than one IP for each IP family, ' +
      'i.e 192.168.0.0/24 and 2001:db8::/64',
  ],
];

const CASES = [...INGRESSES, ...OTHERS].map(([resource, spec, ...problems]) => ({
  resource,
  spec,
  problems,
}));

it.each(CASES)('refuses $resource.kind $spec', async ({ resource, spec, problems }) => {
  const { client } = await serverForTests();
  const namespace = resource.namespaced ? { namespace: 'default' } : {};
  const metadata = { name: 'x', ...namespace };
  const { message } = (await refusal(client.create(resource, { metadata, spec } as never))) as {
    message: string;
  };
  const list = problems.length > 1 ? `[${problems.join(', ')}]` : problems[0];
  expect(message).toBe(`${resource.kind}.networking.k8s.io "x" is invalid: ${list}`);
});

it('takes wildcards, named ports and other resources as backends', async () => {
  const { client } = await serverForTests();
  const spec = {
    rules: [
      {
        host: '*.a.test',
        http: { paths: [{ pathType: 'ImplementationSpecific', backend: service }] },
      },
      { http: { paths: [path({ backend: { resource: { kind: 'Bucket', name: 'b' } } })] } },
    ],
  };
  const metadata = { name: 'x', namespace: 'default' };
  expect(await client.create(ingresses, { metadata, spec } as never)).toMatchObject({
    spec,
    status: { loadBalancer: {} },
    metadata: { generation: 1 },
  });
  const annotations = { 'kubernetes.io/ingress.class': 'other' };
  const other = {
    metadata: { name: 'y', namespace: 'default', annotations },
    spec: { ...spec, ingressClassName: 'mine' },
  };
  expect(await refusal(client.create(ingresses, other as never))).toMatchObject({
    fields: ['annotations.kubernetes.io/ingress.class'],
  });
});

it('names the directions that a policy is about by its rules', async () => {
  const { client } = await serverForTests();
  const create = async (name: string, spec: object) =>
    (await client.create(networkpolicies, { metadata: { name, namespace: 'default' }, spec })).spec;
  expect(await create('a', {})).toEqual({ podSelector: {}, policyTypes: ['Ingress'] });
  expect(await create('b', { egress: [{}] })).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
  expect(await create('c', { policyTypes: ['Egress'] })).toMatchObject({ policyTypes: ['Egress'] });
});

it('lets ranges of services only grow a second family', async () => {
  const { client } = await serverForTests();
  const metadata = { name: 'x' };
  const made = await client.create(servicecidrs, { metadata, spec: { cidrs: ['10.0.0.0/16'] } });
  const change = (cidrs: string[]) => client.update(servicecidrs, { ...made, spec: { cidrs } });
  expect(await refusal(change(['10.1.0.0/16']))).toMatchObject({ fields: ['spec.cidrs[0]'] });
  expect(await refusal(change([]))).toMatchObject({ fields: ['spec.cidrs'] });
  expect(await change(['10.0.0.0/16', 'fd00::/112'])).toMatchObject({
    metadata: { generation: 2 },
  });
});
