import { describe, expect, it } from 'vitest';
import { statefulsets } from '../../../generated/apps/v1/resources.ts';
import type { StatefulSetSpec } from '../../../generated/apps/v1/types.ts';
import { refusal, serverForTests } from '../server.fakes.ts';

const IN = { namespace: 'default' };
const container = { name: 'main', image: 'i' };
const metadata = { labels: { app: 'a' } };
const template = { metadata, spec: { containers: [container] } };
const selector = { matchLabels: { app: 'a' } };
const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

async function made(spec: object = {}) {
  const { client } = await serverForTests();
  const whole = { selector, template, ...spec } as StatefulSetSpec;
  const set = await client.create(statefulsets, { metadata: { name: 's', ...IN }, spec: whole });
  return { client, set };
}

const refused = async (spec: object) => (await refusal(made(spec))) as { fields: string[] };

describe('a stateful set', () => {
  it('has a name that is a host name, since its pods are called by it', async () => {
    const { client } = await serverForTests();
    const created = client.create(statefulsets, {
      metadata: { name: 'a.b', ...IN },
      spec: { selector, template } as StatefulSetSpec,
    });
    expect(await refusal(created)).toMatchObject({
      message:
        'StatefulSet.apps "a.b" is invalid: metadata.name: Invalid value: "a.b": must not contain dots',
    });
  });

  it('has the defaults of Kubernetes, and writes its claims out', async () => {
    const { set } = await made({ volumeClaimTemplates: [claim] });
    expect(set.spec).toMatchObject({
      replicas: 1,
      podManagementPolicy: 'OrderedReady',
      revisionHistoryLimit: 10,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      volumeClaimTemplates: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          ...claim,
          spec: { ...claim.spec, volumeMode: 'Filesystem' },
          status: { phase: 'Pending' },
        },
      ],
    });
    const { updateStrategy } = (await made({ updateStrategy: { type: 'RollingUpdate' } })).set
      .spec!;
    expect(updateStrategy).toEqual({ type: 'RollingUpdate' });
    const partial = { rollingUpdate: { partition: 2 } };
    expect((await made({ updateStrategy: partial })).set.spec?.updateStrategy).toEqual({
      type: 'RollingUpdate',
      ...partial,
    });
  });

  it('lets its pods mount its claims', async () => {
    const mounting = {
      metadata,
      spec: { containers: [{ ...container, volumeMounts: [{ name: 'data', mountPath: '/d' }] }] },
    };
    await made({ template: mounting, volumeClaimTemplates: [claim] });
    expect((await refused({ template: mounting })).fields).toEqual([
      'spec.template.spec.containers[0].volumeMounts[0].name',
    ]);
  });

  it('is told where it is odd in the words of Kubernetes', async () => {
    const odd = await refused({ podManagementPolicy: 'Odd', updateStrategy: { type: 'Odd' } });
    expect(odd).toMatchObject({
      fields: ['spec.podManagementPolicy', 'spec.updateStrategy'],
      message: expect.stringContaining(
        "Invalid value: \"Odd\": must be 'OrderedReady' or 'Parallel'",
      ),
    });
    expect((await refused({ selector: undefined })).fields).toEqual([
      'spec.selector',
      'spec.template.metadata.labels',
    ]);
    expect((await refused({ selector: { matchLabels: { app: 'no good' } } })).fields).toEqual([
      'spec.selector.matchLabels',
      'spec.selector',
    ]);
  });

  it('changes in few fields only', async () => {
    const { client, set } = await made({ volumeClaimTemplates: [claim] });
    const update = (spec: object) =>
      client.update(statefulsets, { ...set, spec: { ...set.spec!, ...spec } });
    for (const fixed of [
      { serviceName: 'other' },
      { podManagementPolicy: 'Parallel' },
      { volumeClaimTemplates: [] },
    ])
      expect(await refusal(update(fixed))).toMatchObject({ code: 422, fields: ['spec'] });
    const changed = await update({ replicas: 3, minReadySeconds: 4, ordinals: { start: 5 } });
    expect(changed.metadata.generation).toBe(2);
  });
});
