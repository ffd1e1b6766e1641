/**
 * What load balancers and supervisors ask a node's proxy over HTTP: whether a service has somebody here
 * (`healthCheckNodePort`), and whether the proxy keeps up and its node takes new connections (`/healthz`, `/livez`).
 *
 * Invariant: an answer is made when it is asked for, from what the proxy last saw and from the clock. Who serves says what it
 * saw with `follow`; a port stays open for as long as its service wants it.
 *
 * Left out: what a service's answer says (see ../model/health.ts), and metrics.
 */
export { HealthServer, type HealthServerOptions } from './health-server.ts';
export { Liveness } from './liveness.ts';
