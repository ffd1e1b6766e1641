import { describe, expect, it } from 'vitest';
import { clusters } from '../../../generated/cluster/v1/resources.ts';
import { nodes, pods, serviceaccounts } from '../../../generated/core/v1/resources.ts';
import { refusal, serverForTests } from '../server.fakes.ts';
import { admissionPlugins } from './index.ts';

const IN = { namespace: 'default' };

async function admit(spec: object, account: object = {}) {
  const { client } = await serverForTests();
  await client.create(serviceaccounts, { metadata: { name: 'default', ...IN }, ...account });
  const containers = [{ name: 'main', image: 'web:1' }];
  return client.create(pods, { metadata: { name: 'p', ...IN }, spec: { containers, ...spec } });
}

describe('admission', () => {
  it('lets a pod stay five minutes on a node that is not ready, unless it says otherwise', async () => {
    const own = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' };
    const { spec } = await admit({ tolerations: [{ ...own, tolerationSeconds: 7 }] });
    expect(spec?.tolerations).toEqual([
      { ...own, tolerationSeconds: 7 },
      { ...own, key: 'node.kubernetes.io/unreachable', tolerationSeconds: 300 },
    ]);
    const always = await admit({ tolerations: [{ operator: 'Exists' }] });
    expect(always.spec?.tolerations).toEqual([{ operator: 'Exists' }]);
  });

  it('lets it stay as long as the cluster says, from now on', async () => {
    const { client } = await serverForTests();
    await client.create(serviceaccounts, { metadata: { name: 'default', ...IN } });
    const containers = [{ name: 'main', image: 'web:1' }];
    const seconds = async (name: string) => {
      const { spec } = await client.create(pods, {
        metadata: { name, ...IN },
        spec: { containers },
      });
      return spec?.tolerations?.map(({ tolerationSeconds }) => tolerationSeconds);
    };
    expect(await seconds('before')).toEqual([300, 300]);
    const controllerManager = { podEvictionTimeout: '1m30s' as const };
    await client.create(clusters, { metadata: { name: 'default' }, spec: { controllerManager } });
    expect(await seconds('after')).toEqual([90, 90]);
  });

  it('gives the token only where the pod and its account want it, and the pull secrets', async () => {
    const plain = await admit({}, { imagePullSecrets: [{ name: 'registry' }] });
    const [mount] = plain.spec?.containers[0]?.volumeMounts ?? [];
    expect(mount?.mountPath).toBe('/var/run/secrets/kubernetes.io/serviceaccount');
    expect(plain.spec?.imagePullSecrets).toEqual([{ name: 'registry' }]);
    const without = await admit({}, { automountServiceAccountToken: false });
    expect(without.spec?.volumes).toBeUndefined();
    const insisting = { automountServiceAccountToken: true };
    const insists = await admit(insisting, { automountServiceAccountToken: false });
    expect(insists.spec?.volumes).toHaveLength(1);
  });

  it('resolves the classes of the system, and refuses one that does not exist', async () => {
    expect((await admit({})).spec).toMatchObject({
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
    });
    const critical = await admit({ priorityClassName: 'system-node-critical' });
    expect(critical.spec?.priority).toBe(2_000_001_000);
    expect(await refusal(admit({ priorityClassName: 'gold' }))).toMatchObject({
      code: 403,
      message: expect.stringContaining('no PriorityClass with name gold was found'),
    });
  });

  it('keeps pods off a new node until it is ready', async () => {
    const { client } = await serverForTests();
    const node = await client.create(nodes, { metadata: { name: 'n' } });
    expect(node.spec?.taints).toEqual([
      { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
    ]);
  });

  it('can be switched off by plugin, by names that exist', () => {
    const names = admissionPlugins({ disable: ['TaintNodesByCondition'] }).map(({ name }) => name);
    expect(names).not.toContain('TaintNodesByCondition');
    expect(names.length).toBe(admissionPlugins().length - 1);
    const absent = ['ImagePolicyWebhook', 'PersistentVolumeLabel'];
    expect(admissionPlugins({ disable: absent })).toEqual(admissionPlugins());
    expect(() => admissionPlugins({ disable: ['Nothing'] })).toThrow(
      'there is no admission plugin',
    );
  });
});
