import { CronJob } from 'slipway/batch/v1';
import { Behaviour } from 'slipway/cluster/v1';
import { dnsName, refTo, secretKey } from 'slipway/core/v1';
import { databaseService } from './database.ts';
import { background } from './limits.ts';
import { credentials, onBatchNodes, part } from './shop.ts';

const metadata = part('nightly');

/** The report of the day and a copy of the database, every night while the shop sleeps. */
export const nightly = new CronJob({
  metadata,
  spec: {
    schedule: '30 2 * * *',
    timeZone: 'Europe/Lisbon',
    concurrencyPolicy: 'Forbid',
    startingDeadlineSeconds: 3600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
    jobTemplate: {
      metadata: { labels: metadata.labels },
      spec: {
        backoffLimit: 2,
        activeDeadlineSeconds: 1800,
        template: {
          metadata: { labels: metadata.labels },
          spec: {
            ...onBatchNodes,
            restartPolicy: 'Never',
            priorityClassName: refTo(background).name,
            containers: [
              {
                name: 'report',
                image: 'registry.example/shop/report:2.4.1',
                env: [
                  { name: 'DATABASE_HOST', value: dnsName(databaseService) },
                  { name: 'PASSWORD', valueFrom: secretKey(credentials, 'databasePassword') },
                ],
                resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { memory: '1Gi' } },
              },
            ],
          },
        },
      },
    },
  },
});

export const nightlyBehaviour = new Behaviour({
  metadata,
  spec: {
    selector: { matchLabels: metadata.labels },
    exit: [{ after: '4m', code: 0 }],
    usage: { cpu: '900m', memory: '600Mi' },
    logs: [{ line: 'report of the day' }, { after: '3m', line: 'copied 1204 orders' }],
  },
});
