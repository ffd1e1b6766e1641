import { describe, expect, it } from 'vitest';
import { Event, Pod } from '../../generated/core/v1/index.ts';
import { createCluster } from '../testing/index.ts';

const KITTEN = 'registry.k8s.io/e2e-test-images/kitten:1.8';

function showing(image: object, script: string): Pod {
  return new Pod({
    metadata: { name: 'p', namespace: 'default' },
    spec: {
      restartPolicy: 'Never',
      containers: [
        {
          name: 'main',
          image: 'busybox:1',
          command: ['sh', '-c', `{ ${script}; } > /dev/termination-log 2>&1`],
          volumeMounts: [{ name: 'shown', mountPath: '/shown' }],
        },
      ],
      volumes: [{ name: 'shown', image }],
    },
  });
}

async function run(image: object, script: string) {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(showing(image, script));
  await cluster.advance('30s');
  const [status] = cluster.get(Pod, 'p')?.status?.containerStatuses ?? [];
  const events = cluster.list(Event).map(({ reason, message }) => `${reason} ${message}`);
  return { state: status?.state, events };
}

describe('a volume that shows an image', () => {
  it('has its files, which nobody can write', async () => {
    const script = 'grep image /shown/data.json; head -n 1 /shown/etc/os-release; touch /shown/x';
    const { state, events } = await run({ reference: KITTEN }, script);
    expect(state?.terminated?.message).toBe(
      '  "image": "kitten.jpg"\nNAME="Alpine Linux"\ntouch: /shown/x: Read-only file system\n',
    );
    const pulling = events.findIndex((event) => event === `Pulling Pulling image "${KITTEN}"`);
    const pulled = events.findIndex((event) => event.includes(`pulled image "${KITTEN}"`));
    const own = events.findIndex((event) => event.includes('Pulling image "busybox:1"'));
    expect([pulling, pulled, own]).not.toContain(-1);
  });

  it('is waited for where it must not be fetched', async () => {
    const { state } = await run({ reference: KITTEN, pullPolicy: 'Never' }, 'true');
    expect(state?.waiting).toEqual({
      reason: 'ErrImageNeverPull',
      message: `Container image "${KITTEN}" is not present with pull policy of Never`,
    });
  });

  it('holds its pod back while it is fetched', async () => {
    const cluster = await createCluster({ nodes: 1 });
    await cluster.create(showing({ reference: KITTEN }, 'true'));
    await cluster.advance('100ms');
    const texts = () => cluster.list(Event).map(({ message = '' }) => message);
    expect(texts().some((text) => text.includes('busybox'))).toBe(false);
    await cluster.advance('10s');
    expect(texts().some((text) => text.includes('busybox'))).toBe(true);
  });
});
