import type { ManifestError } from '../client/index.ts';
import type { KubeObject } from '../meta/index.ts';
import { type FakeWorld, NOW_MS } from './fakes.ts';

/** A budget that lets nobody evict, where its manifest says so. */
export const BUDGET: ManifestError = {
  code: 'E_OUTCOME_BUDGET',
  severity: 'warning',
  object: 'shop › PodDisruptionBudget/db',
  message: 'shop › PodDisruptionBudget/db lets nobody evict: it needs 3 healthy pods of 3',
  position: { file: 'manifests/shop.ts', line: 71, column: 19 },
  frame: [
    'warning E_OUTCOME_BUDGET: shop › PodDisruptionBudget/db lets nobody evict: it needs 3 healthy pods of 3',
    '  shop › PodDisruptionBudget/db › spec.minAvailable',
    '',
    '  ❯ manifests/shop.ts:71:19',
    "     70|   metadata: { name: 'db' },",
    "     71|   spec: { minAvailable: '100%', selector },",
    '       |                         ^^^^^^',
    '  help: let it be one less than there are replicas, or maxUnavailable: 1',
  ].join('\n'),
};

const ROOM: ManifestError = {
  code: 'E_OUTCOME_UNSCHEDULABLE',
  object: 'shop › Deployment/web',
  message: 'pod shop/web-7f-4 fits none of 3 nodes; NodeResourcesFit refuses 2',
  position: { file: 'manifests/shop.ts', line: 24, column: 34 },
  frame: [
    'error E_OUTCOME_UNSCHEDULABLE: pod shop/web-7f-4 fits none of 3 nodes; NodeResourcesFit refuses 2',
    '  shop › Deployment/web › spec.template.spec.containers[0].resources.requests[cpu]',
    '',
    '  ❯ manifests/shop.ts:24:34',
    "     24|       resources: { requests: { cpu: '500m' } },",
    '       |                                     ^^^^^^',
    '  help: slipway why shop/web-7f-4',
  ].join('\n'),
};

const UNSCHEDULABLE = '0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.';

/** What happened in the shop so far, and what is to come. */
export function tellStory(world: FakeWorld): void {
  world.progress.set('deployments.apps shop/web', {
    trend: [6, 5, 4, 3, 2, 2],
    sinceMs: NOW_MS - 9000,
  });
  world.progress.set('deployments.apps shop/worker', { trend: [2, 2], sinceMs: NOW_MS - 40_000 });
  world.manifests = {
    folder: 'manifests',
    phase: 'idle',
    files: 3,
    resources: 9,
    savedAtWallMs: new Date(2026, 0, 1, 14, 3, 22).getTime(),
    changed: { created: 1, updated: 2, pruned: 0 },
    timings: { parseMs: 3.2, checkMs: 17.4, evaluateMs: 9, applyMs: 12 },
    errors: [],
  };
  world.verdicts.set('shop/web-7f-4', {
    pod: 'shop/web-7f-4',
    summary: `shop/web-7f-4 is on no node: ${UNSCHEDULABLE}`,
    plugins: ['NodeUnschedulable', 'TaintToleration', 'NodeResourcesFit'],
    nodes: [
      { name: 'n1', refusedBy: 'NodeResourcesFit', reason: 'cpu: asks 500m, free 250m' },
      {
        name: 'n2',
        refusedBy: 'NodeUnschedulable',
        reason: 'cordoned',
        refusals: [
          { plugin: 'NodeUnschedulable', reason: 'cordoned' },
          { plugin: 'NodeResourcesFit', reason: 'cpu: asks 500m, free 100m' },
        ],
      },
      { name: 'n3', refusedBy: 'NodeResourcesFit', reason: 'cpu: asks 500m, free 250m' },
    ],
    preemption: 'no pod on any node has a lower priority',
    counterfactual: ['fits n1 or n3 if it asks for at most 250m of cpu'],
  });
  world.sleepers = [
    { actor: 'nodes', key: 'pull\0worker-7f-0', atMs: NOW_MS + 18_000, kind: 'work', order: '1' },
    { actor: 'nodes', key: 'lease\0n1', atMs: NOW_MS + 20_000, kind: 'periodic', order: '2' },
  ];
  world.components = [
    { name: 'deployment', depth: 2, ready: false, retrying: 1 },
    {
      name: 'scheduler',
      depth: 0,
      ready: false,
      retrying: 0,
      parts: { active: 0, backoff: 0, unschedulable: 2, gated: 0 },
    },
  ];
  const idle = { streams: 1, told: 12, revision: 1840, bookmarks: 0, relists: 0, unseen: 0 };
  world.watches = [
    { component: 'deployment', resource: 'deployments.apps', ...idle },
    {
      ...{ component: 'deployment', resource: 'pods', ...idle },
      unseen: 3,
      nextDueMs: NOW_MS + 4000,
    },
    { component: 'scheduler', resource: 'nodes', ...idle, streams: 0, told: 0, revision: 0 },
    { component: 'bob (kubectl)', resource: 'pods in shop', ...idle, bookmarks: 2, relists: 1 },
  ];
  world.journal = JOURNAL;
  world.outcomes.push(BUDGET, ROOM);
  world.logs.set(
    'shop/web-7f-0/web',
    [
      '00:00:30Z listening on 8080',
      '00:01:00Z GET /',
      '00:01:30Z error: no stock',
      '00:03:00Z GET /cart',
    ]
      .map((line) => `2026-01-01T${line}\n`)
      .join(''),
  );
  const { spec } = world.get('deployments.apps', 'shop/web') as KubeObject & { spec: object };
  world.written.set('deployments.apps shop/web', {
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
      ...{ spec: { ...spec, replicas: 5 } },
    },
    positionOf: (path) => ({ file: 'manifests/shop.ts', line: 18 + path.length, column: 5 }),
  });
}

