/** How many containers that have ended stay on the node; below 0 means as many as there are. */
export interface ContainerGcPolicy {
  /** Younger ones stay in any case. */
  readonly minAgeMs: number;
  readonly maxPerPodContainer: number;
  readonly maxContainers: number;
}

/** A container that has ended, with what it leaves on disk. */
export interface DeadContainer {
  /** Name in the pod. */
  readonly name: string;
  readonly image: string;
  /** Which of the container's runs it was. */
  readonly run: number;
  readonly createdMs: number;
  readonly layerBytes: number;
  readonly logBytes: number;
  readonly inodes: number;
}

/** A dead container and the pod it is of. */
export interface PodContainer {
  readonly pod: string;
  readonly dead: DeadContainer;
}

/** The containers that one round of garbage collection removes. */
export function collectContainers(
  containers: readonly PodContainer[],
  { minAgeMs, maxPerPodContainer, maxContainers }: ContainerGcPolicy,
  nowMs: number,
): readonly PodContainer[] {
  const evictable = containers.filter(({ dead }) => nowMs - dead.createdMs >= minAgeMs);
  const units = new Map<string, PodContainer[]>();
  for (const each of evictable.toSorted(newestFirst)) {
    const unit = `${each.pod}\0${each.dead.name}`;
    const list = units.get(unit);
    if (list) list.push(each);
    else units.set(unit, [each]);
  }
  const removed: PodContainer[] = [];
  const keep = (max: number): void => {
    for (const list of units.values()) removed.push(...list.splice(max));
  };
  if (maxPerPodContainer >= 0) keep(maxPerPodContainer);
  const left = (): PodContainer[] => [...units.values()].flat();
  if (maxContainers < 0 || left().length <= maxContainers) return removed;
  keep(Math.max(1, Math.trunc(maxContainers / units.size)));
  return [...removed, ...left().sort(newestFirst).slice(maxContainers)];
}

function newestFirst({ dead: a }: PodContainer, { dead: b }: PodContainer): number {
  return b.run - a.run || b.createdMs - a.createdMs;
}
