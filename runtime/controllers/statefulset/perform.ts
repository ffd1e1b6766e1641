import type { StatefulSet } from '../../../generated/apps/v1/types.ts';
import { persistentvolumeclaims, pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { ReconcileContext } from '../../client/index.ts';
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from '../../meta/index.ts';
import { textOf } from '../pod-control.ts';
import type { ClaimWork } from './claims.ts';
import type { PodStep, StatefulSetActions } from './decide.ts';

type Context = Pick<ReconcileContext, 'client' | 'events'>;

export interface Outcome {
  /** Names of pods that were told to go. */
  readonly removed: ReadonlySet<string>;
  /** The first error; what came before it is done. */
  readonly error?: unknown;
}

/**
 * Does what was decided, stage by stage. After a failure it does what upstream has begun by then (it works in batches of 1,
 * 2, 4 and so on), and nothing more: what fails for all then fails a few times only.
 */
export async function perform(
  context: Context,
  set: StatefulSet,
  { stages }: StatefulSetActions,
): Promise<Outcome> {
  const removed = new Set<string>();
  for (const steps of stages) {
    let failure: { error: unknown } | undefined;
    let end = Number.POSITIVE_INFINITY;
    for (const step of steps) {
      if (step.at >= end) break;
      try {
        await take(context, set, step);
        if (step.remove) removed.add(step.name);
      } catch (error) {
        if (isNamespaceTerminating(error)) return { removed };
        failure ??= { error };
        end = Math.min(end, endOfBatch(step.at));
      }
    }
    if (failure) return { removed, ...failure };
  }
  return { removed };
}

function endOfBatch(at: number): number {
  return 2 ** (Math.floor(Math.log2(at + 1)) + 1) - 1;
}

async function take(context: Context, set: StatefulSet, step: PodStep): Promise<void> {
  const { name, claims, create, update, remove } = step;
  const { client } = context;
  if (remove) {
    const { namespace } = remove.metadata;
    return tell(context, set, 'delete', name, () => client.delete(pods, { name, namespace }));
  }
  if (create)
    return tell(context, set, 'create', name, async () => {
      if (claims) await makeClaims(context, set, name, claims);
      await client.create(pods, create);
      if (claims) await handClaims(context, set, claims);
    });
  if (update)
    return tell(context, set, 'update', name, () => correct(context, set, name, update, claims));
  if (!claims) return;
  await makeClaims(context, set, name, claims);
  await handClaims(context, set, claims);
}

async function correct(
  context: Context,
  set: StatefulSet,
  name: string,
  pod: Pod,
  claims: ClaimWork | undefined,
): Promise<void> {
  if (claims) {
    await makeClaims(context, set, name, claims);
    await handClaims(context, set, claims);
  }
  await context.client.update(pods, pod);
}

/** Does it, and tells the set how it went. A pod that is there or gone already is no failure of its own. */
async function tell(
  { events }: Context,
  set: StatefulSet,
  verb: 'create' | 'update' | 'delete',
  pod: string,
  act: () => Promise<unknown>,
): Promise<void> {
  const reason = `${verb[0]!.toUpperCase()}${verb.slice(1)}`;
  const what = `${verb} Pod ${pod} in StatefulSet ${set.metadata.name}`;
  try {
    await act();
  } catch (error) {
    if (verb === 'delete' && isNotFound(error)) return;
    if (verb !== 'create' || !isAlreadyExists(error))
      events.event(set, 'Warning', `Failed${reason}`, `${what} failed error: ${textOf(error)}`);
    throw error;
  }
  events.event(set, 'Normal', `Successful${reason}`, `${what} successful`);
}

async function makeClaims(
  { client, events }: Context,
  set: StatefulSet,
  pod: string,
  { create, leaving }: ClaimWork,
): Promise<void> {
  const errors = leaving.map((name) => `pvc ${name} is being deleted`);
  for (const claim of create) {
    const { name } = claim.metadata as { readonly name: string };
    const where = `in StatefulSet ${set.metadata.name}`;
    try {
      await client.create(persistentvolumeclaims, claim);
      const message = `create Claim ${name} Pod ${pod} ${where} success`;
      events.event(set, 'Normal', 'SuccessfulCreate', message);
    } catch (error) {
      errors.push(`failed to create PVC ${name}: ${textOf(error)}`);
      if (isAlreadyExists(error)) continue;
      const message = `create Claim ${name} for Pod ${pod} ${where} failed error: ${textOf(error)}`;
      events.event(set, 'Warning', 'FailedCreate', message);
    }
  }
  if (errors.length > 0) throw new ClaimFailure(errors);
}

/** Claims that a pod needs could not be had. */
class ClaimFailure extends Error {
  override readonly name = 'ClaimFailure';

  constructor(problems: readonly string[]) {
    const [only, ...others] = problems;
    super(others.length === 0 ? only : `[${problems.join(', ')}]`);
  }
}

async function handClaims(
  { client, events }: Context,
  set: StatefulSet,
  { hand, conflicts }: ClaimWork,
): Promise<void> {
  for (const name of conflicts) {
    const message =
      `PersistentVolumeClaim ${name} has a conflicting OwnerReference that acts as a manging controller, ` +
      'the retention policy is ignored for this claim';
    events.event(set, 'Warning', 'ConflictingController', message);
  }
  for (const claim of hand) await client.update(persistentvolumeclaims, claim);
}
