import { flowschemas } from '../../generated/flowcontrol/v1/resources.ts';
import { ipaddresses, servicecidrs } from '../../generated/networking/v1/resources.ts';
import { volumeattributesclasses } from '../../generated/storage/v1/resources.ts';
import {
  KUBERNETES_VERSIONS,
  type KubernetesVersion,
  minorOf,
} from '../../generator/model/index.ts';
import { type Controller, type ControllerDeps, controllerComponent } from '../client/index.ts';
import {
  createAvailabilityController,
  createRegistrationController,
} from '../controllers/apiservice/index.ts';
import { createAttachDetachController } from '../controllers/attachdetach/index.ts';
import {
  createApprovingController,
  createCleaningController,
  createSigningController,
  type SigningConfig,
} from '../controllers/certificates/index.ts';
import { createClusterRoleAggregationController } from '../controllers/clusterroleaggregation/index.ts';
import { createCronJobController } from '../controllers/cronjob/index.ts';
import {
  createAttacher,
  createProvisioner,
  createResizer,
  createVolumeDeleter,
} from '../controllers/csi/index.ts';
import { createDefinitionController } from '../controllers/customresourcedefinition/index.ts';
import { createDaemonSetController } from '../controllers/daemonset/index.ts';
import { createDeploymentController } from '../controllers/deployment/index.ts';
import {
  createDisruptionController,
  createStaleDisruptionController,
} from '../controllers/disruption/index.ts';
import { createEndpointsController } from '../controllers/endpoints/index.ts';
import { createEndpointSliceController } from '../controllers/endpointslice/index.ts';
import { createEndpointSliceMirroringController } from '../controllers/endpointslicemirroring/index.ts';
import { createFlowController } from '../controllers/flowcontrol/index.ts';
import { createGarbageCollector } from '../controllers/garbagecollector/index.ts';
import { createHorizontalPodAutoscalerController } from '../controllers/horizontalpodautoscaler/index.ts';
import { createJobController, createJobOrphanController } from '../controllers/job/index.ts';
import { createNamespaceController } from '../controllers/namespace/index.ts';
import { createNodeIpamController } from '../controllers/nodeipam/index.ts';
import { createNodeLifecycleController } from '../controllers/nodelifecycle/index.ts';
import {
  createClaimBinder,
  createExpandController,
  createVolumeBinder,
} from '../controllers/persistentvolume/index.ts';
import { createPodGarbageCollector } from '../controllers/podgc/index.ts';
import {
  createReplicaController,
  createReplicaSetController,
} from '../controllers/replicaset/index.ts';
import { replicationControllers } from '../controllers/replication/index.ts';
import { createResourceQuotaController } from '../controllers/resourcequota/index.ts';
import { createServiceController } from '../controllers/service/index.ts';
import {
  createRootCaCertPublisher,
  createServiceAccountController,
  createTokensController,
  type TokensConfig,
} from '../controllers/serviceaccount/index.ts';
import {
  createAddressController,
  createRangeController,
} from '../controllers/servicecidr/index.ts';
import { createStatefulSetController } from '../controllers/statefulset/index.ts';
import { createTaintEvictionController } from '../controllers/tainteviction/index.ts';
import { createTtlAfterFinishedController } from '../controllers/ttlafterfinished/index.ts';
import {
  createAttributesClassProtection,
  createClaimProtection,
  createVolumeProtection,
} from '../controllers/volumeprotection/index.ts';
import type { ResourceRef } from '../meta/index.ts';
import type { Slot } from './components.ts';
import type { ServedKind } from './served.ts';

/** Stands for the root certificate of a cluster that is not served to other processes: nothing here checks it. */
const PLACEHOLDER_CA = [
  '-----BEGIN CERTIFICATE-----',
  'U2xpcHdheTogYSBzaW11bGF0ZWQgY2x1c3RlciBoYXMgbm8gY2VydGlmaWNhdGU=',
  '-----END CERTIFICATE-----',
  '',
].join('\n');

interface ControllersOptions extends SigningConfig {
  readonly issue: TokensConfig['issue'];
  /** The certificate authority's certificate, PEM. */
  readonly certificate?: string | undefined;
  /** The version whose behaviour is followed where it differs; the newest when absent. */
  readonly kubernetesVersion?: KubernetesVersion | undefined;
}

