/**
 * Copies Endpoints that people write into EndpointSlices, so that whoever reads slices sees them too.
 *
 * Mirrored are Endpoints of a Service without a selector, unless a label forbids it or they elect a leader. Each group of
 * ports and family of addresses has one slice of at most a thousand endpoints; an event says what was left out. Labels and
 * annotations of the Endpoints are the slice's too.
 *
 * Invariant: only slices that carry this controller's name are touched, and they follow from the Endpoints (`decide.ts` is
 * pure). A slice that would be deleted takes the content of one that would be created. Work per reconcile: one Endpoints
 * object and its slices.
 *
 * For runtime/cluster. Left out: deleting the slices of deleted Endpoints, which are their owner (the garbage collector
 * would do it as well; it is done here at once, as upstream does).
 */
export { createEndpointSliceMirroringController } from './controller.ts';
