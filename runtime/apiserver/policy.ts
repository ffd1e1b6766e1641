import { type Cause, type KubeObject, recordUpdate, UNOWNED, type User } from '../meta/index.ts';
import { API_SERVICES, registeredApiServices } from './aggregation/index.ts';
import { bootstrapPolicy } from './authorization/index.ts';
import type { Core } from './core.ts';
import { flowObjects } from './flow/index.ts';
import { typed } from './kind.ts';
import { metadataForCreate } from './metadata.ts';

const apiServices = (core: Core): StoredAsIs[] =>
  registeredApiServices(core.builtIn, core.now()).map((body) => ({ id: API_SERVICES, body }));

interface StoredAsIs {
  readonly id: string;
  readonly namespace?: string;
  readonly body: object;
}

/**
 * Stores the bootstrap policy, and what the server registers of itself. The server made it and it is the same in every cluster, so
 * that it is not checked again (a test does) and clusters of one process share its rules.
 */
export async function storePolicy(core: Core, user: User, cause: Cause): Promise<void> {
  const objects = [...bootstrapPolicy(), ...apiServices(core), ...flowObjects(core.now())];
  await store(core, user, cause, objects);
}

/** Stores again what of it the server sees to all the time: flow schemas and priority levels, where somebody deleted them. */
export async function restorePolicy(core: Core, user: User, cause: Cause): Promise<void> {
  const isMissing = ({ id, body: { metadata } }: ReturnType<typeof flowObjects>[number]): boolean =>
    core.object(id, metadata.name) === undefined;
  await store(core, user, cause, flowObjects(core.now()).filter(isMissing));
}

async function store(
  core: Core,
  user: User,
  cause: Cause,
  objects: readonly StoredAsIs[],
): Promise<void> {
  for (const { id, namespace, body } of objects) {
    const kind = core.kindById(id);
    if (!kind) continue;
    const given = body as Pick<KubeObject, 'metadata'>;
    const { name = '' } = given.metadata;
    const metadata = metadataForCreate(kind, given.metadata, { name, namespace }, core);
    const object = typed(kind, { ...given, metadata });
    const ownership = recordUpdate(
      UNOWNED,
      { manager: user.name, operation: 'Update', apiVersion: kind.apiVersion },
      { before: undefined, after: object, timeMs: core.now() },
      kind.ownershipSchema,
    );
    const key = namespace ? `${namespace}/${name}` : name;
    await core.put(kind, key, { object, ownership }, undefined, { verb: 'create', cause });
  }
}
