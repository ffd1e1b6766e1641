import type { PodSpec } from '../../../generated/core/v1/types.ts';
import { schemaSet } from '../../../generated/registry.ts';
import type { KindDescriptor, Schema } from '../../../generator/model/index.ts';
import type { Transport } from '../../client/index.ts';
import {
  controllerOf,
  type KubeObject,
  keyOf,
  type OwnerReference,
  resourceId,
} from '../../meta/index.ts';
import type { ManifestResource, SourceRange } from '../contract.ts';
import { kinds } from '../served-kinds.ts';

/** The running cluster, and what has been applied to it. */
export interface OutcomeSources {
  readonly transport: Pick<Transport, 'lister'>;
  /** A resource that manifests gave, by `deployments.apps` and `namespace/name`. */
  manifestOf(resource: string, key: string): ManifestResource | undefined;
}

/** The manifest that a running object comes from. */
export interface Origin {
  readonly resource: ManifestResource;
  /** Where it says what its pods are: empty for a Pod, `spec.template` for a Deployment; undefined for what makes none. */
  readonly template: string | undefined;
}

/** Controllers above each other; a CronJob's pod has two. */
const OWNERS_MAX = 8;

/** The nearest object among an object and its controllers, from the inside out, that a manifest gave. */
export function originOf(
  { transport, manifestOf }: OutcomeSources,
  object: KubeObject,
): Origin | undefined {
  let current: KubeObject | undefined = object;
  for (let level = 0; current && level < OWNERS_MAX; level++) {
    const kind = kinds().find(current.apiVersion, current.kind);
    if (!kind) return undefined;
    const resource = manifestOf(resourceId(refOf(kind)), keyOf(current));
    if (resource) return { resource, template: templateOf(kind) };
    const owner = controllerOf(current);
    current = owner && ownerIn(transport, owner, current.metadata.namespace);
  }
  return undefined;
}

/** Where a field of the pods is written, `spec.containers[0].image`; of its nearest parent where the manifest leaves it out. */
export function podFieldOf(
  { resource, template }: Origin,
  path: string,
): {
  readonly fieldPath: string;
  readonly range: SourceRange;
} {
  const fieldPath = template ? `${template}.${path}` : path;
  return { fieldPath, range: resource.rangeOf(fieldPath) };
}

/** What a manifest says of the pods; empty for what makes none. */
export function podSpecOf({ resource, template }: Origin): Partial<PodSpec> {
  if (template === undefined) return {};
  let value: unknown = resource.object;
  for (const step of [...template.split('.'), 'spec'])
    if (step !== '') value = (value as Record<string, unknown> | undefined)?.[step];
  return (value as Partial<PodSpec> | undefined) ?? {};
}

/** Where a container of that name is written, among all sorts of them: `spec.initContainers[1]`. */
export function containerPath(origin: Origin, name: string): string | undefined {
  const spec = podSpecOf(origin);
  for (const list of ['containers', 'initContainers'] as const) {
    const at = (spec[list] ?? []).findIndex((each) => each.name === name);
    if (at >= 0) return `spec.${list}[${at}]`;
  }
  return undefined;
}

function ownerIn(
  transport: Pick<Transport, 'lister'>,
  { apiVersion, kind, name, uid }: OwnerReference,
  namespace: string | undefined,
): KubeObject | undefined {
  const known = kinds().find(apiVersion, kind);
  if (!known) return undefined;
  const owner = transport
    .lister<KubeObject>(refOf<KubeObject>(known))
    .get(name, known.namespaced ? namespace : undefined);
  return owner?.metadata.uid === uid ? owner : undefined;
}

function refOf<T>({ group, version, plural, kind, namespaced }: KindDescriptor) {
  return { group, version, resource: plural, kind, namespaced } as {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly '~type'?: T;
  };
}

const POD_TEMPLATE = 'core/v1.PodTemplateSpec';
const POD = 'core/v1.Pod';
/** `spec.jobTemplate.spec.template` is as deep as it gets. */
const DEPTH_MAX = 4;

const templates = new Map<string, string | undefined>();

function templateOf({ schema }: KindDescriptor): string | undefined {
  if (schema === POD) return '';
  if (!templates.has(schema)) templates.set(schema, pathTo(schema, 0));
  return templates.get(schema);
}

/** The path from a definition to the pod template in it. */
function pathTo(definition: string, depth: number): string | undefined {
  const fields: Readonly<Record<string, Schema>> =
    schemaSet.definitions[definition]?.properties ?? {};
  for (const [field, { ref }] of Object.entries(fields)) {
    if (ref === POD_TEMPLATE) return field;
    const rest =
      ref && depth < DEPTH_MAX && field !== 'metadata' ? pathTo(ref, depth + 1) : undefined;
    if (rest !== undefined) return `${field}.${rest}`;
  }
  return undefined;
}
