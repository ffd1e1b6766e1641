/**
 * Keeps the EndpointSlices of every Service with a selector: which pods it has, at which addresses and ports, and in what
 * condition.
 *
 * Pods are grouped by the ports that the service's names resolve to, and each group is packed into slices of at most a
 * hundred. What is placed stays where it is; what is new fills slices that are written anyway, then one that has room for
 * all of it, then new ones: few writes count for more than full slices. A service without endpoints has one empty slice.
 *
 * A service whose annotation asks for it (`service.kubernetes.io/topology-mode: Auto`) has its endpoints given to zones in
 * proportion to their CPU (`hints.ts`); hints that still make sense stay, and where they cannot, all go and an Event tells.
 *
 * Invariant: the slices follow from the service, its pods and the slices as they are (`decide.ts` is pure); nothing else
 * is remembered, but for which watch events are echoes of own writes and what CPU zones have. Work per reconcile: the pods
 * of one service, each of which is turned into an endpoint once in its lifetime. A pod's change finds its services, and a
 * service its pods, through indexes over labels.
 *
 * For runtime/cluster. Left out: slices of services without a selector (endpointslicemirroring), deleting slices of a
 * deleted service (the garbage collector does), the Event when the annotation is taken off, Endpoints (endpoints).
 */
export { createEndpointSliceController } from './controller.ts';
