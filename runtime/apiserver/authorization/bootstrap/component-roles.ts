import { type BootstrapRole, EVENTS, paths, READ, rule } from './role.ts';

const CERTIFICATES = 'certificates.k8s.io';
const REQUESTS = 'certificatesigningrequests';
const LEASES = 'coordination.k8s.io';

const TOKEN_REVIEWS = rule('create', 'authentication.k8s.io', 'tokenreviews');
const ACCESS_REVIEWS = rule('create', 'authorization.k8s.io', 'subjectaccessreviews');
/** Whoever serves requests of others has them authenticated and authorized by the API server. */
const DELEGATION = [TOKEN_REVIEWS, ACCESS_REVIEWS];

/** The lease by which instances of a component choose the one that works. */
const leader = (name: string) => [
  rule('create', LEASES, 'leases'),
  rule('get update', LEASES, 'leases', name),
];

const NODE: BootstrapRole = {
  name: 'system:node',
  rules: [
    TOKEN_REVIEWS,
    rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews subjectaccessreviews'),
    rule(READ, 'core', 'services'),
    rule(`create ${READ}`, 'core', 'nodes'),
    rule('patch update', 'core', 'nodes/status'),
    rule('patch update', 'core', 'nodes'),
    rule('create patch update', 'core', 'events'),
    rule(READ, 'core', 'pods'),
    rule('create delete', 'core', 'pods'),
    rule('patch update', 'core', 'pods/status'),
    rule('create', 'core', 'pods/eviction'),
    rule(READ, 'core', 'configmaps secrets'),
    rule('get', 'core', 'persistentvolumeclaims persistentvolumes'),
    rule('get', 'core', 'endpoints'),
    rule(`create ${READ}`, CERTIFICATES, REQUESTS),
    rule('create delete get patch update', LEASES, 'leases'),
    rule('get', 'storage.k8s.io', 'volumeattachments'),
    rule('create', 'core', 'serviceaccounts/token'),
    rule('get patch update', 'core', 'persistentvolumeclaims/status'),
    rule(READ, 'storage.k8s.io', 'csidrivers'),
    rule('create delete get patch update', 'storage.k8s.io', 'csinodes'),
    rule(READ, 'node.k8s.io', 'runtimeclasses'),
  ],
};

export const NODE_RULES = NODE.rules;

const SCHEDULER: BootstrapRole = {
  name: 'system:kube-scheduler',
  rules: [
    EVENTS,
    ...leader('kube-scheduler'),
    rule(READ, 'core', 'nodes'),
    rule(`delete ${READ}`, 'core', 'pods'),
    rule('create', 'core', 'bindings pods/binding'),
    rule('patch update', 'core', 'pods/status'),
    rule(READ, 'core', 'replicationcontrollers services'),
    rule(READ, 'apps extensions', 'replicasets'),
    rule(READ, 'apps', 'statefulsets'),
    rule(READ, 'policy', 'poddisruptionbudgets'),
    rule(READ, 'core', 'persistentvolumeclaims persistentvolumes'),
    ...DELEGATION,
    rule(READ, 'storage.k8s.io', 'csinodes'),
    rule(READ, 'core', 'namespaces'),
    rule(READ, 'storage.k8s.io', 'csidrivers'),
    rule(READ, 'storage.k8s.io', 'csistoragecapacities'),
  ],
};

const CONTROLLER_MANAGER: BootstrapRole = {
  name: 'system:kube-controller-manager',
  rules: [
    EVENTS,
    ...leader('kube-controller-manager'),
    rule('create', 'core', 'secrets serviceaccounts'),
    rule('delete', 'core', 'secrets'),
    rule('get', 'core', 'configmaps namespaces secrets serviceaccounts'),
    rule('update', 'core', 'secrets serviceaccounts'),
    ...DELEGATION,
    rule('list watch', '*', '*'),
    rule('create', 'core', 'serviceaccounts/token'),
  ],
};

/** Lets its holder decide about requests to one of Kubernetes' own signers. */
const approver = (signer: string): BootstrapRole => ({
  name: `system:${CERTIFICATES}:${signer}-approver`,
  rules: [rule('approve', CERTIFICATES, 'signers', `kubernetes.io/${signer}`)],
});

/** Lets its holder's requests for certificates of nodes be approved without anybody's doing. */
const client = (kind: string): BootstrapRole => ({
  name: `system:${CERTIFICATES}:${REQUESTS}:${kind}`,
  rules: [rule('create', CERTIFICATES, `${REQUESTS}/${kind}`)],
});

/** What the components of a cluster other than controllers need. */
export const COMPONENT_ROLES: readonly BootstrapRole[] = [
  NODE,
  SCHEDULER,
  CONTROLLER_MANAGER,
  {
    name: 'system:node-problem-detector',
    rules: [rule('get', 'core', 'nodes'), rule('patch', 'core', 'nodes/status'), EVENTS],
  },
  {
    name: 'system:kubelet-api-admin',
    rules: [
      rule(READ, 'core', 'nodes'),
      rule('proxy', 'core', 'nodes'),
      rule('*', 'core', 'nodes/log nodes/metrics nodes/proxy nodes/stats'),
    ],
  },
  {
    name: 'system:node-bootstrapper',
    rules: [rule(`create ${READ}`, CERTIFICATES, REQUESTS)],
  },
  { name: 'system:auth-delegator', rules: DELEGATION },
  {
    name: 'system:kube-aggregator',
    rules: [rule(READ, 'core', 'endpoints services')],
  },
  {
    name: 'system:kube-dns',
    rules: [rule('list watch', 'core', 'endpoints services')],
  },
  {
    name: 'system:persistent-volume-provisioner',
    rules: [
      rule(`create delete ${READ}`, 'core', 'persistentvolumes'),
      rule(`${READ} update`, 'core', 'persistentvolumeclaims'),
      rule(READ, 'storage.k8s.io', 'storageclasses'),
      rule('watch', 'core', 'events'),
      EVENTS,
    ],
  },
  {
    name: 'system:volume-scheduler',
    rules: [
      rule(`patch ${READ} update`, 'core', 'persistentvolumes'),
      rule(READ, 'storage.k8s.io', 'storageclasses'),
      rule(`patch ${READ} update`, 'core', 'persistentvolumeclaims'),
    ],
  },
  {
    name: 'system:node-proxier',
    rules: [
      rule('list watch', 'core', 'endpoints services'),
      rule(READ, 'core', 'nodes'),
      EVENTS,
      rule('list watch', 'discovery.k8s.io', 'endpointslices'),
    ],
  },
  {
    name: 'system:service-account-issuer-discovery',
    rules: [paths('/.well-known/openid-configuration /openid/v1/jwks')],
  },
  ...['nodeclient', 'selfnodeclient'].map(client),
  ...[
    'kube-apiserver-client',
    'kube-apiserver-client-kubelet',
    'kubelet-serving',
    'legacy-unknown',
  ].map(approver),
];
