import type { PolicyRule } from '../../../../generated/rbac/v1/types.ts';
import { type BootstrapRole, EVENTS, READ, rule } from './role.ts';

const WORKLOADS = 'apps extensions';
const STORAGE = 'storage.k8s.io';
const CERTIFICATES = 'certificates.k8s.io';
const DISCOVERY = 'discovery.k8s.io';
const NETWORKING = 'networking.k8s.io';
const DEVICES = 'resource.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

const PATCHES = 'patch update';
const PODS = rule(READ, 'core', 'pods');
const OWN_PODS = rule('create delete list patch watch', 'core', 'pods');
const POD_STATUS = rule(PATCHES, 'core', 'pods/status');
const REVISIONS = rule(`create delete ${READ} ${PATCHES}`, 'apps', 'controllerrevisions');
const MIRRORED_SLICES = rule(`create delete ${READ} update`, DISCOVERY, 'endpointslices');
const SIGNERS = [
  'kubernetes.io/kube-apiserver-client',
  'kubernetes.io/kube-apiserver-client-kubelet',
  'kubernetes.io/kubelet-serving',
  'kubernetes.io/legacy-unknown',
];

/** The rules of each controller, by the name of its service account in kube-system. */
const RULES: Readonly<Record<string, readonly PolicyRule[]>> = {
  'attachdetach-controller': [
    rule('list watch', 'core', 'persistentvolumeclaims persistentvolumes'),
    rule(READ, 'core', 'nodes'),
    rule(PATCHES, 'core', 'nodes/status'),
    rule('list watch', 'core', 'pods'),
    EVENTS,
    rule(`create delete ${READ}`, STORAGE, 'volumeattachments'),
    rule(READ, STORAGE, 'csidrivers'),
    rule(READ, STORAGE, 'csinodes'),
  ],
  'certificate-controller': [
    rule(`delete ${READ}`, CERTIFICATES, 'certificatesigningrequests'),
    rule(
      'update',
      CERTIFICATES,
      'certificatesigningrequests/approval certificatesigningrequests/status',
    ),
    rule('approve', CERTIFICATES, 'signers', 'kubernetes.io/kube-apiserver-client-kubelet'),
    rule('sign', CERTIFICATES, 'signers', SIGNERS.join(' ')),
    rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
    EVENTS,
  ],
  'clusterrole-aggregation-controller': [
    rule(`escalate ${READ} ${PATCHES}`, 'rbac.authorization.k8s.io', 'clusterroles'),
  ],
  'cronjob-controller': [
    rule(`${READ} update`, 'batch', 'cronjobs'),
    rule(`create delete ${READ} ${PATCHES}`, 'batch', 'jobs'),
    rule('update', 'batch', 'cronjobs/status'),
    rule('update', 'batch', 'cronjobs/finalizers'),
    rule('delete list watch', 'core', 'pods'),
    EVENTS,
  ],
  'daemon-set-controller': [
    rule(READ, WORKLOADS, 'daemonsets'),
    rule('update', WORKLOADS, 'daemonsets/status'),
    rule('update', WORKLOADS, 'daemonsets/finalizers'),
    rule('list watch', 'core', 'nodes'),
    OWN_PODS,
    rule('create', 'core', 'pods/binding'),
    REVISIONS,
    EVENTS,
  ],
  'deployment-controller': [
    rule(`${READ} update`, WORKLOADS, 'deployments'),
    rule('update', WORKLOADS, 'deployments/status'),
    rule('update', WORKLOADS, 'deployments/finalizers'),
    rule(`create delete ${READ} ${PATCHES}`, WORKLOADS, 'replicasets'),
    rule(`${READ} update`, 'core', 'pods'),
    EVENTS,
  ],
  'device-taint-eviction-controller': [
    rule(`delete ${READ}`, 'core', 'pods'),
    POD_STATUS,
    rule(READ, DEVICES, 'resourceclaims'),
    rule(READ, DEVICES, 'resourceslices'),
    rule(READ, DEVICES, 'deviceclasses'),
    EVENTS,
  ],
  'disruption-controller': [
    rule(READ, WORKLOADS, 'deployments'),
    rule(READ, WORKLOADS, 'replicasets'),
    rule(READ, 'core', 'replicationcontrollers'),
    rule(READ, 'policy', 'poddisruptionbudgets'),
    rule(READ, 'apps', 'statefulsets'),
    rule('update', 'policy', 'poddisruptionbudgets/status'),
    POD_STATUS,
    rule('get', '*', '*/scale'),
    EVENTS,
  ],
  'endpoint-controller': [
    rule(READ, 'core', 'pods services'),
    rule(`create delete ${READ} update`, 'core', 'endpoints'),
    rule('create', 'core', 'endpoints/restricted'),
    EVENTS,
  ],
  'endpointslice-controller': [
    rule(READ, 'core', 'nodes pods services'),
    rule('update', 'core', 'services/finalizers'),
    MIRRORED_SLICES,
    EVENTS,
  ],
  'endpointslicemirroring-controller': [
    rule(READ, 'core', 'endpoints services'),
    rule('update', 'core', 'services/finalizers'),
    rule('update', 'core', 'endpoints/finalizers'),
    MIRRORED_SLICES,
    EVENTS,
  ],
  'ephemeral-volume-controller': [
    PODS,
    rule('update', 'core', 'pods/finalizers'),
    rule(`create ${READ}`, 'core', 'persistentvolumeclaims'),
    EVENTS,
  ],
  'expand-controller': [
    rule(`${READ} ${PATCHES}`, 'core', 'persistentvolumes'),
    rule(PATCHES, 'core', 'persistentvolumeclaims/status'),
    rule(READ, 'core', 'persistentvolumeclaims'),
    EVENTS,
  ],
  'generic-garbage-collector': [rule(`delete ${READ} ${PATCHES}`, '*', '*'), EVENTS],
  'horizontal-pod-autoscaler': [
    rule(READ, 'autoscaling', 'horizontalpodautoscalers'),
    rule('update', 'autoscaling', 'horizontalpodautoscalers/status'),
    rule('get update', '*', '*/scale'),
    rule('list watch', 'core', 'pods'),
    rule('list watch', 'metrics.k8s.io', 'pods'),
    rule(READ, 'custom.metrics.k8s.io', '*'),
    rule(READ, 'external.metrics.k8s.io', '*'),
    EVENTS,
  ],
  'job-controller': [
    rule(`${READ} ${PATCHES}`, 'batch', 'jobs'),
    rule('update', 'batch', 'jobs/status'),
    rule('update', 'batch', 'jobs/finalizers'),
    OWN_PODS,
    EVENTS,
  ],
  'legacy-service-account-token-cleaner': [
    rule('get', 'core', 'configmaps', 'kube-apiserver-legacy-service-account-token-tracking'),
    rule('delete patch', 'core', 'secrets'),
  ],
  'namespace-controller': [
    rule(`delete ${READ}`, 'core', 'namespaces'),
    rule('update', 'core', 'namespaces/finalize namespaces/status'),
    rule(`delete deletecollection ${READ}`, '*', '*'),
  ],
  'node-controller': [
    rule(`delete ${READ} ${PATCHES}`, 'core', 'nodes'),
    rule(PATCHES, 'core', 'nodes/status'),
    POD_STATUS,
    rule(`delete ${READ}`, 'core', 'pods'),
    EVENTS,
  ],
  'persistent-volume-binder': [
    rule(`create delete ${READ} update`, 'core', 'persistentvolumes'),
    rule('update', 'core', 'persistentvolumes/status'),
    rule(`${READ} update`, 'core', 'persistentvolumeclaims'),
    rule('update', 'core', 'persistentvolumeclaims/status'),
    rule(`create delete ${READ}`, 'core', 'pods'),
    rule(READ, STORAGE, 'storageclasses'),
    rule('list watch', 'core', 'nodes'),
    EVENTS,
    rule('watch', 'core', 'events'),
  ],
  'pod-garbage-collector': [
    rule('delete list watch', 'core', 'pods'),
    rule(READ, 'core', 'nodes'),
    rule('patch', 'core', 'pods/status'),
  ],
  'pv-protection-controller': [rule(`${READ} update`, 'core', 'persistentvolumes'), EVENTS],
  'pvc-protection-controller': [
    rule(`${READ} update`, 'core', 'persistentvolumeclaims'),
    rule('update', 'core', 'persistentvolumeclaims/status'),
    PODS,
    EVENTS,
  ],
  'replicaset-controller': [
    rule(`${READ} update`, WORKLOADS, 'replicasets'),
    rule('update', WORKLOADS, 'replicasets/status'),
    rule('update', WORKLOADS, 'replicasets/finalizers'),
    OWN_PODS,
    EVENTS,
  ],
  'replication-controller': [
    rule(`${READ} update`, 'core', 'replicationcontrollers'),
    rule('update', 'core', 'replicationcontrollers/status'),
    rule('update', 'core', 'replicationcontrollers/finalizers'),
    OWN_PODS,
    EVENTS,
  ],
  'resource-claim-controller': [
    PODS,
    rule('update', 'core', 'pods/finalizers'),
    rule(`create delete ${READ}`, DEVICES, 'resourceclaims'),
    rule(PATCHES, DEVICES, 'resourceclaims resourceclaims/status'),
    POD_STATUS,
    EVENTS,
    rule(PATCHES, DEVICES, 'resourceclaims/binding'),
  ],
  'resourcequota-controller': [
    rule('list watch', '*', '*'),
    rule('update', 'core', 'resourcequotas/status'),
    EVENTS,
  ],
  'root-ca-cert-publisher': [rule('create update', 'core', 'configmaps'), EVENTS],
  'route-controller': [
    rule('list watch', 'core', 'nodes'),
    rule('patch', 'core', 'nodes/status'),
    EVENTS,
  ],
  'selinux-warning-controller': [
    EVENTS,
    rule(READ, 'core', 'persistentvolumes'),
    rule(READ, 'core', 'persistentvolumeclaims'),
    PODS,
    rule(READ, STORAGE, 'csidrivers'),
  ],
  'service-account-controller': [rule('create', 'core', 'serviceaccounts'), EVENTS],
  'service-cidrs-controller': [
    rule(`${READ} ${PATCHES}`, NETWORKING, 'servicecidrs'),
    rule(PATCHES, NETWORKING, 'servicecidrs/finalizers'),
    rule(PATCHES, NETWORKING, 'servicecidrs/status'),
    rule(READ, NETWORKING, 'ipaddresses'),
    EVENTS,
  ],
  'service-controller': [
    rule(READ, 'core', 'services'),
    rule(PATCHES, 'core', 'services/status'),
    rule('list watch', 'core', 'nodes'),
    EVENTS,
  ],
  'statefulset-controller': [
    rule('list watch', 'core', 'pods'),
    rule(READ, 'apps', 'statefulsets'),
    rule('update', 'apps', 'statefulsets/status'),
    rule('update', 'apps', 'statefulsets/finalizers'),
    rule(`create delete get ${PATCHES}`, 'core', 'pods'),
    REVISIONS,
    rule(`create ${READ}`, 'core', 'persistentvolumeclaims'),
    rule('delete update', 'core', 'persistentvolumeclaims'),
    rule('update', 'core', 'pods/finalizers'),
    EVENTS,
  ],
  'ttl-after-finished-controller': [rule(`delete ${READ}`, 'batch', 'jobs'), EVENTS],
  'ttl-controller': [rule(`list watch ${PATCHES}`, 'core', 'nodes'), EVENTS],
  'validatingadmissionpolicy-status-controller': [
    rule(READ, ADMISSION, 'validatingadmissionpolicies'),
    rule(`get ${PATCHES}`, ADMISSION, 'validatingadmissionpolicies/status'),
    EVENTS,
  ],
  'volumeattributesclass-protection-controller': [
    rule(READ, 'core', 'persistentvolumeclaims'),
    rule(READ, 'core', 'persistentvolumes'),
    rule(`${READ} update`, STORAGE, 'volumeattributesclasses'),
    EVENTS,
  ],
};

export const CONTROLLERS: readonly string[] = Object.keys(RULES);

export const controllerRole = (account: string): string => `system:controller:${account}`;

/** One role a controller. */
export const CONTROLLER_ROLES: readonly BootstrapRole[] = Object.entries(RULES).map(
  ([account, rules]) => ({ name: controllerRole(account), rules }),
);
