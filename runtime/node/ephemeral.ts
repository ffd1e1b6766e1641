import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { type ContainerRecord, isRunning, NEW_CONTAINER } from './container-record.ts';
import type { PodRecord } from './pod-record.ts';

const NONE: readonly Container[] = [];

/** The pod's ephemeral containers, of which a kubelet needs no more than of others. */
export function ephemeralContainers({ spec }: Pod): readonly Container[] {
  return (spec?.ephemeralContainers as readonly Container[] | undefined) ?? NONE;
}

/** Records of the pod's ephemeral containers in the order of the spec, in which others may be put before those that run. */
export function ephemeralRecords(pod: Pod, { ephemeral = {} }: PodRecord): ContainerRecord[] {
  return ephemeralContainers(pod).map(({ name }) => ephemeral[name] ?? NEW_CONTAINER);
}

/** Whether a container that was put into the pod runs. The pod is not over before it has stopped. */
export function runsEphemeral({ ephemeral }: Pick<PodRecord, 'ephemeral'>): boolean {
  return ephemeral !== undefined && Object.values(ephemeral).some(isRunning);
}

/** With the records of the pod's ephemeral containers, in the order of the spec; the same where they are as before. */
export function withEphemeral(
  record: PodRecord,
  pod: Pod,
  records: readonly ContainerRecord[],
): PodRecord {
  const names = ephemeralContainers(pod).map(({ name }) => name);
  if (names.every((name, at) => record.ephemeral?.[name] === records[at])) return record;
  return {
    ...record,
    ephemeral: Object.fromEntries(names.map((name, at) => [name, records[at]!])),
  };
}
