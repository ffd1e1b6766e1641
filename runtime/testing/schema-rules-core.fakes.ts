import { type Broken, broken, many } from './schema-rules.fakes.ts';

const containers = [{ name: 'a', image: 'b' }];
const MODE = 512;

/** A path that leads out of its volume, in three ways. */
const paths = (definition: string, rest: object, field = 'path'): Broken[] =>
  many(definition, [
    [{ ...rest, [field]: '/a' }, `invalid ${field}`],
    [{ ...rest, [field]: 'a/../b' }, `invalid ${field}`],
    [{ ...rest, [field]: '..a' }, `invalid ${field}`],
  ]);

const WINDOWS = {
  appArmorProfile: { type: 'Unconfined' },
  seLinuxOptions: { level: 's0' },
  seccompProfile: { type: 'Unconfined' },
  fsGroup: 1,
  fsGroupChangePolicy: 'Always',
  sysctls: [{ name: 'net.a', value: '1' }],
  runAsUser: 1,
  runAsGroup: 1,
  supplementalGroups: [1],
  supplementalGroupsPolicy: 'Merge',
  seLinuxChangePolicy: 'Recursive',
};

const PODS = [
  ...many('core/v1.PodSpec', [
    [{ containers, dnsPolicy: 'None' }, 'required dnsConfig'],
    [{ containers, dnsPolicy: 'None', dnsConfig: {} }, 'required dnsConfig.nameservers'],
    [
      { containers, hostPID: true, shareProcessNamespace: true },
      'invalid securityContext.shareProcessNamespace',
    ],
    [
      { containers, hostUsers: false, hostNetwork: true, hostPID: true, hostIPC: true },
      'forbidden HostIPC',
      'forbidden HostPID',
      'forbidden hostNetwork',
    ],
    [{ containers, resources: { claims: [{ name: 'a' }] } }, 'forbidden resources.claims'],
    [
      { containers, os: { name: 'linux' }, securityContext: { windowsOptions: {} } },
      'forbidden securityContext.windowsOptions',
    ],
    [
      {
        containers,
        os: { name: 'windows' },
        hostUsers: true,
        hostPID: true,
        hostIPC: true,
        shareProcessNamespace: false,
        securityContext: WINDOWS,
      },
      'forbidden hostIPC',
      'forbidden hostPID',
      'forbidden hostUsers',
      'forbidden shareProcessNamespace',
      ...Object.keys(WINDOWS).map((field) => `forbidden securityContext.${field}`),
    ],
  ]),
  ...many('core/v1.PodDNSConfig', [
    [{ nameservers: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] }, 'invalid nameservers'],
    [{ searches: Array.from({ length: 33 }, () => 'a') }, 'invalid searches'],
    [{ searches: ['a'.repeat(2049)] }, 'invalid searches'],
  ]),
  ...many('core/v1.PodDNSConfigOption', [[{ value: '2' }, 'required']]),
  ...many('core/v1.HostAlias', [[{ hostnames: ['a'] }, 'invalid ip']]),
  ...many('core/v1.PodReadinessGate', [[{}, 'invalid conditionType']]),
  ...many('core/v1.PodSchedulingGate', [[{}, 'invalid name']]),
  ...many('core/v1.PodResourceClaim', [
    [{ name: 'a' }, 'invalid'],
    [{ name: 'a', resourceClaimName: 'b', resourceClaimTemplateName: 'c' }, 'invalid'],
  ]),
];

const SCHEDULING = [
  ...many('core/v1.PreferredSchedulingTerm', [[{ preference: {} }, 'invalid weight']]),
  ...many('core/v1.WeightedPodAffinityTerm', [
    [{ weight: 101, podAffinityTerm: { topologyKey: 'a' } }, 'invalid weight'],
  ]),
  ...many('core/v1.NodeSelectorRequirement', [
    [{ key: '', operator: 'Exists' }, 'invalid key'],
    [{ key: 'a', operator: 'NotIn' }, 'required values'],
    [{ key: 'a', operator: 'DoesNotExist', values: ['b'] }, 'forbidden values'],
    [{ key: 'a', operator: 'Gt', values: ['1', '2'] }, 'required values'],
  ]),
  ...many('core/v1.NodeSelectorTerm', [
    [
      { matchFields: [{ key: 'spec.x', operator: 'Exists' }] },
      'invalid matchFields[0].key',
      'invalid matchFields[0].operator',
    ],
    [
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a', 'b'] }] },
      'required matchFields[0].values',
    ],
  ]),
  ...many('core/v1.PodAffinityTerm', [
    [
      { matchLabelKeys: ['a'], mismatchLabelKeys: ['b'] },
      'forbidden matchLabelKeys',
      'forbidden mismatchLabelKeys',
      'invalid topologyKey',
      'required topologyKey',
    ],
  ]),
  ...many('core/v1.Toleration', [
    [{ operator: 'Equal' }, 'invalid operator'],
    [{ operator: 'Exists', value: 'a' }, 'invalid operator'],
    [{ key: 'a', value: '-b' }, 'invalid operator'],
    [{ key: 'a', effect: 'NoSchedule', tolerationSeconds: 1 }, 'invalid effect'],
  ]),
  ...many('core/v1.TopologySpreadConstraint', [
    [
      { maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2, matchLabelKeys: ['a'] },
      'forbidden matchLabelKeys',
      'invalid minDomains',
      'required topologyKey',
    ],
    [{ topologyKey: 'a' }, 'invalid maxSkew', 'unsupported whenUnsatisfiable'],
  ]),
  ...many('core/v1.Taint', [[{ effect: 'NoExecute' }, 'invalid key']]),
];

