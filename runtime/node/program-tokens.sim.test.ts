import { describe, expect, it } from 'vitest';
import { Pod } from '../../generated/core/v1/index.ts';
import type { PodSpec } from '../../generated/core/v1/types.ts';
import { createCluster } from '../testing/index.ts';

const claimsOf = (token = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

/** A pod that says last what its script prints. */
function speaking(script: string, spec: Partial<PodSpec> = {}): Pod {
  const container = {
    name: 'main',
    image: 'busybox',
    command: ['sh', '-c', `{ ${script}; } > /dev/termination-log`],
    volumeMounts: spec.volumes ? [{ name: 'own', mountPath: '/own' }] : [],
  };
  return new Pod({
    metadata: { name: 'p', namespace: 'default' },
    spec: { restartPolicy: 'Never', containers: [container], ...spec },
  });
}

async function lastWords(pod: Pod, time = '30s'): Promise<string | undefined> {
  const cluster = await createCluster({ nodes: 1 });
  await cluster.create(pod);
  await cluster.advance(time);
  const [status] = cluster.get(Pod, 'p')?.status?.containerStatuses ?? [];
  return status?.state?.terminated?.message;
}

const AT = '/var/run/secrets/kubernetes.io/serviceaccount';
const wanting = (more: object = {}): Partial<PodSpec> => ({
  volumes: [
    {
      name: 'own',
      projected: { sources: [{ serviceAccountToken: { path: 't', audience: 'bank', ...more } }] },
    },
  ],
});

describe('the token of a pod', () => {
  it('is of its account, bound to it and to its node', async () => {
    expect(claimsOf(await lastWords(speaking(`cat ${AT}/token`)))).toMatchObject({
      aud: ['https://kubernetes.default.svc.cluster.local'],
      sub: 'system:serviceaccount:default:default',
      'kubernetes.io': { namespace: 'default', pod: { name: 'p' }, node: {} },
    });
    expect(await lastWords(speaking(`cat ${AT}/namespace`))).toBe('default');
    expect(await lastWords(speaking(`head -n 1 ${AT}/ca.crt`))).toContain('BEGIN CERTIFICATE');
  });

  it('is for whom the volume says', async () => {
    expect(claimsOf(await lastWords(speaking('cat /own/t', wanting())))).toMatchObject({
      aud: ['bank'],
    });
  });

  it('is for the one user of the pod alone', async () => {
    const user = { securityContext: { runAsUser: 1000 } };
    const shown = (spec: object) =>
      lastWords(speaking('stat -c "%a %u %g" /own/t', { ...wanting(), ...spec }));
    expect(await shown({})).toBe('644 0 0\n');
    expect(await shown(user)).toBe('600 1000 0\n');
    expect(await shown({ securityContext: { fsGroup: 7 } })).toBe('640 0 7\n');
  });

  it('is another after four fifths of its life', async () => {
    const script = 'a=$(cat /own/t); sleep 470; b=$(cat /own/t); sleep 20; c=$(cat /own/t)';
    const compared = '[ "$a" = "$b" ] && echo same; [ "$b" = "$c" ] || echo new';
    const pod = speaking(`${script}; ${compared}`, wanting({ expirationSeconds: 600 }));
    expect(await lastWords(pod, '20m')).toBe('same\nnew\n');
  });
});
