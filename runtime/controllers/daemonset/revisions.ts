import type { ControllerRevision, DaemonSet } from '../../../generated/apps/v1/types.ts';
import { pods } from '../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../generated/core/v1/types.ts';
import type { Client } from '../../client/index.ts';
import { podTemplateHash } from '../../meta/index.ts';
import { type History, REVISION_LABEL, type RevisionNaming, removeRevisions } from '../history.ts';

/** Pods carry the hash alone, where those of a StatefulSet carry the name of the revision. */
export const naming = (hasNullTime: boolean): RevisionNaming => ({
  hash: podTemplateHash,
  label: REVISION_LABEL,
  hasNullTime,
});

export function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[REVISION_LABEL] ?? metadata.name ?? '';
}

/**
 * Revisions that hold the same template become one; pods of the others are of the one that stays from now on. True when
 * there were any: what was read before is out of date then, and the change of the revisions brings the key back.
 */
export async function mergeDuplicates(
  client: Client,
  { duplicates }: History,
  hash: string,
  owned: () => readonly Pod[],
): Promise<boolean> {
  if (duplicates.length === 0) return false;
  const hashes = new Set(duplicates.map(hashOf));
  for (const { metadata } of owned()) {
    if (!hashes.has(metadata.labels?.[REVISION_LABEL] ?? '')) continue;
    const target = { name: metadata.name ?? '', namespace: metadata.namespace };
    await client.patch(pods, target, { metadata: { labels: { [REVISION_LABEL]: hash } } });
  }
  await removeRevisions(client, duplicates);
  return true;
}

/** Past revisions that no pod is made from, oldest first, as far as there are more past ones than are to be kept. */
export function surplus(
  { spec }: DaemonSet,
  { past }: History,
  owned: () => readonly Pod[],
): readonly ControllerRevision[] {
  const count = past.length - (spec?.revisionHistoryLimit ?? 10);
  if (count <= 0) return [];
  const live = new Set(owned().map(({ metadata }) => metadata.labels?.[REVISION_LABEL]));
  return past.filter((each) => !live.has(hashOf(each))).slice(0, count);
}
