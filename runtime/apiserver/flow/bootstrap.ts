import type {
  FlowSchemaSpec,
  LimitedPriorityLevelConfiguration,
  PolicyRulesWithSubjects,
  PriorityLevelConfigurationSpec,
  Subject,
} from '../../../generated/flowcontrol/v1/types.ts';
import { formatTime } from '../../meta/index.ts';

export const FLOW_SCHEMAS = 'flowschemas.flowcontrol.apiserver.k8s.io';
export const PRIORITY_LEVELS = 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io';

/** A level with shares of the server, what it lends of them, and its queues if there are any: how many, hand size. */
type Level = readonly [shares: number, lent: number, queues?: number, hand?: number];

const QUEUE_LENGTH = 50;
const LEVELS: Readonly<Record<string, Level>> = {
  'catch-all': [5, 0],
  'global-default': [20, 50, 128, 6],
  'leader-election': [10, 0, 16, 4],
  'node-high': [40, 25, 64, 6],
  system: [30, 33, 64, 6],
  'workload-high': [40, 50, 128, 6],
  'workload-low': [100, 90, 128, 6],
};

const group = (name: string): Subject => ({ kind: 'Group', group: { name } });
const user = (name: string): Subject => ({ kind: 'User', user: { name } });
const accounts = (namespace: string): Subject => ({
  kind: 'ServiceAccount',
  serviceAccount: { namespace, name: '*' },
});

const ANYBODY = [group('system:unauthenticated'), group('system:authenticated')];
const MANAGER = user('system:kube-controller-manager');
const SCHEDULER = user('system:kube-scheduler');
const NODES = [group('system:nodes')];

type Rules = Omit<PolicyRulesWithSubjects, 'subjects'>;

const ALL: Rules = {
  resourceRules: [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] },
  ],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};
const leases = (verbs: readonly string[]): NonNullable<Rules['resourceRules']>[number] => ({
  verbs,
  apiGroups: ['coordination.k8s.io'],
  resources: ['leases'],
  namespaces: ['*'],
});
const OWN_NODE: Rules = {
  resourceRules: [
    {
      verbs: ['*'],
      apiGroups: [''],
      resources: ['nodes', 'nodes/status'],
      clusterScope: true,
      namespaces: ['*'],
    },
    leases(['*']),
  ],
};
const PROBES: Rules = {
  nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
};

/** A schema: its place, its level, whose requests it is about, which they are, and what tells its flows apart. */
type Row = readonly [
  precedence: number,
  level: string,
  subjects: readonly Subject[],
  rules?: Rules,
  by?: 'ByUser' | 'ByNamespace',
];

const SCHEMAS: Readonly<Record<string, Row>> = {
  'catch-all': [10_000, 'catch-all', ANYBODY, ALL, 'ByUser'],
  exempt: [1, 'exempt', [group('system:masters')], ALL],
  'global-default': [9_900, 'global-default', ANYBODY, ALL, 'ByUser'],
  'kube-controller-manager': [800, 'workload-high', [MANAGER], ALL, 'ByNamespace'],
  'kube-scheduler': [800, 'workload-high', [SCHEDULER], ALL, 'ByNamespace'],
  'kube-system-service-accounts': [
    900,
    'workload-high',
    [accounts('kube-system')],
    ALL,
    'ByNamespace',
  ],
  probes: [2, 'exempt', ANYBODY, PROBES],
  'service-accounts': [9_000, 'workload-low', [group('system:serviceaccounts')], ALL, 'ByUser'],
  'system-leader-election': [
    100,
    'leader-election',
    [MANAGER, SCHEDULER, accounts('kube-system')],
    { resourceRules: [leases(['get', 'create', 'update'])] },
    'ByUser',
  ],
  'system-node-high': [400, 'node-high', NODES, OWN_NODE, 'ByUser'],
  'system-nodes': [500, 'system', NODES, ALL, 'ByUser'],
};

/** Says that the server keeps the spec as it is here. */
const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'true' };

interface FlowObject {
  readonly id: string;
  readonly body: {
    readonly metadata: { readonly name: string };
    readonly [field: string]: unknown;
  };
}

/** What every cluster has of both kinds. */
export function flowObjects(nowMs: number): FlowObject[] {
  const levels: Record<string, PriorityLevelConfigurationSpec> = {
    exempt: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
    ...Object.fromEntries(Object.entries(LEVELS).map(([name, level]) => [name, levelOf(level)])),
  };
  return [
    ...Object.entries(levels).map(([name, spec]) => ({
      id: PRIORITY_LEVELS,
      body: { metadata: { name, annotations }, spec, status: {} },
    })),
    ...Object.entries(SCHEMAS).map(([name, row]) => ({
      id: FLOW_SCHEMAS,
      body: {
        metadata: { name, annotations },
        spec: schemaOf(row),
        status: { conditions: [found(row[1], nowMs)] },
      },
    })),
  ];
}

function levelOf([
  shares,
  lendablePercent,
  queues,
  handSize,
]: Level): PriorityLevelConfigurationSpec {
  const limitResponse: LimitedPriorityLevelConfiguration['limitResponse'] =
    queues && handSize
      ? { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: QUEUE_LENGTH } }
      : { type: 'Reject' };
  return {
    type: 'Limited',
    limited: { nominalConcurrencyShares: shares, limitResponse, lendablePercent },
  };
}

function schemaOf([matchingPrecedence, level, subjects, rules = ALL, by]: Row): FlowSchemaSpec {
  return {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence,
    ...(by ? { distinguisherMethod: { type: by } } : {}),
    rules: [{ subjects, ...rules }],
  };
}

function found(level: string, nowMs: number): object {
  return {
    type: 'Dangling',
    status: 'False',
    lastTransitionTime: formatTime(nowMs),
    reason: 'Found',
    message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} and it exists`,
  };
}
