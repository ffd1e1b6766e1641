import { type KubeObject, parseTime } from '../../meta/index.ts';

/** The object that was created last; of those of one moment the first by name. Undefined of none. */
export function newest(objects: readonly KubeObject[]): KubeObject | undefined {
  return [...objects].sort(byAge)[0];
}

function byAge(a: KubeObject, b: KubeObject): number {
  const age = parseTime(b.metadata.creationTimestamp) - parseTime(a.metadata.creationTimestamp);
  return age || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1);
}
