import { clusters } from '../../../generated/cluster/v1/resources.ts';
import { nodes, services } from '../../../generated/core/v1/resources.ts';
import type { Node, Service } from '../../../generated/core/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  type Lister,
  listerOf,
  type ReconcileContext,
  type ReconcileResult,
  watch,
} from '../../client/index.ts';
import { isApiError, isDeleting, isNotFound, keyOf } from '../../meta/index.ts';
import { addressesOf, addressPool, balancerAddress, CloudError } from './cloud.ts';
import { decideBalancer, FINALIZER, isBackend, wantsLoadBalancer } from './decide.ts';
import { BalancerState } from './state.ts';

const BY_ADDRESS = 'load-balancer-address';
const BACKENDS = 'load-balancer-backends';
const BACKEND = 'backend';
/** The key of the nodes, which is no service's. */
const NODES = 'nodes';
const RETRY_MIN_MS = 5_000;
const RETRY_MAX_MS = 300_000;

/** Gives services their load balancers. Keys: the service; `nodes` for what all balancers send traffic to. */
export function createServiceController(deps: ControllerDeps<unknown, BalancerState>): Controller {
  const state = deps.inherited ?? new BalancerState();
  const balancers = new Balancers(deps, state);
  return {
    name: 'service',
    watches: [
      watch(nodes, ({ type, object, previous }) =>
        type === 'MODIFIED' && previous && isBackend(previous) === isBackend(object) ? [] : [NODES],
      ),
      watch(services, ({ object }) => [keyOf(object)]),
    ],
    reconcile: (key, context) =>
      key === NODES ? balancers.syncNodes(context) : balancers.sync(key, context),
    inherit: () => new BalancerState(state),
  };
}

class Balancers {
  readonly #state: BalancerState;
  readonly #deps: ControllerDeps;
  readonly #services: Lister<Service>;

  constructor(deps: ControllerDeps, state: BalancerState) {
    this.#state = state;
    this.#deps = deps;
    this.#services = listerOf(deps, services);
    deps.transport.addIndex<Service>(services, BY_ADDRESS, addressesOf);
    deps.transport.addIndex<Node>(nodes, BACKENDS, (node) => (isBackend(node) ? IS_BACKEND : NONE));
  }

  /** Tells every balancer of the nodes, when they are others than it knows. */
  syncNodes({ events }: ReconcileContext): ReconcileResult | undefined {
    const { told } = this.#state;
    const backends = listerOf(this.#deps, nodes).byIndex(BACKENDS, BACKEND);
    this.#state.backends = backends.map(({ metadata }) => metadata.name).join();
    const changed: string[] = [];
    for (const [key, before] of [...told.entries()]) {
      const service = this.#services.byKey(key);
      if (!service || before === this.#state.backends) continue;
      told.set(key, this.#state.backends);
      changed.push(key);
      if (backends.length === 0) events.event(service, 'Warning', ...NO_NODES);
      else
        events.event(
          service,
          'Normal',
          'UpdatedLoadBalancer',
          'Updated load balancer with new hosts',
        );
    }
    return changed.length > 0 ? { decision: { update: changed } } : undefined;
  }

  async sync(key: string, context: ReconcileContext): Promise<ReconcileResult | undefined> {
    const { seen, failures } = this.#state;
    const service = this.#services.byKey(key);
    if (!service) {
      this.#state.forget(key);
      return undefined;
    }
    const action = decideBalancer(seen.get(key), service);
    seen.set(key, service);
    const again = failures.get(key) ?? 0;
    if (action.kind === 'none' && again === 0) return undefined;
    if (action.kind !== 'none' && action.change) {
      const { reason, message } = action.change;
      context.events.event(service, 'Normal', reason, message);
    }
    const isDeletion = action.kind === 'delete' || !wantsLoadBalancer(service);
    try {
      if (isDeletion) await this.#delete(key, service, context);
      else await this.#ensure(key, service, context);
      failures.delete(key);
      return { decision: isDeletion ? 'delete' : 'ensure' };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      failures.set(key, again + 1);
      if (!(error instanceof CloudError || isApiError(error))) throw error;
      const text = `failed to ${isDeletion ? 'delete' : 'ensure'} load balancer: ${error.message}`;
      const message = `Error syncing load balancer: ${text}`;
      context.events.event(service, 'Warning', 'SyncLoadBalancerFailed', message);
      const requeueAfterMs = Math.min(RETRY_MIN_MS * 2 ** Math.min(again, 10), RETRY_MAX_MS);
      return { requeueAfterMs, decision: { failed: text } };
    }
  }

  async #ensure(key: string, service: Service, context: ReconcileContext): Promise<void> {
    const { client, events } = context;
    const { backends, told } = this.#state;
    events.event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
    const held = await this.#hold(service, context);
    if (backends === '') events.event(service, 'Warning', ...NO_NODES);
    told.set(key, backends);
    const address = this.#addressFor(held);
    const ingress = [{ ip: address, ipMode: 'VIP' as const }];
    events.event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
    if (addressesOf(held)[0] === address) return;
    const { name = '', namespace } = service.metadata;
    const patch = { status: { loadBalancer: { ingress } } };
    await client.patch(services, { name, namespace }, patch, STATUS);
  }

  #addressFor(service: Service): string {
    const [cluster] = listerOf(this.#deps, clusters).list();
    const { address, index } = balancerAddress({
      service,
      pool: addressPool(cluster?.spec?.network?.loadBalancerCIDR),
      from: this.#state.next,
      isTaken: (each) => this.#services.countIndex(BY_ADDRESS, each) > 0,
    });
    if (index !== undefined) this.#state.next = index + 1;
    return address;
  }

  /** The service with the finalizer that keeps it until its balancer is gone. */
  #hold(service: Service, { client }: ReconcileContext): Promise<Service> | Service {
    const { name = '', namespace, finalizers = [] } = service.metadata;
    if (finalizers.includes(FINALIZER)) return service;
    const patch = { metadata: { finalizers: [...finalizers, FINALIZER] } };
    return client.patch(services, { name, namespace }, patch);
  }

  async #delete(
    key: string,
    service: Service,
    { client, events }: ReconcileContext,
  ): Promise<void> {
    const { name = '', namespace } = service.metadata;
    const exists = this.#state.told.delete(key) || addressesOf(service).length > 0;
    if (exists) events.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
    if (addressesOf(service).length > 0 && !isDeleting(service)) {
      const patch = { status: { loadBalancer: { ingress: null } } };
      await client.patch(services, { name, namespace }, patch, STATUS);
    }
    if (service.metadata.finalizers?.includes(FINALIZER)) {
      const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': [FINALIZER] } };
      await client.patch(services, { name, namespace }, patch);
    }
    events.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
  }
}

const STATUS = { subresource: 'status' } as const;
const IS_BACKEND: readonly string[] = [BACKEND];
const NONE: readonly string[] = [];
const NO_NODES = [
  'UnAvailableLoadBalancer',
  'There are no available nodes for LoadBalancer',
] as const;
