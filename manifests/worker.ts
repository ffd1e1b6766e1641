import { Deployment } from 'slipway/apps/v1';
import { Behaviour } from 'slipway/cluster/v1';
import { configKey, dnsName, refTo, ServiceAccount } from 'slipway/core/v1';
import { cacheService } from './cache.ts';
import { background } from './limits.ts';
import { onBatchNodes, part, settings } from './shop.ts';

const metadata = part('worker');

export const workerAccount = new ServiceAccount({
  metadata,
  automountServiceAccountToken: false,
});

/** Sends orders on, in batches, on the nodes that are kept for such work. */
export const worker = new Deployment({
  metadata,
  spec: {
    replicas: 2,
    selector: { matchLabels: metadata.labels },
    template: {
      metadata: { labels: metadata.labels },
      spec: {
        serviceAccountName: refTo(workerAccount).name,
        ...onBatchNodes,
        priorityClassName: refTo(background).name,
        terminationGracePeriodSeconds: 60,
        containers: [
          {
            name: 'worker',
            image: 'registry.example/shop/worker:2.4.1',
            env: [
              { name: 'QUEUE_HOST', value: dnsName(cacheService) },
              { name: 'ORDERS_PER_BATCH', valueFrom: configKey(settings, 'ORDERS_PER_BATCH') },
            ],
            resources: {
              requests: { cpu: 2, memory: '2Gi' },
              limits: { memory: '3Gi' },
            },
          },
        ],
      },
    },
  },
});

export const workerBehaviour = new Behaviour({
  metadata,
  spec: {
    selector: { matchLabels: metadata.labels },
    start: { duration: '1s' },
    usage: { cpu: '1500m', memory: '1Gi' },
    logs: [{ every: '20s', line: 'sent 50 orders' }],
    // A batch is finished before it stops.
    terminate: { duration: '12s' },
  },
});
