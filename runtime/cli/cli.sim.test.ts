import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { changed, Shell, SMALL } from './cli.fakes.ts';

let shell: Shell;
beforeEach(() => {
  shell = new Shell();
});
afterEach(() => shell.remove());

interface RunResult {
  readonly converged: boolean;
  readonly journalHash: string;
  readonly seed: number;
  readonly virtualMs: number;
  readonly objects: readonly { kind: string; metadata: { name: string; uid?: string } }[];
  readonly unconverged: readonly { object: string; waitingFor: string }[];
}

async function runJson(...argv: string[]): Promise<RunResult & { exitCode: number }> {
  const { exitCode, out, err } = await shell.run('run', ...argv, '-o', 'json');
  expect(err).toBe('');
  return { exitCode, ...(JSON.parse(out) as RunResult) };
}

describe('slipway run', () => {
  it('converges a folder and prints the outcome', async () => {
    shell.write(SMALL);
    const { exitCode, out, err } = await shell.run('run', 'shop');
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/^KIND +NAMESPACE +NAME +WANT +HAVE +STATE$/m);
    expect(out).toMatch(/^Deployment +shop +web +2 +2 +ok$/m);
    expect(out).toMatch(/^converged after \S+ of virtual time in \S+, \d+ objects$/m);
    expect(out).toMatch(/^journal [0-9a-f]{32} {3}seed 1$/m);
  });

  it('gives everything to a program, the same every time, another for another seed or manifest', async () => {
    shell.write(SMALL);
    const first = await runJson('shop');
    expect(first).toMatchObject({ exitCode: 0, converged: true, seed: 1, unconverged: [] });
    expect(first.objects.filter(({ kind }) => kind === 'Pod')).toHaveLength(2);
    expect(first.objects.every(({ metadata }) => metadata.uid)).toBe(true);
    const again = await runJson('shop');
    expect([again.journalHash, again.virtualMs]).toEqual([first.journalHash, first.virtualMs]);
    expect(again.objects).toEqual(first.objects);
    const seeded = await runJson('shop', '--seed', '2');
    expect([seeded.seed, seeded.journalHash === first.journalHash]).toEqual([2, false]);
    shell.write(changed("image: 'web:1'", "image: 'web:2'"));
    expect((await runJson('shop')).journalHash).not.toBe(first.journalHash);
  });

  it('takes the seed of the manifests unless told otherwise', async () => {
    const cluster = SMALL['shop/cluster.ts'].replace('spec: {', 'spec: { seed: 42,');
    shell.write({ ...SMALL, 'shop/cluster.ts': cluster });
    expect((await runJson('shop')).seed).toBe(42);
    expect((await runJson('shop', '--seed', '7')).seed).toBe(7);
  });

  it('lets exactly as much time pass as it is told', async () => {
    shell.write(SMALL);
    expect(await runJson('shop', '--for', '1h')).toMatchObject({
      virtualMs: 3_600_000,
      exitCode: 0,
    });
    expect(await runJson('shop', '--for', '10ms')).toMatchObject({ virtualMs: 10, exitCode: 4 });
  });

  it('says of a pod that no node takes why, node by node, in numbers', async () => {
    shell.write(changed("cpu: '500m'", "cpu: '3'"));
    const { exitCode, out } = await shell.run('run', 'shop');
    expect(exitCode).toBe(4);
    expect(out).toMatch(
      /^pod shop\/web-\S+: .*\n +node-0 +✗ NodeResourcesFit: .*3.*2.*\n +node-1 +✗/m,
    );
    expect(out).toMatch(/^not converged: /m);
    const result = await runJson('shop');
    expect(result).toMatchObject({ exitCode: 4, converged: false });
    const pod = result.unconverged.find(({ object }) => object.startsWith('Pod/shop/web-'));
    expect(pod?.waitingFor).toContain('0/2 nodes are available: 2 Insufficient cpu.');
  });

  it('applies nothing of manifests with mistakes', async () => {
    shell.write(changed('replicas: 2', "replicas: 'two'"));
    const { exitCode, out, err } = await shell.run('run', 'shop');
    expect([exitCode, out]).toEqual([3, '']);
    expect(err).toMatch(/^error E_MANIFEST_TYPE: `replicas` must be/);
    expect(err).toMatch(/^ {2}❯ shop\/web\.ts:9:19$/m);
  });
});

