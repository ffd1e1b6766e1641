import { describe, expect, it } from 'vitest';
import { deployments } from '../../../../generated/apps/v1/resources.ts';
import { namespaces, pods, serviceaccounts } from '../../../../generated/core/v1/resources.ts';
import type { PodSpec } from '../../../../generated/core/v1/types.ts';
import { type Bench, refusal, serverForTests } from '../../server.fakes.ts';
import { violations } from './evaluate.ts';
import { type LevelVersion, levelText, policyOf } from './policy.ts';

const LABEL = 'pod-security.kubernetes.io/';
const CLEAN = { name: 'main', image: 'web:1' };
/** All that the strictest level asks for. */
const STRICT = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

const containers = (more: object) => ({ containers: [{ ...CLEAN, ...more }] });
const context = (securityContext: object) => containers({ securityContext });
const at = (level: LevelVersion['level'], minor: LevelVersion['minor'] = 'latest') => ({
  level,
  minor,
});
const judge = (level: LevelVersion, spec: object, annotations?: Record<string, string>) =>
  violations(level, annotations ? { annotations } : {}, spec as PodSpec).details;

describe('the baseline', () => {
  const two = (securityContext: object) => ({
    containers: [
      { ...CLEAN, securityContext },
      { ...CLEAN, name: 'b', securityContext },
    ],
  });
  const specs: readonly object[] = [
    { ...containers({}), hostNetwork: true, hostPID: true, hostIPC: true },
    two({ privileged: true }),
    { initContainers: [{ ...CLEAN, securityContext: { privileged: true } }] },
    two({ capabilities: { add: ['SYS_TIME', 'NET_RAW', 'CHOWN'] } }),
    { ...containers({}), volumes: [{ name: 'v', hostPath: { path: '/' } }] },
    containers({
      ports: [
        { containerPort: 80, hostPort: 8080 },
        { containerPort: 81, hostPort: 81 },
      ],
    }),
    containers({ livenessProbe: { httpGet: { port: 1, host: 'other' } } }),
    { ...containers({}), securityContext: { appArmorProfile: { type: 'Unconfined' } } },
    {
      ...context({ seLinuxOptions: { user: 'u' } }),
      securityContext: { seLinuxOptions: { type: 'x_t', role: 'r' } },
    },
    context({ seccompProfile: { type: 'Unconfined' } }),
    { ...containers({}), securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } },
    context({ procMount: 'Unmasked' }),
    context({ windowsOptions: { hostProcess: true } }),
  ];

  it('says of each what is wrong with it', () => {
    expect(specs.map((spec) => judge(at('baseline'), spec))).toMatchInlineSnapshot(`
      [
        "host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)",
        "privileged (containers "main", "b" must not set securityContext.privileged=true)",
        "privileged (container "main" must not set securityContext.privileged=true)",
        "non-default capabilities (containers "main", "b" must not include "NET_RAW", "SYS_TIME" in securityContext.capabilities.add)",
        "hostPath volumes (volume "v")",
        "hostPort (container "main" uses hostPorts 8080, 81)",
        "probe or lifecycle host (container "main" uses probe or lifecycle host "other")",
        "forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")",
        "seLinuxOptions (pod and container "main" set forbidden securityContext.seLinuxOptions: type "x_t"; user may not be set; role may not be set)",
        "seccompProfile (container "main" must not set securityContext.seccompProfile.type to "Unconfined")",
        "forbidden sysctls (kernel.msgmax)",
        "procMount (container "main" must not set securityContext.procMount to "Unmasked")",
        "hostProcess (container "main" must not set securityContext.windowsOptions.hostProcess=true)",
      ]
    `);
  });

  it('takes what harms nobody', () => {
    const fine = {
      ...context({ capabilities: { add: ['CHOWN'] }, seccompProfile: { type: 'Localhost' } }),
      securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1' }] },
      volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }],
    };
    expect(judge(at('baseline'), fine)).toBe('');
  });

  it('is as it was at a version', () => {
    const sysctl = { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1' }] } };
    expect(judge(at('baseline', 31), { ...containers({}), ...sysctl })).toContain('sysctls');
    expect(judge(at('baseline', 32), { ...containers({}), ...sysctl })).toBe('');
    const probe = containers({ startupProbe: { tcpSocket: { port: 1, host: 'h' } } });
    expect(judge(at('baseline', 33), probe)).toBe('');
    const own = { ...context({ procMount: 'Unmasked' }), hostUsers: false };
    expect([judge(at('baseline', 34), own) !== '', judge(at('baseline', 35), own)]).toEqual([
      true,
      '',
    ]);
  });

  it('reads annotations of pods that have no field for it', () => {
    const armor = { 'container.apparmor.security.beta.kubernetes.io/main': 'unconfined' };
    expect(judge(at('baseline'), containers({}), armor)).toMatchInlineSnapshot(
      `"forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/main="unconfined"")"`,
    );
    const seccomp = { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' };
    expect(judge(at('baseline', 18), containers({}), seccomp)).toMatchInlineSnapshot(
      `"seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")"`,
    );
  });
});

