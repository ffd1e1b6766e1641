import { resourcequotas } from '../../../generated/core/v1/resources.ts';
import type { ResourceQuota } from '../../../generated/core/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type Lister,
  listerOf,
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
import { statusOf } from './count.ts';

export interface ResourceQuotaConfig {
  /** Every resource that is served. */
  readonly resources: readonly ResourceRef[];
}

interface Counted {
  readonly id: string;
  readonly ref: ResourceRef<KubeObject>;
  readonly lister: Lister<KubeObject>;
}

const RESYNC_MS = 5 * 60_000;

/** Counts what quotas limit. Key: a quota. */
export function createResourceQuotaController(
  deps: ControllerDeps<ResourceQuotaConfig>,
): Controller {
  const quotas = listerOf(deps, resourcequotas);
  const counted = new Map(
    deps.config.resources
      .filter(({ namespaced, resource }) => namespaced && resource !== 'events')
      .map((each): [string, Counted] => {
        const ref = each as ResourceRef<KubeObject>;
        return [resourceId(each), { id: resourceId(each), ref, lister: listerOf(deps, ref) }];
      }),
  );
  const ids = [...counted.keys()];
  return {
    name: 'resourcequota',
    watches: [
      watch(resourcequotas, ({ type, object }) =>
        type !== 'DELETED' && isBehind(object) ? [keyOf(object)] : [],
      ),
      ...[...counted.values()].map(({ id, ref }) =>
        watch(
          ref,
          ({ object }) => limiting(quotas.list(object.metadata.namespace), id),
          (event: WatchEvent<KubeObject>) => quotas.size > 0 && freesQuota(id, event),
        ),
      ),
    ],
    async reconcile(key, { client, now }) {
      const quota = quotas.byKey(key);
      if (!quota) return;
      const { namespace } = quota.metadata;
      const objectsOf = (id: string) => counted.get(id)?.lister.list(namespace) ?? [];
      const status = statusOf(quota, ids, objectsOf, now());
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
