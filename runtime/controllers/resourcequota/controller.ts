import { resourcequotas } from '../../../generated/core/v1/resources.ts';
import type { ResourceQuota } from '../../../generated/core/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type Lister,
  listerOf,
  type Watch,
  watch,
} from '../../client/index.ts';
import {
  freesQuota,
  isNotFound,
  jsonEqual,
  type KubeObject,
  type ResourceRef,
  resourceId,
  resourcesFor,
  type WatchEvent,
} from '../../meta/index.ts';
import { ByResource, ServedResources } from '../served-resources.ts';
import { statusOf } from './count.ts';

export interface ResourceQuotaConfig {
  /** Every resource that is built in. */
  readonly resources: readonly ResourceRef[];
}

interface Counted {
  readonly id: string;
  readonly lister: Lister<KubeObject>;
  readonly watch: Watch;
}

const RESYNC_MS = 5 * 60_000;

/** Counts what quotas limit. Key: a quota. */
export function createResourceQuotaController(
  deps: ControllerDeps<ResourceQuotaConfig>,
): Controller {
  const quotas = listerOf(deps, resourcequotas);
  const served = new ServedResources(deps, deps.config.resources);
  const touched = (id: string, ref: ResourceRef<KubeObject>): Watch =>
    watch(
      ref,
      ({ object }) => limiting(quotas.list(object.metadata.namespace), id),
      (event: WatchEvent<KubeObject>) => quotas.size > 0 && freesQuota(id, event),
    );
  const counted = new ByResource<Counted>(served, (ref) => {
    if (!ref.namespaced || ref.resource === 'events') return undefined;
    const id = resourceId(ref);
    return { id, lister: listerOf(deps, ref), watch: touched(id, ref) };
  });
  const own: readonly Watch[] = [
    ...served.watches,
    watch(resourcequotas, ({ type, object }) =>
      type !== 'DELETED' && isBehind(object) ? [keyOf(object)] : [],
    ),
  ];
  let watched: readonly Counted[] = [];
  let watches: readonly Watch[] = own;
  return {
    name: 'resourcequota',
    get watches() {
      const { values } = counted;
      if (values !== watched) watches = [...own, ...values.map((each) => each.watch)];
      watched = values;
      return watches;
    },
    async reconcile(key, { client, now }) {
      const quota = quotas.byKey(key);
      if (!quota) return;
      const { namespace } = quota.metadata;
      const byId = new Map(counted.values.map((each) => [each.id, each]));
      const objectsOf = (id: string) => byId.get(id)?.lister.list(namespace) ?? [];
      const status = statusOf(quota, [...byId.keys()], objectsOf, now());
      const again = { requeueAfterMs: RESYNC_MS, periodic: true };
      if (jsonEqual(status, quota.status ?? {})) return again;
      try {
        await client.updateStatus(resourcequotas, { ...quota, status });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return { ...again, decision: { used: status.used ?? {} } };
    },
  };
}

const keyOf = ({ metadata: { namespace, name } }: ResourceQuota): string => `${namespace}/${name}`;

/** Whether the limits in force are not those that the quota asks for. */
function isBehind({ spec, status }: ResourceQuota): boolean {
  return !jsonEqual(spec?.hard ?? {}, status?.hard ?? {});
}

/** Keys of the quotas that limit something of a resource. */
function limiting(quotas: readonly ResourceQuota[], id: string): string[] {
  return quotas
    .filter(({ spec }) => resourcesFor(id, Object.keys(spec?.hard ?? {})).length > 0)
    .map(keyOf);
}
