import { customresourcedefinitions } from '../../../generated/apiextensions/v1/resources.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionStatus,
} from '../../../generated/apiextensions/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type Lister,
  listerOf,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import {
  customResource,
  isDeleting,
  isNotFound,
  jsonEqual,
  type KubeObject,
  type ResourceRef,
  type WatchEvent,
} from '../../meta/index.ts';
import {
  CLEANUP,
  DELETING,
  established,
  failed,
  named,
  takenNames,
  terminating,
} from './decide.ts';

/** How long until the next look at objects that are on their way out. */
const LOOK_AGAIN_MS = 5_000;
const BY_GROUP = 'group';

export function createDefinitionController(deps: ControllerDeps): Controller {
  const lister = listerOf(deps, customresourcedefinitions);
  deps.transport.addIndex(customresourcedefinitions, BY_GROUP, ({ spec }) => [spec?.group ?? '']);
  return {
    name: 'customresourcedefinition',
    watches: [watch(customresourcedefinitions, (event) => touched(lister, event))],
    reconcile(name, context) {
      const definition = lister.byKey(name);
      if (!definition) return undefined;
      return new Definer(deps, lister, context).run(definition);
    },
  };
}

/** The definition itself, and when it may have given up names, those that wait for some in its group. */
function touched(
  lister: Lister<CustomResourceDefinition>,
  { object, previous, type }: WatchEvent<CustomResourceDefinition>,
): string[] {
  const name = object.metadata.name ?? '';
  const own = type === 'DELETED' ? [] : [name];
  const hadNames = previous?.status?.acceptedNames ?? object.status?.acceptedNames;
  const isFreeing = type === 'DELETED' || !jsonEqual(hadNames, object.status?.acceptedNames);
  if (!isFreeing) return own;
  const waiting = lister
    .byIndex(BY_GROUP, object.spec?.group ?? '')
    .filter((each) => each.metadata.name !== name && !hasItsNames(each));
  return [...own, ...waiting.map(({ metadata }) => metadata.name ?? '')];
}

const hasItsNames = ({ spec, status }: CustomResourceDefinition): boolean =>
  jsonEqual(spec?.names, status?.acceptedNames);

/** One look at one definition. */
class Definer {
  readonly #deps: ControllerDeps;
  readonly #lister: Lister<CustomResourceDefinition>;
  readonly #context: ReconcileContext;

  constructor(
    deps: ControllerDeps,
    lister: Lister<CustomResourceDefinition>,
    context: ReconcileContext,
  ) {
    this.#deps = deps;
    this.#lister = lister;
    this.#context = context;
  }

  async run(definition: CustomResourceDefinition): Promise<ReconcileResult | undefined> {
    const isHeld = definition.metadata.finalizers?.includes(CLEANUP);
    if (isDeleting(definition)) return isHeld ? this.#finalize(definition) : undefined;
    const accepted = await this.#name(definition);
    const status = established(accepted, this.#context.now());
    if (status) await this.#write(accepted, status);
    return undefined;
  }

  async #name(definition: CustomResourceDefinition): Promise<CustomResourceDefinition> {
    if (hasItsNames(definition)) return definition;
    const { name } = definition.metadata;
    const others = this.#lister
      .byIndex(BY_GROUP, definition.spec?.group ?? '')
      .filter((each) => each.metadata.name !== name);
    return this.#write(definition, named(definition, takenNames(others), this.#context.now()));
  }

  /** Deletes what there is of the kind, waits for the last of it, and lets the definition go. */
  async #finalize(definition: CustomResourceDefinition): Promise<ReconcileResult | undefined> {
    const now = this.#context.now();
    const resource = customResource(definition);
    if (!resource) {
      await this.#release(
        await this.#write(definition, terminating(definition, DELETING.never, now)),
      );
      return { decision: { finalized: definition.metadata.name } };
    }
    const begun = await this.#write(definition, terminating(definition, DELETING.begun, now));
    const errors = await this.#deleteAll(resource);
    if (errors.length > 0) {
      await this.#write(begun, terminating(begun, failed(errors), now));
      throw new Error(errors.join(', '));
    }
    const left = this.#objects(resource).length;
    if (left > 0) return { requeueAfterMs: LOOK_AGAIN_MS, decision: { remaining: left } };
    await this.#release(await this.#write(begun, terminating(begun, DELETING.done, now)));
    return { decision: { finalized: definition.metadata.name } };
  }

  async #deleteAll(resource: ResourceRef<KubeObject>): Promise<string[]> {
    const errors: string[] = [];
    for (const object of this.#objects(resource).slice()) {
      if (isDeleting(object)) continue;
      const { name = '', namespace } = object.metadata;
      try {
        await this.#context.client.delete(resource, { name, namespace });
      } catch (error) {
        if (!isNotFound(error)) errors.push(error instanceof Error ? error.message : String(error));
      }
    }
    return errors;
  }

  #objects(resource: ResourceRef<KubeObject>): readonly KubeObject[] {
    return this.#deps.transport.lister(resource).list();
  }

  async #write(
    definition: CustomResourceDefinition,
    status: CustomResourceDefinitionStatus,
  ): Promise<CustomResourceDefinition> {
    if (jsonEqual(status, definition.status)) return definition;
    const { client } = this.#context;
    return client.updateStatus(customresourcedefinitions, { ...definition, status });
  }

  async #release(definition: CustomResourceDefinition): Promise<void> {
    const { metadata } = definition;
    const finalizers = (metadata.finalizers ?? []).filter((each) => each !== CLEANUP);
    const released = { ...definition, metadata: { ...metadata, finalizers } };
    try {
      await this.#context.client.update(customresourcedefinitions, released);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
