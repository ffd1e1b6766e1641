import { Deployment } from 'slipway/apps/v1';
import { Behaviour } from 'slipway/cluster/v1';
import { podLabels, refTo, Service } from 'slipway/core/v1';
import { serving } from './limits.ts';
import { part } from './shop.ts';

const metadata = part('cache');

/** Sessions and carts. One replica, replaced rather than doubled. */
export const cache = new Deployment({
  metadata,
  spec: {
    replicas: 1,
    strategy: { type: 'Recreate' },
    selector: { matchLabels: metadata.labels },
    template: {
      metadata: { labels: metadata.labels },
      spec: {
        priorityClassName: refTo(serving).name,
        containers: [
          {
            name: 'valkey',
            image: 'valkey:8.1',
            ports: [{ name: 'valkey', containerPort: 6379 }],
            resources: {
              requests: { cpu: '250m', memory: '512Mi' },
              limits: { memory: '512Mi' },
            },
            readinessProbe: { tcpSocket: { port: 'valkey' }, periodSeconds: 2 },
          },
        ],
      },
    },
  },
});

export const cacheService = new Service({
  metadata,
  spec: {
    selector: podLabels(cache),
    ports: [{ name: 'valkey', port: 6379, targetPort: 'valkey' }],
  },
});

export const cacheBehaviour = new Behaviour({
  metadata,
  spec: {
    selector: { matchLabels: metadata.labels },
    ready: { after: '1s' },
    usage: { cpu: '40m', memory: '120Mi', curve: [{ at: '10m', memory: '300Mi' }] },
    logs: [{ line: 'Ready to accept connections tcp' }],
  },
});
