/**
 * The network between simulated pods: what comes of a call that a program makes at a moment.
 *
 * `names.ts` answers as the cluster's name server does, `routes.ts` finds whose an address is, `choice.ts` picks an endpoint of a service as
 * kube-proxy on the caller's node would, `network.ts` puts them together over what the kubelets see, `view.ts` is that.
 *
 * Invariant: an answer follows from the state, the moment and who calls; nothing is followed, and indexes are made when the first program
 * calls. What alone is kept is which endpoint a client with affinity has. Left out: NetworkPolicies, which nothing here enforces,
 * addresses outside the cluster, at which nobody answers, and how long packets take.
 */
export { Network, type Origin } from './network.ts';
