import { LimitRange, ResourceQuota } from 'slipway/core/v1';
import { PriorityClass } from 'slipway/scheduling/v1';
import { shop } from './shop.ts';

/** What customers wait for. Makes room for itself when the cluster is full. */
export const serving = new PriorityClass({
  metadata: { name: 'shop-serving' },
  value: 1000,
  description: 'Customers notice when it is missing.',
});

/** What can be done an hour later. */
export const background = new PriorityClass({
  metadata: { name: 'shop-background' },
  value: 100,
  preemptionPolicy: 'Never',
  description: 'Waits for room and takes none from others.',
});

/** No container of the shop goes without requests and limits. */
export const defaults = new LimitRange({
  metadata: { name: 'defaults', namespace: shop.name },
  spec: {
    limits: [
      {
        type: 'Container',
        defaultRequest: { cpu: '100m', memory: '128Mi' },
        default: { memory: '256Mi' },
        max: { cpu: 4, memory: '8Gi' },
      },
    ],
  },
});

/** What the shop may have in all. */
export const quota = new ResourceQuota({
  metadata: { name: 'shop', namespace: shop.name },
  spec: {
    hard: {
      'requests.cpu': 24,
      'requests.memory': '48Gi',
      'limits.memory': '64Gi',
      'requests.storage': '100Gi',
      pods: 60,
      'services.loadbalancers': 1,
    },
  },
});
