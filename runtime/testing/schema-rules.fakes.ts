/** A value that breaks rules of its definition, and the causes that the API reports for it. */
export interface Broken {
  readonly definition: string;
  readonly value: unknown;
  /** The stored object, for rules about changes. */
  readonly old?: unknown;
  /** `reason field` */
  readonly causes: readonly string[];
}

const REASONS: Readonly<Record<string, string>> = {
  required: 'FieldValueRequired',
  invalid: 'FieldValueInvalid',
  forbidden: 'FieldValueForbidden',
  unsupported: 'FieldValueNotSupported',
};

/** Causes are written `invalid spec.x`; one without a field is about the value itself. */
export function broken(
  definition: string,
  value: unknown,
  causes: readonly string[],
  old?: unknown,
): Broken {
  const spelt = causes.map((cause) => {
    const [reason = '', field = ''] = cause.split(' ');
    return `${REASONS[reason]} ${field}`;
  });
  return { definition, value, causes: spelt, ...(old === undefined ? {} : { old }) };
}

export const many = (
  definition: string,
  cases: readonly (readonly [value: unknown, ...causes: string[]])[],
): Broken[] => cases.map(([value, ...causes]) => broken(definition, value, causes));

const container = { name: 'a', image: 'b' };
const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [container] } };
const matching = { selector: { matchLabels: { app: 'a' } }, template };
const exec = { command: ['true'] };
const httpGet = { port: 80 };

const SELECTORS = many('meta/v1.LabelSelectorRequirement', [
  [{ key: '', operator: 'Exists' }, 'invalid key'],
  [{ key: 'a', operator: 'In' }, 'required values'],
  [{ key: 'a', operator: 'Exists', values: ['b'] }, 'forbidden values'],
  [{ key: 'a', operator: 'Like' }, 'invalid operator'],
]);

const METADATA = [
  ...many('meta/v1.OwnerReference', [
    [{}, 'invalid apiVersion', 'invalid kind', 'invalid name', 'invalid uid'],
  ]),
  ...many('meta/v1.ObjectMeta', [
    [{ finalizers: ['noslash'] }, 'invalid finalizers[0]'],
    [{ finalizers: ['orphan', 'foregroundDeletion'] }, 'invalid finalizers'],
  ]),
];

const workload = (definition: string): Broken[] =>
  many(definition, [
    [{ template }, 'required selector', 'invalid template.metadata.labels'],
    [{ ...matching, selector: {} }, 'invalid selector'],
    [
      { ...matching, selector: { matchExpressions: [{ key: 'app', operator: 'In' }] } },
      'invalid selector',
      'required selector.matchExpressions[0].values',
    ],
    [
      {
        ...matching,
        selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['b'] }] },
      },
      'invalid template.metadata.labels',
    ],
    [
      { ...matching, selector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } },
      'invalid template.metadata.labels',
    ],
    [
      { selector: matching.selector },
      'invalid template.metadata.labels',
      'required template.spec.containers',
    ],
    [
      {
        ...matching,
        template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
      },
      'unsupported template.spec.restartPolicy',
    ],
    [
      {
        ...matching,
        template: { ...template, spec: { ...template.spec, activeDeadlineSeconds: 9 } },
      },
      'forbidden template.spec.activeDeadlineSeconds',
    ],
  ]);

