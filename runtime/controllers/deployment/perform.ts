import { deployments, replicasets } from '../../../generated/apps/v1/resources.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../../../generated/apps/v1/types.ts';
import type { ReconcileContext } from '../../client/index.ts';
import {
  controllerOf,
  isAlreadyExists,
  isNamespaceTerminating,
  isNotFound,
} from '../../meta/index.ts';
import type { DeploymentActions } from './decide.ts';
import type { Scaling } from './plan.ts';
import { hasDeadline, PROGRESSING } from './progress.ts';
import { isSameTemplate } from './replica-sets.ts';
import { REVISION } from './revision.ts';
import { condition, setCondition } from './status.ts';

type Context = Pick<ReconcileContext, 'client' | 'events' | 'now'>;

/**
 * Writes what was decided: ReplicaSets first, the Deployment's status last. False when the namespace goes away under it
 * and nothing more is to be done.
 */
export async function perform(
  context: Context,
  deployment: Deployment,
  { create, updates, scalings, remove, status, revision }: DeploymentActions,
): Promise<boolean> {
  const { client } = context;
  if (create) {
    if (!(await createSet(context, deployment, create))) return false;
    tell(context, deployment, create, scalings);
  }
  for (const each of updates) {
    await client.update(replicasets, each);
    tell(context, deployment, each, scalings);
  }
  for (const { metadata } of remove) await removeSet(context, metadata);
  await writeStatus(context, deployment, status, revision);
  return true;
}

/** Writes the status, and with it the revision: the one write of annotations that does not count as a new generation. */
async function writeStatus(
  { client }: Context,
  deployment: Deployment,
  status: DeploymentStatus,
  revision: string | undefined,
): Promise<void> {
  const { metadata } = deployment;
  const isCurrent = revision === undefined || metadata.annotations?.[REVISION] === revision;
  if (isCurrent && status === deployment.status) return;
  await client.updateStatus(deployments, {
    ...deployment,
    metadata: isCurrent
      ? metadata
      : { ...metadata, annotations: { ...metadata.annotations, [REVISION]: revision } },
    status,
  });
}

function tell(
  { events }: Context,
  deployment: Deployment,
  set: ReplicaSet,
  scalings: readonly Scaling[],
): void {
  const { name } = set.metadata;
  for (const { set: scaled, from, to } of scalings) {
    if (scaled !== name) continue;
    const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`;
    events.event(deployment, 'Normal', 'ScalingReplicaSet', message);
  }
}

/** True when the ReplicaSet is there afterwards, false when its namespace goes away; throws otherwise, to be tried again. */
async function createSet(
  context: Context,
  deployment: Deployment,
  set: ReplicaSet,
): Promise<boolean> {
  try {
    await context.client.create(replicasets, set);
    return true;
  } catch (error) {
    if (isNamespaceTerminating(error)) return false;
    if (!isAlreadyExists(error)) await tellFailure(context, deployment, set, error);
    else if (await isOwn(context, deployment, set)) return true;
    else await countCollision(context, deployment);
    throw error;
  }
}

/** Whether what has the name already is the ReplicaSet that was to be made: a lister that lags behind did not know it yet. */
async function isOwn(
  { client }: Context,
  deployment: Deployment,
  set: ReplicaSet,
): Promise<boolean> {
  const { name = '', namespace } = set.metadata;
  const live = await client.get(replicasets, name, namespace);
  return (
    controllerOf(live)?.uid === deployment.metadata.uid &&
    isSameTemplate(live.spec?.template, deployment.spec?.template)
  );
}

/** The next try will have another hash, and so another name. */
async function countCollision({ client }: Context, deployment: Deployment): Promise<void> {
  const { status = {} } = deployment;
  const collisionCount = (status.collisionCount ?? 0) + 1;
  await client.updateStatus(deployments, { ...deployment, status: { ...status, collisionCount } });
}

async function tellFailure(
  { client, events, now }: Context,
  deployment: Deployment,
  set: ReplicaSet,
  error: unknown,
): Promise<void> {
  const reason = 'ReplicaSetCreateError';
  const text = error instanceof Error ? error.message : String(error);
  const message = `Failed to create new replica set ${JSON.stringify(set.metadata.name)}: ${text}`;
  events.event(deployment, 'Warning', reason, message);
  if (!hasDeadline(deployment)) return;
  const { status = {} } = deployment;
  const failed = condition(PROGRESSING, 'False', reason, message, now());
  const conditions = setCondition(status.conditions ?? [], failed);
  if (conditions === status.conditions) return;
  await client.updateStatus(deployments, { ...deployment, status: { ...status, conditions } });
}

async function removeSet(
  { client }: Context,
  { name = '', namespace }: ReplicaSet['metadata'],
): Promise<void> {
  try {
    await client.delete(replicasets, { name, namespace });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
