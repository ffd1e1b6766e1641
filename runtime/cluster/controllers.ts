import { type Controller, type ControllerDeps, controllerComponent } from '../client/index.ts';
import { createDeploymentController } from '../controllers/deployment/index.ts';
import { createEndpointSliceController } from '../controllers/endpointslice/index.ts';
import { createGarbageCollector } from '../controllers/garbagecollector/index.ts';
import { createNamespaceController } from '../controllers/namespace/index.ts';
import { createNodeIpamController } from '../controllers/nodeipam/index.ts';
import { createNodeLifecycleController } from '../controllers/nodelifecycle/index.ts';
import { createReplicaSetController } from '../controllers/replicaset/index.ts';
import {
  createRootCaCertPublisher,
  createServiceAccountController,
} from '../controllers/serviceaccount/index.ts';
import { createTaintEvictionController } from '../controllers/tainteviction/index.ts';
import type { ResourceRef } from '../meta/index.ts';
import type { Slot } from './components.ts';

/** Stands for the root certificate until a cluster has one: nothing here checks it. */
const PLACEHOLDER_CA = [
  '-----BEGIN CERTIFICATE-----',
  'U2xpcHdheTogYSBzaW11bGF0ZWQgY2x1c3RlciBoYXMgbm8gY2VydGlmaWNhdGU=',
  '-----END CERTIFICATE-----',
  '',
].join('\n');

interface Names {
  /** The account that it writes as, where it is not `<component>-controller`. */
  readonly account?: string;
  /** Who its Events are from, where it is not `<component>-controller`. */
  readonly eventSource?: string;
}

/** The controllers of kube-controller-manager, in the order in which they start. */
export function controllerSlots(resources: readonly ResourceRef[]): Slot[] {
  return [
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
      { certificate: PLACEHOLDER_CA },
      { account: 'root-ca-cert-publisher' },
    ),
    slot(
      'garbagecollector',
      createGarbageCollector,
      { resources },
      { account: 'generic-garbage-collector', eventSource: 'garbage-collector-controller' },
    ),
    slot(
      'nodeipam',
      createNodeIpamController,
      {},
      { account: 'node-controller', eventSource: 'cidrAllocator' },
    ),
    slot(
      'nodelifecycle',
      createNodeLifecycleController,
      {},
      { account: 'node-controller', eventSource: 'node-controller' },
    ),
    slot(
      'taint-eviction-controller',
      createTaintEvictionController,
      {},
      { account: 'taint-eviction-controller', eventSource: 'taint-eviction-controller' },
    ),
    slot('replicaset', createReplicaSetController, {}),
    slot('deployment', createDeploymentController, {}),
    slot('endpointslice', createEndpointSliceController, {}),
  ];
}

function slot<C, S>(
  name: string,
  create: (deps: ControllerDeps<C, S>) => Controller,
  config: C,
  { account, eventSource }: Names = {},
): Slot {
  return {
    name,
    create: controllerComponent(create, {
      config,
      ...(eventSource ? { eventSource } : {}),
      ...(account ? { user: `system:serviceaccount:kube-system:${account}` } : {}),
    }),
  };
}