const WORKLOADS = [
  ...workload('apps/v1.DeploymentSpec'),
  ...workload('apps/v1.ReplicaSetSpec'),
  ...many('apps/v1.DeploymentSpec', [
    [
      { ...matching, progressDeadlineSeconds: 5, minReadySeconds: 5 },
      'invalid progressDeadlineSeconds',
    ],
  ]),
  ...many('apps/v1.DeploymentStrategy', [
    [{ type: 'Recreate', rollingUpdate: {} }, 'forbidden rollingUpdate'],
  ]),
  ...many('apps/v1.RollingUpdateDeployment', [
    [{ maxSurge: '0%', maxUnavailable: 0 }, 'invalid maxUnavailable'],
    [{ maxSurge: 'x', maxUnavailable: '5' }, 'invalid maxSurge', 'invalid maxUnavailable'],
    [{ maxUnavailable: '101%' }, 'invalid maxUnavailable'],
    [{ maxSurge: -1, maxUnavailable: -1 }, 'invalid maxSurge', 'invalid maxUnavailable'],
  ]),
  ...many('apps/v1.DeploymentStatus', [
    [
      { replicas: 1, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
      'invalid availableReplicas',
      'invalid readyReplicas',
      'invalid updatedReplicas',
    ],
    [{ replicas: 1, availableReplicas: 1 }, 'invalid availableReplicas'],
  ]),
  broken('apps/v1.DeploymentStatus', { collisionCount: 1 }, ['invalid collisionCount'], {
    collisionCount: 2,
  }),
  ...many('apps/v1.ReplicaSetStatus', [
    [
      { replicas: 1, fullyLabeledReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
      'invalid availableReplicas',
      'invalid fullyLabeledReplicas',
      'invalid readyReplicas',
    ],
    [{ replicas: 1, availableReplicas: 1 }, 'invalid availableReplicas'],
  ]),
];

const handlers = (definition: string, last: string, spec: unknown): Broken[] =>
  many(definition, [
    [{ initialDelaySeconds: undefined }, 'required'],
    [{ exec, httpGet }, 'forbidden httpGet'],
    [{ httpGet, tcpSocket: httpGet }, 'forbidden tcpSocket'],
    [{ exec, [last]: spec }, `forbidden ${last}`],
  ]);

const CONTAINERS = [
  ...many('core/v1.Container', [
    [{ name: 'a' }, 'required image'],
    [
      { ...container, livenessProbe: { exec, successThreshold: 2 } },
      'invalid livenessProbe.successThreshold',
    ],
    [
      { ...container, startupProbe: { exec, successThreshold: 2 } },
      'invalid startupProbe.successThreshold',
    ],
    [
      { ...container, readinessProbe: { exec, terminationGracePeriodSeconds: 3 } },
      'invalid readinessProbe.terminationGracePeriodSeconds',
    ],
    [
      {
        ...container,
        restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }],
      },
      'required restartPolicy',
    ],
  ]),
  ...many('core/v1.EphemeralContainer', [
    [{ name: 'a' }, 'required image'],
    [
      {
        ...container,
        lifecycle: { preStop: { exec } },
        livenessProbe: { exec },
        readinessProbe: { exec },
        startupProbe: { exec },
        ports: [{ containerPort: 80 }],
        resources: { limits: { cpu: '1' } },
        resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }],
        restartPolicy: 'Never',
        restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }],
      },
      'forbidden lifecycle',
      'forbidden livenessProbe',
      'forbidden ports',
      'forbidden readinessProbe',
      'forbidden resizePolicy',
      'forbidden resources',
      'forbidden restartPolicy',
      'forbidden restartPolicyRules',
      'forbidden startupProbe',
    ],
  ]),
  ...handlers('core/v1.LifecycleHandler', 'sleep', { seconds: 1 }),
  ...handlers('core/v1.Probe', 'grpc', { port: 1 }),
  ...many('core/v1.ExecAction', [[{}, 'required command']]),
  ...many('core/v1.HTTPGetAction', [
    [{}, 'invalid port'],
    [{ port: 'not a port' }, 'invalid port'],
    [{ port: 70_000 }, 'invalid port'],
  ]),
  ...many('core/v1.HTTPHeader', [[{ name: 'a b', value: 'c' }, 'invalid name']]),
  ...many('core/v1.ContainerRestartRule', [[{ action: 'Restart' }, 'required exitCodes']]),
  ...many('core/v1.EnvVar', [
    [
      { name: 'A', value: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      'invalid valueFrom',
    ],
  ]),
  ...many('core/v1.EnvVarSource', [
    [{}, 'invalid'],
    [{ fieldRef: { fieldPath: 'metadata.uid' }, secretKeyRef: { name: 'a', key: 'b' } }, 'invalid'],
    [{ fieldRef: { fieldPath: 'spec.replicas' } }, 'unsupported fieldRef.fieldPath'],
  ]),
  ...many('core/v1.ConfigMapKeySelector', [[{ key: 'a' }, 'invalid name']]),
  ...many('core/v1.SecretKeySelector', [[{ key: 'a' }, 'invalid name']]),
  ...many('core/v1.ResourceFieldSelector', [
    [{ resource: 'limits.gpu' }, 'unsupported resource'],
    [{ resource: 'limits.cpu', divisor: '2m' }, 'invalid divisor'],
  ]),
  ...many('core/v1.EnvFromSource', [
    [{}, 'invalid'],
    [{ configMapRef: { name: 'a' }, secretRef: { name: 'b' } }, 'invalid'],
  ]),
  ...many('core/v1.ConfigMapEnvSource', [[{}, 'required name']]),
  ...many('core/v1.SecretEnvSource', [[{}, 'required name']]),
  ...many('core/v1.VolumeMount', [
    [{ name: 'a', mountPath: '/a', subPath: 'b', subPathExpr: 'c' }, 'invalid subPathExpr'],
    [{ name: 'a', mountPath: '/a', subPath: '/b' }, 'invalid subPath'],
    [{ name: 'a', mountPath: '/a', subPath: 'b/../c' }, 'invalid subPath'],
    [
      {
        name: 'a',
        mountPath: '/a',
        recursiveReadOnly: 'Enabled',
        mountPropagation: 'HostToContainer',
      },
      'forbidden recursiveReadOnly',
    ],
  ]),
  ...many('core/v1.ResourceRequirements', [[{ limits: { cpus: '1' } }, 'invalid limits[cpus]']]),
];

const SECURITY = [
  ...many('core/v1.SecurityContext', [
    [{ allowPrivilegeEscalation: false, privileged: true }, 'invalid'],
    [{ allowPrivilegeEscalation: false, capabilities: { add: ['CAP_SYS_ADMIN'] } }, 'invalid'],
  ]),
  ...['AppArmorProfile', 'SeccompProfile'].flatMap((name) =>
    many(`core/v1.${name}`, [
      [{ type: 'Localhost' }, 'required localhostProfile'],
      [{ type: 'Unconfined', localhostProfile: 'a' }, 'invalid localhostProfile'],
    ]),
  ),
  ...many('core/v1.Sysctl', [[{ name: 'Net', value: '1' }, 'invalid name']]),
];

export const BROKEN_WORKLOADS: readonly Broken[] = [
  ...SELECTORS,
  ...METADATA,
  ...WORKLOADS,
  ...CONTAINERS,
  ...SECURITY,
];
