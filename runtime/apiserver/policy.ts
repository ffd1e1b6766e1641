import { type Cause, type KubeObject, recordUpdate, UNOWNED, type User } from '../meta/index.ts';
import { bootstrapPolicy } from './authorization/index.ts';
import type { Core } from './core.ts';
import { typed } from './kind.ts';
import { metadataForCreate } from './metadata.ts';

/**
 * Stores the bootstrap policy. The server made it and it is the same in every cluster, so that it is not checked again (a test
 * does) and clusters of one process share its rules.
 */
export async function storePolicy(core: Core, user: User, cause: Cause): Promise<void> {
  for (const { id, namespace, body } of bootstrapPolicy()) {
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
