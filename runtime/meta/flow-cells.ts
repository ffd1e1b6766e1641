import type {
  FlowSchema,
  PriorityLevelConfiguration,
} from '../../generated/flowcontrol/v1/types.ts';
import { type Cell, NONE, cellOf as of } from './cell.ts';

/** Whether the priority level is missing; `?` while nobody has looked. */
function dangling({ status }: FlowSchema): string {
  return status?.conditions?.find(({ type }) => type === 'Dangling')?.status || '?';
}

type Queuing = 'queues' | 'handSize' | 'queueLengthLimit';

const queuing =
  (field: Queuing) =>
  ({ spec }: PriorityLevelConfiguration): string =>
    String(spec?.limited?.limitResponse?.queuing?.[field] ?? NONE);

function shares({ spec }: PriorityLevelConfiguration): string {
  return String(spec?.limited?.nominalConcurrencyShares ?? NONE);
}

/** Cells of the kinds of flowcontrol.apiserver.k8s.io. */
export const FLOW_CELLS: Readonly<Record<string, Cell>> = {
  flowDistinguisher: of<FlowSchema>(({ spec }) => spec?.distinguisherMethod?.type ?? NONE),
  flowDangling: of<FlowSchema>(dangling),
  priorityLevelShares: of<PriorityLevelConfiguration>(shares),
  priorityLevelQueues: of<PriorityLevelConfiguration>(queuing('queues')),
  priorityLevelHandSize: of<PriorityLevelConfiguration>(queuing('handSize')),
  priorityLevelQueueLength: of<PriorityLevelConfiguration>(queuing('queueLengthLimit')),
};
