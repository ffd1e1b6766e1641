import type { KubeObject } from '../meta/index.ts';
import { FakeWorld, NOW_MS } from './fakes.ts';
import { tellStory } from './fakes-story.ts';
import type { Usage } from './model/world.ts';

const ago = (seconds: number): string =>
  `${new Date(NOW_MS - seconds * 1000).toISOString().slice(0, 19)}Z`;

interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export function object(
  apiVersion: string,
  kind: string,
  meta: Meta,
  rest: object = {},
): KubeObject {
  const metadata = { uid: `uid-${kind}-${meta.name}`, creationTimestamp: ago(180), ...meta };
  return { apiVersion, kind, metadata, ...rest };
}

export function ownedBy(kind: string, name: string): object {
  const reference = {
    apiVersion: 'apps/v1',
    kind,
    name,
    uid: `uid-${kind}-${name}`,
    controller: true,
  };
  return { ownerReferences: [reference] };
}

export function node(name: string, isReady = true): KubeObject {
  const ready = isReady
    ? {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'kubelet is posting ready status',
      }
    : {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      };
  return object(
    'v1',
    'Node',
    { name, labels: { 'kubernetes.io/hostname': name } },
    {
      spec: { podCIDR: '10.244.0.0/24' },
      status: {
        capacity: { cpu: '4', memory: '16Gi', pods: '110' },
        conditions: [
          { type: 'MemoryPressure', status: 'False', reason: 'KubeletHasSufficientMemory' },
          ready,
        ],
        nodeInfo: { kubeletVersion: 'v1.36.0' },
      },
    },
  );
}

export function workload(name: string, want: number, have: number): KubeObject[] {
  const selector = { matchLabels: { app: name } };
  const template = {
    metadata: { labels: { app: name } },
    spec: {
      containers: [{ name, image: `shop/${name}:1`, resources: { requests: { cpu: '500m' } } }],
    },
  };
  const status = {
    observedGeneration: 1,
    replicas: want,
    updatedReplicas: want,
    readyReplicas: have,
    availableReplicas: have,
  };
  const meta = { name, namespace: 'shop', labels: { app: name }, generation: 1 };
  const owner = ownedBy('Deployment', name);
  const set = { ...meta, name: `${name}-7f`, ...owner };
  return [
    object('apps/v1', 'Deployment', meta, { spec: { replicas: want, selector, template }, status }),
    object('apps/v1', 'ReplicaSet', set, { spec: { replicas: want, selector, template }, status }),
  ];
}

export function pod(app: string, at: number, status: object, nodeName?: string): KubeObject {
  const meta = {
    name: `${app}-7f-${at}`,
    namespace: 'shop',
    labels: { app },
    ...ownedBy('ReplicaSet', `${app}-7f`),
  };
  const containers = [
    { name: app, image: `shop/${app}:1`, resources: { requests: { cpu: '500m' } } },
  ];
  return object('v1', 'Pod', meta, {
    spec: { ...(nodeName ? { nodeName } : {}), containers },
    status,
  });
}

export function running(app: string, at: number, nodeName: string): KubeObject {
  return pod(
    app,
    at,
    {
      phase: 'Running',
      podIP: `10.244.0.${at + 2}`,
      podIPs: [{ ip: `10.244.0.${at + 2}` }],
      startTime: ago(170),
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: ago(160) }],
      containerStatuses: [
        {
          name: app,
          image: `shop/${app}:1`,
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: ago(165) } },
        },
      ],
    },
    nodeName,
  );
}

const UNSCHEDULABLE = '0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.';

export function pending(app: string, at: number): KubeObject {
  return pod(app, at, {
    phase: 'Pending',
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: UNSCHEDULABLE },
    ],
  });
}

export function backingOff(app: string, at: number, nodeName: string): KubeObject {
  const waiting = { reason: 'ImagePullBackOff', message: `Back-off pulling image "shop/${app}:1"` };
  return pod(
    app,
    at,
    {
      phase: 'Pending',
      conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }],
      containerStatuses: [
        { name: app, image: `shop/${app}:1`, ready: false, restartCount: 0, state: { waiting } },
      ],
    },
    nodeName,
  );
}

function event(
  at: number,
  type: string,
  reason: string,
  message: string,
  about: string,
  count = 1,
): KubeObject {
  return object(
    'v1',
    'Event',
    { name: `${about}.${at}`, namespace: 'shop' },
    {
      involvedObject: { kind: 'Pod', namespace: 'shop', name: about, uid: `uid-Pod-${about}` },
      type,
      reason,
      message,
      count,
      firstTimestamp: ago(100),
      lastTimestamp: ago(30 - at),
      source: { component: type === 'Warning' ? 'default-scheduler' : 'kubelet' },
    },
  );
}