describe('the restricted level', () => {
  it('asks for everything, and speaks of the baseline first', () => {
    const spec = { ...containers({}), hostPID: true, volumes: [{ name: 'v', hostPath: {} }] };
    expect(judge(at('restricted'), spec)).toMatchInlineSnapshot(
      `"host namespaces (hostPID=true), allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "main" must set securityContext.capabilities.drop=["ALL"]), restricted volume types (volume "v" uses restricted volume type "hostPath"), runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "main" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")"`,
    );
    expect(judge(at('restricted'), context(STRICT))).toBe('');
  });

  it('hears what the pod says for its containers', () => {
    const { runAsNonRoot, seccompProfile, ...own } = STRICT;
    const pod = { ...context(own), securityContext: { runAsNonRoot, seccompProfile } };
    expect(judge(at('restricted'), pod)).toBe('');
    const not = {
      ...context({ ...own, runAsNonRoot: false }),
      securityContext: { seccompProfile },
    };
    expect(judge(at('restricted'), not)).toMatchInlineSnapshot(
      `"runAsNonRoot != true (container "main" must not set securityContext.runAsNonRoot=false)"`,
    );
    expect(judge(at('restricted'), context({ ...STRICT, runAsUser: 0 }))).toMatchInlineSnapshot(
      `"runAsUser=0 (container "main" must not set runAsUser=0)"`,
    );
  });

  it('asks pods on Windows for less since 1.25', () => {
    const windows = { ...context({ runAsNonRoot: true }), os: { name: 'windows' } };
    expect(judge(at('restricted', 25), windows)).toBe('');
    expect(judge(at('restricted', 24), windows)).toContain('unrestricted capabilities');
  });
});

describe('policyOf', () => {
  const read = (labels: Record<string, string>) => {
    const { policy, problems } = policyOf(
      Object.fromEntries(Object.entries(labels).map(([key, value]) => [LABEL + key, value])),
    );
    const { enforce, audit, warn } = policy;
    return { levels: [enforce, audit, warn].map(levelText), problems };
  };

  it('warns of what is enforced, unless labels say otherwise', () => {
    expect(read({ enforce: 'baseline', 'enforce-version': 'v1.30' }).levels).toEqual([
      'baseline:v1.30',
      'privileged:latest',
      'baseline:v1.30',
    ]);
    expect(read({ enforce: 'baseline', warn: 'restricted' }).levels[2]).toBe('restricted:latest');
    expect(read({ enforce: 'baseline', 'warn-version': 'v1.5' }).levels[2]).toBe('baseline:v1.5');
  });

  it('takes what it does not know for the strictest, and says so', () => {
    const { levels, problems } = read({ enforce: 'x', warn: 'y', 'audit-version': 'v2' });
    expect(levels).toEqual(['restricted:latest', 'privileged:latest', 'privileged:latest']);
    expect(problems.map(({ field, message }) => `${field} ${message}`)).toMatchInlineSnapshot(`
      [
        "metadata.labels[pod-security.kubernetes.io/enforce] Invalid value: "x": must be one of privileged, baseline, restricted",
        "metadata.labels[pod-security.kubernetes.io/audit-version] Invalid value: "v2": must be "latest" or "v1.x"",
        "metadata.labels[pod-security.kubernetes.io/warn] Invalid value: "y": must be one of privileged, baseline, restricted",
      ]
    `);
  });
});

