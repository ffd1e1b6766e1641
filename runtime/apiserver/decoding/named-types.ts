/**
 * Fields whose Go type is a named kind of text, by that type: how Go's decoder words a mistake in them. Of lists and maps it is the type
 * of what they hold. Texts of all other fields are plain strings.
 */
const NAMED: Readonly<Record<string, string>> = {
  'types.UID':
    'ConfigMapNodeConfigSource.uid ObjectReference.uid BoundObjectReference.uid ' +
    'UncountedTerminatedPods.succeeded UncountedTerminatedPods.failed',
  'v1.AddressType': 'EndpointSlice.addressType',
  'v1.AppArmorProfileType': 'AppArmorProfile.type',
  'v1.AzureDataDiskCachingMode': 'AzureDiskVolumeSource.cachingMode',
  'v1.AzureDataDiskKind': 'AzureDiskVolumeSource.kind',
  'v1.Capability': 'Capabilities.add Capabilities.drop',
  'v1.ClaimResourceStatus': 'PersistentVolumeClaimStatus.allocatedResourceStatuses',
  'v1.CompletionMode': 'JobSpec.completionMode',
  'v1.ComponentConditionType': 'ComponentCondition.type',
  'v1.ConcurrencyPolicy': 'CronJobSpec.concurrencyPolicy',
  'v1.ConditionStatus':
    'PersistentVolumeClaimCondition.status PodCondition.status ' +
    'ReplicationControllerCondition.status NodeCondition.status ' +
    'NamespaceCondition.status ComponentCondition.status StatefulSetCondition.status ' +
    'DeploymentCondition.status DaemonSetCondition.status ReplicaSetCondition.status ' +
    'HorizontalPodAutoscalerCondition.status ' +
    'PodFailurePolicyOnPodConditionsPattern.status JobCondition.status ' +
    'CertificateSigningRequestCondition.status',
  'v1.ContainerRestartPolicy': 'Container.restartPolicy',
  'v1.ContainerRestartRuleAction': 'ContainerRestartRule.action',
  'v1.ContainerRestartRuleOnExitCodesOperator': 'ContainerRestartRuleOnExitCodes.operator',
  'v1.CoordinatedLeaseStrategy': 'LeaseSpec.strategy',
  'v1.DNSPolicy': 'PodSpec.dnsPolicy',
  'v1.DaemonSetConditionType': 'DaemonSetCondition.type',
  'v1.DaemonSetUpdateStrategyType': 'DaemonSetUpdateStrategy.type',
  'v1.DeploymentConditionType': 'DeploymentCondition.type',
  'v1.DeploymentStrategyType': 'DeploymentStrategy.type',
  'v1.FSGroupPolicy': 'CSIDriverSpec.fsGroupPolicy',
  'v1.FinalizerName': 'NamespaceSpec.finalizers',
  'v1.HostPathType': 'HostPathVolumeSource.type',
  'v1.IPFamily': 'ServiceSpec.ipFamilies',
  'v1.IPFamilyPolicy': 'ServiceSpec.ipFamilyPolicy',
  'v1.JobConditionType': 'JobCondition.type',
  'v1.KeyUsage': 'CertificateSigningRequestSpec.usages',
  'v1.LimitType': 'LimitRangeItem.type',
  'v1.LoadBalancerIPMode': 'LoadBalancerIngress.ipMode',
  'v1.MountPropagationMode': 'VolumeMount.mountPropagation',
  'v1.NamespaceConditionType': 'NamespaceCondition.type',
  'v1.NamespacePhase': 'NamespaceStatus.phase',
  'v1.NodeAddressType': 'NodeAddress.type',
  'v1.NodeConditionType': 'NodeCondition.type',
  'v1.NodeInclusionPolicy':
    'TopologySpreadConstraint.nodeAffinityPolicy ' + 'TopologySpreadConstraint.nodeTaintsPolicy',
  'v1.NodePhase': 'NodeStatus.phase',
  'v1.NodeSelectorOperator': 'NodeSelectorRequirement.operator',
  'v1.OSName': 'PodOS.name',
  'v1.PathType': 'HTTPIngressPath.pathType',
  'v1.PersistentVolumeAccessMode':
    'PersistentVolumeSpec.accessModes PersistentVolumeClaimSpec.accessModes ' +
    'PersistentVolumeClaimStatus.accessModes',
  'v1.PersistentVolumeClaimConditionType': 'PersistentVolumeClaimCondition.type',
  'v1.PersistentVolumeClaimModifyVolumeStatus': 'ModifyVolumeStatus.status',
  'v1.PersistentVolumeClaimPhase': 'PersistentVolumeClaimStatus.phase',
  'v1.PersistentVolumeClaimRetentionPolicyType':
    'StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted ' +
    'StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled',
  'v1.PersistentVolumeMode': 'PersistentVolumeSpec.volumeMode PersistentVolumeClaimSpec.volumeMode',
  'v1.PersistentVolumePhase': 'PersistentVolumeStatus.phase',
  'v1.PersistentVolumeReclaimPolicy':
    'PersistentVolumeSpec.persistentVolumeReclaimPolicy StorageClass.reclaimPolicy',
  'v1.PodConditionType':
    'PodCondition.type PodReadinessGate.conditionType ' +
    'PodFailurePolicyOnPodConditionsPattern.type',
  'v1.PodFSGroupChangePolicy': 'PodSecurityContext.fsGroupChangePolicy',
  'v1.PodFailurePolicyAction': 'PodFailurePolicyRule.action',
  'v1.PodFailurePolicyOnExitCodesOperator': 'PodFailurePolicyOnExitCodesRequirement.operator',
  'v1.PodManagementPolicyType': 'StatefulSetSpec.podManagementPolicy',
  'v1.PodPhase': 'PodStatus.phase',
  'v1.PodQOSClass': 'PodStatus.qosClass',
  'v1.PodReplacementPolicy': 'JobSpec.podReplacementPolicy',
  'v1.PodResizeStatus': 'PodStatus.resize',
  'v1.PodSELinuxChangePolicy': 'PodSecurityContext.seLinuxChangePolicy',
  'v1.PolicyType': 'NetworkPolicySpec.policyTypes',
  'v1.PreemptionPolicy': 'PodSpec.preemptionPolicy PriorityClass.preemptionPolicy',
  'v1.ProcMountType': 'SecurityContext.procMount',
  'v1.Protocol':
    'ContainerPort.protocol ServicePort.protocol EndpointPort.protocol ' +
    'PortStatus.protocol EndpointPort.protocol NetworkPolicyPort.protocol ' +
    'IngressPortStatus.protocol',
  'v1.PullPolicy': 'Container.imagePullPolicy ImageVolumeSource.pullPolicy',
  'v1.RecursiveReadOnlyMode': 'VolumeMount.recursiveReadOnly VolumeMountStatus.recursiveReadOnly',
  'v1.ReplicaSetConditionType': 'ReplicaSetCondition.type',
  'v1.ReplicationControllerConditionType': 'ReplicationControllerCondition.type',
  'v1.RequestConditionType': 'CertificateSigningRequestCondition.type',
  'v1.ResourceHealthStatus': 'ResourceHealth.health',
  'v1.ResourceID': 'ResourceHealth.resourceID',
  'v1.ResourceName':
    'ContainerResizePolicy.resourceName ResourceStatus.name ResourceMetricSource.name ' +
    'ContainerResourceMetricSource.name ResourceMetricStatus.name ' +
    'ContainerResourceMetricStatus.name',
  'v1.ResourceQuotaScope': 'ResourceQuotaSpec.scopes ScopedResourceSelectorRequirement.scopeName',
  'v1.ResourceResizeRestartPolicy': 'ContainerResizePolicy.restartPolicy',
  'v1.RestartPolicy': 'PodSpec.restartPolicy',
  'v1.ScopeSelectorOperator': 'ScopedResourceSelectorRequirement.operator',
  'v1.SeccompProfileType': 'SeccompProfile.type',
  'v1.SecretType': 'Secret.type',
  'v1.ServiceAffinity': 'ServiceSpec.sessionAffinity',
  'v1.ServiceExternalTrafficPolicy': 'ServiceSpec.externalTrafficPolicy',
  'v1.ServiceInternalTrafficPolicy': 'ServiceSpec.internalTrafficPolicy',
  'v1.ServiceType': 'ServiceSpec.type',
  'v1.Signal': 'Lifecycle.stopSignal ContainerStatus.stopSignal',
  'v1.StatefulSetConditionType': 'StatefulSetCondition.type',
  'v1.StatefulSetUpdateStrategyType': 'StatefulSetUpdateStrategy.type',
  'v1.StorageMedium': 'EmptyDirVolumeSource.medium',
  'v1.SupplementalGroupsPolicy': 'PodSecurityContext.supplementalGroupsPolicy',
  'v1.TaintEffect': 'Taint.effect Toleration.effect',
  'v1.TerminationMessagePolicy': 'Container.terminationMessagePolicy',
  'v1.TolerationOperator': 'Toleration.operator',
  'v1.URIScheme': 'HTTPGetAction.scheme',
  'v1.UnhealthyPodEvictionPolicyType': 'PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy',
  'v1.UniqueVolumeName': 'NodeStatus.volumesInUse AttachedVolume.name',
  'v1.UnsatisfiableConstraintAction': 'TopologySpreadConstraint.whenUnsatisfiable',
  'v1.VolumeBindingMode': 'StorageClass.volumeBindingMode',
  'v1.VolumeLifecycleMode': 'CSIDriverSpec.volumeLifecycleModes',
  'v2.HPAScalingPolicyType': 'HPAScalingPolicy.type',
  'v2.HorizontalPodAutoscalerConditionType': 'HorizontalPodAutoscalerCondition.type',
  'v2.MetricSourceType': 'MetricSpec.type MetricStatus.type',
  'v2.MetricTargetType': 'MetricTarget.type',
  'v2.ScalingPolicySelect': 'HPAScalingRules.selectPolicy',
};

const byField = new Map(
  Object.entries(NAMED).flatMap(([type, fields]) =>
    fields.split(' ').map((field): [string, string] => [field, type]),
  ),
);

/** `v1.RestartPolicy` for `PodSpec.restartPolicy`. */
export function namedType(struct: string, field: string): string | undefined {
  return byField.get(`${struct}.${field}`);
}
