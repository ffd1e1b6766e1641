import { StatefulSet } from 'slipway/apps/v1';
import { Behaviour } from 'slipway/cluster/v1';
import { podLabels, refTo, Service, ServiceAccount, secretKey } from 'slipway/core/v1';
import { PodDisruptionBudget } from 'slipway/policy/v1';
import { fast } from './cluster.ts';
import { serving } from './limits.ts';
import { credentials, part, spreadOverZones } from './shop.ts';

const metadata = part('database');

export const databaseAccount = new ServiceAccount({
  metadata,
  automountServiceAccountToken: false,
});

/** Gives each replica a name of its own. */
export const databaseService = new Service({
  metadata,
  spec: {
    clusterIP: 'None',
    selector: metadata.labels,
    ports: [{ name: 'postgres', port: 5432, targetPort: 'postgres' }],
  },
});

/** Orders and stock. One replica a zone, each with a disk that stays with it; they come and go one by one. */
export const database = new StatefulSet({
  metadata,
  spec: {
    replicas: 3,
    serviceName: refTo(databaseService).name,
    selector: { matchLabels: metadata.labels },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    template: {
      metadata: { labels: metadata.labels },
      spec: {
        serviceAccountName: refTo(databaseAccount).name,
        priorityClassName: refTo(serving).name,
        terminationGracePeriodSeconds: 30,
        topologySpreadConstraints: [spreadOverZones(metadata.labels)],
        containers: [
          {
            name: 'postgres',
            image: 'postgres:18',
            ports: [{ name: 'postgres', containerPort: 5432 }],
            env: [{ name: 'PASSWORD', valueFrom: secretKey(credentials, 'databasePassword') }],
            resources: { requests: { cpu: 1, memory: '2Gi' }, limits: { memory: '2Gi' } },
            readinessProbe: { exec: { command: ['pg_isready'] }, periodSeconds: 2 },
            volumeMounts: [{ name: 'data', mountPath: '/var/lib/postgresql' }],
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: {
          storageClassName: refTo(fast).name,
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '20Gi' } },
        },
      },
    ],
  },
});

/** A majority stays whatever is drained. */
export const databaseBudget = new PodDisruptionBudget({
  metadata,
  spec: { minAvailable: 2, selector: { matchLabels: podLabels(database) } },
});

export const databaseBehaviour = new Behaviour({
  metadata,
  spec: {
    selector: { matchLabels: metadata.labels },
    ready: { after: '3s' },
    usage: { cpu: '300m', memory: '900Mi' },
    logs: [{ line: 'database system is ready to accept connections' }],
    terminate: { duration: '5s' },
  },
});
