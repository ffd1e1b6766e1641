import type { Client } from '../client/index.ts';
import { isApiError, resourceId, type Status } from '../meta/index.ts';
import { isAwaited } from './awaited.ts';
import type { ManifestResource } from './contract.ts';
import type { Plan } from './plan.ts';
import { prune, send } from './requests.ts';

/** A resource that the server does not take, and what it said. */
export interface Refusal {
  readonly resource: ManifestResource;
  readonly status: Status;
}

export interface Rehearsal {
  readonly refusals: readonly Refusal[];
  /** Fields that the plan takes from others: what the server says to whoever does not force it. */
  readonly taken: readonly Refusal[];
  /** Part of the plan could not be judged: what it waits for comes with the same plan. */
  readonly unsure: boolean;
}

/** Asks the server about every step of a plan without changing anything. Throws only what is no answer of the server. */
export async function rehearse(
  plan: Plan,
  client: Client,
  breathe: () => Promise<void>,
): Promise<Rehearsal> {
  const refusals: Refusal[] = [];
  const taken: Refusal[] = [];
  let unsure = false;
  for (const change of plan.changes) {
    await breathe();
    if (plan.defining.has(resourceId(change.resource.ref))) {
      unsure = true;
      continue;
    }
    let status = await refusalOf(send(client, change, { dryRun: true, force: false }));
    if (status && isFieldConflict(status)) {
      taken.push({ resource: change.resource, status });
      status = await refusalOf(send(client, change, { dryRun: true }));
    }
    if (!status) continue;
    if (isAwaited(status, change.resource, plan)) unsure = true;
    else refusals.push({ resource: change.resource, status });
  }
  for (const change of plan.pruned) {
    await breathe();
    const status = await refusalOf(prune(client, change, { dryRun: true }));
    if (status && status.code !== 404) refusals.push({ resource: change.resource, status });
  }
  return { refusals, taken, unsure };
}

function isFieldConflict({ details }: Status): boolean {
  return details?.causes?.some(({ reason }) => reason === 'FieldManagerConflict') ?? false;
}

async function refusalOf(request: Promise<unknown>): Promise<Status | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (isApiError(error)) return error.status;
    throw error;
  }
}
