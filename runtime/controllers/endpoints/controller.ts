import { endpoints, pods, services } from '../../../generated/core/v1/resources.ts';
import type { Endpoints } from '../../../generated/core/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  listerOf,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import {
  isDeleting,
  isNamespaceTerminating,
  isNotFound,
  keyOf,
  splitKey,
  type WatchEvent,
} from '../../meta/index.ts';
import { ServicePods, selectorOf } from '../service-pods.ts';
import { decideEndpoints, isManaged } from './decide.ts';

export interface EndpointsConfig {
  /** Whether a label of the object says that it was made here, as it does from Kubernetes 1.33 on. */
  readonly marksManaged: boolean;
}

/** Keeps the Endpoints of services. Key: the service. */
export function createEndpointsController(deps: ControllerDeps<EndpointsConfig>): Controller {
  const { marksManaged } = deps.config;
  const servicePods = new ServicePods(deps);
  const lister = listerOf(deps, endpoints);
  /** Those that are deleted come back, and those that outlived their service go. */
  const keysOf = ({ type, object }: WatchEvent<Endpoints>): string[] => {
    const key = keyOf(object);
    if (type === 'DELETED') return [key];
    return type === 'ADDED' && isManaged(object) && !servicePods.service(key) ? [key] : [];
  };
  return {
    name: 'endpoint',
    watches: [
      watch(services, ({ object }) => [keyOf(object)]),
      watch(pods, (event) => servicePods.touchedBy(event)),
      watch(endpoints, keysOf),
    ],
    async reconcile(key, context) {
      const service = servicePods.service(key);
      const live = lister.byKey(key);
      if (!service) return live && remove(key, context);
      if (!selectorOf(service) || (isDeleting(service) && !live)) return;
      const content = decideEndpoints({
        service,
        pods: servicePods.podsOf(service),
        live,
        marksManaged,
      });
      if (!content) return;
      const { labels, annotations, subsets } = content;
      const wanted: Endpoints = {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { ...live?.metadata, ...splitKey(key), labels, annotations },
        ...(subsets ? { subsets } : {}),
      };
      await write(wanted, live !== undefined, context);
      return { decision: live ? 'update' : 'create' };
    },
  };
}

async function remove(key: string, { client }: ReconcileContext): Promise<{ decision: string }> {
  const { name, namespace } = splitKey(key);
  await client.delete(endpoints, { name, namespace }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
  return { decision: 'delete' };
}

async function write(
  wanted: Endpoints,
  exists: boolean,
  { client, events }: ReconcileContext,
): Promise<void> {
  try {
    if (exists) await client.update(endpoints, wanted);
    else await client.create(endpoints, wanted);
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    const [reason, what] = exists
      ? (['FailedToUpdateEndpoint', 'update endpoint'] as const)
      : (['FailedToCreateEndpoint', 'create endpoint for service'] as const);
    const text = error instanceof Error ? error.message : String(error);
    events.event(wanted, 'Warning', reason, `Failed to ${what} ${keyOf(wanted)}: ${text}`);
    throw error;
  }
}
