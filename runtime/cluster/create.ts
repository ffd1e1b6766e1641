import { Cluster, type ClusterOptions } from './cluster.ts';

/** A new cluster with its system namespaces, and nothing else, at the start of virtual time. */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = new Cluster(options);
  await cluster.server.bootstrap();
  await cluster.drain();
  return cluster;
}
