/**
 * `slipway/testing`: a whole cluster in a test. No ports, no files, no waiting: virtual time passes only when asked to.
 *
 * ```ts
 * const cluster = await createCluster({ nodes: 3 });
 * await cluster.create(new Deployment({ … }));
 * await cluster.settle();
 * cluster.get(Deployment, 'web').status?.availableReplicas; // 3
 * ```
 *
 * Invariant: two tests with the same calls see the same objects, names and events to the byte. Everything stored is deeply
 * frozen here, so that code which changes a shared object fails at once.
 *
 * Beside it lie our own benchmarks and fidelity runs; they are not part of the public face.
 */
export { createCluster, type TestClusterOptions } from './create.ts';
export { type KindClass, NotFoundInCluster, type PartialOf, TestCluster } from './test-cluster.ts';
