/**
 * The API over HTTP: a thin shell over `ApiServer.request` and `ApiServer.watch`.
 *
 * `listen` takes connections (TLS, HTTP/1.1 and HTTP/2 on one port); `HttpHandler` says who asks (`authenticate`), what for
 * (`paths.ts`, `query.ts`, `body.ts`), whether he may, hands the request on, and gives the answer the form that the client asked for:
 * objects, tables or metadata (`form.ts`), as JSON, YAML or Kubernetes' protobuf (`encoding.ts`, `protobuf/`). Watches are streams
 * (`streaming.ts`). Discovery, OpenAPI and health are documents at paths of their own.
 *
 * Invariant: nothing is decided here that a client in the process would not get as well. Bodies are bounded, clients that are
 * slow are waited for within bounds and then let go, and whatever they send is answered or cut off, never a crash.
 *
 * Connections to pods (exec, attach, portforward) are upgraded and go their own way (`streams/`).
 *
 * The composition root starts it (runtime/cluster).
 */
export { type Certificates, makeCertificates } from './certificates.ts';
export type { HealthChecks } from './checks.ts';
export { type HandlerOptions, HttpHandler } from './handler.ts';
export { type Listening, listen } from './listener.ts';
export { UpgradeHandler, type UpgradeOptions } from './streams/index.ts';