const VOLUMES = [
  ...many('core/v1.Volume', [
    [{ name: 'a', emptyDir: {}, hostPath: { path: '/a' } }, 'forbidden hostPath'],
  ]),
  ...many('core/v1.VolumeProjection', [
    [{ secret: { name: 'a' }, configMap: { name: 'b' } }, 'forbidden'],
  ]),
  ...many('core/v1.ConfigMapVolumeSource', [
    [{ defaultMode: MODE }, 'invalid defaultMode', 'required name'],
  ]),
  ...many('core/v1.SecretVolumeSource', [
    [{ defaultMode: -1 }, 'invalid defaultMode', 'required secretName'],
  ]),
  ...many('core/v1.ProjectedVolumeSource', [[{ defaultMode: MODE }, 'invalid defaultMode']]),
  ...many('core/v1.DownwardAPIVolumeSource', [[{ defaultMode: MODE }, 'invalid defaultMode']]),
  ...many('core/v1.ConfigMapProjection', [[{}, 'required name']]),
  ...many('core/v1.SecretProjection', [[{}, 'required name']]),
  ...many('core/v1.KeyToPath', [[{ key: 'a', path: 'b', mode: MODE }, 'invalid mode']]),
  ...many('core/v1.DownwardAPIVolumeFile', [
    [{ path: 'a', mode: MODE }, 'invalid mode', 'required'],
    [
      {
        path: 'a',
        fieldRef: { fieldPath: 'metadata.name' },
        resourceFieldRef: { resource: 'limits.cpu', containerName: 'a' },
      },
      'invalid',
    ],
  ]),
  ...paths('core/v1.KeyToPath', { key: 'a' }),
  ...paths('core/v1.DownwardAPIVolumeFile', { fieldRef: { fieldPath: 'metadata.name' } }),
  ...paths('core/v1.ClusterTrustBundleProjection', {}),
  ...paths('core/v1.ServiceAccountTokenProjection', {}),
  ...many('core/v1.ServiceAccountTokenProjection', [
    [{ path: 'a', expirationSeconds: 599 }, 'invalid expirationSeconds'],
    [{ path: 'a', expirationSeconds: 2 ** 32 + 1 }, 'invalid expirationSeconds'],
  ]),
  ...many('core/v1.EphemeralVolumeSource', [[{}, 'required volumeClaimTemplate']]),
  ...many('core/v1.PersistentVolumeClaimSpec', [
    [{}, 'required accessModes', 'required resources[storage]'],
    [
      {
        accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
      },
      'forbidden accessModes',
    ],
  ]),
  ...many('core/v1.HostPathVolumeSource', [[{ path: '/a/../b' }, 'invalid path']]),
  ...many('core/v1.FCVolumeSource', [
    [{}, 'required targetWWNs'],
    [{ targetWWNs: ['a'], wwids: ['b'] }, 'invalid targetWWNs', 'required lun'],
  ]),
  ...many('core/v1.FlockerVolumeSource', [
    [{}, 'required'],
    [{ datasetName: 'a', datasetUUID: 'b' }, 'invalid'],
  ]),
  ...many('core/v1.ScaleIOVolumeSource', [
    [{ gateway: 'a', system: 'b', secretRef: {} }, 'required volumeName'],
  ]),
];

const ports = [{ port: 80 }];

