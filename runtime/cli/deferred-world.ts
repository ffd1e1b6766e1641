import type {
  ApiAccess,
  Client,
  Control,
  Lister,
  ManifestState,
  PodAccess,
} from '../client/index.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';
import { deferredControl } from './deferred-control.ts';
import type { Live, Moment } from './session.ts';

/** What a screen looks at before there is a cluster to look at, and through which it sees the cluster from then on. */
export function deferredWorld(startMs: number, opening: ManifestState) {
  let live: Live | undefined;
  let access: ApiAccess | undefined;
  let pods: PodAccess | undefined;
  let manifests = (): ManifestState => opening;
  const control = deferredControl(startMs, () => manifests());
  return {
    control,
    world: worldOf(
      control,
      () => live,
      () => access,
      () => pods,
    ),
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
    /** From now on the screen reaches what runs in pods. */
    reached(access: PodAccess): void {
      pods = access;
      control.tell();
    },
    attach(cluster: Live): void {
      live = cluster;
      control.attach(cluster.control);
    },
  };
}

/** A cluster as a screen looks at it. */
function worldOf(
  control: Control,
  live: () => Live | undefined,
  access: () => ApiAccess | undefined,
  pods: () => PodAccess | undefined,
) {
  const there = (): Live => {
    const cluster = live();
    if (!cluster) throw new Error('there is no cluster yet');
    return cluster;
  };
  return {
    control,
    access,
    pods,
    get kinds() {
      return live()?.kinds ?? [];
    },
    lister: (resource: ResourceRef): Lister<KubeObject> =>
      (live()?.transport.lister(resource) as Lister<KubeObject> | undefined) ?? EMPTY,
    get client(): Client {
      return there().client;
    },
    request: (detail: Readonly<Record<string, unknown>>): Client => there().request(detail),
    async copy(of: Moment): Promise<Copy> {
      const { live: copied, other, stop } = await there().copy(of);
      return {
        world: worldOf(
          copied.control,
          () => copied,
          () => undefined,
          () => undefined,
        ),
        other: {
          isLater: other.isLater,
          lister: (resource) => other.transport.lister(resource) as Lister<KubeObject>,
        },
        stop,
      };
    },
  };
}

interface Copy {
  readonly world: ReturnType<typeof worldOf>;
  readonly other: {
    readonly isLater: boolean;
    lister(resource: ResourceRef): Lister<KubeObject>;
  };
  stop(): Promise<void>;
}

const EMPTY: Lister<KubeObject> = {
  size: 0,
  get: () => undefined,
  byKey: () => undefined,
  list: () => [],
  byIndex: () => [],
  countIndex: () => 0,
};
