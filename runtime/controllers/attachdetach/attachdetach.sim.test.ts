import { describe, expect, it } from 'vitest';
import { Node, PersistentVolumeClaim, Pod } from '../../../generated/core/v1/index.ts';
import { CSIDriver, StorageClass, VolumeAttachment } from '../../../generated/storage/v1/index.ts';
import { createCluster, type TestCluster } from '../../testing/index.ts';

const IN = { namespace: 'default' };

const fast = new StorageClass({ metadata: { name: 'fast' }, provisioner: 'p.test' });
const claim = (mode: 'ReadWriteOnce' | 'ReadWriteMany' = 'ReadWriteOnce') =>
  new PersistentVolumeClaim({
    metadata: { name: 'data', ...IN },
    spec: {
      storageClassName: 'fast',
      accessModes: [mode],
      resources: { requests: { storage: '1Gi' } },
    },
  });
const pod = (name: string, nodeName: string) =>
  new Pod({
    metadata: { name, ...IN },
    spec: {
      nodeName,
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'main', image: 'web:1' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  });

const attachments = (cluster: TestCluster) =>
  cluster
    .list(VolumeAttachment)
    .map(({ spec, status }) => `${spec.nodeName} ${status?.attached ?? false}`)
    .sort();
const onNode = (cluster: TestCluster, name: string) =>
  (cluster.get(Node, name).status?.volumesAttached ?? []).map((each) => each.name);
const messages = (cluster: TestCluster, about: string) =>
  cluster
    .events(about)
    .filter(({ reason }) => reason?.endsWith('AttachVolume'))
    .map(({ reason, message }) => `${reason}: ${message}`);

describe('a volume of a driver', () => {
  it('is attached to the node of its pod, and detached when that is gone', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(fast, claim());
    await cluster.advance('5s');
    await cluster.create(pod('p', 'node-0'));
    await cluster.cluster.drain();
    expect(attachments(cluster)).toEqual(['node-0 false']);
    await cluster.advance('5s');
    expect(attachments(cluster)).toEqual(['node-0 true']);
    const volume = cluster.get(PersistentVolumeClaim, 'data').spec?.volumeName;
    expect(onNode(cluster, 'node-0')).toEqual([`kubernetes.io/csi/p.test^${volume}`]);
    expect(messages(cluster, 'p')).toEqual([
      `SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume "${volume}" `,
    ]);
    await cluster.delete(Pod, 'p');
    await cluster.advance('10s');
    expect([attachments(cluster), onNode(cluster, 'node-0')]).toEqual([[], []]);
  });

  it('goes from node to node, one at a time', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(fast, claim(), pod('p', 'node-0'));
    await cluster.advance('10s');
    await cluster.create(pod('q', 'node-1'));
    await cluster.advance('10s');
    expect(attachments(cluster)).toEqual(['node-0 true']);
    const volume = cluster.get(PersistentVolumeClaim, 'data').spec?.volumeName;
    expect(messages(cluster, 'q')).toEqual([
      `FailedAttachVolume: Multi-Attach error for volume "${volume}" Volume is already used by pod(s) p`,
    ]);
    await cluster.delete(Pod, 'p');
    await cluster.advance('10s');
    expect(attachments(cluster)).toEqual(['node-1 true']);
  });

  it('is on several nodes at a time where it may be', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(fast, claim('ReadWriteMany'), pod('p', 'node-0'), pod('q', 'node-1'));
    await cluster.advance('10s');
    expect(attachments(cluster)).toEqual(['node-0 true', 'node-1 true']);
  });

  it('is not attached where its driver needs no attaching', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const driver = new CSIDriver({ metadata: { name: 'p.test' }, spec: { attachRequired: false } });
    await cluster.create(driver, fast, claim(), pod('p', 'node-0'));
    await cluster.advance('10s');
    expect(attachments(cluster)).toEqual([]);
  });
});
