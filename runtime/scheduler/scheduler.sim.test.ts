import { describe, expect, it } from 'vitest';
import { Cluster } from '../../generated/cluster/v1/index.ts';
import { PersistentVolume, PersistentVolumeClaim, Pod } from '../../generated/core/v1/index.ts';
import {
  namespaces,
  nodes,
  persistentvolumeclaims,
  persistentvolumes,
  pods,
} from '../../generated/core/v1/resources.ts';
import { KubeSchedulerConfiguration } from '../../generated/kubescheduler/v1/index.ts';
import { kubeschedulerconfigurations } from '../../generated/kubescheduler/v1/resources.ts';
import { PodDisruptionBudget } from '../../generated/policy/v1/index.ts';
import { PriorityClass } from '../../generated/scheduling/v1/index.ts';
import { StorageClass } from '../../generated/storage/v1/index.ts';
import { createCluster, type TestCluster } from '../testing/index.ts';

type Spec = Partial<Pod['spec'] & object>;

function pod(
  name: string,
  cpu = '100m',
  spec: Spec = {},
  labels: Record<string, string> = {},
): Pod {
  return new Pod({
    metadata: { name, labels },
    spec: {
      containers: [{ name: 'c', image: 'app:1', resources: { requests: { cpu: cpu as '1' } } }],
      ...spec,
    },
  });
}

const high = new PriorityClass({ metadata: { name: 'high' }, value: 1000 });
const urgent: Spec = { priorityClassName: 'high' };

const nodeOf = (cluster: TestCluster, name: string): string | undefined =>
  cluster.get(Pod, name).spec?.nodeName;

const scheduled = (cluster: TestCluster, name: string) =>
  cluster.get(Pod, name).status?.conditions?.find(({ type }) => type === 'PodScheduled');

const reasons = (cluster: TestCluster, name: string): string[] =>
  cluster.events(name).map(({ reason, message }) => `${reason}: ${message}`);

describe('a pod that fits nowhere', () => {
  it('says why, and is scheduled once a node comes', async () => {
    const cluster = await createCluster({ nodes: { a: { cpu: '1' } } });
    await cluster.create(pod('big', '2'));
    await cluster.settle();
    const message =
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: ' +
      '0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
    expect(scheduled(cluster, 'big')).toMatchObject({
      status: 'False',
      reason: 'Unschedulable',
      message,
      observedGeneration: 1,
    });
    expect(reasons(cluster, 'big')).toEqual([`FailedScheduling: ${message}`]);
    const added = await cluster.client.create(nodes, { metadata: { name: 'b' } });
    const capacity = { cpu: '4', memory: '8Gi', pods: '10' } as const;
    await cluster.client.updateStatus(nodes, { ...added, status: { ...added.status, capacity } });
    await cluster.settle();
    expect(nodeOf(cluster, 'big')).toBe('b');
    expect(reasons(cluster, 'big')).toContain('Scheduled: Successfully assigned default/big to b');
  });

  it('is tried again when a pod goes that its anti-affinity, or theirs, is about', async () => {
    const cluster = await createCluster({ nodes: 1 });
    const labelSelector = { matchLabels: { app: 'db' } };
    const alone: Spec = {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
    };
    await cluster.create(pod('first', '100m', alone, { app: 'db' }));
    await cluster.settle();
    await cluster.create(
      pod('second', '100m', alone, { app: 'db' }),
      pod('third', '1m', {}, { app: 'db' }),
    );
    await cluster.settle();
    expect(scheduled(cluster, 'second')?.message).toMatch(
      /^0\/1 nodes are available: 1 node\(s\) didn't match pod anti-affinity rules\./,
    );
    expect(scheduled(cluster, 'third')?.message).toMatch(
      /^0\/1 nodes are available: 1 node\(s\) didn't satisfy existing pods anti-affinity rules\./,
    );
    await cluster.client.delete(pods, { name: 'first', namespace: 'default' });
    await cluster.settle();
    expect([nodeOf(cluster, 'second'), nodeOf(cluster, 'third')].filter(Boolean)).toHaveLength(1);
  });

  it('is tried again when a namespace gets the label that its affinity selects', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(pod('web', '100m', {}, { app: 'web' }));
    const podAffinityTerm = {
      labelSelector: { matchLabels: { app: 'web' } },
      namespaceSelector: { matchLabels: { team: 'shop' } },
      topologyKey: 'kubernetes.io/hostname',
    };
    const affinity = {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [podAffinityTerm] },
    };
    await cluster.create(pod('follower', '100m', { affinity }));
    await cluster.settle();
    expect(nodeOf(cluster, 'follower')).toBeUndefined();
    const labelled = { metadata: { labels: { team: 'shop' } } };
    await cluster.client.patch(namespaces, { name: 'default' }, labelled);
    await cluster.settle();
    expect(nodeOf(cluster, 'follower')).toBe('node-0');
  });
});

