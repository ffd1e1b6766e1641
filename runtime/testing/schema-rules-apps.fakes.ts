import { type Broken, broken, many } from './schema-rules.fakes.ts';

const container = { name: 'a', image: 'b' };
const selector = { matchLabels: { app: 'a' } };
const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [container] } };

/** Selectors choose something, and pods never end by themselves. */
const lasting = (definition: string, deadline: string): Broken[] =>
  many(definition, [
    [{ template, selector: {} }, 'invalid selector'],
    [
      { selector, template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } },
      'unsupported template.spec.restartPolicy',
    ],
    [
      { selector, template: { ...template, spec: { ...template.spec, activeDeadlineSeconds: 1 } } },
      `${deadline} template.spec.activeDeadlineSeconds`,
    ],
  ]);

const DAEMON_SETS: readonly Broken[] = [
  ...lasting('apps/v1.DaemonSetSpec', 'invalid'),
  ...many('apps/v1.RollingUpdateDaemonSet', [
    [{ maxUnavailable: 0, maxSurge: '0%' }, 'required maxUnavailable'],
    [{ maxUnavailable: '10%', maxSurge: 1 }, 'invalid maxSurge'],
    [{ maxUnavailable: 'some', maxSurge: 0 }, 'invalid maxUnavailable'],
    [{ maxUnavailable: '101%', maxSurge: 0 }, 'invalid maxUnavailable'],
    [{ maxUnavailable: 0, maxSurge: 'some' }, 'invalid maxSurge'],
    [{ maxUnavailable: 0, maxSurge: '200%' }, 'invalid maxSurge'],
  ]),
  broken('apps/v1.DaemonSetStatus', { collisionCount: 1 }, ['invalid collisionCount'], {
    collisionCount: 2,
  }),
];

const STATEFUL_SETS: readonly Broken[] = [
  ...lasting('apps/v1.StatefulSetSpec', 'forbidden'),
  ...many('apps/v1.StatefulSetUpdateStrategy', [
    [{ type: 'OnDelete', rollingUpdate: {} }, 'invalid rollingUpdate'],
  ]),
  ...many('apps/v1.RollingUpdateStatefulSetStrategy', [
    [{ maxUnavailable: '0%' }, 'invalid maxUnavailable'],
    [{ maxUnavailable: 'some' }, 'invalid maxUnavailable'],
    [{ maxUnavailable: '101%' }, 'invalid maxUnavailable'],
  ]),
  ...many('apps/v1.StatefulSetStatus', [
    [
      {
        replicas: 1,
        readyReplicas: 2,
        currentReplicas: 2,
        updatedReplicas: 2,
        availableReplicas: 3,
      },
      'invalid readyReplicas',
      'invalid currentReplicas',
      'invalid updatedReplicas',
      'invalid availableReplicas',
    ],
  ]),
  broken('apps/v1.StatefulSetStatus', { collisionCount: 1 }, ['invalid collisionCount'], {
    collisionCount: 2,
  }),
  ...many('apps/v1.ControllerRevision', [[{ metadata: {} }, 'required data']]),
];

const BATCH: readonly Broken[] = [
  ...many('batch/v1.PodFailurePolicyRule', [
    [{ action: 'Count' }, 'invalid'],
    [
      {
        action: 'Count',
        onExitCodes: { operator: 'In', values: [1] },
        onPodConditions: [{ type: 'a' }],
      },
      'invalid',
    ],
  ]),
  ...many('batch/v1.SuccessPolicyRule', [[{}, 'required']]),
];

const target = { kind: 'Deployment', name: 'a' };

const AUTOSCALING: readonly Broken[] = [
  ...['autoscaling/v1', 'autoscaling/v2'].flatMap((version) =>
    many(`${version}.HorizontalPodAutoscalerSpec`, [
      [{ scaleTargetRef: target, minReplicas: 3, maxReplicas: 2 }, 'invalid maxReplicas'],
    ]),
  ),
  ...many('autoscaling/v2.HPAScalingRules', [
    [{ stabilizationWindowSeconds: -1 }, 'invalid stabilizationWindowSeconds'],
    [{ stabilizationWindowSeconds: 3601 }, 'invalid stabilizationWindowSeconds'],
  ]),
  ...many('autoscaling/v2.HPAScalingPolicy', [
    [{ type: 'Pods' }, 'invalid value', 'invalid periodSeconds'],
    [{ type: 'Pods', value: 1, periodSeconds: 1801 }, 'invalid periodSeconds'],
  ]),
];

const BUDGETS: readonly Broken[] = many('policy/v1.PodDisruptionBudgetSpec', [
  [{ minAvailable: 1, maxUnavailable: 1 }, 'invalid'],
  [{ minAvailable: 'some' }, 'invalid minAvailable'],
  [{ minAvailable: '101%' }, 'invalid minAvailable'],
  [{ maxUnavailable: 'some' }, 'invalid maxUnavailable'],
  [{ maxUnavailable: '101%' }, 'invalid maxUnavailable'],
]);

/** Of the other workloads, and of what scales and protects them. */
export const BROKEN_APPS: readonly Broken[] = [
  ...DAEMON_SETS,
  ...STATEFUL_SETS,
  ...BATCH,
  ...AUTOSCALING,
  ...BUDGETS,
];
