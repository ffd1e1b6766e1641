/**
 * Keeps the Endpoints of every Service with a selector: the older form of EndpointSlices, all addresses in one object.
 *
 * Addresses are grouped so that every address of a subset has all its ports; ready ones and those that are not stand apart.
 * A pod that is being deleted is no address any more, unless the service publishes whatever it has. Over a thousand
 * addresses are cut, ready ones last, and an annotation says so. A deleted service takes its Endpoints along, whoever made
 * them.
 *
 * Invariant: the object follows from the service and its pods as they are (`decide.ts` and `subsets.ts` are pure); it is
 * written when it differs, and what others put on it stays. Work per reconcile: the pods of one service.
 *
 * Ports stand in the order of a hash, as upstream's do. Upstream orders subsets by one as well, of the ids of pods too, which
 * are made up: they are sorted by their ports here.
 *
 * For runtime/cluster. Left out: Endpoints of services without a selector, which people write and endpointslicemirroring
 * copies into slices.
 */
export { createEndpointsController, type EndpointsConfig } from './controller.ts';
