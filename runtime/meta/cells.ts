import type { Deployment, ReplicaSet } from '../../generated/apps/v1/types.ts';
import type {
  ConfigMap,
  Node,
  Pod,
  PodTemplateSpec,
  Secret,
  Service,
  ServiceAccount,
} from '../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../generated/discovery/v1/types.ts';
import { ACCESS_CELLS } from './access-cells.ts';
import { ADMISSION_CELLS } from './admission-cells.ts';
import { API_SERVICE_CELLS } from './api-service-cells.ts';
import { ago, type Cell, joined, NONE, cellOf as of } from './cell.ts';
import { CORE_CELLS } from './core-cells.ts';
import { EVENT_CELLS } from './event-cells.ts';
import { FLOW_CELLS } from './flow-cells.ts';
import { NETWORK_CELLS } from './network-cells.ts';
import { summarisePod } from './pod-cells.ts';
import { RESOURCE_CELLS } from './resource-cells.ts';
import { formatSelector } from './selectors.ts';
import { STORAGE_CELLS } from './storage-cells.ts';
import { WORKLOAD_CELLS } from './workload-cells.ts';

const template = (object: { spec?: { template?: PodTemplateSpec } }): PodTemplateSpec['spec'] =>
  object.spec?.template?.spec;

const nodeAddress = (type: string): Cell =>
  of<Node>((node) => node.status?.addresses?.find((each) => each.type === type)?.address ?? NONE);

function nodeStatus(node: Node): string {
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  const parts = [!ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'];
  if (node.spec?.unschedulable) parts.push('SchedulingDisabled');
  return parts.join(',');
}

function nodeRoles({ metadata }: Node): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(prefix) && key.length > prefix.length) return [key.slice(prefix.length)];
    return key === 'kubernetes.io/role' && value ? [value] : [];
  });
  return joined([...new Set(roles)].sort());
}

function servicePorts({ spec }: Service): string {
  return joined(
    spec?.ports?.map(({ port, nodePort, protocol = 'TCP' }) =>
      nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
    ),
  );
}

function serviceExternalIP({ spec, status }: Service): string {
  const external = spec?.externalIPs ?? [];
  switch (spec?.type) {
    case 'LoadBalancer': {
      const balanced = (status?.loadBalancer?.ingress ?? []).map(
        ({ ip, hostname }) => ip ?? hostname,
      );
      const all = [...balanced, ...external];
      return all.length > 0 ? all.join(',') : '<pending>';
    }
    case 'ExternalName':
      return spec.externalName ?? NONE;
    default:
      return joined(external);
  }
}

/** At most three, and how many more. */
function firstThree(values: readonly string[]): string {
  if (values.length === 0) return '<unset>';
  if (values.length <= 3) return values.join(',');
  return `${values.slice(0, 3).join(',')} + ${values.length - 3} more...`;
}

/** Every function that a printer column may name. */
export const CELLS: Readonly<Record<string, Cell>> = {
  age: (object, nowMs) => ago(object.metadata.creationTimestamp, nowMs),
  podReady: of<Pod>((pod, nowMs) => summarisePod(pod, nowMs).ready),
  podStatus: of<Pod>((pod, nowMs) => summarisePod(pod, nowMs).status),
  podRestarts: of<Pod>((pod, nowMs) => summarisePod(pod, nowMs).restarts),
  podIP: of<Pod>(({ status }) => status?.podIPs?.[0]?.ip ?? status?.podIP ?? NONE),
  podNode: of<Pod>(({ spec }) => spec?.nodeName ?? NONE),
  podNominatedNode: of<Pod>(({ status }) => status?.nominatedNodeName ?? NONE),
  podReadinessGates: of<Pod>(({ spec, status }) => {
    const gates = spec?.readinessGates ?? [];
    const met = gates.filter(({ conditionType }) =>
      status?.conditions?.some((each) => each.type === conditionType && each.status === 'True'),
    );
    return gates.length > 0 ? `${met.length}/${gates.length}` : NONE;
  }),
  nodeStatus: of<Node>(nodeStatus),
  nodeRoles: of<Node>(nodeRoles),
  nodeInternalIP: nodeAddress('InternalIP'),
  nodeExternalIP: nodeAddress('ExternalIP'),
  nodeOSImage: of<Node>(({ status }) => status?.nodeInfo?.osImage || '<unknown>'),
  nodeKernelVersion: of<Node>(({ status }) => status?.nodeInfo?.kernelVersion || '<unknown>'),
  nodeContainerRuntime: of<Node>(
    ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>',
  ),
  deploymentReady: of<Deployment>(
    ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
  ),
  deploymentUpToDate: of<Deployment>(({ status }) => String(status?.updatedReplicas ?? 0)),
  deploymentAvailable: of<Deployment>(({ status }) => String(status?.availableReplicas ?? 0)),
  replicaSetDesired: of<ReplicaSet>(({ spec }) => String(spec?.replicas ?? 0)),
  replicaSetCurrent: of<ReplicaSet>(({ status }) => String(status?.replicas ?? 0)),
  replicaSetReady: of<ReplicaSet>(({ status }) => String(status?.readyReplicas ?? 0)),
  templateContainers: of<Deployment>((object) =>
    joined(template(object)?.containers.map(({ name }) => name)),
  ),
  templateImages: of<Deployment>((object) =>
    joined(template(object)?.containers.map(({ image }) => image)),
  ),
  labelSelector: of<Deployment>(({ spec }) =>
    spec?.selector ? formatSelector(spec.selector) || NONE : NONE,
  ),
  serviceClusterIP: of<Service>(({ spec }) => spec?.clusterIPs?.[0] ?? spec?.clusterIP ?? NONE),
  serviceExternalIP: of<Service>(serviceExternalIP),
  servicePorts: of<Service>(servicePorts),
  serviceSelector: of<Service>(
    ({ spec }) => formatSelector({ matchLabels: spec?.selector ?? {} }) || NONE,
  ),
  configMapData: of<ConfigMap>(({ data, binaryData }) =>
    String(Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length),
  ),
  secretData: of<Secret>(({ data }) => String(Object.keys(data ?? {}).length)),
  serviceAccountSecrets: of<ServiceAccount>(({ secrets }) => String(secrets?.length ?? 0)),
  endpointSlicePorts: of<EndpointSlice>(({ ports }) =>
    firstThree((ports ?? []).map(({ port }) => (port === undefined ? '*' : String(port)))),
  ),
  endpointSliceEndpoints: of<EndpointSlice>(({ endpoints }) =>
    firstThree((endpoints ?? []).flatMap(({ addresses }) => addresses)),
  ),
  ...ACCESS_CELLS,
  ...CORE_CELLS,
  ...EVENT_CELLS,
  ...NETWORK_CELLS,
  ...FLOW_CELLS,
  ...ADMISSION_CELLS,
  ...API_SERVICE_CELLS,
  ...RESOURCE_CELLS,
  ...STORAGE_CELLS,
  ...WORKLOAD_CELLS,
};