/** The slice behind the service of the web: some of its pods are ready. */
function network(): readonly KubeObject[] {
  const endpoint = (at: number, conditions: object): object => ({
    addresses: [`10.244.0.${at + 2}`],
    nodeName: `n${(at % 3) + 1}`,
    targetRef: { kind: 'Pod', namespace: 'shop', name: `web-7f-${at}` },
    conditions,
  });
  const ready = { ready: true, serving: true, terminating: false };
  const labels = { 'kubernetes.io/service-name': 'web' };
  const meta = { name: 'web-x7', namespace: 'shop', labels };
  return [
    object('discovery.k8s.io/v1', 'EndpointSlice', meta, {
      addressType: 'IPv4',
      endpoints: [
        ...[0, 1, 2].map((at) => endpoint(at, ready)),
        endpoint(3, { ready: false, serving: true, terminating: true }),
      ],
      ports: [{ port: 8080, protocol: 'TCP' }],
    }),
    object('v1', 'ServiceAccount', { name: 'default', namespace: 'shop' }),
  ];
}

/** A shop in the middle of converging: one workload is there, one waits for room, one for its image. */
export function shop(): FakeWorld {
  const world = new FakeWorld([
    ...['default', 'shop'].map((name) =>
      object('v1', 'Namespace', { name }, { status: { phase: 'Active' } }),
    ),
    ...['n1', 'n2', 'n3'].map((name) => node(name)),
    ...workload('db', 3, 3),
    ...workload('web', 6, 4),
    ...workload('worker', 2, 0),
    ...[0, 1, 2].map((at) => running('db', at, `n${at + 1}`)),
    ...[0, 1, 2, 3].map((at) => running('web', at, `n${(at % 3) + 1}`)),
    ...[4, 5].map((at) => pending('web', at)),
    ...[0, 1].map((at) => backingOff('worker', at, 'n1')),
    event(
      1,
      'Normal',
      'Pulled',
      'Container image "shop/web:1" already present on machine',
      'web-7f-0',
    ),
    event(2, 'Normal', 'Started', 'Started container web', 'web-7f-0'),
    event(3, 'Warning', 'FailedScheduling', UNSCHEDULABLE, 'web-7f-4', 4),
    object(
      'v1',
      'Service',
      { name: 'web', namespace: 'shop' },
      {
        spec: {
          type: 'ClusterIP',
          clusterIP: '10.96.0.7',
          clusterIPs: ['10.96.0.7'],
          selector: { app: 'web' },
          ports: [{ port: 80, targetPort: 8080 }],
        },
      },
    ),
    object(
      'v1',
      'ConfigMap',
      { name: '设置', namespace: 'shop' },
      { data: { greeting: '你好\nsecond line', mode: 'shop' } },
    ),
    object(
      'v1',
      'Secret',
      { name: 'db', namespace: 'shop' },
      { type: 'Opaque', data: { password: 'aHVudGVyMg==' } },
    ),
  ]);
  for (const each of network()) world.put(each);
  world.pulses = [
    { resource: 'pods', behind: 4, trend: [11, 9, 6, 6, 4] },
    { resource: 'nodes', behind: 0, trend: [3, 0] },
  ];
  tellStory(world);
  return world;
}

/** What the pods of the shop that run use, and their nodes: more by each. */
export function usageIn(world: FakeWorld, id: string): Usage {
  const measured =
    id === 'nodes '
      ? ['n1', 'n2', 'n3']
      : ['db-7f-0', 'db-7f-1', 'db-7f-2', 'web-7f-0', 'web-7f-1'].map((name) => `shop/${name}`);
  const each = id === 'nodes ' ? 1200 : 120;
  const amounts = measured.map(
    (key, at) =>
      [key, { cpuMilli: each * (at + 1), memoryBytes: (at + 1) * each * 2 ** 20 }] as const,
  );
  world.usage = { id, byKey: new Map(amounts) };
  return world.usage;
}

export const FRAME = [
  'error E_MANIFEST_ENUM: `restartPolicy` must be one of Always, OnFailure, Never; got "always"',
  '  shop › Deployment/web › spec.template.spec.restartPolicy',
  '',
  '  ❯ manifests/shop.ts:18:22',
  '     17|     containers: [web],',
  "     18|     restartPolicy: 'always',",
  '       |                    ^^^^^^^^',
  "  help: did you mean 'Always'?",
].join('\n');

/** The same shop after a save with mistakes. */
export function brokenSave(world: FakeWorld, frames: readonly string[] = [FRAME]): void {
  const errors = frames.map((frame) => ({
    code: 'E_MANIFEST_ENUM',
    message: 'restartPolicy must be one of Always, OnFailure, Never',
    frame,
    position: { file: 'manifests/shop.ts', line: 18, column: 22 },
  }));
  world.manifests = { ...world.manifests!, phase: errors.length > 0 ? 'failed' : 'idle', errors };
}
