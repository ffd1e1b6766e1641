import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KUBECTL, KUBECTL_INSIDE, type KubectlStep } from '../testing/kubectl/index.ts';
import { type RealClients, realClients } from '../testing/real-clients.ts';

const BIN = fileURLToPath(new URL('../../dist/runtime/cli/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'slipway-serve-'));
const KUBECONFIG = join(folder, 'kubeconfig');
const TOKENS = join(folder, 'tokens.csv');
writeFileSync(TOKENS, 'ada-token,ada,,"dev,system:masters"\n');

let server: ChildProcess;
let output = '';
const clients = await fetched();
/** One that is older than what it speaks with, and connects with pods in the way of its time. */
const older = await fetched(32);

function fetched(minor?: number): Promise<RealClients | undefined> {
  return realClients(minor).catch((error) => {
    console.warn(`kubectl and helm cannot be fetched, so they are not tried: ${error.message}`);
    return undefined;
  });
}

beforeAll(async () => {
  server = spawn(process.execPath, [
    BIN,
    'serve',
    '--port',
    '0',
    '--kubeconfig',
    KUBECONFIG,
    '--token-auth-file',
    TOKENS,
    '--disable-admission-plugins',
    'DefaultTolerationSeconds,ValidatingAdmissionWebhook',
    folder,
  ]);
  await new Promise<void>((resolve, reject) => {
    server.stdout!.on('data', (text: Buffer) => {
      output += text;
      if (output.includes('ready\n')) resolve();
    });
    server.on('exit', () => reject(new Error(`the server ended: ${output}`)));
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => server.on('exit', resolve));
  server.kill('SIGTERM');
  expect(await ended).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command line as a shell does; standard output and error as one text. */
function shell(
  line: string,
  input = '',
  more: Readonly<Record<string, string>> = {},
): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const env = {
      ...process.env,
      KUBECONFIG,
      HOME: folder,
      EDITOR: 'sed -i s/k:.*/k:\\ edited/',
      NODE: process.execPath,
      ...more,
    };
    const child = execFile('sh', ['-c', line], { env, timeout: 90_000 }, (error, out, err) => {
      const code = error ? Number((error as { code?: number }).code ?? 1) : 0;
      resolve({ code, text: out + err });
    });
    child.stdin!.end(input);
  });
}

it('says where it is, and lets nobody else read how to connect', () => {
  expect(output).toMatch(/^serving https:\/\/127\.0\.0\.1:\d+\nkubeconfig .*\nready\n/);
  expect(statSync(KUBECONFIG).mode & 0o777).toBe(0o600);
});

/** Runs a command for as long as another one runs, once it has said something; the output of both as one text. */
function meanwhile(command: string, during: string): string {
  const said = join(folder, 'said');
  return [
    `${command} > ${said} 2>&1 & pid=$!`,
    `for i in $(seq 100); do [ -s ${said} ] && break; sleep 0.1; done`,
    `export PORT=$(sed -n 's/.*127.0.0.1:\\([0-9]*\\) ->.*/\\1/p' ${said})`,
    during,
    'kill $pid 2> /dev/null; wait $pid 2> /dev/null',
    `cat ${said}`,
  ].join('\n');
}

async function tryStep(kubectl: string, step: KubectlStep): Promise<void> {
  const { command, input, says = /.*/, code = 0, during, editor } = step;
  const line = `'${kubectl}' ${command}`;
  const answer = await shell(
    during === undefined ? line : meanwhile(line, during),
    input,
    editor === undefined ? {} : { KUBE_EDITOR: editor },
  );
  expect(answer.text).toMatch(says);
  expect(answer.code).toBe(code);
}

const named = (steps: readonly KubectlStep[]) => steps.map((step) => [step.command, step] as const);

describe.skipIf(!clients)('kubectl', () => {
  it.each(named(KUBECTL))('%s', (_, step) => tryStep(clients!.kubectl, step));
});

describe.skipIf(!older)('kubectl 1.32 inside of pods', () => {
  it.each(named(KUBECTL_INSIDE))('%s', (_, step) => tryStep(older!.kubectl, step));
});

describe.skipIf(!clients)('what kube-apiserver takes too', () => {
  it('lets in who has a token of the file', async () => {
    const { text } = await shell(`'${clients!.kubectl}' auth whoami --token=ada-token`);
    expect(text).toMatch(/Username +ada\nGroups +\[dev system:masters system:authenticated\]/);
  });

  it('leaves out what admission would do', async () => {
    const run = "run bare --image=x --dry-run=server -o jsonpath='{.spec.tolerations}'";
    expect(await shell(`'${clients!.kubectl}' ${run}`)).toEqual({ code: 0, text: '' });
  });
});

describe('@kubernetes/client-node', () => {
  it('follows objects with an informer', async () => {
    const { CoreV1Api, KubeConfig, makeInformer } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromFile(KUBECONFIG);
    const api = config.makeApiClient(CoreV1Api);
    const namespace = 'default';
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const informer = makeInformer(config, path, () => api.listNamespacedConfigMap({ namespace }));
    const seen: string[] = [];
    const complete = new Promise<void>((resolve) => {
      for (const verb of ['add', 'update', 'delete'] as const)
        informer.on(verb, ({ metadata, data }) => {
          if (metadata?.name !== 'informed') return;
          seen.push(`${verb} ${data?.['k']}`);
          if (verb === 'delete') resolve();
        });
    });
    await informer.start();
    const body = { metadata: { name: 'informed' }, data: { k: '1' } };
    const made = await api.createNamespacedConfigMap({ namespace, body });
    const changed = { ...made, data: { k: '2' } };
    await api.replaceNamespacedConfigMap({ namespace, name: 'informed', body: changed });
    await api.deleteNamespacedConfigMap({ namespace, name: 'informed' });
    await complete;
    await informer.stop();
    expect(seen).toEqual(['add 1', 'update 2', 'delete 2']);
  });
});

describe('@kubernetes/client-node in a pod', () => {
  it('runs commands, and forwards ports', async () => {
    const { CoreV1Api, Exec, KubeConfig, PortForward } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromFile(KUBECONFIG);
    const api = config.makeApiClient(CoreV1Api);
    const metadata = { name: 'inside', labels: { app: 'talks' } };
    const spec = { containers: [{ name: 'main', image: 'x:1' }] };
    await api.createNamespacedPod({ namespace: 'default', body: { metadata, spec } });
    for (let phase: string | undefined; phase !== 'Running'; ) {
      const pod = await api.readNamespacedPod({ namespace: 'default', name: 'inside' });
      phase = pod.status?.phase;
    }
    const out = new PassThrough();
    const command = ['cat', '/etc/hostname'];
    const status = await new Promise((resolve, reject) => {
      new Exec(config)
        .exec('default', 'inside', 'main', command, out, null, null, false, resolve)
        .catch(reject);
    });
    expect(status).toMatchObject({ status: 'Success' });
    expect(out.read()?.toString()).toBe('talks\n');
    const answer = new PassThrough();
    const ask = new PassThrough();
    const socket = await new PortForward(config).portForward(
      'default',
      'inside',
      [80],
      answer,
      null,
      ask,
    );
    ask.write('GET /hello HTTP/1.1\r\nHost: x\r\n\r\n');
    let text = '';
    for await (const chunk of answer) {
      text += chunk;
      if (text.endsWith('hello')) break;
    }
    expect(text).toMatch(/^HTTP\/1.1 200 OK/);
    (socket as { close(): void }).close();
    await api.deleteNamespacedPod({ namespace: 'default', name: 'inside', gracePeriodSeconds: 0 });
  });
});

describe.skipIf(!clients)('helm', () => {
  const helm = (line: string): Promise<{ code: number; text: string }> =>
    shell(`'${clients?.helm}' ${line}`);

  it('installs, upgrades, rolls back and uninstalls a chart', async () => {
    const chart = join(folder, 'chart');
    mkdirSync(join(chart, 'templates'), { recursive: true });
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: shop\nversion: 0.1.0\n');
    writeFileSync(join(chart, 'values.yaml'), 'replicas: 2\n');
    writeFileSync(join(chart, 'templates/web.yaml'), WEB);
    expect(await helm(`install one ${chart} --wait --timeout 60s`)).toMatchObject({
      code: 0,
      text: expect.stringContaining('STATUS: deployed'),
    });
    expect((await helm(`upgrade one ${chart} --set replicas=3 --wait --timeout 60s`)).code).toBe(0);
    expect((await helm('rollback one 1 --wait --timeout 60s')).text).toMatch(/success/);
    expect((await helm('history one')).text).toMatch(/Rollback to 1/);
    expect((await helm('uninstall one')).text).toMatch(/uninstalled/);
  });
});

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: { name: "{{ .Release.Name }}-web" }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: "{{ .Release.Name }}" } }
  template:
    metadata: { labels: { app: "{{ .Release.Name }}" } }
    spec: { containers: [{ name: web, image: nginx }] }
---
apiVersion: v1
kind: Service
metadata: { name: "{{ .Release.Name }}-web" }
spec: { selector: { app: "{{ .Release.Name }}" }, ports: [{ port: 80 }] }
`;
