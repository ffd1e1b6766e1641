import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Shell } from './cli.fakes.ts';

/** A cluster of two small nodes in two zones, and one that is kept free. */
const CLUSTER = `import { Cluster } from 'slipway/cluster/v1';
export const cluster = new Cluster({
  metadata: { name: 'default' },
  spec: {
    nodePools: [
      { name: 'small', count: 2, zones: ['a', 'b'], capacity: { cpu: 2 } },
      { name: 'kept', count: 1, taints: [{ key: 'kept', effect: 'NoSchedule' }] },
    ],
  },
});
`;

const pod = (spec: string): string => `import { Pod } from 'slipway/core/v1';
export const lone = new Pod({
  metadata: { name: 'lone', labels: { app: 'lone' } },
  spec: {
    ${spec},
  },
});
`;

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly object: string;
  readonly fieldPath: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly causes?: readonly string[];
  readonly related?: readonly { message: string; file: string; line: number; column: number }[];
}

describe('what became of the manifests', () => {
  let shell: Shell;
  beforeEach(() => {
    shell = new Shell();
  });
  afterEach(() => shell.remove());

  /** What a run finds, each with the text at its place in the file. */
  async function findings(text: string): Promise<(Found & { readonly text: string })[]> {
    shell.write({ 'm/cluster.ts': CLUSTER, 'm/a.ts': text });
    const { out, err } = await shell.run('run', 'm', '-o', 'json', '--for', '2m');
    expect(err).toBe('');
    const found = (JSON.parse(out) as { findings: Found[] }).findings;
    const lines = text.split('\n');
    return found.map((each) => ({
      ...each,
      text: (lines[each.line - 1] ?? '').slice(each.column - 1),
    }));
  }

  const CONTAINER = "containers: [{ name: 'c', image: 'x' }]";
  const cases: readonly [string, string, string, string][] = [
    [
      'a request that is too large',
      "containers: [{ name: 'c', image: 'x', resources: { requests: { cpu: 3, memory: '1Gi' } } }]",
      'spec.containers[0].resources.requests[cpu]',
      '3,',
    ],
    [
      'a selector that no node meets',
      `nodeSelector: { disk: 'fast' }, ${CONTAINER}`,
      'spec.nodeSelector[disk]',
      "'fast' }",
    ],
    [
      'the label among others that no node has',
      `nodeSelector: { 'kubernetes.io/os': 'linux', 'topology.kubernetes.io/zone': 'z' }, ${CONTAINER}`,
      'spec.nodeSelector[topology.kubernetes.io/zone]',
      "'z' }",
    ],
    [
      'a selector of which no node has two labels',
      `nodeSelector: { disk: 'fast', gpu: 'yes' }, ${CONTAINER}`,
      'spec.nodeSelector',
      "{ disk: 'fast'",
    ],
    [
      'affinity to pods that are not there',
      `affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'none' } } }] } }, ${CONTAINER}`,
      'spec.affinity.podAffinity',
      '{ requiredDuring',
    ],
    [
      'a claim that is not there',
      `volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'none' } }], ${CONTAINER}`,
      'spec.volumes[0].persistentVolumeClaim.claimName',
      "'none'",
    ],
  ];

  it.each(cases)('stands at %s', async (_, spec, fieldPath, text) => {
    const [found, ...rest] = await findings(pod(spec));
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      code: 'E_OUTCOME_UNSCHEDULABLE',
      object: 'default › Pod/lone',
      fieldPath,
      file: 'm/a.ts',
    });
    expect(found!.text.startsWith(text)).toBe(true);
  });

  it('names the places of what else refuses', async () => {
    const [found] = await findings(
      pod("containers: [{ name: 'c', image: 'x', resources: { requests: { cpu: 3 } } }]"),
    );
    expect(found!.message).toBe(
      'pod default/lone fits none of 3 nodes; NodeResourcesFit refuses 2 (cpu: asks 3, free 2 of 2); TaintToleration refuses 1 (taint kept:NoSchedule is not tolerated)',
    );
    expect(found!.related).toMatchObject([
      { message: 'TaintToleration refuses 1 node', file: 'm/a.ts', line: 4, column: 9 },
    ]);
  });

  const TEAM = `import { CronJob } from 'slipway/batch/v1';
import { Deployment } from 'slipway/apps/v1';
import { Namespace, ResourceQuota } from 'slipway/core/v1';
import { PodDisruptionBudget } from 'slipway/policy/v1';
const labels = { app: 'web' };
export const team = new Namespace({ metadata: { name: 'team' } });
`;

  it('leads from a refused pod over its controllers to the request, and to the quota', async () => {
    const [found, ...rest] = await findings(`${TEAM}
export const quota = new ResourceQuota({
  metadata: { name: 'q', namespace: 'team' },
  spec: { hard: { 'requests.cpu': '1' } },
});
const requests = { cpu: '600m' } as const;
export const web = new Deployment({
  metadata: { name: 'web', namespace: 'team' },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'x', resources: { requests } }] } },
  },
});
`);
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      code: 'E_OUTCOME_QUOTA',
      object: 'team › Deployment/web',
      fieldPath: 'spec.template.spec.containers[0].resources.requests[cpu]',
      text: "'600m' } as const;",
      related: [
        { message: 'team › ResourceQuota/q limits it', file: 'm/a.ts', line: 10, column: 35 },
      ],
    });
    expect(found!.message).toMatch(
      /^team › ReplicaSet\/web-\w+ may make no more: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1$/,
    );
  });

  it('leads from a pod of a cron job to its template', async () => {
    const [found] = await findings(`${TEAM}
export const hourly = new CronJob({
  metadata: { name: 'hourly', namespace: 'team' },
  spec: {
    schedule: '* * * * *',
    jobTemplate: { spec: { template: { spec: {
      restartPolicy: 'Never',
      nodeSelector: { disk: 'fast' },
      containers: [{ name: 'c', image: 'x' }],
    } } } },
  },
});
`);
    expect(found).toMatchObject({
      object: 'team › CronJob/hourly',
      fieldPath: 'spec.jobTemplate.spec.template.spec.nodeSelector[disk]',
      text: "'fast' },",
    });
  });

  it('warns of a budget that lets nobody evict', async () => {
    const [found, ...rest] = await findings(`${TEAM}
export const web = new Deployment({
  metadata: { name: 'web', namespace: 'team' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'x' }] } },
  },
});
export const budget = new PodDisruptionBudget({
  metadata: { name: 'web', namespace: 'team' },
  spec: { minAvailable: '100%', selector: { matchLabels: labels } },
});
`);
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      code: 'E_OUTCOME_BUDGET',
      severity: 'warning',
      message: 'team › PodDisruptionBudget/web lets nobody evict: it needs 2 healthy pods of 2',
      fieldPath: 'spec.minAvailable',
    });
    expect(found!.text.startsWith("'100%'")).toBe(true);
  });

  const web = (template: string, more = ''): string => `${TEAM}
export const web = new Deployment({
  metadata: { name: 'web', namespace: 'team' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: {
      ${template}
    } },
  },
});
${more}`;
  const BEHAVIOUR = "import { Behaviour } from 'slipway/cluster/v1';\n";
  const behaves = (spec: string): string => `export const behaviour = new Behaviour({
  metadata: { name: 'web', namespace: 'team' },
  spec: { selector: { matchLabels: labels }, ${spec} },
});
`;
  const PATH = 'spec.template.spec';

  const refused: readonly [string, string, string, string, string][] = [
    [
      'a request above the limit range',
      "containers: [{ name: 'c', image: 'x', resources: { requests: { cpu: 5 }, limits: { cpu: 5 } } }],",
      `import { LimitRange } from 'slipway/core/v1';
export const limits = new LimitRange({
  metadata: { name: 'limits', namespace: 'team' },
  spec: { limits: [{ type: 'Container', max: { cpu: 4 } }] },
});`,
      `${PATH}.containers[0].resources.limits[cpu]`,
      '5 }',
    ],
    [
      'a service account that is not there',
      "serviceAccountName: 'nobody' as never,\n containers: [{ name: 'c', image: 'x' }],",
      '',
      `${PATH}.serviceAccountName`,
      "'nobody'",
    ],
    [
      'a class of priority that is not there',
      "priorityClassName: 'none' as never,\n containers: [{ name: 'c', image: 'x' }],",
      '',
      `${PATH}.priorityClassName`,
      "'none'",
    ],
  ];

  it.each(refused)('stands at %s', async (_, template, more, fieldPath, text) => {
    const [found, ...rest] = await findings(web(template, more));
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      code: 'E_OUTCOME_REFUSED',
      object: 'team › Deployment/web',
      fieldPath,
    });
    expect(found!.text.startsWith(text)).toBe(true);
  });

  it('stands at the security context that a namespace forbids, and names its label', async () => {
    const [found] = await findings(
      web(
        "containers: [{ name: 'c', image: 'x', securityContext: { privileged: true } }],",
      ).replace(
        "{ name: 'team' }",
        "{ name: 'team', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } }",
      ),
    );
    expect(found).toMatchObject({
      code: 'E_OUTCOME_REFUSED',
      fieldPath: `${PATH}.containers[0].securityContext.privileged`,
      related: [
        {
          message: expect.stringMatching(/^Namespace\/team rules it, /) as string,
          file: 'm/a.ts',
          line: 6,
        },
      ],
    });
    expect(found!.text.startsWith('true')).toBe(true);
  });

  const stuck: readonly [string, string, string, string, RegExp][] = [
    [
      'an image that cannot be pulled',
      "containers: [{ name: 'c', image: 'x:typo' }],",
      "pull: { error: { reason: 'ErrImagePull' } }",
      'image',
      /^container c of 2 pods waits: (ErrImagePull|ImagePullBackOff)/,
    ],
    [
      'a container that crashes',
      "containers: [{ name: 'c', image: 'x' }],",
      "exit: [{ after: '1s', code: 3 }]",
      '',
      /^container c of 2 pods ends again and again, the last time with exit code 3 \(Error\)/,
    ],
    [
      'a limit that memory exceeds',
      "containers: [{ name: 'c', image: 'x', resources: { limits: { memory: '10Mi' } } }],",
      "usage: { memory: '20Mi' }",
      'resources.limits[memory]',
      /exit code 137 \(OOMKilled\)/,
    ],
    [
      'a readiness probe that fails',
      "containers: [{ name: 'c', image: 'x', readinessProbe: { httpGet: { port: 80 } } }],",
      "ready: { after: '1h' }",
      'readinessProbe',
      /^container c of 2 pods is not ready: its readiness probe fails$/,
    ],
    [
      'a liveness probe that ends it',
      "containers: [{ name: 'c', image: 'x', livenessProbe: { httpGet: { port: 80 }, periodSeconds: 1 } }],",
      "probes: { liveness: [{ from: '0s' }] }, terminate: { duration: '1s' }",
      'livenessProbe',
      /its? liveness probe fails/,
    ],
  ];

  it.each(stuck)('stands at %s', async (_, template, behaviour, field, message) => {
    const [found, ...rest] = await findings(BEHAVIOUR + web(template, behaves(behaviour)));
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      code: 'E_OUTCOME_CONTAINER',
      object: 'team › Deployment/web',
      fieldPath: `${PATH}.containers[0]${field && `.${field}`}`,
      file: 'm/a.ts',
      line: 15,
    });
    expect(found!.message).toMatch(message);
  });

  it('stands at the variable whose secret is not there', async () => {
    const [found, ...rest] = await findings(
      web(
        "containers: [{ name: 'c', image: 'x', env: [{ name: 'A', value: 'b' }, { name: 'B', valueFrom: { secretKeyRef: { name: 'none', key: 'k' } } }] }],",
      ),
    );
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      code: 'E_OUTCOME_CONTAINER',
      message: 'container c of 2 pods waits: CreateContainerConfigError: secret "none" not found',
      fieldPath: `${PATH}.containers[0].env[1].valueFrom.secretKeyRef.name`,
    });
    expect(found!.text.startsWith("'none'")).toBe(true);
  });

  it('stands at the volume that cannot be set up', async () => {
    const [found, ...rest] = await findings(
      web(
        "containers: [{ name: 'c', image: 'x', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],\n volumes: [{ name: 'v', configMap: { name: 'none' } }],",
      ),
    );
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      code: 'E_OUTCOME_VOLUME',
      object: 'team › Deployment/web',
      message: 'volume v of 2 pods cannot be set up: configmap "none" not found',
      fieldPath: `${PATH}.volumes[0].configMap.name`,
    });
    expect(found!.text.startsWith("'none'")).toBe(true);
  });

  it('warns of what is not at its goal for whatever other reason', async () => {
    const [found, ...rest] =
      await findings(`import { HorizontalPodAutoscaler } from 'slipway/autoscaling/v2';
export const scale = new HorizontalPodAutoscaler({
  metadata: { name: 'scale' },
  spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' } },
});
`);
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      code: 'E_OUTCOME_WAITING',
      severity: 'warning',
      object: 'default › HorizontalPodAutoscaler/scale',
      message: expect.stringContaining('FailedGetScale'),
      fieldPath: 'spec.scaleTargetRef.name',
      line: 4,
    });
  });

  it('names a field that is taken from others, and in the JSON what was refused', async () => {
    const taken = (name: string): string => `import { ConfigMap } from 'slipway/core/v1';
export const ca = new ConfigMap({
  metadata: { name: '${name}', namespace: 'default' },
  data: { 'ca.crt': 'mine' },
});
`;
    shell.write({ 'm/a.ts': taken('kube-root-ca.crt') });
    const { out } = await shell.run('run', 'm', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({
      converged: true,
      findings: [
        { code: 'E_MANIFEST_TAKEN', severity: 'warning', file: 'm/a.ts', line: 4, column: 21 },
      ],
    });
    shell.write({ 'm/a.ts': taken('Not_A_Name') });
    const refused = await shell.run('run', 'm', '-o', 'json');
    expect(refused.exitCode).toBe(3);
    expect(JSON.parse(refused.out)).toMatchObject({
      converged: false,
      findings: [{ code: 'E_MANIFEST_VALUE', severity: 'error', line: 3, column: 21 }],
    });
  });

  it('frames it for people', async () => {
    shell.write({
      'm/cluster.ts': CLUSTER,
      'm/a.ts': pod("nodeSelector: { disk: 'fast' }, containers: [{ name: 'c', image: 'x' }]"),
    });
    const { out, exitCode } = await shell.run('run', 'm', '--for', '1m');
    expect(exitCode).toBe(4);
    expect(out).toContain(
      `error E_OUTCOME_UNSCHEDULABLE: pod default/lone fits none of 3 nodes; NodeAffinity refuses 2`,
    );
    expect(out).toContain(`
  ❯ m/a.ts:5:27
      4|   spec: {
      5|     nodeSelector: { disk: 'fast' }, containers: [{ name: 'c', image: 'x' }],
       |                           ^^^^^^
`);
  });
});
