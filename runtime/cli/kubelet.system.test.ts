import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RealClients, realClients } from '../testing/real-clients.ts';

const BIN = fileURLToPath(new URL('../../dist/runtime/cli/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'slipway-kubelet-'));
const KUBECONFIG = join(folder, 'kubeconfig');
const AGENT = join(folder, 'pods/agent.yaml');
const PROXY = '/api/v1/nodes/n-0/proxy';

let server: ChildProcess;
let complaints = '';
const clients: RealClients | undefined = await realClients().catch((error) => {
  console.warn(`kubectl cannot be fetched, so it is not tried: ${error.message}`);
  return undefined;
});

const agent = (image: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: main
      image: ${image}
`;

beforeAll(async () => {
  mkdirSync(join(folder, 'pods'));
  writeFileSync(AGENT, agent('agent:1'));
  const flags = ['--port', '0', '--kubeconfig', KUBECONFIG, '--pod-manifest-path', 'pods'];
  server = spawn(process.execPath, [BIN, 'serve', ...flags, 'none'], { cwd: folder });
  server.stderr!.on('data', (text: Buffer) => {
    complaints += text;
  });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    server.stdout!.on('data', (text: Buffer) => {
      output += text;
      if (output.includes('ready\n')) resolve();
    });
    server.on('exit', () => reject(new Error(`the server ended: ${output}${complaints}`)));
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => server.on('exit', resolve));
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

function kubectl(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, KUBECONFIG, HOME: folder };
  return new Promise((resolve) => {
    execFile(clients!.kubectl, args, { env, timeout: 60_000 }, (_error, out, err) =>
      resolve(out + err),
    );
  });
}

/** Asks until the answer is so. */
const sees = (text: string | RegExp, ...args: readonly string[]): Promise<void> =>
  vi.waitFor(async () => expect(await kubectl(...args)).toMatch(text), {
    timeout: 60_000,
    interval: 200,
  });

describe.skipIf(!clients)('kubectl, of a node that runs static pods', { timeout: 180_000 }, () => {
  it('sees the mirror, and makes the node ready', async () => {
    writeFileSync(
      join(folder, 'node.json'),
      JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n-0' } }),
    );
    await kubectl('create', '-f', join(folder, 'node.json'));
    await sees(/agent-n-0 +1\/1 +Running/, 'get', 'pods');
    const described = await kubectl('describe', 'pod', 'agent-n-0');
    expect(described).toMatch(/Controlled By: +Node\/n-0/);
    expect(described).toMatch(/Events:[\s\S]*Started/);
  });

  it('asks the kubelet', async () => {
    expect(await kubectl('get', '--raw', `${PROXY}/healthz`)).toBe('ok');
    const summary = JSON.parse(await kubectl('get', '--raw', `${PROXY}/stats/summary`));
    expect(summary.node.nodeName).toBe('n-0');
    expect(summary.pods[0].podRef.name).toBe('agent-n-0');
    expect(
      await kubectl('get', '--raw', '/api/v1/nodes/n-0:10250/proxy/metrics/resource'),
    ).toContain('node_cpu_usage_seconds_total');
    const { kubeletconfig } = JSON.parse(await kubectl('get', '--raw', `${PROXY}/configz`));
    expect(kubeletconfig.kind).toBe('KubeletConfiguration');
    const { items } = JSON.parse(await kubectl('get', '--raw', `${PROXY}/runningpods/`));
    expect(items).toHaveLength(1);
    expect(await kubectl('get', '--raw', `${PROXY}/nothing`)).toContain('NotFound');
    const pods = '/api/v1/namespaces/default/pods/agent-n-0:80/proxy/';
    expect(await kubectl('get', '--raw', pods)).toMatch(
      /Error from server \(ServiceUnavailable\): error trying to reach service: dial tcp .*:80: connect: connection refused/,
    );
  });

  it('reads who issues tokens', async () => {
    const found = JSON.parse(await kubectl('get', '--raw', '/.well-known/openid-configuration'));
    expect(found.issuer).toBe('https://kubernetes.default.svc.cluster.local');
    expect(await kubectl('get', '--raw', '/openid/v1/jwks')).toContain('"use":"sig"');
  });

  it('drains the node without it, and deletes the mirror in vain', async () => {
    expect(await kubectl('drain', 'n-0')).toMatch(/node\/n-0 drained/);
    const uid = () => kubectl('get', 'pod', 'agent-n-0', '-o', 'jsonpath={.metadata.uid}');
    const before = await uid();
    await kubectl('delete', 'pod', 'agent-n-0');
    await sees(/agent-n-0 +1\/1 +Running +0/, 'get', 'pods');
    expect(await uid()).not.toBe(before);
  });

  it('sees what becomes of the file', async () => {
    writeFileSync(AGENT, agent('agent:2'));
    await sees('agent:2', 'get', 'pods', '-o', 'jsonpath={.items[*].spec.containers[*].image}');
    writeFileSync(AGENT, agent('""'));
    await vi.waitFor(() => expect(complaints).toContain('pods/agent.yaml:8:14'), {
      timeout: 60_000,
    });
    expect(complaints).toContain('the cluster keeps the last good state');
    expect(await kubectl('get', 'pods')).toContain('agent-n-0');
    rmSync(AGENT);
    await sees('No resources found', 'get', 'pods');
  });
});
