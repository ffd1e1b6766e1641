import type { Pod } from '../../../generated/core/v1/types.ts';
import type { ControllerDeps, Lister } from '../../client/index.ts';
import {
  controllerOf,
  type KubeObject,
  type OwnerReference,
  type ResourceRef,
  resourceId,
  splitApiVersion,
  valueAt,
} from '../../meta/index.ts';

/** A resource, and where its objects say how many pods they want; absent where they do not. */
export interface ScalableKind {
  readonly ref: ResourceRef<KubeObject>;
  readonly specReplicasPath?: string | undefined;
}

/** What controls a pod: how many it wants, nothing at all, or why that is not known. */
export type Scale =
  | { readonly uid: string; readonly replicas: number }
  | 'unmanaged'
  | { readonly failure: string };

interface Served {
  readonly kind: ScalableKind;
  readonly lister: Lister<KubeObject>;
}

/** Finds the scale behind a pod, of whatever kind its controller is. */
export class Scales {
  readonly #served: ReadonlyMap<string, Served>;

  constructor(transport: ControllerDeps['transport'], kinds: readonly ScalableKind[]) {
    this.#served = new Map(
      kinds.map((kind): [string, Served] => {
        const { group, kind: called } = kind.ref;
        return [`${group}/${called}`, { kind, lister: transport.lister(kind.ref) }];
      }),
    );
  }

  of(pod: Pod): Scale {
    const controller = controllerOf(pod);
    if (!controller) return 'unmanaged';
    const { name, namespace = '' } = pod.metadata;
    const found = this.#find(namespace, controller);
    if ('failure' in found) return found;
    const { served, object } = found;
    if (!object) return { failure: `found no controllers for pod "${name}"` };
    const deployment = this.#deploymentOf(served.kind, object);
    return deployment ?? scaleOf(served.kind, object);
  }

  /** A ReplicaSet of a Deployment counts as the Deployment. */
  #deploymentOf({ ref }: ScalableKind, object: KubeObject): Scale | undefined {
    const owner = ref.kind === 'ReplicaSet' ? controllerOf(object) : undefined;
    if (owner?.kind !== 'Deployment') return undefined;
    const found = this.#find(object.metadata.namespace ?? '', owner);
    if ('failure' in found || !found.object) return undefined;
    return scaleOf(found.served.kind, found.object);
  }

  #find(
    namespace: string,
    { apiVersion, kind, name, uid }: OwnerReference,
  ): { served: Served; object: KubeObject | undefined } | { failure: string } {
    const { group } = splitApiVersion(apiVersion);
    const served = this.#served.get(`${group}/${kind}`);
    if (!served) return { failure: `no matches for kind "${kind}" in version "${apiVersion}"` };
    const { specReplicasPath, ref } = served.kind;
    if (specReplicasPath === undefined)
      return { failure: `${resourceId(ref)} does not implement the scale subresource` };
    const object = served.lister.get(name, ref.namespaced ? namespace : undefined);
    return { served, object: object?.metadata.uid === uid ? object : undefined };
  }
}

function scaleOf({ specReplicasPath = '' }: ScalableKind, object: KubeObject): Scale {
  const replicas = valueAt(object, specReplicasPath);
  return { uid: object.metadata.uid ?? '', replicas: typeof replicas === 'number' ? replicas : 0 };
}
