import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

/**
 * The nearest neighbour: `@ngrok/webernetes`, Kubernetes ported to the browser. Plain Node does not resolve its modules, so
 * the program below is bundled first. It waits until the Deployment reports all replicas available, and prints milliseconds.
 */
function program(replicas: number): string {
  return `
import { BaseImage, Cluster } from '@ngrok/webernetes';
class Idle extends BaseImage {
  static imageName = 'idle';
  static imageVersion = '1';
  defaultCommand = ['run'];
  async exec(context) { return await context.waitUntilKilled(); }
}
const cluster = new Cluster();
cluster.registerImage(Idle);
await cluster.init();
const start = performance.now();
const done = new Promise((resolve) => {
  cluster.informer('deployments', (type, deployment) => {
    if (deployment.status?.availableReplicas === ${replicas}) resolve();
  });
});
await cluster.apply([{
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
  spec: {
    replicas: ${replicas},
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'idle:1' }] },
    },
  },
}]);
await done;
console.log(Math.round(performance.now() - start));
process.exit(0);
`;
}

/** Milliseconds that webernetes takes to bring one Deployment of `replicas` to available, on this machine now. */
export async function webernetesMs(replicas: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-peer-'));
  try {
    const bundle = join(folder, 'peer.mjs');
    const bundled = await build({
      stdin: { contents: program(replicas), resolveDir: process.cwd(), loader: 'js' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      write: false,
      logLevel: 'error',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    await writeFile(bundle, bundled.outputFiles[0]!.contents);
    const { stdout } = await promisify(execFile)(process.execPath, [bundle], { timeout: 90_000 });
    return Number(stdout.trim().split('\n').at(-1));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