describe('scheduling gates', () => {
  it('keep a pod out of the queue until they are gone', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(
      pod('gated', '100m', { schedulingGates: [{ name: 'example.com/quota' }] }),
    );
    await cluster.settle();
    expect(nodeOf(cluster, 'gated')).toBeUndefined();
    expect(scheduled(cluster, 'gated')).toMatchObject({ reason: 'SchedulingGated' });
    expect(reasons(cluster, 'gated')).toEqual([]);
    const target = { name: 'gated', namespace: 'default' };
    await cluster.client.patch(
      pods,
      target,
      { spec: { schedulingGates: [] } },
      {
        type: 'application/merge-patch+json',
      },
    );
    await cluster.settle();
    expect(nodeOf(cluster, 'gated')).toBe('node-0');
  });
});

describe('preemption', () => {
  it('evicts the fewest and least important pods, and takes their place', async () => {
    const cluster = await createCluster({ nodes: { a: { cpu: '2' } } });
    const middle = new PriorityClass({ metadata: { name: 'middle' }, value: 10 });
    await cluster.create(high, middle);
    await cluster.create(pod('low', '1'), pod('mid', '1', { priorityClassName: 'middle' }));
    await cluster.settle();
    await cluster.create(pod('high', '1', urgent));
    await cluster.cluster.drain();
    expect(cluster.get(Pod, 'high').status?.nominatedNodeName).toBe('a');
    expect(scheduled(cluster, 'high')?.message).toBe(
      '0/1 nodes are available: 1 Insufficient cpu.',
    );
    const { metadata, status } = cluster.get(Pod, 'low');
    expect(metadata.deletionTimestamp).toBeDefined();
    expect(status?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    });
    const { uid } = cluster.get(Pod, 'high').metadata;
    expect(reasons(cluster, 'low')).toContain(`Preempted: Preempted by pod ${uid} on node a`);
    await cluster.settle();
    expect(nodeOf(cluster, 'high')).toBe('a');
    expect(cluster.get(Pod, 'high').status?.nominatedNodeName).toBeUndefined();
    expect(nodeOf(cluster, 'mid')).toBe('a');
    expect(cluster.list(Pod).map((each) => each.metadata.name)).toEqual(['high', 'mid']);
  });

  it('keeps the room for the nominated pod against those that are less important', async () => {
    const cluster = await createCluster({ nodes: { a: { cpu: '2' } } });
    await cluster.create(high, pod('low', '2', { terminationGracePeriodSeconds: 20 }));
    await cluster.settle();
    await cluster.create(pod('high', '2', urgent));
    await cluster.cluster.drain();
    await cluster.create(pod('late', '1'));
    await cluster.settle();
    expect(nodeOf(cluster, 'high')).toBe('a');
    expect(nodeOf(cluster, 'late')).toBeUndefined();
  });

  it('spares pods whose disruption budget is used up, when it can', async () => {
    const cluster = await createCluster({ nodes: { a: { cpu: '1' }, b: { cpu: '1' } } });
    const budget = new PodDisruptionBudget({
      metadata: { name: 'keep' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'db' } } },
    });
    await cluster.create(high, budget, pod('db', '1', { nodeName: 'a' }, { app: 'db' }));
    await cluster.create(pod('web', '1', { nodeName: 'b' }));
    await cluster.settle();
    await cluster.create(pod('high', '1', urgent));
    await cluster.settle();
    expect([nodeOf(cluster, 'high'), nodeOf(cluster, 'db')]).toEqual(['b', 'a']);
  });

  it('is not tried by a pod whose class says never', async () => {
    const cluster = await createCluster({ nodes: { a: { cpu: '1' } } });
    const polite = new PriorityClass({
      metadata: { name: 'polite' },
      value: 1000,
      preemptionPolicy: 'Never',
    });
    await cluster.create(polite, pod('low', '1'));
    await cluster.settle();
    await cluster.create(pod('high', '1', { priorityClassName: 'polite' }));
    await cluster.settle();
    expect(nodeOf(cluster, 'low')).toBe('a');
    expect(scheduled(cluster, 'high')?.message).toMatch(/preemptionPolicy=Never\.$/);
  });
});