describe('slipway check', () => {
  it('counts what is right', async () => {
    shell.write(SMALL);
    expect(await shell.run('check', 'shop')).toEqual({
      exitCode: 0,
      out: 'ok: 3 resources in 2 files\n',
      err: '',
    });
  });

  it('reports all mistakes of a save at once, for people and for programs', async () => {
    shell.write(changed("image: 'web:1'", "image: 'web:1', restartPolicy: 'always', colour: 1"));
    const text = await shell.run('check', 'shop');
    expect([text.exitCode, text.out]).toEqual([3, '']);
    expect(text.err).toContain('colour');
    const { exitCode, out, err } = await shell.run('check', 'shop', '-o', 'json');
    const records = JSON.parse(out) as Record<string, unknown>[];
    expect([exitCode, err]).toEqual([3, '']);
    for (const each of records)
      expect(each).toMatchObject({ severity: 'error', line: 14, message: expect.any(String) });
    expect(records.length).toBeGreaterThan(0);
  });

  it('asks admission too', async () => {
    shell.write({
      'shop/pod.ts': `
        import { Pod } from 'slipway/core/v1';
        export default new Pod({
          metadata: { name: 'a', namespace: 'nowhere' },
          spec: { containers: [{ name: 'a', image: 'a:1' }] },
        });`,
    });
    const { exitCode, err } = await shell.run('check', 'shop');
    expect(exitCode).toBe(3);
    expect(err).toContain('there is no namespace "nowhere"');
    expect(err).toContain('shop/pod.ts:4:');
  });
});

describe('slipway render', () => {
  it('prints what kubectl takes, in the order of applying', async () => {
    shell.write(SMALL);
    const { exitCode, out, err } = await shell.run('render', 'shop');
    expect([exitCode, err]).toEqual([0, '']);
    const kinds = parseAllDocuments(out).map((each) => each.toJS().kind);
    expect(kinds).toEqual(['Namespace', 'Deployment']);
    expect(out).toMatch(/^apiVersion: v1\nkind: Namespace\nmetadata:\n {2}name: shop\n---\n/);
    const all = await shell.run('render', 'shop', '--all', '-o', 'json');
    const list = JSON.parse(all.out) as { kind: string; items: { kind: string }[] };
    expect(list.kind).toBe('List');
    expect(list.items.map(({ kind }) => kind)).toEqual(['Cluster', 'Namespace', 'Deployment']);
  });
});

describe('slipway why', () => {
  it('explains a pod by the beginning of its name', async () => {
    shell.write(changed('replicas: 2', 'replicas: 1'));
    const { exitCode, out, err } = await shell.run('why', 'shop/web', 'shop');
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/^pod shop\/web-\S+: is on node-\d\n/);
    expect(out).toMatch(/^PLUGIN +node-0 +node-1$/m);
    const json = await shell.run('why', 'web', 'shop', '-o', 'json');
    expect(JSON.parse(json.out)).toMatchObject({ nodes: [{ name: 'node-0' }, { name: 'node-1' }] });
  });

  it('says which pods there are', async () => {
    shell.write(SMALL);
    expect(await shell.run('why', 'web', 'shop')).toMatchObject({ exitCode: 1 });
    const { exitCode, err } = await shell.run('why', 'db', 'shop');
    expect([exitCode, err.split('\n')[0]]).toEqual([1, 'slipway: there is no pod db']);
  });
});

describe('slipway rules', () => {
  const SERVICE = {
    'shop/service.ts': `
      import { Service } from 'slipway/core/v1';
      export default new Service({
        metadata: { name: 'web', namespace: 'shop' },
        spec: { clusterIP: '10.96.7.10', selector: { app: 'web' }, ports: [{ port: 80 }] },
      });`,
  };

  it("prints what a node's proxy loads", async () => {
    shell.write({ ...SMALL, ...SERVICE });
    const { exitCode, out, err } = await shell.run('rules', 'shop', '--node', 'node-1');
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/^-A PREROUTING .* -j KUBE-SERVICES$/m);
    expect(out).toMatch(
      /^-A KUBE-SERVICES .*"shop\/web cluster IP".* -d 10\.96\.7\.10 --dport 80 /m,
    );
    expect(out.match(/ -j DNAT --to-destination 10\.244\.\d+\.\d+:80$/gm)).toHaveLength(2);
    const named = await shell.run('rules', 'shop', '--node', 'node-1', '--mode', 'iptables');
    expect(named.out).toBe(out);
    const other = await shell.run('rules', 'shop', '--node', 'node-1', '--ip-family', 'ipv6');
    expect(other.out).toContain('! -d ::1/128');
    expect(other.out).not.toContain('shop/web');
  });

  it('gives a program the model behind them', async () => {
    shell.write({ ...SMALL, ...SERVICE });
    const { out } = await shell.run('rules', 'shop', '--node', 'node-0', '-o', 'json');
    const json = JSON.parse(out) as { models: { services: { key: string }[] }[] };
    expect(json).toMatchObject({
      node: 'node-0',
      mode: 'iptables',
      models: [
        { family: 'IPv4', node: { name: 'node-0' } },
        { family: 'IPv6', services: [] },
      ],
    });
    expect(json.models[0]?.services.map(({ key }) => key)).toEqual([
      'default/kubernetes',
      'shop/web',
    ]);
  });

  it('says which nodes and modes there are', async () => {
    shell.write(SMALL);
    const of = async (...argv: string[]): Promise<unknown[]> => {
      const { exitCode, out, err } = await shell.run('rules', 'shop', ...argv);
      return [exitCode, out, ...err.trim().split('\n')];
    };
    const nodes = '  help: there are node-0, node-1';
    expect(await of('--node', 'x')).toEqual([1, '', 'slipway: there is no node x', nodes]);
    expect(await of()).toEqual([2, '', 'slipway: say whose rules with --node', nodes]);
    const [exitCode, , problem, help] = await of('--node', 'node-0', '--mode', 'x');
    expect([exitCode, problem]).toEqual([2, 'slipway: there is no mode x']);
    expect(help).toMatch(/^ {2}help: modes are .*iptables/);
    expect((await of('--node', 'node-0', '--ip-family', 'x'))[0]).toBe(2);
  });
});

