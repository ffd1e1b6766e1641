/**
 * Keeps the ranges and the addresses of services. The range controller makes a ServiceCIDR ready, and lets one that is deleted go once no
 * address of a service needs it (kube-controller-manager's service-cidr-controller; key: the ServiceCIDR). The address controller has an
 * IPAddress for every cluster address of a service (kube-apiserver's allocator and its repair; key: the address).
 *
 * Addresses are given out by the API server, which looks at the services themselves; what is kept here only shows it. An IPAddress that
 * somebody else made is left alone.
 */
export { createAddressController } from './addresses.ts';
export { createRangeController } from './ranges.ts';