describe('the configuration', () => {
  it('is followed while the cluster runs', async () => {
    const cluster = await createCluster({ nodes: { a: { cpu: '4' }, b: { cpu: '4' } } });
    await cluster.create(pod('seed', '2', { nodeName: 'b' }));
    await cluster.create(pod('waits', '100m', { schedulerName: 'packer' }));
    await cluster.settle();
    expect(nodeOf(cluster, 'waits')).toBeUndefined();
    await cluster.create(
      new KubeSchedulerConfiguration({
        metadata: { name: 'default' },
        profiles: [
          { schedulerName: 'default-scheduler' },
          {
            schedulerName: 'packer',
            plugins: {
              score: { disabled: [{ name: '*' }], enabled: [{ name: 'NodeResourcesFit' }] },
            },
            pluginConfig: [
              { name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'MostAllocated' } } },
            ],
          },
        ],
      }),
    );
    await cluster.settle();
    expect(nodeOf(cluster, 'waits')).toBe('b');
    expect(cluster.events('waits')[0]?.source?.component).toBe('packer');
    await cluster.client.delete(kubeschedulerconfigurations, { name: 'default' });
    await cluster.create(pod('again', '100m', { schedulerName: 'packer' }));
    await cluster.settle();
    expect(nodeOf(cluster, 'again')).toBeUndefined();
  });

  it('takes the back-off of the Cluster', async () => {
    // Later versions let an idle scheduler take pods from back-off early.
    const cluster = await createCluster({ nodes: 1, scheduler: { kubernetesVersion: '1.28' } });
    const scheduler = { podInitialBackoffSeconds: 100, podMaxBackoffSeconds: 100 };
    await cluster.create(new Cluster({ metadata: { name: 'default' }, spec: { scheduler } }));
    await cluster.create(pod('picky', '100m', { nodeSelector: { disk: 'fast' } }));
    await cluster.settle();
    const labels = { disk: 'fast' };
    await cluster.client.patch(nodes, { name: 'node-0' }, { metadata: { labels } });
    await cluster.cluster.advance(90_000);
    expect(nodeOf(cluster, 'picky')).toBeUndefined();
    await cluster.cluster.advance(20_000);
    expect(nodeOf(cluster, 'picky')).toBe('node-0');
  });
});

describe('volumes', () => {
  const local = new StorageClass({
    metadata: { name: 'local' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  const claim = new PersistentVolumeClaim({
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'local',
      resources: { requests: { storage: '5Gi' } },
    },
  });
  const volume = new PersistentVolume({
    metadata: { name: 'disk' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '10Gi' },
      storageClassName: 'local',
      local: { path: '/mnt/disk' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] },
              ],
            },
          ],
        },
      },
    },
  });
  const uses: Spec = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };

  /** Nobody binds or provisions volumes but the test. */
  const alone = { nodes: 2, without: ['persistentvolume-binder', 'csi-provisioner'] };

  it('bring a pod to the node that reaches the volume of its claim', async () => {
    const cluster = await createCluster({ nodes: 2 });
    await cluster.create(local, claim, volume);
    await cluster.settle();
    await cluster.create(pod('db', '100m', uses));
    await cluster.settle();
    expect(nodeOf(cluster, 'db')).toBe('node-1');
    const bound = await cluster.client.get(persistentvolumeclaims, 'data', 'default');
    expect([bound.spec?.volumeName, bound.status?.phase]).toEqual(['disk', 'Bound']);
  });

  it('are reserved on the chosen node, and the pod is bound once they are bound', async () => {
    const cluster = await createCluster(alone);
    await cluster.create(local, claim, volume);
    const disk = await cluster.client.get(persistentvolumes, 'disk');
    await cluster.client.updateStatus(persistentvolumes, {
      ...disk,
      status: { phase: 'Available' },
    });
    await cluster.create(pod('db', '100m', uses));
    await cluster.cluster.drain();
    const reserved = await cluster.client.get(persistentvolumes, 'disk');
    expect(reserved.spec?.claimRef).toMatchObject({ name: 'data', namespace: 'default' });
    expect(nodeOf(cluster, 'db')).toBeUndefined();
    expect(cluster.get(Pod, 'db').status?.nominatedNodeName).toBe('node-1');
    await cluster.client.patch(
      persistentvolumeclaims,
      { name: 'data', namespace: 'default' },
      {
        metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
        spec: { volumeName: 'disk' },
      },
    );
    await cluster.cluster.drain();
    expect(nodeOf(cluster, 'db')).toBe('node-1');
  });

  it('that never come let the pod go after ten minutes', async () => {
    const cluster = await createCluster(alone);
    const dynamic = new StorageClass({
      metadata: { name: 'local' },
      provisioner: 'csi.example.com',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    await cluster.create(dynamic, claim, pod('db', '100m', uses));
    await cluster.cluster.drain();
    const asked = await cluster.client.get(persistentvolumeclaims, 'data', 'default');
    expect(asked.metadata.annotations?.['volume.kubernetes.io/selected-node']).toMatch(/^node-/);
    await cluster.cluster.advance(601_000);
    expect(reasons(cluster, 'db')[0]).toMatch(
      /^FailedScheduling: running PreBind plugin "VolumeBinding": binding volumes: /,
    );
  });
});
