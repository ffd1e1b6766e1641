import type { Container } from '../../generated/core/v1/types.ts';
import type { ContainerRecord, Ended } from './container-record.ts';
import type { DeadContainer } from './eviction/index.ts';
import type { ContainerScript } from './script.ts';
import { usesAt } from './usage.ts';

/** What a container leaves behind whose run has ended between two records of it. */
export function left(
  before: ContainerRecord,
  after: ContainerRecord,
  { name, image = '' }: Container,
  { usage }: ContainerScript,
): readonly DeadContainer[] {
  const ended = endedSince(before, after);
  if (!ended) return [];
  const { run, finishedMs } = ended;
  const createdMs = ended.startedMs || finishedMs;
  const { layerBytes, logBytes, inodes } = usesAt(usage, createdMs, finishedMs);
  return [{ name, image, run, createdMs, layerBytes, logBytes, inodes }];
}

/** With new ones; of a container's runs that left nothing only the last is kept, as nobody could tell. */
export function withDead(
  dead: readonly DeadContainer[],
  added: readonly DeadContainer[],
): readonly DeadContainer[] {
  if (added.length === 0) return dead;
  const isNoticed = (each: DeadContainer): boolean =>
    each.layerBytes + each.logBytes + each.inodes > 0 ||
    !added.some(({ name, image }) => name === each.name && image === each.image);
  return [...dead.filter(isNoticed), ...added];
}

function endedSince(before: ContainerRecord, after: ContainerRecord): Ended | undefined {
  const latest = after.stage.at === 'exited' ? after.stage.ended : after.last;
  const known = before.stage.at === 'exited' ? before.stage.ended : before.last;
  return latest && latest.run !== known?.run ? latest : undefined;
}
