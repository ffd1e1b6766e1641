import { describe, expect, it } from 'vitest';
import { pods, serviceaccounts } from '../../../generated/core/v1/resources.ts';
import { ingressclasses, ingresses } from '../../../generated/networking/v1/resources.ts';
import { runtimeclasses } from '../../../generated/node/v1/resources.ts';
import { refusal, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };

async function runtimes() {
  const { client } = await serverForTests();
  await client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
  await client.create(runtimeclasses, { metadata: { name: 'plain' }, handler: 'runc' });
  await client.create(runtimeclasses, {
    metadata: { name: 'sandbox' },
    handler: 'box',
    overhead: { podFixed: { cpu: '250m', memory: '128Mi' } },
    scheduling: {
      nodeSelector: { sandbox: 'yes' },
      tolerations: [{ key: 'sandbox', operator: 'Exists' }],
    },
  });
  const containers = [{ name: 'main', image: 'web:1' }];
  return {
    client,
    pod: (name: string, spec: object) =>
      client.create(pods, { metadata: { name, ...IN }, spec: { containers, ...spec } }),
  };
}

describe('RuntimeClass', () => {
  it('gives pods what the class costs and where it is', async () => {
    const { pod } = await runtimes();
    const { spec } = await pod('a', {
      runtimeClassName: 'sandbox',
      nodeSelector: { disk: 'fast' },
      overhead: { cpu: '0.25', memory: '128Mi' },
    });
    expect(spec).toMatchObject({
      overhead: { cpu: '250m', memory: '128Mi' },
      nodeSelector: { disk: 'fast', sandbox: 'yes' },
    });
    expect(spec?.tolerations).toContainEqual({ key: 'sandbox', operator: 'Exists' });
    const plain = await pod('b', { runtimeClassName: 'plain' });
    expect(plain.spec).not.toHaveProperty('overhead');
    expect(plain.spec).not.toHaveProperty('nodeSelector');
  });

  it.each([
    ['there is none', { runtimeClassName: 'none' }, 'pod rejected: RuntimeClass "none" not found'],
    [
      'it costs something else',
      { runtimeClassName: 'sandbox', overhead: { cpu: '1' } },
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    [
      'the class costs nothing',
      { runtimeClassName: 'plain', overhead: { cpu: '1' } },
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ],
    [
      'no class is named',
      { overhead: { cpu: '1' } },
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ],
    [
      'the pod wants other nodes',
      { runtimeClassName: 'sandbox', nodeSelector: { sandbox: 'no' } },
      'conflict: runtimeClass.scheduling.nodeSelector[sandbox] = yes; pod.spec.nodeSelector[sandbox] = no',
    ],
  ])('refuses a pod when %s', async (_, spec, why) => {
    const { pod } = await runtimes();
    expect(await refusal(pod('a', spec))).toMatchObject({
      code: 403,
      message: `pods "a" is forbidden: ${why}`,
    });
  });
});

describe('DefaultIngressClass', () => {
  it('gives Ingresses that name none the newest default class', async () => {
    const { client, clock } = await serverForTests();
    const ingress = async (name: string, spec: object = {}, annotations: object = {}) => {
      const made = await client.create(ingresses, {
        metadata: { name, ...IN, annotations } as never,
        spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } }, ...spec },
      });
      return made.spec?.ingressClassName;
    };
    const ingressClass = (name: string) =>
      client.create(ingressclasses, {
        metadata: { name, annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
        spec: { controller: 'a.test/b' },
      });
    expect(await ingress('early')).toBeUndefined();
    await ingressClass('old');
    clock.moveTo(clock.now() + 60_000);
    await ingressClass('new');
    expect(await ingress('plain')).toBe('new');
    expect(await ingress('own', { ingressClassName: 'old' })).toBe('old');
    expect(await ingress('former', {}, { 'kubernetes.io/ingress.class': 'x' })).toBeUndefined();
  });
});
