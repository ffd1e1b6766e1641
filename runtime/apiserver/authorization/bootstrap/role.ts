import type { ClusterRole, PolicyRule } from '../../../../generated/rbac/v1/types.ts';

/** A cluster role of the bootstrap policy. */
export interface BootstrapRole {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly aggregationRule?: ClusterRole['aggregationRule'];
}

/** Words separated by blanks, sorted as the API server keeps them. */
const words = (text: string): string[] => text.split(' ').sort();

export const READ = 'get list watch';
export const WRITE = 'create delete deletecollection patch update';
export const READ_WRITE = `${READ} ${WRITE}`;

/** `rule('get list', 'apps', 'deployments')`: verbs, groups (`core` for that without a name) and resources. */
export function rule(verbs: string, groups: string, resources: string, names = ''): PolicyRule {
  return {
    verbs: words(verbs),
    apiGroups: words(groups)
      .map((group) => (group === 'core' ? '' : group))
      .sort(),
    resources: words(resources),
    ...(names === '' ? {} : { resourceNames: words(names) }),
  };
}

/** A rule about paths, read only. */
export const paths = (urls: string): PolicyRule => ({
  verbs: ['get'],
  nonResourceURLs: words(urls),
});

export const EVENTS = rule('create patch update', 'core events.k8s.io', 'events');

const aggregates = (to: string): Readonly<Record<string, string>> => ({
  [`rbac.authorization.k8s.io/aggregate-to-${to}`]: 'true',
});

/** A role whose rules also count for the role `to`. */
export const partOf = (to: string, role: BootstrapRole): BootstrapRole => ({
  ...role,
  labels: { ...role.labels, ...aggregates(to) },
});

/** A role that is made of those that are part of it. */
export const sumOf = (name: string): BootstrapRole => ({
  name,
  rules: [],
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregates(name) }] },
});
