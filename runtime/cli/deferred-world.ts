import type { ApiAccess, Lister, ManifestState } from '../client/index.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';
import { deferredControl } from './deferred-control.ts';
import type { Live } from './session.ts';

/** What a screen looks at before there is a cluster to look at, and through which it sees the cluster from then on. */
export function deferredWorld(startMs: number, opening: ManifestState) {
  let live: Live | undefined;
  let access: ApiAccess | undefined;
  let manifests = (): ManifestState => opening;
  const control = deferredControl(startMs, () => manifests());
  return {
    control,
    world: {
      control,
      get kinds() {
        return live?.kinds ?? [];
      },
      lister: (resource: ResourceRef): Lister<KubeObject> =>
        (live?.transport.lister(resource) as Lister<KubeObject> | undefined) ?? EMPTY,
      access: () => access,
      remove: async (resource: ResourceRef, object: KubeObject) => live?.remove(resource, object),
    },
    /** From now on the manifests' state is asked here. */
    show(state: () => ManifestState): void {
      manifests = state;
      control.tell();
    },
    /** From now on other programs reach the cluster there. */
    opened(reached: ApiAccess): void {
      access = reached;
      control.tell();
    },
    attach(cluster: Live): void {
      live = cluster;
      control.attach(cluster.control);
    },
  };
}

const EMPTY: Lister<KubeObject> = {
  size: 0,
  get: () => undefined,
  byKey: () => undefined,
  list: () => [],
  byIndex: () => [],
  countIndex: () => 0,
};
