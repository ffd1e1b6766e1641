/**
 * API priority and fairness, as far as clients see it: the FlowSchemas and PriorityLevelConfigurations that every cluster has
 * (`bootstrap.ts`), and which of them a request falls under (`classify.ts`), of which its answer tells.
 *
 * Invariant: which schema counts follows from the stored objects alone, the lowest matchingPrecedence first, then by name. Left out: seats
 * and queues. Requests are answered one after the other as they come, so that there is nothing to share out.
 */
export { FLOW_SCHEMAS, flowObjects, PRIORITY_LEVELS } from './bootstrap.ts';
export { classified, type Flow } from './classify.ts';
