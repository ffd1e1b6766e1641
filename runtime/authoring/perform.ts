import { customresourcedefinitions } from '../../generated/apiextensions/v1/resources.ts';
import type { Client } from '../client/index.ts';
import {
  isApiError,
  isDeleting,
  isNotFound,
  type KubeObject,
  resourceId,
  type Status,
} from '../meta/index.ts';
import { isAwaited } from './awaited.ts';
import type { Change, Plan } from './plan.ts';
import type { Refusal } from './rehearse.ts';
import { prune, send } from './requests.ts';

/** What performing a plan needs beside the client. */
export interface Performance {
  /** What is applied, by id; kept up to date step by step, so that it is right whenever performing ends. */
  readonly applied: Map<string, Change>;
  /** Real time for the rest of the process. */
  breathe(): Promise<void>;
  /** Lets the cluster work before the next attempt; false: give up. */
  letWork(attempt: number): Promise<boolean>;
  /** A newer save is waiting: what could not work yet is left to it. */
  superseded(): boolean;
}

/** Applies a plan: changes in order, then those again that could not work yet, prunes last. Returns what was refused for good. */
export async function perform(
  plan: Plan,
  client: Client,
  performance: Performance,
): Promise<Refusal[]> {
  const { applied } = performance;
  for (const change of plan.unchanged) applied.set(change.id, change);
  const refusals: Refusal[] = [];
  let waiting: readonly Change[] = plan.changes;
  for (let attempt = 1; ; attempt++) {
    const step = await applyAll(waiting, plan, client, performance);
    refusals.push(...step.refusals);
    waiting = step.delayed.map(({ change }) => change);
    if (waiting.length === 0) break;
    if (performance.superseded()) return refusals;
    if (!(await performance.letWork(attempt))) {
      for (const { change, status } of step.delayed)
        refusals.push(refusal(change, await givenUp(change, status, plan, client)));
      break;
    }
  }
  if (refusals.length > 0) return refusals;
  return pruneAll(plan, client, performance);
}

interface Delayed {
  readonly change: Change;
  readonly status: Status;
}

async function applyAll(
  changes: readonly Change[],
  plan: Plan,
  client: Client,
  { applied, breathe }: Performance,
): Promise<{ delayed: Delayed[]; refusals: Refusal[] }> {
  const delayed: Delayed[] = [];
  const refusals: Refusal[] = [];
  for (const change of changes) {
    await breathe();
    try {
      const stored = await send(client, change);
      if (isDeleting(stored)) delayed.push({ change, status: LEAVING });
      else applied.set(change.id, noting(change, stored));
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (isAwaited(error.status, change.resource, plan))
        delayed.push({ change, status: error.status });
      else refusals.push(refusal(change, error.status));
    }
  }
  return { delayed, refusals };
}

/** Said of an object whose predecessor of the same name is still on its way out. */
const LEAVING: Status = {
  apiVersion: 'v1',
  kind: 'Status',
  metadata: {},
  status: 'Failure',
  code: 409,
  reason: 'Conflict',
  message: 'the object of this name is being deleted and has not gone yet',
};

/** Why what was waited for did not come: of a kind that is not served, what its definition waits for. */
async function givenUp(
  { resource }: Change,
  status: Status,
  { defining }: Plan,
  client: Client,
): Promise<Status> {
  const name = resourceId(resource.ref);
  if (status.code !== 404 || !defining.has(name)) return status;
  const { apiVersion, kind } = resource.object;
  const definition = await client.get(customresourcedefinitions, name);
  const unmet = definition.status?.conditions?.find((each) => each.status === 'False');
  const why = unmet?.message ? `: ${unmet.message}` : '';
  const message = `no matches for kind "${kind}" in version "${apiVersion}": its definition is not in force${why}`;
  return { ...status, message, details: { causes: [{ field: 'kind', message }] } };
}

async function pruneAll(
  { pruned }: Plan,
  client: Client,
  { applied, breathe }: Performance,
): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  for (const change of pruned) {
    await breathe();
    try {
      await prune(client, change);
      applied.delete(change.id);
    } catch (error) {
      if (isNotFound(error)) applied.delete(change.id);
      else if (isApiError(error)) refusals.push(refusal(change, error.status));
      else throw error;
    }
  }
  return refusals;
}

function noting(change: Change, { metadata: { name } }: KubeObject): Change {
  const isNamed = change.resource.object.metadata.name !== undefined;
  return isNamed || name === undefined ? change : { ...change, madeUpName: name };
}

function refusal({ resource }: Change, status: Status): Refusal {
  return { resource, status };
}
