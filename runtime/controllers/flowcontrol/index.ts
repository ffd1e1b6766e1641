/**
 * Says of every FlowSchema in its condition `Dangling` whether the priority level that it names is missing; a part of
 * kube-apiserver's API priority and fairness. Key: the FlowSchema. A level that comes or goes wakes those that name it.
 */
import {
  flowschemas,
  prioritylevelconfigurations,
} from '../../../generated/flowcontrol/v1/resources.ts';
import type { FlowSchema } from '../../../generated/flowcontrol/v1/types.ts';
import { type Controller, type ControllerDeps, listerOf, watch } from '../../client/index.ts';
import { formatTime, withCondition } from '../../meta/index.ts';

const BY_LEVEL = 'priority-level';

export function createFlowController(deps: ControllerDeps): Controller {
  const schemas = listerOf(deps, flowschemas);
  const levels = listerOf(deps, prioritylevelconfigurations);
  deps.transport.addIndex(flowschemas, BY_LEVEL, (schema) => [levelOf(schema)]);
  return {
    name: 'flowcontrol',
    watches: [
      watch(flowschemas, ({ type, object }) =>
        type === 'DELETED' ? [] : [object.metadata.name ?? ''],
      ),
      watch(prioritylevelconfigurations, ({ type, object }) =>
        type === 'MODIFIED'
          ? []
          : schemas
              .byIndex(BY_LEVEL, object.metadata.name ?? '')
              .map(({ metadata }) => metadata.name ?? ''),
      ),
    ],
    async reconcile(name, { client, now }) {
      const live = schemas.byKey(name);
      if (!live) return undefined;
      const isMissing = levels.get(levelOf(live)) === undefined;
      const before = (live.status?.conditions ?? []) as readonly Condition[];
      const conditions = withCondition(before, dangling(levelOf(live), isMissing, now()));
      if (conditions === before) return undefined;
      await client.updateStatus(flowschemas, { ...live, status: { ...live.status, conditions } });
      return undefined;
    },
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

const levelOf = ({ spec }: FlowSchema): string => spec?.priorityLevelConfiguration.name ?? '';

function dangling(level: string, isMissing: boolean, nowMs: number): Condition {
  const what = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
  return {
    type: 'Dangling',
    status: isMissing ? 'True' : 'False',
    lastTransitionTime: formatTime(nowMs),
    reason: isMissing ? 'NotFound' : 'Found',
    message: `${what} ${isMissing ? 'but there is no such object' : 'and it exists'}`,
  };
}
