import { events, pods } from '../../../generated/core/v1/resources.ts';
import type { Event } from '../../../generated/core/v1/types.ts';
import type { Progress, SchedulingExplanation } from '../../client/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { withoutRepeats } from '../findings.ts';
import { kinds } from '../served-kinds.ts';
import { stuckBudgets } from './budgets.ts';
import { stuckContainers } from './containers.ts';
import { failedJobs } from './failed-jobs.ts';
import { missingVolumes } from './mounts.ts';
import type { OutcomeSources } from './origin.ts';
import { overQuota } from './quota.ts';
import { refusedPod } from './refused.ts';
import { deadRoutes } from './routes.ts';
import { unexplained } from './unexplained.ts';
import { unschedulable } from './unschedulable.ts';

/** What is known of a running cluster beside its objects. */
export interface Known {
  /** Objects that are not at their goal. */
  readonly behind: readonly Progress[];
  /** Of pods that are on no node. */
  readonly scheduling: readonly SchedulingExplanation[];
}

/** Everything that came out otherwise than manifests want, with the place that causes it; errors before warnings. */
export function outcomes(sources: OutcomeSources, { behind, scheduling }: Known): Finding[] {
  const lister = sources.transport.lister(pods);
  const pending = scheduling.flatMap((explanation) => {
    const pod = lister.byKey(explanation.pod);
    return pod ? [unschedulable(sources, pod, explanation)] : [];
  });
  const told = [
    ...pending,
    ...withoutRepeats(refusals(sources, behind)),
    ...(behind.length > 0 ? [...missingVolumes(sources), ...stuckContainers(sources)] : []),
    ...failedJobs(sources),
  ];
  return [
    ...told,
    ...unexplained(sources, behind, told),
    ...stuckBudgets(sources),
    ...deadRoutes(sources),
  ];
}

/** Of objects that still lack pods and whose last word is that the server refuses them. */
function refusals(sources: OutcomeSources, behind: readonly Progress[]): Finding[] {
  const waiting = new Set(
    behind.map(({ kind, namespace, name }) => `${kind} ${namespace} ${name}`),
  );
  if (waiting.size === 0) return [];
  const last = new Map<string, Event>();
  for (const event of sources.transport.lister(events).list()) {
    const { kind, namespace, name } = event.involvedObject;
    const id = `${kind} ${namespace} ${name}`;
    if (event.reason === 'FailedCreate' && waiting.has(id)) last.set(id, event);
  }
  return [...last.values()].flatMap(({ involvedObject, message = '' }) => {
    const { apiVersion = '', kind = '', namespace, name = '' } = involvedObject;
    const known = kinds().find(apiVersion, kind);
    const refused =
      known &&
      sources.transport
        .lister<KubeObject>({ ...known, resource: known.plural })
        .get(name, namespace);
    if (!refused) return [];
    return overQuota(sources, refused, message) ?? refusedPod(sources, refused, message);
  });
}
