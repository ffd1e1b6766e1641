/**
 * The cloud's load balancers, simulated: every Service of type LoadBalancer gets an address of `network.loadBalancerCIDR`.
 *
 * A service is held by the finalizer `service.kubernetes.io/load-balancer-cleanup` as long as it has a balancer; a
 * balancer is what a service has an ingress address of the pool for. Events tell of every step, and of what of a service led
 * to it. A service that names a `loadBalancerClass` is somebody else's. Traffic may arrive at every node that is not being
 * deleted, excluded by label or marked by the autoscaler, ready or not; when these change, the balancers are told.
 *
 * Invariant: who has which address follows from the services' statuses. What is remembered is each service as it was
 * looked at last, to tell what changed; the nodes that its balancer was told of; and how often it failed. A new process
 * sets up all balancers once more, as upstream's does.
 *
 * For runtime/cluster. Left out: addresses of IPv6, ports of the balancer's own, and moving packets (proxy).
 */
export { createServiceController } from './controller.ts';