const SERVICES = [
  ...many('core/v1.ServiceSpec', [
    [{}, 'required ports'],
    [{ type: 'ExternalName' }, 'required externalName'],
    [{ type: 'ExternalName', externalName: '-a' }, 'invalid externalName'],
    [{ type: 'ExternalName', externalName: 'a'.repeat(254) }, 'invalid externalName'],
    [{ type: 'LoadBalancer', ports, clusterIP: 'None' }, 'invalid clusterIPs[0]'],
    [{ type: 'NodePort', ports, clusterIP: 'None' }, 'invalid clusterIPs[0]'],
    [
      {
        type: 'ExternalName',
        externalName: 'a.',
        clusterIPs: ['10.96.0.9'],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
      },
      'forbidden clusterIPs',
      'forbidden ipFamilies',
      'forbidden ipFamilyPolicy',
    ],
    [
      {
        ports,
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 1 } },
        externalTrafficPolicy: 'Local',
        healthCheckNodePort: 30_000,
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        allocateLoadBalancerNodePorts: true,
        loadBalancerClass: 'a',
      },
      'forbidden allocateLoadBalancerNodePorts',
      'forbidden loadBalancerClass',
      'forbidden loadBalancerSourceRanges',
      'forbidden sessionAffinityConfig',
      'invalid externalTrafficPolicy',
      'invalid healthCheckNodePort',
    ],
  ]),
  ...many('core/v1.ServicePort', [[{ appProtocol: '' }, 'invalid appProtocol', 'invalid port']]),
  ...many('core/v1.ClientIPConfig', [[{ timeoutSeconds: 86_401 }, 'invalid timeoutSeconds']]),
];

const secret = (type: string, ...causes: string[]): Broken =>
  broken('core/v1.Secret', { type: `kubernetes.io/${type}`, metadata: { name: 'a' } }, causes);

const frozen = { metadata: { name: 'a' }, immutable: true };

const OTHERS = [
  secret('tls', 'required data[tls.crt]', 'required data[tls.key]'),
  secret('dockerconfigjson', 'required data[.dockerconfigjson]'),
  secret('dockercfg', 'required data[.dockercfg]'),
  secret('ssh-auth', 'required data[ssh-privatekey]'),
  secret('basic-auth', 'required data[password]', 'required data[username]'),
  secret(
    'service-account-token',
    'required metadata.annotations[kubernetes.io/service-account.name]',
  ),
  broken(
    'core/v1.Secret',
    { metadata: { name: 'a' }, type: 'a', data: { k: 'YQ==' } },
    ['forbidden data', 'forbidden immutable', 'invalid type'],
    frozen,
  ),
  broken(
    'core/v1.ConfigMap',
    { metadata: { name: 'a' }, data: { k: 'v' }, binaryData: { b: 'YQ==' } },
    ['forbidden binaryData', 'forbidden data', 'forbidden immutable'],
    frozen,
  ),
  ...many('core/v1.ConfigMap', [
    [{ data: { 'a%b': '', '..c': '' } }, 'invalid data[..c]', 'invalid data[a%b]'],
  ]),
  ...many('core/v1.Binding', [
    [{}, 'required target.name'],
    [{ target: { name: 'a', kind: 'Pod' } }, 'unsupported target.kind'],
  ]),
  ...many('core/v1.NamespaceSpec', [[{ finalizers: ['noslash'] }, 'invalid finalizers']]),
  ...many('coordination/v1.LeaseSpec', [[{ preferredHolder: 'a' }, 'forbidden preferredHolder']]),
  ...many('cluster/v1.FaultSpec', [
    [{ duration: '1m' }, 'invalid'],
    [{ node: 'a', zone: 'b' }, 'invalid'],
  ]),
  ...many('cluster/v1.SchedulerSettings', [
    [{ podInitialBackoffSeconds: 20 }, 'invalid podMaxBackoffSeconds'],
  ]),
  ...many('cluster/v1.KubeletSettings', [
    [{ evictionHard: { 'memory.free': 'little' } }, 'invalid evictionHard'],
    [{ evictionSoft: { 'memory.free': 'little' } }, 'invalid evictionSoft'],
    [{ evictionMinimumReclaim: { 'memory.free': 'little' } }, 'invalid evictionMinimumReclaim'],
    [{ imageGCLowThresholdPercent: 85 }, 'invalid imageGCLowThresholdPercent'],
  ]),
  ...many('kubescheduler/v1.KubeSchedulerConfiguration', [
    [{ podInitialBackoffSeconds: 20 }, 'invalid podMaxBackoffSeconds'],
  ]),
];

export const BROKEN_CORE: readonly Broken[] = [
  ...PODS,
  ...SCHEDULING,
  ...VOLUMES,
  ...SERVICES,
  ...OTHERS,
];