describe('PodSecurity', () => {
  async function inNamespace(labels: Record<string, string>): Promise<Bench> {
    const bench = await serverForTests();
    const own = Object.entries(labels).map(([key, value]) => [LABEL + key, value]);
    await bench.client.create(namespaces, {
      metadata: { name: 'n', labels: Object.fromEntries(own) },
    });
    await bench.client.create(serviceaccounts, { metadata: { name: 'default', namespace: 'n' } });
    return bench;
  }
  const pod = (name: string, spec: object) => ({ metadata: { name, namespace: 'n' }, spec });
  const send = ({ server }: Bench, verb: string, resource: unknown, body: object) =>
    server.request({
      verb,
      resource,
      body,
      ...(verb === 'create'
        ? {}
        : { name: (body as { metadata: { name: string } }).metadata.name }),
      ...((body as { metadata: { namespace?: string } }).metadata.namespace
        ? { namespace: 'n' }
        : {}),
      user: { name: 'u', groups: [] },
      cause: { component: 'tests', record: 0 },
    } as never);

  it('refuses a pod that the namespace does not take, and warns of one that it soon will not', async () => {
    const bench = await inNamespace({ enforce: 'baseline', warn: 'restricted' });
    const { client } = bench;
    const host = { ...containers({}), hostPID: true };
    expect(await refusal(client.create(pods, pod('a', host) as never))).toEqual({
      code: 403,
      reason: 'Forbidden',
      message:
        'pods "a" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
    });
    const { code, warnings } = await send(bench, 'create', pods, pod('b', containers({})));
    expect([code, warnings?.length, warnings?.[0]?.slice(0, 52)]).toEqual([
      201,
      1,
      'would violate PodSecurity "restricted:latest": allow',
    ]);
    expect((await send(bench, 'create', pods, pod('c', context(STRICT)))).warnings).toEqual([]);
  });

  it('only warns of templates', async () => {
    const bench = await inNamespace({ enforce: 'baseline' });
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec: { ...containers({}), hostIPC: true } };
    const body = pod('web', { selector: { matchLabels: labels }, template });
    const { code, warnings } = await send(bench, 'create', deployments, body);
    expect([code, warnings]).toEqual([
      201,
      ['would violate PodSecurity "baseline:latest": host namespaces (hostIPC=true)'],
    ]);
  });

  it('lets labels and status of a pod change that is there already, but not its image', async () => {
    const bench = await inNamespace({});
    const { client } = bench;
    const made = await client.create(pods, pod('a', { ...containers({}), hostPID: true }) as never);
    const labels = { [`${LABEL}enforce`]: 'baseline' };
    await client.patch(namespaces, { name: 'n' }, { metadata: { labels } });
    const labelled = { ...made, metadata: { ...made.metadata, labels: { a: 'b' } } };
    const kept = await client.update(pods, labelled as never);
    const spec = { ...kept.spec, containers: [{ ...kept.spec!.containers[0]!, image: 'web:2' }] };
    expect(await refusal(client.update(pods, { ...kept, spec } as never))).toMatchObject({
      code: 403,
    });
  });

  it('tells a namespace that becomes stricter which pods it would not take', async () => {
    const bench = await inNamespace({});
    for (const name of ['b', 'a', 'c'])
      await bench.client.create(pods, pod(name, { ...containers({}), hostPID: true }) as never);
    await bench.client.create(pods, pod('d', context({ privileged: true })) as never);
    await bench.client.create(pods, pod('e', containers({})) as never);
    const body = { metadata: { name: 'n', labels: { [`${LABEL}enforce`]: 'baseline' } } };
    const { warnings } = await send(bench, 'update', namespaces, body);
    expect(warnings).toEqual([
      'existing pods in namespace "n" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 2 other pods): host namespaces',
      'd: privileged',
    ]);
  });

  it('refuses labels that mean nothing, but not for what was there', async () => {
    const { client } = await inNamespace({});
    const labels = { [`${LABEL}enforce`]: 'bogus', [`${LABEL}warn-version`]: 'v9x' };
    const wrong = refusal(client.patch(namespaces, { name: 'n' }, { metadata: { labels } }));
    expect(await wrong).toMatchObject({
      code: 422,
      fields: [`metadata.labels[${LABEL}enforce]`, `metadata.labels[${LABEL}warn-version]`],
    });
  });
});