interface Names {
  /** The account that it writes as, where it is not `<component>-controller`. */
  readonly account?: string;
  /** The user that it writes as, where it is no account of kube-system. */
  readonly user?: string;
  /** Who its Events are from, where it is not `<component>-controller`. */
  readonly eventSource?: string;
}

const BINDER: Names = {
  account: 'persistent-volume-binder',
  eventSource: 'persistentvolume-controller',
};

/** A program beside a driver, under its own name. */
const driverSlot = (name: string): Names => ({ account: name, eventSource: name });

/** A part of the API server, which writes as itself. */
const DEFINER: Names = { user: 'system:apiserver' };

const DISRUPTION: Names = { account: 'disruption-controller', eventSource: 'controllermanager' };

/** The controllers of kube-controller-manager, in the order in which they start. */
export function controllerSlots(
  served: readonly ServedKind[],
  { issue, issuer, certificate = PLACEHOLDER_CA, kubernetesVersion }: ControllersOptions,
): Slot[] {
  const resources = served.map(({ ref }) => ref);
  const kinds = served.map(({ ref, descriptor }) => ({
    ref,
    specReplicasPath: descriptor.subresources.scale?.specReplicasPath,
  }));
  return [
    slot('customresourcedefinition', createDefinitionController, {}, DEFINER),
    slot('apiservice-registration', createRegistrationController, {}, DEFINER),
    slot('apiservice-availability', createAvailabilityController, {}, DEFINER),
    ...whereServed(resources, flowschemas, slot('flowcontrol', createFlowController, {}, DEFINER)),
    slot('namespace', createNamespaceController, { resources }),
    slot(
      'serviceaccount',
      createServiceAccountController,
      {},
      { account: 'service-account-controller' },
    ),
    slot(
      'root-ca-cert-publisher',
      createRootCaCertPublisher,
      { certificate },
      { account: 'root-ca-cert-publisher' },
    ),
    slot(
      'tokens-controller',
      createTokensController,
      { certificate, issue },
      { account: 'tokens-controller' },
    ),
    ...certificateSlots(issuer),
    slot('resourcequota', createResourceQuotaController, { resources }),
    ...volumeSlots(resources),
    slot('clusterrole-aggregation', createClusterRoleAggregationController, {}),
    slot(
      'garbagecollector',
      createGarbageCollector,
      { resources },
      { account: 'generic-garbage-collector', eventSource: 'garbage-collector-controller' },
    ),
    slot(
      'daemonset',
      createDaemonSetController,
      { hasNullTime: minorOf(kubernetesVersion ?? KUBERNETES_VERSIONS[0]) < 34 },
      { account: 'daemon-set-controller' },
    ),
    ...nodeSlots(kubernetesVersion),
    slot('replicaset', createReplicaSetController, {}),
    slot(
      'replicationcontroller',
      (deps) => createReplicaController(replicationControllers, deps),
      {},
      { account: 'replication-controller', eventSource: 'replication-controller' },
    ),
    slot('deployment', createDeploymentController, {}),
    slot('statefulset', createStatefulSetController, {}),
    slot('job', createJobController, {}),
    slot('job-orphans', createJobOrphanController, {}, { account: 'job-controller' }),
    slot('cronjob', createCronJobController, {}),
    slot(
      'ttlafterfinished',
      createTtlAfterFinishedController,
      {},
      { account: 'ttl-after-finished-controller' },
    ),
    ...serviceSlots(kubernetesVersion),
    ...addressSlots(resources),
    slot(
      'horizontalpodautoscaling',
      createHorizontalPodAutoscalerController,
      { kinds: resources },
      { account: 'horizontal-pod-autoscaler', eventSource: 'horizontal-pod-autoscaler' },
    ),
    slot('disruption', createDisruptionController, { kinds }, DISRUPTION),
    slot('stale-pod-disruption', createStaleDisruptionController, {}, DISRUPTION),
  ];
}

const CERTIFICATES: Names = { account: 'certificate-controller' };

