import { type BootstrapRole, partOf, paths, READ, READ_WRITE, rule, sumOf, WRITE } from './role.ts';

const EVERYTHING: BootstrapRole = {
  name: 'cluster-admin',
  rules: [rule('*', '*', '*'), { verbs: ['*'], nonResourceURLs: ['*'] }],
};

const ADMIN = partOf('admin', {
  name: 'system:aggregate-to-admin',
  rules: [
    rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
    rule(READ_WRITE, 'rbac.authorization.k8s.io', 'rolebindings roles'),
  ],
});

const POD_DOORS = 'pods/attach pods/exec pods/portforward pods/proxy';
const WORKLOADS =
  'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale';

const EDIT = partOf('edit', {
  name: 'system:aggregate-to-edit',
  rules: [
    rule(READ, 'core', `${POD_DOORS} secrets services/proxy`),
    rule('impersonate', 'core', 'serviceaccounts'),
    rule(WRITE, 'core', `pods ${POD_DOORS}`),
    rule('create', 'core', 'pods/eviction'),
    rule(
      WRITE,
      'core',
      'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale ' +
        'secrets serviceaccounts services services/proxy',
    ),
    rule('create', 'core', 'serviceaccounts/token'),
    rule(WRITE, 'apps', `${WORKLOADS} statefulsets statefulsets/scale`),
    rule(WRITE, 'autoscaling', 'horizontalpodautoscalers'),
    rule(WRITE, 'batch', 'cronjobs jobs'),
    rule(
      WRITE,
      'extensions',
      `${WORKLOADS} ingresses networkpolicies replicationcontrollers/scale`,
    ),
    rule(WRITE, 'policy', 'poddisruptionbudgets'),
    rule(WRITE, 'networking.k8s.io', 'ingresses networkpolicies'),
    rule(READ_WRITE, 'coordination.k8s.io', 'leases'),
  ],
});

const WORKLOAD_STATES =
  'daemonsets daemonsets/status deployments deployments/scale deployments/status ' +
  'replicasets replicasets/scale replicasets/status';

const VIEW = partOf('view', {
  name: 'system:aggregate-to-view',
  rules: [
    rule(
      READ,
      'core',
      'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods ' +
        'replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
    ),
    rule(
      READ,
      'core',
      'bindings events limitranges namespaces/status pods/log pods/status ' +
        'replicationcontrollers/status resourcequotas resourcequotas/status',
    ),
    rule(READ, 'core', 'namespaces'),
    rule(READ, 'discovery.k8s.io', 'endpointslices'),
    rule(
      READ,
      'apps',
      `controllerrevisions ${WORKLOAD_STATES} statefulsets statefulsets/scale statefulsets/status`,
    ),
    rule(READ, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
    rule(READ, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
    rule(
      READ,
      'extensions',
      `${WORKLOAD_STATES} ingresses ingresses/status networkpolicies replicationcontrollers/scale`,
    ),
    rule(READ, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
    rule(READ, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
  ],
});

/** Comes with metrics-server where upstream has one. */
const METRICS = ['view', 'edit', 'admin'].reduce((role, to) => partOf(to, role), {
  name: 'system:aggregated-metrics-reader',
  rules: [rule(READ, 'metrics.k8s.io', 'nodes pods')],
} as BootstrapRole);

const PUBLIC = '/healthz /livez /readyz /version /version/';

/** What everybody gets, and the roles that are meant to be granted to people: cluster-admin, admin, edit, view. */
export const USER_ROLES: readonly BootstrapRole[] = [
  EVERYTHING,
  {
    name: 'system:discovery',
    rules: [paths(`${PUBLIC} /api /api/* /apis /apis/* /openapi /openapi/*`)],
  },
  {
    name: 'system:monitoring',
    rules: [paths('/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*')],
  },
  {
    name: 'system:basic-user',
    rules: [
      rule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
      rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
    ],
  },
  { name: 'system:public-info-viewer', rules: [paths(PUBLIC)] },
  sumOf('admin'),
  partOf('admin', sumOf('edit')),
  partOf('edit', sumOf('view')),
  ADMIN,
  EDIT,
  VIEW,
  METRICS,
];
