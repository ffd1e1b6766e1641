/** What only code can say about particular kinds. A kind without an entry is served by its schema alone. */
import { mutatingPolicies, policyBindings, validatingPolicies } from './admission-policies.ts';
import { apiServices } from './api-services.ts';
import { cronJobs, jobs } from './batch/index.ts';
import { certificateSigningRequests } from './certificates/index.ts';
import { clusters } from './clusters.ts';
import { componentStatuses } from './component-statuses.ts';
import { configMaps } from './config-maps.ts';
import { daemonSets } from './daemon-sets.ts';
import { definitions } from './definitions/index.ts';
import { resourceClaims, resourceClaimTemplates, resourceSlices } from './device-claims.ts';
import { endpointSlices } from './endpoint-slices.ts';
import { endpoints } from './endpoints.ts';
import { events, newEvents } from './events.ts';
import { flowSchemas, priorityLevels } from './flow-control.ts';
import { horizontalPodAutoscalers } from './horizontal-pod-autoscalers.ts';
import { limitRanges } from './limit-ranges.ts';
import { nodeMetrics, podMetrics } from './metrics.ts';
import { namespaces } from './namespaces.ts';
import {
  ingressClasses,
  ingresses,
  ipAddresses,
  networkPolicies,
  serviceCidrs,
} from './networking/index.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods/index.ts';
import { priorityClasses } from './priority-classes.ts';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './rbac/index.ts';
import { podTemplates, replicationControllers } from './replication-controllers.ts';
import { resourceQuotas } from './resource-quotas.ts';
import {
  localSubjectAccessReviews,
  selfSubjectAccessReviews,
  selfSubjectReviews,
  selfSubjectRulesReviews,
  subjectAccessReviews,
  tokenReviews,
} from './reviews/index.ts';
import { secrets } from './secrets.ts';
import { services } from './services/index.ts';
import { statefulSets } from './stateful-sets.ts';
import {
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
  volumeAttachments,
  volumeAttributesClasses,
} from './storage/index.ts';
import type { Strategy } from './strategy.ts';
import { warningsOfKind } from './warnings/index.ts';
import { webhookConfigurations } from './webhook-configurations.ts';
import { deployments, replicaSets } from './workloads.ts';

const STRATEGIES: Readonly<Record<string, unknown>> = {
  'apiservices.apiregistration.k8s.io': apiServices,
  bindings: { standsFor: { resource: 'pods', subresource: 'binding' } },
  'certificatesigningrequests.certificates.k8s.io': certificateSigningRequests,
  'clusterrolebindings.rbac.authorization.k8s.io': clusterRoleBindings,
  'clusterroles.rbac.authorization.k8s.io': clusterRoles,
  'clusters.cluster.slipway.dev': clusters,
  componentstatuses: componentStatuses,
  configmaps: configMaps,
  'cronjobs.batch': cronJobs,
  'csidrivers.storage.k8s.io': csiDrivers,
  'csinodes.storage.k8s.io': csiNodes,
  'csistoragecapacities.storage.k8s.io': csiStorageCapacities,
  'customresourcedefinitions.apiextensions.k8s.io': definitions,
  'daemonsets.apps': daemonSets,
  'deployments.apps': deployments,
  endpoints,
  'endpointslices.discovery.k8s.io': endpointSlices,
  events,
  'events.events.k8s.io': newEvents,
  'horizontalpodautoscalers.autoscaling': horizontalPodAutoscalers,
  'ingressclasses.networking.k8s.io': ingressClasses,
  'ingresses.networking.k8s.io': ingresses,
  'jobs.batch': jobs,
  'leases.coordination.k8s.io': { needsVersion: true },
  limitranges: limitRanges,
  'localsubjectaccessreviews.authorization.k8s.io': localSubjectAccessReviews,
  namespaces,
  'networkpolicies.networking.k8s.io': networkPolicies,
  nodes,
  'nodes.metrics.k8s.io': nodeMetrics,
  persistentvolumeclaims: persistentVolumeClaims,
  persistentvolumes: persistentVolumes,
  pods,
  'pods.metrics.k8s.io': podMetrics,
  podtemplates: podTemplates,
  'priorityclasses.scheduling.k8s.io': priorityClasses,
  'replicasets.apps': replicaSets,
  replicationcontrollers: replicationControllers,
  resourcequotas: resourceQuotas,
  'rolebindings.rbac.authorization.k8s.io': roleBindings,
  'roles.rbac.authorization.k8s.io': roles,
  secrets,
  'selfsubjectaccessreviews.authorization.k8s.io': selfSubjectAccessReviews,
  'selfsubjectreviews.authentication.k8s.io': selfSubjectReviews,
  'selfsubjectrulesreviews.authorization.k8s.io': selfSubjectRulesReviews,
  'validatingadmissionpolicies.admissionregistration.k8s.io': validatingPolicies,
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': policyBindings,
  'mutatingadmissionpolicies.admissionregistration.k8s.io': mutatingPolicies,
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': policyBindings,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhookConfigurations,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': webhookConfigurations,
  'resourceclaims.resource.k8s.io': resourceClaims,
  'resourceclaimtemplates.resource.k8s.io': resourceClaimTemplates,
  'resourceslices.resource.k8s.io': resourceSlices,
  serviceaccounts: { returnsDeleted: true },
  'ipaddresses.networking.k8s.io': ipAddresses,
  'servicecidrs.networking.k8s.io': serviceCidrs,
  'flowschemas.flowcontrol.apiserver.k8s.io': flowSchemas,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': priorityLevels,
  services,
  'statefulsets.apps': statefulSets,
  'storageclasses.storage.k8s.io': storageClasses,
  'subjectaccessreviews.authorization.k8s.io': subjectAccessReviews,
  'tokenreviews.authentication.k8s.io': tokenReviews,
  'volumeattachments.storage.k8s.io': volumeAttachments,
  'volumeattributesclasses.storage.k8s.io': volumeAttributesClasses,
};

const PLAIN: Strategy = {};

export { BY_POLICY, BY_RESOURCE } from './admission-policies.ts';
export function strategyOf(resource: string, otherwise = PLAIN): Strategy {
  const strategy = (STRATEGIES[resource] as Strategy | undefined) ?? otherwise;
  const warnings = warningsOfKind(resource);
  return warnings ? { ...strategy, warnings } : strategy;
}
