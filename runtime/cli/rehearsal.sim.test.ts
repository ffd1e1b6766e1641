import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changed, Shell, SMALL } from './cli.fakes.ts';
import { foresee } from './judge.ts';
import { openSession } from './session.ts';

interface Found {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly object?: string;
  readonly fieldPath?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

const TOO_LARGE = changed("cpu: '500m'", "cpu: '5'");

describe('what a check foresees', () => {
  let shell: Shell;
  beforeEach(() => {
    shell = new Shell();
  });
  afterEach(() => shell.remove());

  async function findings(files: Record<string, string>, ...more: string[]): Promise<Found[]> {
    shell.write(files);
    const { out, err, exitCode } = await shell.run('check', 'shop', '-o', 'json', ...more);
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
    return JSON.parse(out) as Found[];
  }

  it('is a warning at the value that causes it, with a frame, and the folder is good all the same', async () => {
    shell.write(TOO_LARGE);
    const { out, err, exitCode } = await shell.run('check', 'shop');
    expect(exitCode).toBe(0);
    expect(out).toBe('ok: 3 resources in 2 files\n');
    expect(err.replace(/web-\w+-\w+/, 'web-x')).toMatchInlineSnapshot(`
      "warning E_OUTCOME_UNSCHEDULABLE: pod shop/web-x fits none of 2 nodes; NodeResourcesFit refuses 2 (cpu: asks 5, free 2 of 2)
        shop › Deployment/web › spec.template.spec.containers[0].resources.requests[cpu]

        ❯ shop/web.ts:14:87
           13|           spec: {
           14|             containers: [{ name: 'web', image: 'web:1', resources: { requests: { cpu: '5' } } }],
             |                                                                                       ^^^
        help: fits node-0 if cpu request ≤ 2

      1 warning
      "
    `);
  });

  it('is nothing when everything comes to its goal', async () => {
    expect(await findings(SMALL)).toEqual([]);
  });

  it('is for editors in the list of the findings', async () => {
    expect(await findings(TOO_LARGE)).toMatchObject([
      {
        severity: 'warning',
        code: 'E_OUTCOME_UNSCHEDULABLE',
        object: 'shop › Deployment/web',
        fieldPath: 'spec.template.spec.containers[0].resources.requests[cpu]',
        file: 'shop/web.ts',
        line: 14,
        column: 87,
      },
    ]);
  });

  it('is left out when not asked for, or when something is refused', async () => {
    expect(await findings(TOO_LARGE, '--no-rehearsal')).toEqual([]);
    shell.write({
      ...TOO_LARGE,
      'shop/role.ts': `import { RoleBinding } from 'slipway/rbac/v1';
export const binding = new RoleBinding({
  metadata: { name: 'b', namespace: 'none' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
});`,
    });
    const { out, exitCode } = await shell.run('check', 'shop', '-o', 'json');
    expect(exitCode).toBe(3);
    expect((JSON.parse(out) as Found[]).map(({ code }) => code)).toEqual(['E_MANIFEST_REFUSED']);
  });

  it('counts the static pods that a node runs, and says what is wrong with them', async () => {
    const files = {
      ...SMALL,
      'shop/cluster.ts': SMALL['shop/cluster.ts'].replace(
        'count: 2,',
        "count: 1, staticPodPath: '../static',",
      ),
    };
    expect(await findings(files)).toEqual([]);
    const hog = (cpu: string): string =>
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'hog' } },
        spec: { containers: [{ name: 'c', image: 'x', resources: { requests: { cpu } } }] },
      });
    const [found] = await findings({ ...files, 'static/hog.json': hog('1900m') });
    expect(found?.code).toBe('E_OUTCOME_UNSCHEDULABLE');
    shell.write({ 'static/hog.json': hog('much') });
    const { exitCode, err } = await shell.run('check', 'shop');
    expect(exitCode).toBe(3);
    expect(err).toContain('static/hog.json:1:');
  });

  it('tells of a rehearsal that was cut short first, and not of what is on its way', async () => {
    shell.write(TOO_LARGE);
    const folder = { path: `${shell.folder}/shop`, relativeTo: shell.folder, name: 'shop' };
    const session = openSession({ folder });
    await session.author.save();
    const cluster = session.cluster!;
    const workMax = cluster.loop.steps + cluster.server.revision + 60;
    const found = await foresee({ session, cluster }, workMax);
    expect(cluster.progress().some(({ atGoal }) => !atGoal)).toBe(true);
    expect(found).toMatchObject([{ code: 'E_OUTCOME_CUT_SHORT', severity: 'warning' }]);
    await session.close();
  });
});
