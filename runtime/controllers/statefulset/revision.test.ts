import { expect, it } from 'vitest';
import type { PodTemplateSpec } from '../../../generated/core/v1/types.ts';
import { revisionHash } from './revision.ts';

it('a revision has the name that a real cluster gives it', () => {
  const template: PodTemplateSpec = {
    metadata: { annotations: { test: 'value' }, labels: { app: 'foo' } },
    spec: {
      containers: [
        {
          name: 'test',
          image: 'test',
          imagePullPolicy: 'Always',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    },
  };
  expect(revisionHash(template, 0)).toBe('776999688b');
  expect(revisionHash(template, 1)).not.toBe('776999688b');
});
