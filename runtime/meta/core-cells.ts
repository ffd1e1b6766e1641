import type {
  ComponentStatus,
  Endpoints,
  PodTemplate,
  ReplicationController,
  ResourceQuota,
} from '../../generated/core/v1/types.ts';
import type { PodMetrics } from '../../generated/metrics/v1beta1/types.ts';
import {
  addQuantities,
  formatQuantity,
  parseQuantity,
  ZERO,
} from '../../generator/model/quantity.ts';
import { type Cell, joined, NONE, cellOf as of } from './cell.ts';
import { formatSelector } from './selectors.ts';

const SHOWN_MAX = 3;

/** The first three addresses, each with every port of its group, and how many there are beyond. */
function endpointsAddresses({ subsets }: Endpoints): string {
  if (!subsets?.length) return NONE;
  const all = subsets.flatMap(({ addresses = [], ports }) =>
    ports?.length
      ? ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port)))
      : addresses.map(({ ip }) => ip),
  );
  const shown = all.slice(0, SHOWN_MAX).join(',');
  return all.length > SHOWN_MAX ? `${shown} + ${all.length - SHOWN_MAX} more...` : shown;
}

function hostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** `pods: 1/10` of each resource that is a limit of containers, or of each that is none. */
const quota = (ofLimits: boolean): Cell =>
  of<ResourceQuota>(({ status }) => {
    const names = Object.keys(status?.hard ?? {}).sort();
    return names
      .filter((name) => name.startsWith('limits') === ofLimits)
      .map((name) => `${name}: ${status?.used?.[name] ?? '0'}/${status?.hard?.[name]}`)
      .join(', ');
  });

function healthOf({ conditions = [] }: ComponentStatus): NonNullable<typeof conditions>[number] {
  const unknown = { type: 'Healthy', status: 'Unknown' };
  return conditions.find(({ type }) => type === 'Healthy') ?? unknown;
}

const HEALTH: Readonly<Record<string, string>> = { True: 'Healthy', False: 'Unhealthy' };

/** Cells of endpoints, quotas, templates, replication controllers and component statuses. */
export const CORE_CELLS: Readonly<Record<string, Cell>> = {
  endpointsAddresses: of<Endpoints>(endpointsAddresses),
  quotaRequests: quota(false),
  quotaLimits: quota(true),
  podTemplateContainers: of<PodTemplate>(({ template }) =>
    joined(template?.spec?.containers.map(({ name }) => name)),
  ),
  podTemplateImages: of<PodTemplate>(({ template }) =>
    joined(template?.spec?.containers.map(({ image }) => image)),
  ),
  podTemplateLabels: of<PodTemplate>(({ template }) => labels(template?.metadata?.labels)),
  plainSelector: of<ReplicationController>(({ spec }) => labels(spec?.selector)),
  componentHealth: of<ComponentStatus>((status) => HEALTH[healthOf(status).status] ?? 'Unknown'),
  componentMessage: of<ComponentStatus>((status) => healthOf(status).message ?? ''),
  podMetricsCpu: of<PodMetrics>((metrics) => usageSum(metrics, 'cpu')),
  podMetricsMemory: of<PodMetrics>((metrics) => usageSum(metrics, 'memory')),
  componentError: of<ComponentStatus>((status) => healthOf(status).error ?? ''),
};

/** What the containers of a pod use of a resource together. */
function usageSum({ containers }: PodMetrics, resource: string): string {
  const amounts = containers.flatMap(({ usage }) => {
    const text = usage[resource];
    return (text === undefined ? undefined : parseQuantity(String(text))) ?? [];
  });
  return formatQuantity(amounts.reduce(addQuantities, ZERO));
}

function labels(pairs: Readonly<Record<string, string>> = {}): string {
  return formatSelector({ matchLabels: pairs }) || NONE;
}