describe('slipway explain', () => {
  it("prints kubectl's text, or its error", async () => {
    expect((await shell.run('explain', 'pods.spec')).out).toMatch(/^KIND: +Pod\nVERSION: +v1\n/);
    expect(await shell.run('explain', 'boats')).toEqual({
      exitCode: 1,
      out: '',
      err: 'error: the server doesn\'t have a resource type "boats"\n',
    });
  });
});

describe('bad input', () => {
  it.each(['run', 'check', 'render', 'watch'])('%s: no folder, or a file', async (command) => {
    shell.write(SMALL);
    const missing = await shell.run(command, 'nowhere');
    expect([missing.exitCode, missing.err.split('\n')[0]]).toEqual([
      2,
      'slipway: there is no folder nowhere',
    ]);
    expect((await shell.run(command, 'shop/web.ts')).err).toBe(
      'slipway: shop/web.ts is no folder\n',
    );
  });

  it('takes an empty folder with a warning', async () => {
    shell.write({ 'shop/notes.txt': '' });
    const { exitCode, out, err } = await shell.run('run', 'shop');
    expect(exitCode).toBe(0);
    expect(out).toContain('converged');
    expect(err).toMatch(/^warning E_MANIFEST_EMPTY: /);
  });
});

describe('slipway watch', () => {
  it('says when faults begin and end, and that all is well again', async () => {
    shell.write(SMALL);
    const options = ['--port', '0', '--fault', 'node=node-0@1m+10m', '--fault', 'pull=none@5m+1s'];
    const watching = shell.start('watch', 'shop', ...options);
    const { output } = watching;
    await vi.waitFor(() => expect(output.out).toMatch(/node-0.* ended[\s\S]*converged/), 60_000);
    watching.interrupt('SIGINT');
    await watching.ended;
    const told = output.out.split('\n').filter((line) => line.includes('  fault '));
    expect(told.map((line) => line.trim().split(/ {2,}/).slice(1).join(' '))).toEqual([
      'fault node=node-0@1m+10m waiting',
      'fault pull=none@5m+1s waiting',
      'fault node=node-0@1m+10m active',
      'fault pull=none@5m+1s active',
      'fault pull=none@5m+1s ended',
      'fault node=node-0@1m+10m ended',
    ]);
    expect(output.out).toMatch(/Node node-0 .*NotReady/);
    expect(output.err).toBe('');
  });

  it.each(['watch', 'serve', 'run'])('%s: a fault that is none', async (command) => {
    shell.write(SMALL);
    const { exitCode, err } = await shell.run(command, 'shop', '--fault', 'flood=b');
    expect(exitCode).toBe(2);
    expect(err).toContain('slipway: --fault flood=b: "flood" is no fault');
  });

  it('prints a line a change and that it has converged, and goes on after every save', {
    timeout: 120_000,
  }, async () => {
    shell.write(SMALL);
    const watching = shell.start('watch', 'shop');
    const { output } = watching;
    const said = (text: RegExp) =>
      vi.waitFor(() => expect(output.out).toMatch(text), { timeout: 20_000 });
    await said(/ converged {2}revision \d+\n/);
    expect(output.out).toMatch(/ created {2}Pod shop\/web-\S+/);
    expect(output.out).toMatch(/ at goal {2}Deployment shop\/web {2}2\/2$/m);
    expect(output.out).toMatch(/^saved {2}shop {2}\+3 ~0 -0 {2}parse /m);

    output.out = '';
    shell.write(changed('replicas: 2', 'replicas: 3'));
    await said(/ at goal {2}Deployment shop\/web {2}3\/3\n.* converged/s);
    expect(output.out).toMatch(/^saved {2}shop {2}\+0 ~1 -0/m);

    output.out = '';
    shell.write(changed('replicas: 2', "replicas: 'many'"));
    await vi.waitFor(() => expect(output.err).toContain('E_MANIFEST_TYPE'), { timeout: 20_000 });
    expect(output.err).toContain('the cluster keeps the last good state');
    expect(output.out).toBe('');

    shell.write(changed("cpu: '500m'", "cpu: '3'"));
    await said(/ waiting {2}Pod\/shop\/web-\S+ {2}.*0\/2 nodes are available/);

    shell.write({ ...SMALL, 'shop/web.ts': 'export {};' });
    await said(/ deleted {2}Namespace shop\n.* converged/s);
    watching.interrupt('SIGINT');
    expect((await watching.ended).exitCode).toBe(130);
  });
});
