import { namespaces, pods } from '../../../generated/core/v1/resources.ts';
import type { Namespace, Pod } from '../../../generated/core/v1/types.ts';
import {
  type Client,
  type Controller,
  type ControllerDeps,
  listerOf,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import {
  isDeleting,
  isNotFound,
  type KubeObject,
  parseTime,
  type ResourceRef,
  resourceId,
} from '../../meta/index.ts';
import { ServedResources } from '../served-resources.ts';
import {
  type Findings,
  graceSeconds,
  lookAgainMs,
  OBSERVE_MS,
  type Remains,
  statusOf,
  unexpected,
} from './decide.ts';

const FINALIZER = 'kubernetes';

export interface NamespaceConfig {
  /** Every resource that is built in; the namespaced ones are what a namespace may hold. */
  readonly resources: readonly ResourceRef[];
}

/** Empties and finalizes namespaces that are being deleted. Key: the namespace. */
export function createNamespaceController(deps: ControllerDeps<NamespaceConfig>): Controller {
  const spaces = listerOf(deps, namespaces);
  const served = new ServedResources(deps, deps.config.resources);
  const podsFirst = (): readonly ResourceRef[] => [
    pods,
    ...served.all.filter((each) => each.namespaced && resourceId(each) !== resourceId(pods)),
  ];
  return {
    name: 'namespace',
    watches: [
      ...served.watches,
      watch(namespaces, ({ type, object }) =>
        type !== 'DELETED' && isDeleting(object) ? [object.metadata.name ?? ''] : [],
      ),
    ],
    reconcile(name, context) {
      const namespace = spaces.byKey(name);
      if (!namespace || !isDeleting(namespace)) return;
      const observedInMs =
        parseTime(namespace.metadata.deletionTimestamp) + OBSERVE_MS - context.now();
      if (observedInMs > 0) return { requeueAfterMs: observedInMs };
      return new Emptying(deps, namespace, context).run(podsFirst());
    },
  };
}

/** One pass over one namespace. */
class Emptying {
  readonly #deps: ControllerDeps;
  readonly #namespace: Namespace;
  readonly #context: ReconcileContext;
  readonly #errors: string[] = [];

  constructor(deps: ControllerDeps, namespace: Namespace, context: ReconcileContext) {
    this.#deps = deps;
    this.#namespace = namespace;
    this.#context = context;
  }

  async run(resources: readonly ResourceRef[]): Promise<ReconcileResult | undefined> {
    const { client, now } = this.#context;
    const { metadata, spec } = this.#namespace;
    if (!spec?.finalizers?.includes(FINALIZER)) return;
    const grace = this.#graceSeconds();
    const findings = await this.#clear(resources, grace);
    const status = statusOf(this.#namespace, findings, now());
    const live =
      status === this.#namespace.status
        ? this.#namespace
        : await client.updateStatus(namespaces, { ...this.#namespace, status });
    const requeueAfterMs = lookAgainMs(findings, grace);
    if (requeueAfterMs === undefined) {
      await finalize(client, live);
      return { decision: { finalized: metadata.name } };
    }
    const remaining = findings.remains
      .filter(({ count }) => count > 0)
      .map(({ resource, count }) => `${resourceId(resource)}: ${count}`);
    return { requeueAfterMs, decision: { remaining } };
  }

  #graceSeconds(): number {
    const { name, deletionTimestamp = '' } = this.#namespace.metadata;
    const list = this.#deps.transport.lister<Pod>(pods).list(name);
    return graceSeconds(list, deletionTimestamp, this.#context.now());
  }

  /** Deletes one resource after the other; the first one must be gone before the others go. */
  async #clear(resources: readonly ResourceRef[], grace: number): Promise<Findings> {
    const remains: Remains[] = [];
    for (const [at, resource] of resources.entries()) {
      await this.#deleteAll(resource);
      const left = this.#remainsOf(resource);
      remains.push(left);
      const isGraceful = at === 0 && grace > 0;
      if (left.count > 0 && left.finalizers.size === 0 && !isGraceful)
        this.#errors.push(unexpected(this.#namespace.metadata.name ?? '', resource));
      if (at === 0 && left.count > 0) break;
    }
    return { remains, errors: this.#errors };
  }

  async #deleteAll(resource: ResourceRef): Promise<void> {
    const { client } = this.#context;
    for (const { metadata } of this.#objectsOf(resource).slice()) {
      if (metadata.deletionTimestamp !== undefined) continue;
      const { name = '', namespace, uid } = metadata;
      try {
        await client.delete(
          resource,
          { name, namespace },
          {
            propagationPolicy: 'Background',
            ...(uid ? { preconditions: { uid } } : {}),
          },
        );
      } catch (error) {
        if (isNotFound(error)) continue;
        this.#errors.push(error instanceof Error ? error.message : String(error));
      }
    }
  }

  #remainsOf(resource: ResourceRef): Remains {
    const finalizers = new Map<string, number>();
    const objects = this.#objectsOf(resource);
    for (const { metadata } of objects)
      for (const finalizer of metadata.finalizers ?? [])
        finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
    return { resource, count: objects.length, finalizers };
  }

  #objectsOf(resource: ResourceRef): readonly KubeObject[] {
    const lister = this.#deps.transport.lister(resource as ResourceRef<KubeObject>);
    return lister.list(this.#namespace.metadata.name);
  }
}

async function finalize(client: Client, namespace: Namespace): Promise<void> {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((each) => each !== FINALIZER);
  const finalized = { ...namespace, spec: { ...namespace.spec, finalizers } };
  try {
    await client.updateSubresource(namespaces, finalized, 'finalize');
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
