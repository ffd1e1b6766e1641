/**
 * What no schema can say about the kinds of networking.k8s.io: hosts and paths of ingresses, ranges within ranges, and the defaults
 * that follow from other fields.
 */
export { ingressClasses } from './ingress-classes.ts';
export { ingresses } from './ingresses.ts';
export { networkPolicies } from './network-policies.ts';
export { ipAddresses, serviceCidrs } from './service-cidrs.ts';
