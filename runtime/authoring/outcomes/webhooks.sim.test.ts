import { expect, it } from 'vitest';
import { ValidatingWebhookConfiguration } from '../../../generated/admissionregistration/v1/index.ts';
import { Deployment, ReplicaSet } from '../../../generated/apps/v1/index.ts';
import { Behaviour } from '../../../generated/cluster/v1/index.ts';
import { Pod, Service } from '../../../generated/core/v1/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import { createCluster } from '../../testing/index.ts';
import type { OutcomeSources } from './origin.ts';
import { refusedPod } from './refused.ts';

const IN = { namespace: 'default' };
const labels = { app: 'gate' };

it('a pod that a webhook refuses stands at its manifest, with the rules by which the webhook was asked', async () => {
  const cluster = await createCluster({ nodes: 1 });
  const admission = { allowed: false, message: 'not today' };
  await cluster.create(
    new Behaviour({
      metadata: { name: 'gate', ...IN },
      spec: { image: 'gate', http: [{ port: 443, admission }] },
    }),
    new Pod({
      metadata: { name: 'gate', ...IN, labels },
      spec: { containers: [{ name: 'c', image: 'gate' }] },
    }),
    new Service({
      metadata: { name: 'gate', ...IN },
      spec: { selector: labels, ports: [{ port: 443 }] },
    }),
  );
  await cluster.settle();
  const rules = [
    { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE' as const] },
  ];
  const configuration = new ValidatingWebhookConfiguration({
    metadata: { name: 'v' },
    webhooks: [
      {
        name: 'gate.example.com',
        rules,
        clientConfig: { service: { name: 'gate', ...IN } },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  });
  const web = { app: 'web' };
  const deployment = new Deployment({
    metadata: { name: 'web', ...IN },
    spec: {
      selector: { matchLabels: web },
      template: { metadata: { labels: web }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  });
  await cluster.create(configuration, deployment);
  await cluster.advance('10s');
  const [refused] = cluster.list(ReplicaSet);
  const condition = refused?.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  expect(condition?.message).toContain(
    'admission webhook "gate.example.com" denied the request: not today',
  );
  const range = { file: 'shop.ts', line: 3, column: 20, endLine: 3, endColumn: 21 };
  const sources: OutcomeSources = {
    transport: cluster.cluster.transport,
    manifestOf: (resource, key) => {
      const isWebhooks = resource.startsWith('validatingwebhookconfigurations');
      const isWeb = `${resource}/${key}` === 'deployments.apps/default/web';
      if (!isWebhooks && !isWeb) return undefined;
      const object = (isWeb ? deployment : configuration) as unknown as KubeObject;
      const ref = isWeb ? Deployment.resource : ValidatingWebhookConfiguration.resource;
      return { ref, key, object, range, rangeOf: () => range } as never;
    },
  };
  expect(refusedPod(sources, refused as never, condition!.message!)).toMatchObject({
    code: 'E_OUTCOME_REFUSED',
    object: 'default › Deployment/web',
    range,
    related: [{ message: 'ValidatingWebhookConfiguration/v rules it, webhooks[0].rules', range }],
  });
});
