import { Deployment } from 'slipway/apps/v1';
import { Behaviour } from 'slipway/cluster/v1';
import { dnsName, envFromConfig, podLabels, refTo, Service, secretKey } from 'slipway/core/v1';
import { PodDisruptionBudget } from 'slipway/policy/v1';
import { apiService } from './api.ts';
import { serving } from './limits.ts';
import { credentials, part, settings, spreadOverZones } from './shop.ts';

const metadata = part('web');

/** What customers see. Change `replicas` or the image, save, and watch the rollout. */
export const web = new Deployment({
  metadata,
  spec: {
    replicas: 3,
    selector: { matchLabels: metadata.labels },
    template: {
      metadata: { labels: metadata.labels },
      spec: {
        priorityClassName: refTo(serving).name,
        topologySpreadConstraints: [spreadOverZones(metadata.labels)],
        containers: [
          {
            name: 'web',
            image: 'registry.example/shop/web:5.0.2',
            ports: [{ name: 'http', containerPort: 3000 }],
            envFrom: [envFromConfig(settings)],
            env: [
              { name: 'API_URL', value: `http://${dnsName(apiService)}` },
              { name: 'SESSION_KEY', valueFrom: secretKey(credentials, 'sessionKey') },
            ],
            resources: {
              requests: { cpu: '250m', memory: '256Mi' },
              limits: { memory: '512Mi' },
            },
            readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
});

export const webService = new Service({
  metadata,
  spec: {
    type: 'LoadBalancer',
    selector: podLabels(web),
    ports: [{ name: 'http', port: 80, targetPort: 'http' }],
  },
});

export const webBudget = new PodDisruptionBudget({
  metadata,
  spec: { minAvailable: '50%', selector: { matchLabels: podLabels(web) } },
});

export const webBehaviour = new Behaviour({
  metadata,
  spec: {
    selector: { matchLabels: metadata.labels },
    ready: { after: '2s' },
    usage: { cpu: '60m', memory: '140Mi' },
    terminate: { duration: '1s' },
  },
});
