import { endpoints, services } from '../../../generated/core/v1/resources.ts';
import type { Endpoints, Service } from '../../../generated/core/v1/types.ts';
import { endpointslices } from '../../../generated/discovery/v1/resources.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  listerOf,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import { isNamespaceTerminating, isNotFound, keyOf, type WatchEvent } from '../../meta/index.ts';
import {
  decideMirroring,
  isMirrored,
  MANAGED_BY,
  MANAGER,
  type Mirroring,
  SERVICE_NAME,
  SUBSET_MAX,
} from './decide.ts';

const BY_SOURCE = 'endpointslicemirroring/source';
const NOTHING: Mirroring = { write: [], remove: [], skipped: 0 };

/** Mirrors Endpoints into slices. Key: the Endpoints. */
export function createEndpointSliceMirroringController(deps: ControllerDeps): Controller {
  const sources = listerOf(deps, endpoints);
  const serviceLister = listerOf(deps, services);
  deps.transport.addIndex<EndpointSlice>(endpointslices, BY_SOURCE, sourceKeys);
  const slices = listerOf(deps, endpointslices);
  const sourceOf = (key: string): Endpoints | undefined => {
    const source = sources.byKey(key);
    const service = serviceLister.byKey(key);
    return source && service && !service.spec?.selector && isMirrored(source) ? source : undefined;
  };
  return {
    name: 'endpointslicemirroring',
    watches: [
      watch(services, (event) => (changesSelector(event) ? [keyOf(event.object)] : [])),
      watch(endpoints, ({ object, previous }) =>
        isMirrored(object) || (previous && isMirrored(previous)) ? [keyOf(object)] : [],
      ),
      watch(endpointslices, ({ object, previous }) => [
        ...sourceKeys(object),
        ...(previous ? sourceKeys(previous) : []),
      ]),
    ],
    async reconcile(key, context) {
      const mine = slices.byIndex(BY_SOURCE, key);
      const source = sourceOf(key);
      if (!source && mine.length === 0) return;
      const mirroring = source ? decideMirroring(source, mine) : { ...NOTHING, remove: mine };
      const { write, remove } = mirroring;
      if (write.length === 0 && remove.length === 0) return;
      if (source) tellSkipped(source, mirroring, context);
      await perform(mirroring, context);
      return { decision: { write: write.length, delete: remove.length } };
    },
  };
}

/** The Endpoints of a slice that this controller made. */
function sourceKeys({ metadata }: EndpointSlice): readonly string[] {
  const { labels, namespace } = metadata;
  const name = labels?.[SERVICE_NAME];
  return name && labels[MANAGED_BY] === MANAGER ? [`${namespace}/${name}`] : [];
}

function changesSelector({ type, object, previous }: WatchEvent<Service>): boolean {
  if (type !== 'MODIFIED' || !previous) return !object.spec?.selector;
  return Boolean(object.spec?.selector) !== Boolean(previous.spec?.selector);
}

function tellSkipped(
  source: Endpoints,
  { skipped }: Mirroring,
  { events }: ReconcileContext,
): void {
  if (skipped === 0) return;
  const limit = `A max of ${SUBSET_MAX} addresses can be mirrored to EndpointSlices per Endpoints subset`;
  const message = `${limit}. ${skipped} addresses were skipped`;
  events.event(source, 'Warning', 'TooManyAddressesToMirror', message);
}

async function perform({ write, remove }: Mirroring, { client }: ReconcileContext): Promise<void> {
  for (const content of write) {
    try {
      if (content.metadata.name) await client.update(endpointslices, content as EndpointSlice);
      else await client.create(endpointslices, content);
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      throw error;
    }
  }
  for (const { metadata } of remove) {
    const target = { name: metadata.name ?? '', namespace: metadata.namespace };
    await client.delete(endpointslices, target).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}
