import { Deployment } from 'slipway/apps/v1';
import { HorizontalPodAutoscaler } from 'slipway/autoscaling/v2';
import { Behaviour } from 'slipway/cluster/v1';
import {
  configKey,
  dnsName,
  podLabels,
  refTo,
  Service,
  ServiceAccount,
  secretKey,
  targetRef,
} from 'slipway/core/v1';
import { PodDisruptionBudget } from 'slipway/policy/v1';
import { cacheService } from './cache.ts';
import { databaseService } from './database.ts';
import { serving } from './limits.ts';
import { credentials, part, settings, spreadOverZones } from './shop.ts';

const metadata = part('api');

export const apiAccount = new ServiceAccount({ metadata, automountServiceAccountToken: false });

/** Orders, stock and payment. Spread over the zones, so that one of them may go. How many there are is the autoscaler's to say. */
export const api = new Deployment({
  metadata,
  spec: {
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    selector: { matchLabels: metadata.labels },
    template: {
      metadata: { labels: metadata.labels },
      spec: {
        serviceAccountName: refTo(apiAccount).name,
        priorityClassName: refTo(serving).name,
        topologySpreadConstraints: [spreadOverZones(metadata.labels)],
        containers: [
          {
            name: 'api',
            image: 'registry.example/shop/api:2.4.1',
            ports: [{ name: 'http', containerPort: 8080 }],
            env: [
              { name: 'CACHE_HOST', value: dnsName(cacheService) },
              { name: 'DATABASE_HOST', value: dnsName(databaseService) },
              { name: 'CURRENCY', valueFrom: configKey(settings, 'CURRENCY') },
              { name: 'PAYMENT_TOKEN', valueFrom: secretKey(credentials, 'paymentToken') },
            ],
            resources: {
              requests: { cpu: '500m', memory: '512Mi' },
              limits: { memory: '768Mi' },
            },
            startupProbe: {
              httpGet: { path: '/started', port: 'http' },
              periodSeconds: 1,
              failureThreshold: 30,
            },
            readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 2 },
            livenessProbe: { httpGet: { path: '/alive', port: 'http' }, periodSeconds: 10 },
          },
        ],
      },
    },
  },
});

export const apiService = new Service({
  metadata,
  spec: {
    selector: podLabels(api),
    ports: [{ name: 'http', port: 80, targetPort: 'http' }],
  },
});

/** As many as keep each at three fifths of what it asks for. Quick to grow, slow to shrink. */
export const apiScale = new HorizontalPodAutoscaler({
  metadata,
  spec: {
    scaleTargetRef: targetRef(api),
    minReplicas: 4,
    maxReplicas: 12,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
      },
    ],
    behavior: { scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } },
  },
});

/** One at a time may be drained. */
export const apiBudget = new PodDisruptionBudget({
  metadata,
  spec: { maxUnavailable: 1, selector: { matchLabels: podLabels(api) } },
});

export const apiBehaviour = new Behaviour({
  metadata,
  spec: {
    selector: { matchLabels: metadata.labels },
    start: { duration: '300ms' },
    ready: { after: '4s' },
    usage: {
      cpu: '20m',
      memory: '260Mi',
      // An ordinary day, with a rush in the second hour.
      load: {
        service: refTo(apiService).name,
        cpu: '900m',
        curve: [
          { at: '1h', cpu: '2400m' },
          { at: '2h', cpu: '900m' },
        ],
      },
    },
    logs: [
      { line: 'listening on :8080' },
      { after: '5s', every: '30s', line: 'served 120 requests, p95 18 ms' },
    ],
    terminate: { duration: '2s' },
  },
});
