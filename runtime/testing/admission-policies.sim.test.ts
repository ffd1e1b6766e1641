import { describe, expect, it } from 'vitest';
import {
  validatingadmissionpolicies,
  validatingadmissionpolicybindings,
} from '../../generated/admissionregistration/v1/resources.ts';
import { deployments } from '../../generated/apps/v1/resources.ts';
import { pods } from '../../generated/core/v1/resources.ts';
import { createCluster } from './index.ts';

describe('an admission policy', () => {
  it('stops what controllers make, until it is unbound', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const { client } = cluster;
    const rule = {
      apiGroups: [''],
      apiVersions: ['*'],
      operations: ['CREATE'],
      resources: ['pods'],
    };
    await client.create(validatingadmissionpolicies, {
      metadata: { name: 'no-latest' },
      spec: {
        matchConstraints: { resourceRules: [rule as never] },
        validations: [
          { expression: "object.spec.containers.all(c, !c.image.endsWith(':latest'))" },
        ],
      },
    });
    await client.create(validatingadmissionpolicybindings, {
      metadata: { name: 'no-latest' },
      spec: { policyName: 'no-latest', validationActions: ['Deny'] },
    });
    const labels = { app: 'web' };
    await client.create(deployments, {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'c', image: 'web:latest' }] },
        },
      },
    });
    await cluster.advance('1m');
    const { status } = await client.get(deployments, 'web', 'default');
    const failure = status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    expect(failure).toMatchObject({
      status: 'True',
      reason: 'FailedCreate',
      message: expect.stringContaining("ValidatingAdmissionPolicy 'no-latest' with binding"),
    });
    expect((await client.list(pods)).items).toEqual([]);
    await client.delete(validatingadmissionpolicybindings, { name: 'no-latest' });
    await cluster.advance('20m');
    expect((await client.list(pods)).items).toHaveLength(1);
  });
});