const AT = NOW_MS - 1000;

/** Newest first: a scaling and what came of it, up to a pod that waits for room. */
const JOURNAL: FakeWorld['journal'] = [
  {
    type: 'reconcile',
    id: 45,
    atMs: AT,
    component: 'scheduler',
    key: 'shop/web-7f-4',
    trigger: 1840,
    outcome: 'requeue',
    message: 'no node fits',
  },
  {
    type: 'write',
    id: 44,
    atMs: AT,
    component: 'replicaset',
    verb: 'create',
    resource: 'pods',
    key: 'shop/web-7f-5',
    revision: 1841,
    by: 42,
  },
  {
    type: 'reconcile',
    id: 42,
    atMs: AT,
    component: 'replicaset',
    key: 'shop/web-7f',
    trigger: 1838,
    outcome: 'done',
    decision: { create: 2 },
  },
  {
    type: 'write',
    id: 43,
    atMs: AT,
    component: 'replicaset',
    verb: 'create',
    resource: 'pods',
    key: 'shop/web-7f-4',
    revision: 1840,
    by: 42,
  },
  {
    type: 'reconcile',
    id: 40,
    atMs: AT - 1000,
    component: 'deployment',
    key: 'shop/web',
    trigger: 1836,
    outcome: 'done',
  },
  {
    type: 'write',
    id: 41,
    atMs: AT - 1000,
    component: 'deployment',
    verb: 'update',
    resource: 'replicasets.apps',
    key: 'shop/web-7f',
    revision: 1838,
    by: 40,
  },
  {
    type: 'write',
    id: 39,
    atMs: AT - 2000,
    component: 'authoring',
    verb: 'apply',
    resource: 'deployments.apps',
    key: 'shop/web',
    revision: 1836,
    by: 38,
  },
  {
    type: 'input',
    id: 38,
    atMs: AT - 2000,
    component: 'authoring',
    what: 'save',
    detail: { updated: 1 },
  },
  { type: 'input', id: 1, atMs: NOW_MS - 192_000, component: 'cluster', what: 'seed', detail: 7 },
];