/** What answers requests for certificates. */
function certificateSlots(issuer: SigningConfig['issuer']): Slot[] {
  return [
    slot(
      'certificatesigningrequest-signing-controller',
      createSigningController,
      { issuer },
      CERTIFICATES,
    ),
    slot(
      'certificatesigningrequest-approving-controller',
      createApprovingController,
      {},
      CERTIFICATES,
    ),
    slot(
      'certificatesigningrequest-cleaner-controller',
      createCleaningController,
      {},
      CERTIFICATES,
    ),
  ];
}

/** What keeps volumes and claims. */
function volumeSlots(resources: readonly ResourceRef[]): Slot[] {
  return [
    slot('persistentvolume-reclaimer', createVolumeBinder, {}, BINDER),
    slot('persistentvolume-binder', createClaimBinder, {}, BINDER),
    slot(
      'persistentvolume-expander',
      createExpandController,
      {},
      { account: 'expand-controller', eventSource: 'volume_expand' },
    ),
    slot('attachdetach', createAttachDetachController, {}),
    slot('csi-attacher', createAttacher, {}, driverSlot('csi-attacher')),
    slot('csi-provisioner', createProvisioner, {}, driverSlot('csi-provisioner')),
    slot('csi-deleter', createVolumeDeleter, {}, driverSlot('csi-provisioner')),
    slot('csi-resizer', createResizer, {}, driverSlot('external-resizer')),
    slot('pvc-protection', createClaimProtection, {}),
    slot('pv-protection', createVolumeProtection, {}),
    ...whereServed(
      resources,
      volumeattributesclasses,
      slot('volumeattributesclass-protection', createAttributesClassProtection, {}),
    ),
  ];
}

/** What watches over nodes, and over pods whose node fails them. */
function nodeSlots(version: KubernetesVersion | undefined): Slot[] {
  return [
    slot(
      'nodeipam',
      createNodeIpamController,
      {},
      { account: 'node-controller', eventSource: 'cidrAllocator' },
    ),
    slot(
      'nodelifecycle',
      createNodeLifecycleController,
      { graceMs: version === undefined || version === '1.36' ? 50_000 : 40_000 },
      { account: 'node-controller', eventSource: 'node-controller' },
    ),
    slot(
      'taint-eviction-controller',
      createTaintEvictionController,
      {},
      { account: 'taint-eviction-controller', eventSource: 'taint-eviction-controller' },
    ),
    slot('podgc', createPodGarbageCollector, {}, { account: 'pod-garbage-collector' }),
  ];
}

/** What makes services reachable. */
function serviceSlots(version: KubernetesVersion | undefined): Slot[] {
  return [
    slot('endpoint', createEndpointsController, {
      marksManaged: version === undefined || version === '1.36',
    }),
    slot('endpointslice', createEndpointSliceController, {}),
    slot(
      'endpointslicemirroring',
      createEndpointSliceMirroringController,
      {},
      { eventSource: 'endpoint-slice-mirroring-controller' },
    ),
    slot('service', createServiceController, {}),
  ];
}

/** What keeps the ranges and addresses of services, where these are objects. */
function addressSlots(resources: readonly ResourceRef[]): Slot[] {
  return [
    ...whereServed(resources, ipaddresses, slot('ipaddress', createAddressController, {}, DEFINER)),
    ...whereServed(
      resources,
      servicecidrs,
      slot('service-cidr', createRangeController, {}, { account: 'service-cidrs-controller' }),
    ),
  ];
}

/** The controller of a kind that not every version of Kubernetes serves. */
function whereServed(
  resources: readonly ResourceRef[],
  { group, resource }: Pick<ResourceRef, 'group' | 'resource'>,
  controller: Slot,
): Slot[] {
  const isServed = resources.some((each) => each.group === group && each.resource === resource);
  return isServed ? [controller] : [];
}

function slot<C, S>(
  name: string,
  create: (deps: ControllerDeps<C, S>) => Controller,
  config: C,
  { account, user, eventSource }: Names = {},
): Slot {
  return {
    name,
    create: controllerComponent(create, {
      config,
      ...(eventSource ? { eventSource } : {}),
      ...(user ? { user } : {}),
      ...(account ? { user: `system:serviceaccount:kube-system:${account}` } : {}),
    }),
  };
}
