/**
 * Storage: where the API server keeps objects. `store.ts` is the contract, etcd v3's semantics; each backend is a folder.
 *
 * Invariant: a backend knows nothing of what it stores. Revisions grow by one with every transaction that writes; a watch
 * delivers every change of its range in order or says that it cannot (compacted), never with a gap.
 *
 * Every backend passes `conformance.ts`. Only the API server (and the composition root, which picks the backend) may
 * import this folder. Left out: encoding, caching and indexes, which are the API server's.
 */
export { MemoryStore } from './memory/index.ts';
export * from './store.ts';
