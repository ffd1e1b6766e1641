import { controllerrevisions } from '../../generated/apps/v1/resources.ts';
import type { ControllerRevision } from '../../generated/apps/v1/types.ts';
import type { PodTemplateSpec } from '../../generated/core/v1/types.ts';
import type { Client, Init } from '../client/index.ts';
import { isAlreadyExists, isNotFound, jsonEqual, ownerReference } from '../meta/index.ts';
import type { Owner } from './dependents.ts';

/** An owner of pods whose former templates are kept as ControllerRevisions. */
export interface Versioned extends Owner {
  readonly spec?: NonNullable<Owner['spec']> & { readonly template: PodTemplateSpec };
}

/** The label by which a pod says of which revision it is. */
export const REVISION_LABEL = 'controller-revision-hash';

type RevisionData = NonNullable<ControllerRevision['data']>;

/** Leaves room for the hash in a name of 253 characters. */
const PREFIX_LENGTH_MAX = 223;
const DIRECTIVE = '$patch';

const dataOf = new WeakMap<PodTemplateSpec, RevisionData>();
const olderDataOf = new WeakMap<PodTemplateSpec, RevisionData>();
const templates = new WeakMap<RevisionData, PodTemplateSpec>();

/**
 * What a revision keeps of a template: the strategic merge patch that puts it back, which is what kubectl sends to undo a
 * rollout. Fields are sorted, since kubectl and the hash of the name go by the text. One value for each template.
 * `hasNullTime`: as Kubernetes wrote it before 1.34, with a creation time that is null.
 */
export function revisionData(template: PodTemplateSpec, hasNullTime = false): RevisionData {
  const known = hasNullTime ? olderDataOf : dataOf;
  let data = known.get(template);
  if (!data) {
    const metadata = { creationTimestamp: null, ...template.metadata };
    const kept = hasNullTime ? { ...template, metadata } : template;
    data = { spec: { template: sorted({ ...kept, [DIRECTIVE]: 'replace' }) } };
    known.set(template, data);
  }
  return data;
}

/** The template that a revision keeps; one value for each revision, so that its pods share it. */
export function templateOf({ data = {} }: ControllerRevision): PodTemplateSpec {
  let template = templates.get(data);
  if (!template) {
    const { spec } = data as { readonly spec?: { readonly template?: object } };
    const { [DIRECTIVE]: _directive, ...kept } = (spec?.template ?? {}) as Record<string, unknown>;
    template = kept as PodTemplateSpec;
    templates.set(data, template);
  }
  return template;
}

/** How the revisions of an owner relate to the template that it has. */
export interface History {
  /** The latest one that keeps the present template. */
  readonly present?: ControllerRevision;
  /** The number that the present one has or is to have. */
  readonly revision: number;
  /** Others that keep the present template. */
  readonly duplicates: readonly ControllerRevision[];
  /** Those that keep other templates, oldest first. */
  readonly past: readonly ControllerRevision[];
}

/**
 * Sorts revisions into present and past. The present one comes last: where a past one has a number as high, the template
 * was taken back, and the present one moves on.
 */
export function historyOf(
  template: PodTemplateSpec,
  revisions: readonly ControllerRevision[],
  hasNullTime = false,
): History {
  const data = revisionData(template, hasNullTime);
  const inOrder = [...revisions].sort(byRevision);
  const same = inOrder.filter((each) => jsonEqual(each.data, data));
  const past = inOrder.filter((each) => !same.includes(each));
  const present = same.at(-1);
  const next = (past.at(-1)?.revision ?? 0) + 1;
  return {
    ...(present ? { present } : {}),
    revision: Math.max(present?.revision ?? 0, next),
    duplicates: same.slice(0, -1),
    past,
  };
}

function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  return (
    a.revision - b.revision ||
    compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compare(a.metadata.name, b.metadata.name)
  );
}

export interface RevisionNaming {
  readonly hash: (template: PodTemplateSpec, collisionCount: number) => string;
  /** The label of the revision that holds the hash. */
  readonly label: string;
  /** How the data is written. */
  readonly hasNullTime?: boolean;
}

/**
 * Makes the present revision what `history` says: there, and with that number. A name that is taken by something else
 * counts as a collision and goes into the next hash; the count comes back.
 */
export async function writePresent(
  client: Client,
  owner: Versioned,
  { present, revision }: History,
  naming: RevisionNaming,
): Promise<{ readonly present: ControllerRevision; readonly collisionCount: number }> {
  const { collisionCount = 0 } = (owner as { status?: { collisionCount?: number } }).status ?? {};
  if (!present) return createRevision(client, owner, revision, naming, collisionCount);
  if (present.revision === revision) return { present, collisionCount };
  const renumbered = await client.update(controllerrevisions, { ...present, revision });
  return { present: renumbered, collisionCount };
}

async function createRevision(
  client: Client,
  owner: Versioned,
  revision: number,
  naming: RevisionNaming,
  collisions: number,
): Promise<{ readonly present: ControllerRevision; readonly collisionCount: number }> {
  for (let collisionCount = collisions; ; collisionCount++) {
    const wanted = newRevision(owner, revision, naming, collisionCount);
    try {
      return { present: await client.create(controllerrevisions, wanted), collisionCount };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    const { name = '', namespace } = owner.metadata;
    const taken = wanted.metadata?.name ?? name;
    const present = await client.get(controllerrevisions, taken, namespace);
    if (jsonEqual(present.data, wanted.data)) return { present, collisionCount };
  }
}

function newRevision(
  owner: Versioned,
  revision: number,
  naming: RevisionNaming,
  collisionCount: number,
): Init<ControllerRevision> & { readonly metadata: { readonly name: string } } {
  const { name = '', namespace, annotations } = owner.metadata;
  const template = owner.spec?.template ?? {};
  const hash = naming.hash(template, collisionCount);
  return {
    metadata: {
      name: `${name.slice(0, PREFIX_LENGTH_MAX)}-${hash}`,
      ...(namespace ? { namespace } : {}),
      labels: { ...template.metadata?.labels, [naming.label]: hash },
      ...(annotations ? { annotations } : {}),
      ownerReferences: [ownerReference(owner)],
    },
    data: revisionData(template, naming.hasNullTime),
    revision,
  };
}

/** Deletes revisions; one that is gone already needs none. */
export async function removeRevisions(
  client: Client,
  revisions: readonly ControllerRevision[],
): Promise<void> {
  for (const { metadata } of revisions) {
    const { name = '', namespace } = metadata;
    try {
      await client.delete(controllerrevisions, { name, namespace });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  fields.sort(([a], [b]) => compare(a, b));
  return Object.fromEntries(fields.map(([key, each]) => [key, sorted(each)]));
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
