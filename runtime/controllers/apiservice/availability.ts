import { apiservices } from '../../../generated/apiregistration/v1/resources.ts';
import type { APIService } from '../../../generated/apiregistration/v1/types.ts';
import { services } from '../../../generated/core/v1/resources.ts';
import type { Service } from '../../../generated/core/v1/types.ts';
import { endpointslices } from '../../../generated/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type Lister,
  listerOf,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import { isApiError, keyOf, withCondition } from '../../meta/index.ts';
import { availability, discoveryUrl, failedCheck, obstacle, PASSED } from './decide.ts';

/** Until the next look at a service that says nothing of itself. */
const LOOK_AGAIN_MS = 30_000;
const BY_SERVICE = 'service';
const BY_OWNER = 'service';
const SERVICE_NAME = 'kubernetes.io/service-name';

const serviceKey = ({ spec }: APIService): string[] => {
  const { namespace = '', name = '' } = spec?.service ?? {};
  return spec?.service ? [`${namespace}/${name}`] : [];
};

const ownerKey = ({ metadata: { namespace, labels } }: EndpointSlice): string[] => {
  const name = labels?.[SERVICE_NAME];
  return name ? [`${namespace}/${name}`] : [];
};

export function createAvailabilityController(deps: ControllerDeps): Controller {
  const lister = listerOf(deps, apiservices);
  const known = { services: listerOf(deps, services), slices: listerOf(deps, endpointslices) };
  deps.transport.addIndex(apiservices, BY_SERVICE, serviceKey);
  deps.transport.addIndex(endpointslices, BY_OWNER, ownerKey);
  const asked = (keys: readonly string[]): string[] =>
    keys.flatMap((key) =>
      lister.byIndex(BY_SERVICE, key).map(({ metadata }) => metadata.name ?? ''),
    );
  return {
    name: 'apiservice-availability',
    watches: [
      watch(apiservices, ({ type, object }) =>
        type === 'DELETED' || !object.spec?.service ? [] : [object.metadata.name ?? ''],
      ),
      watch(services, ({ object }) => asked([keyOf(object)])),
      watch(endpointslices, ({ object }) => asked(ownerKey(object))),
    ],
    async reconcile(name, context) {
      const live = lister.byKey(name);
      if (!live?.spec?.service) return undefined;
      const said = await check(live, known, context);
      const { reason } = said;
      await write(live, said, context);
      return { requeueAfterMs: LOOK_AGAIN_MS, periodic: true, decision: { reason } };
    },
  };
}

async function check(
  live: APIService,
  known: { readonly services: Lister<Service>; readonly slices: Lister<EndpointSlice> },
  { client }: ReconcileContext,
): Promise<ReturnType<typeof failedCheck>> {
  const [key = ''] = serviceKey(live);
  const service = known.services.byKey(key);
  const inTheWay = obstacle(live, { service, slices: known.slices.byIndex(BY_OWNER, key) });
  if (inTheWay || !service) return inTheWay ?? PASSED;
  const { namespace, name = '', port } = live.spec?.service ?? {};
  const url = discoveryUrl(live, service);
  const target = { name: `https:${name}:${port}`, namespace };
  try {
    await client.readText(services, target, 'proxy', { path: new URL(url).pathname });
    return PASSED;
  } catch (error) {
    if (!isApiError(error)) throw error;
    const dialled = /dial tcp \S+: (.*)$/.exec(error.message)?.[1];
    if (dialled) return failedCheck(url, dialled);
    return failedCheck(url, error.code);
  }
}

async function write(
  live: APIService,
  said: Parameters<typeof availability>[0],
  { client, now }: ReconcileContext,
): Promise<void> {
  const before = live.status?.conditions;
  const conditions = withCondition(before, availability(said, now()));
  if (conditions === before) return;
  await client.updateStatus(apiservices, { ...live, status: { ...live.status, conditions } });
}
