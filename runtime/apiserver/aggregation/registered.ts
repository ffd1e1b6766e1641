import type { APIService } from '../../../generated/apiregistration/v1/types.ts';
import type { SchemaSet } from '../../../generator/model/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import { localCondition } from '../strategies/api-services.ts';

/** Id of the resource. */
export const API_SERVICES = 'apiservices.apiregistration.k8s.io';

/** The group that says who answers for the others is always there, and first. */
const OWN_GROUP = 'apiregistration.k8s.io';
/** Of groups that Kubernetes does not know. */
export const GROUP_PRIORITY = 1_000;
const VERSION_PRIORITY = 100;
/** Of versions of Kubernetes' own groups, as far as they are not as usual. */
const VERSION_PRIORITIES: Readonly<Record<string, number>> = {
  'v1.': 1,
  'v2.autoscaling': 30,
  'v1.flowcontrol.apiserver.k8s.io': 21,
  'v1.resource.k8s.io': 21,
  'v1beta1.metrics.k8s.io': 100,
};
const USUAL = { stable: 15, beta: 9, alpha: 1 };

type Registered = Pick<KubeObject, 'metadata'> & Pick<APIService, 'spec' | 'status'>;

/** An APIService for every group version that the server has built in, as it is when the server has started. */
export function registeredApiServices(
  { kinds, groups = [] }: SchemaSet,
  nowMs: number,
): Registered[] {
  const priorities = new Map(groups.map(({ name, priority }) => [name, priority]));
  const versions = new Map(
    kinds.map(({ group, version }) => [`${version}.${group}`, { group, version }]),
  );
  return [...versions]
    .filter(([, { group }]) => group !== OWN_GROUP)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { group, version }]) => {
      const known = priorities.get(group);
      return {
        metadata: { name, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
        spec: {
          ...(group === '' ? {} : { group }),
          version,
          groupPriorityMinimum: known ?? GROUP_PRIORITY,
          versionPriority: known === undefined ? VERSION_PRIORITY : versionPriority(name, version),
        },
        status: { conditions: [localCondition(nowMs)] },
      };
    });
}

function versionPriority(name: string, version: string): number {
  const usual = /alpha/.test(version)
    ? USUAL.alpha
    : /beta/.test(version)
      ? USUAL.beta
      : USUAL.stable;
  return VERSION_PRIORITIES[name] ?? usual;
}
