import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realClients } from '../testing/real-clients.ts';
import { Shell, SMALL } from './cli.fakes.ts';

const bin = fileURLToPath(new URL('bin.ts', import.meta.url));
const clients = await realClients().catch((error: Error) => {
  console.warn(`kubectl cannot be fetched, so it is not tried: ${error.message}`);
  return undefined;
});

let shell: Shell;
const children: ChildProcess[] = [];
beforeEach(() => {
  shell = new Shell();
  shell.write(SMALL);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  shell.remove();
});

/** A watch without a screen, in a process of its own. */
class Watch {
  out = '';
  err = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(...options: readonly string[]) {
    this.child = spawn(process.execPath, [bin, 'watch', 'shop', '--no-tui', ...options], {
      cwd: shell.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(this.child);
    this.child.stdout!.on('data', (text: Buffer) => {
      this.out += text;
    });
    this.child.stderr!.on('data', (text: Buffer) => {
      this.err += text;
    });
    this.ended = new Promise((resolve) => this.child.on('close', resolve));
  }

  says(text: string | RegExp): Promise<void> {
    return vi.waitFor(() => expect(this.out + this.err).toMatch(text), {
      timeout: 60_000,
      interval: 20,
    });
  }

  get kubeconfig(): string {
    return /KUBECONFIG=(\S+)/.exec(this.out)![1]!;
  }
}

/** Somebody else's program on a port. */
async function occupied(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { port: number }).port };
}

describe('the API of a watch', () => {
  it('says where it is, and lets nobody else read how to connect', async () => {
    const watch = new Watch('--port', '0', '--kubeconfig', 'config/kube');
    await watch.says(/serving https:\/\/127\.0\.0\.1:\d+ {2}KUBECONFIG=\S+\/config\/kube\n/);
    await watch.says('converged');
    const path = join(shell.folder, 'config/kube');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { port } = new URL(/https:\S+/.exec(watch.out)![0]);
    expect(JSON.parse(readFileSync(path, 'utf8')).clusters[0].cluster.server).toMatch(port);
    watch.child.kill('SIGTERM');
    expect(await watch.ended).toBe(0);
    expect(watch.err).toBe('');
  });

  it('takes no other port than the one asked for', async () => {
    const { server, port } = await occupied();
    const watch = new Watch('--port', String(port));
    expect(await watch.ended).toBe(1);
    expect(watch.err).toBe(
      `slipway: cannot serve: port ${port} is taken\n` +
        '  help: choose another with --port, or --port 0 for any that is free\n',
    );
    server.close();
  });

  it('takes any other when nobody asked for one', async () => {
    const watches = [new Watch(), new Watch()];
    await Promise.all(watches.map((watch) => watch.says('converged')));
    await Promise.all(watches.map((watch) => watch.says('serving')));
    const [one, other] = watches.map(({ out }) => /serving (\S+)/.exec(out)?.[1]);
    expect(one).not.toBe(other);
  });

  it.skipIf(!clients)('takes what kubectl writes, and shows it', async () => {
    const watch = new Watch('--port', '0');
    await watch.says('converged');
    await watch.says('serving');
    const kubectl = (line: string): Promise<string> =>
      new Promise((resolve) => {
        const args = ['--kubeconfig', watch.kubeconfig, ...line.split(' ')];
        execFile(clients!.kubectl, args, { env: { HOME: shell.folder } }, (_, out, err) =>
          resolve(out + err),
        );
      });
    expect(await kubectl('get deployments -A')).toMatch(/shop +web +2\/2/);
    expect(await kubectl('create deployment extra --image=nginx --replicas=2')).toBe(
      'deployment.apps/extra created\n',
    );
    await watch.says(/Deployment default\/extra +\S* *ADDED|extra/);
    expect(await kubectl('rollout status deployment/extra --timeout=30s')).toContain(
      'successfully rolled out',
    );
    expect(await kubectl('get configmap kube-root-ca.crt -o name')).toBe(
      'configmap/kube-root-ca.crt\n',
    );
    expect(watch.err).toBe('');
  });
});
