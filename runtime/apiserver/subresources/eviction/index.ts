/** `eviction` of a Pod: a deletion that asks the pod's disruption budget first. */
export { eviction } from './eviction.ts';
