import type { Client } from '../client/index.ts';
import { type KubeObject, splitKey } from '../meta/index.ts';
import type { Change } from './plan.ts';

interface How {
  readonly dryRun?: true;
  /** False: fields that somebody else wrote otherwise are refused, not taken. */
  readonly force?: boolean;
}

/**
 * Sends one resource: server-side apply, in which a manifest wins over what anybody else wrote into the same fields; create
 * for one that is to get its name from the server.
 */
export async function send(client: Client, change: Change, how: How = {}): Promise<KubeObject> {
  const { ref, object } = change.resource;
  const named = withName(change);
  const { force = true, ...rest } = how;
  const options = { fieldManager: 'slipway', ...rest };
  const stored = named
    ? client.apply(ref, named as never, { ...options, force })
    : client.create(ref, object as never, options);
  return (await stored) as KubeObject;
}

/** Deletes one resource; what it owns goes after it, by the garbage collector. */
export function prune(client: Client, change: Change, how: How = {}): Promise<void> {
  const {
    ref = change.resource.ref,
    resource: { key },
  } = change;
  const { namespace, name } = splitKey(key);
  const target = { namespace, name: withName(change)?.metadata.name ?? name };
  return client.delete(ref, target, { propagationPolicy: 'Background', ...how });
}

function withName({ resource, madeUpName }: Change): KubeObject | undefined {
  const { object } = resource;
  if (object.metadata.name !== undefined) return object;
  if (madeUpName === undefined) return undefined;
  const { generateName: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, name: madeUpName } };
}
