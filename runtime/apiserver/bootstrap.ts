import { formatTime, type ObjectMeta } from '../meta/index.ts';
import { SYSTEM_CLASSES } from './strategies/priority-classes.ts';
import { addressAt, serviceNetwork } from './strategies/services/network.ts';
import type { StrategyContext } from './strategies/strategy.ts';

/** One object to create, and where. */
export interface BootstrapObject {
  /** `services` */
  readonly id: string;
  readonly namespace?: string;
  readonly body: { readonly metadata: ObjectMeta; readonly [field: string]: unknown };
  /** Written once it exists. */
  readonly status?: object;
}

const SYSTEM_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
const DEFAULT = 'default';
const NAME = 'kubernetes';
const PORT = 443;
/** Where the API server itself listens: outside of the ranges of nodes, pods and services. */
const SERVER = { address: '172.16.0.1', port: 6443 };

/**
 * What every cluster has from the start: the namespaces and priorities of the system, the service of the API server, and the range
 * of services, in versions in which it is an object.
 */
export function bootstrapObjects(
  context: Pick<StrategyContext, 'first' | 'now'>,
  clientAuthority: string | undefined,
): BootstrapObject[] {
  const namespaces = SYSTEM_NAMESPACES.map((name) => ({
    id: 'namespaces',
    body: { metadata: { name } },
  }));
  const network = serviceNetwork(context);
  const clusterIP = addressAt(network, 1);
  return [
    ...namespaces,
    ...systemClasses(),
    { id: 'services', namespace: DEFAULT, body: apiService(clusterIP) },
    { id: 'endpoints', namespace: DEFAULT, body: apiEndpoints() },
    { id: 'endpointslices.discovery.k8s.io', namespace: DEFAULT, body: apiEndpointSlice() },
    serviceRange(network.cidr, context.now()),
    ...authenticationInfo(clientAuthority),
  ];
}

function serviceRange(cidr: string, nowMs: number): BootstrapObject {
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'Ready',
    message: 'Kubernetes default Service CIDR is ready',
    lastTransitionTime: formatTime(nowMs),
  };
  return {
    id: 'servicecidrs.networking.k8s.io',
    body: { metadata: { name: NAME }, spec: { cidrs: [cidr] } },
    status: { conditions: [ready] },
  };
}

/** By what other servers, and whoever asks, know that certificates of clients count here, and of which authority. */
function authenticationInfo(clientAuthority: string | undefined): BootstrapObject[] {
  if (clientAuthority === undefined) return [];
  const metadata = { name: 'extension-apiserver-authentication' };
  const body = { metadata, data: { 'client-ca-file': clientAuthority } };
  return [{ id: 'configmaps', namespace: 'kube-system', body }];
}

function apiService(clusterIP: string): BootstrapObject['body'] {
  return {
    metadata: { name: NAME, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      ports: [{ name: 'https', port: PORT, targetPort: SERVER.port }],
    },
  };
}

/** The service selects no pods: the server keeps its endpoints itself, in both forms, neither of which is made from the other. */
function apiEndpoints(): BootstrapObject['body'] {
  return {
    metadata: { name: NAME, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [
      {
        addresses: [{ ip: SERVER.address }],
        ports: [{ name: 'https', port: SERVER.port, protocol: 'TCP' }],
      },
    ],
  };
}

function apiEndpointSlice(): BootstrapObject['body'] {
  return {
    metadata: { name: NAME, labels: { 'kubernetes.io/service-name': NAME } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [SERVER.address], conditions: { ready: true } }],
    ports: [{ name: 'https', port: SERVER.port, protocol: 'TCP' }],
  };
}

const MEANT_FOR: Readonly<Record<string, string>> = {
  'system-cluster-critical':
    'For pods that the cluster cannot do without, on whichever node they run.',
  'system-node-critical': 'For pods that their node cannot do without.',
};

function systemClasses(): BootstrapObject[] {
  return Object.entries(SYSTEM_CLASSES).map(([name, value]) => ({
    id: 'priorityclasses.scheduling.k8s.io',
    body: { metadata: { name }, value, description: MEANT_FOR[name] },
  }));
}
