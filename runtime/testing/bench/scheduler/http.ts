import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Pacer, serveApi } from '../../../cluster/index.ts';
import { type Case, type Figure, figure } from '../figure.ts';
import type { Order } from './http-worker.ts';
import { emptyCluster, FIVE_THOUSAND, NEW, OLD } from './setting.ts';
import { add } from './workload.ts';

const PODS = 10_000;
/** The best is reported: the first compiles the code, and a busy machine spoils single rounds. */
const ROUNDS = 2;
/** Upstream's for the same workload, which goes through HTTP there too. */
const FLOOR = 680;
const WORKER = fileURLToPath(new URL('./http-worker.js', import.meta.url));

/**
 * SchedulingBasic as a client sees it: pods are created and their bindings watched over TLS by another thread, while the cluster
 * runs in this one. Creating the pods is part of the time.
 */
async function overHttp(): Promise<Figure[]> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) least = Math.min(least, await roundMs());
  return [figure('Basic over HTTP, 5000 nodes', (PODS / least) * 1000, 'pods/s', FLOOR)];
}

async function roundMs(): Promise<number> {
  const cluster = await (await emptyCluster(FIVE_THOUSAND)).fork();
  await add(cluster, 'before', { count: 1000, namespaces: OLD });
  await cluster.drain();
  const pacer = new Pacer(cluster, 'real');
  pacer.start();
  const serving = await serveApi(cluster, pacer, {
    port: 0,
    version: '1.36',
    onFailure: (error) => {
      throw error;
    },
  });
  try {
    const { url, authority, token } = serving;
    const order: Order = { url, authority, token, namespace: NEW[0]!, pods: PODS };
    const [ms] = (await once(new Worker(WORKER, { workerData: order }), 'message')) as [number];
    return ms;
  } finally {
    await serving.close();
    await pacer.stop();
  }
}

export const httpCases: readonly Case[] = [{ name: 'scheduler-BasicHttp', run: overHttp }];
