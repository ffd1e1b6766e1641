/**
 * kube-apiserver: the one door to the store.
 *
 * A request goes through admission (`admission/`), defaulting and pruning by the schema interpreter (`admit.ts`), the kind's
 * strategy (`strategies/`, what no schema can say), validation, and one transaction on the store (`core.ts`). What is stored
 * lives in a cache a kind (`cache/`) with indexes and readers of changes, kept from the store's own watch; listers read it.
 *
 * Invariants: nobody else touches storage. Objects are immutable and shared: a write makes a new top and shares the rest,
 * what was checked once is known by identity. Every commit is in the journal with the record that caused it. Nothing
 * branches on a kind outside `strategies/` and the admission plugins that are about one.
 *
 * It speaks `ApiRequest` and `ApiResponse` of runtime/meta; a transport (a function call in runtime/cluster, HTTP with its
 * own issue) carries them. Who lets somebody in asks first who he is (`authentication/`) and whether he may (`authorization/`).
 * A kind that is served in several versions is stored in one of them (`conversion/`). Whoever has a body as text has it read in
 * `decoding/`, which also words what is wrong with it. Left out so far: webhooks.
 */
export { type AdmissionOptions, undisableable } from './admission/index.ts';
export {
  ANONYMOUS,
  type Authenticated,
  type Authenticator,
  type Headers,
  seededKey,
  userOfCertificate,
} from './authentication/index.ts';
export {
  type Access,
  accessOf,
  type PathAccess,
  type ResourceAccess,
} from './authorization/index.ts';
export type { LogReader, ReadOptions } from './cache/event-log.ts';
export type { IndexFunction, ResourceCache } from './cache/resource-cache.ts';
export { type DecodedText, decodeText } from './decoding/index.ts';
export { insideAnswer } from './inside.ts';
export { NO_NODES, type NodeConnection } from './nodes.ts';
export { ApiServer, type ApiServerOptions, type AuthorizationMode } from './server.ts';
export type { ComponentHealth } from './strategies/strategy.ts';
export { judgeCertificate, type OutsideCall, type OutsideReply } from './webhooks/index.ts';
