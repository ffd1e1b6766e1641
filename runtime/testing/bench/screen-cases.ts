import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterWall, stopwatch } from '../../base/index.ts';
import { type Case, type Figure, figure, percentile, withPeer } from './figure.ts';

const BIN = fileURLToPath(new URL('../../cli/bin.js', import.meta.url));
const PODS = 10_000;
const NODES = 100;
const DEPLOYMENTS = 20;
const KEYS = 60;
/** The screen draws twelve frames a second at most: keys come more slowly, so that each is drawn by itself. */
const BETWEEN_KEYS_MS = 150;
const PATIENCE_MS = 180_000;
const DRAW_AGAIN = '\x12';
/** Up and down again, by a row and by a page: each moves, wherever the list ends. */
const MOVES = ['k', 'j', '\x02', '\x06'];

const MANIFEST = `
import { Deployment } from 'slipway/apps/v1';
import { Cluster } from 'slipway/cluster/v1';
const capacity = { cpu: 32, memory: '128Gi', pods: 110 } as const;
export const cluster = new Cluster({
  metadata: { name: 'default' },
  spec: { nodePools: [{ name: 'n', count: ${NODES}, capacity }] },
});
export const apps = Array.from({ length: ${DEPLOYMENTS} }, (_, at) => {
  const labels = { app: \`app-\${at}\` };
  return new Deployment({
    metadata: { name: labels.app },
    spec: {
      replicas: ${PODS / DEPLOYMENTS},
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'x:1' }] } },
    },
  });
});
`;

const pause = (ms: number): Promise<void> => new Promise((resolve) => afterWall(ms, resolve));

/** The screen on a terminal that `script` (util-linux) makes, and somebody at its keys. */
class Desk {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  #said = '';
  #told: (() => void) | undefined;
  bytes = 0;

  constructor() {
    const manifests = join(this.#folder, 'big');
    mkdirSync(manifests);
    writeFileSync(join(manifests, 'big.ts'), MANIFEST);
    const command = `stty rows 50 cols 200; exec '${process.execPath}' '${BIN}' watch '${manifests}' --port 0`;
    this.#child = spawn('script', ['-qfec', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm-256color', CI: '' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdout.on('data', (text: Buffer) => {
      this.bytes += text.length;
      this.#said = (this.#said + text).slice(-100_000);
      this.#told?.();
    });
  }

  type(keys: string): void {
    this.#said = '';
    this.#child.stdin.write(keys);
  }

  /** Resolves when something was drawn since the last keys. */
  drawn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = afterWall(PATIENCE_MS, () => reject(new Error('nothing was drawn')));
      this.#told = () => {
        if (this.#said === '') return;
        this.#told = undefined;
        cancel();
        resolve();
      };
      this.#told();
    });
  }

  /** Waits until the whole screen has the text in it. Only what differs is drawn otherwise, so it is drawn anew each time. */
  async see(text: string): Promise<void> {
    const elapsed = stopwatch();
    while (elapsed() < PATIENCE_MS) {
      this.type(DRAW_AGAIN);
      await pause(500);
      if (this.#said.includes(text)) return;
    }
    throw new Error(`never saw ${text}`);
  }

  leave(): void {
    this.#child.stdin.write('\x03');
    this.#child.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** From a key to the first of what it draws, in a list that goes up by rows and by pages, and how much is written for it. */
async function scroll(desk: Desk, list: string, title: string) {
  desk.type(`:${list}\r`);
  await desk.see(title);
  desk.type('G');
  await pause(1000);
  const latencies: number[] = [];
  const before = desk.bytes;
  for (let at = 0; at < KEYS; at++) {
    const elapsed = stopwatch();
    desk.type(MOVES[at % MOVES.length]!);
    await desk.drawn();
    latencies.push(elapsed());
    await pause(BETWEEN_KEYS_MS);
  }
  return { latencies, kib: (desk.bytes - before) / KEYS / 1024 };
}

/** A list of ten thousand pods beside one of a hundred nodes, on the same screen: what is not seen is not to cost anything. */
async function keys(): Promise<Figure[]> {
  const desk = new Desk();
  try {
    await desk.see(`pods ${PODS}/${PODS}`);
    desk.type(',');
    await desk.see('paused');
    const nodes = await scroll(desk, 'nodes', `nodes(cluster)[${NODES}]`);
    const pods = await scroll(desk, 'pods', `pods(all)[${PODS}]`);
    const median = figure(
      'screen, 10,000 pods, key to frame, median',
      percentile(pods.latencies, 0.5),
      'ms',
      50,
    );
    return [
      withPeer(median, '100 nodes', Math.round(percentile(nodes.latencies, 0.5))),
      figure('screen, 10,000 pods, key to frame, p95', percentile(pods.latencies, 0.95), 'ms'),
      figure('screen, 10,000 pods, written a key', pods.kib, 'KiB'),
    ];
  } finally {
    desk.leave();
  }
}

export const screenCases: readonly Case[] = [{ name: 'screen', run: keys }];
