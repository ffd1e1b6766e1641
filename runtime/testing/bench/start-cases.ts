import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopwatch } from '../../base/index.ts';
import { type Case, type Figure, figure } from './figure.ts';

const BIN = fileURLToPath(new URL('../../cli/bin.js', import.meta.url));
const MANIFESTS = fileURLToPath(new URL('../../../../manifests', import.meta.url));
const RUNS = 3;
const PATIENCE_MS = 20_000;

/** A whole process of the command, from its start to its end. */
function checkMs(): number {
  const elapsed = stopwatch();
  const { status, stderr } = spawnSync(process.execPath, [BIN, 'check', MANIFESTS], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`slipway check ended with ${status}: ${stderr}`);
  return elapsed();
}

/** From the start of the process to the first frame, on a terminal that `script` (util-linux) makes. */
function firstFrameMs(): Promise<number> {
  return new Promise((resolve, reject) => {
    const elapsed = stopwatch();
    const command = `stty rows 30 cols 100; exec '${process.execPath}' '${BIN}' watch '${MANIFESTS}'`;
    const child = spawn('script', ['-qfec', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm-256color', CI: '' },
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: PATIENCE_MS,
    });
    child.on('error', reject);
    child.stdout.on('data', (text: Buffer) => {
      if (!text.includes('convergence')) return;
      resolve(elapsed());
      child.stdin.write('\x03');
    });
    child.on('exit', () => reject(new Error('the screen showed no frame')));
  });
}

/** From the start of the process to the line by which it says that kubectl can connect; there are no manifests. */
function readyMs(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  return new Promise<number>((resolve, reject) => {
    const elapsed = stopwatch();
    const options = ['--port', '0', '--kubeconfig', kubeconfig];
    const child = spawn(process.execPath, [BIN, 'serve', folder, ...options], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: PATIENCE_MS,
    });
    child.on('error', reject);
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text;
      if (!said.includes('ready\n')) return;
      resolve(elapsed());
      child.kill();
    });
    child.on('exit', () => reject(new Error(`the server did not become ready: ${said}`)));
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
}

async function starts(): Promise<Figure[]> {
  checkMs();
  const checks = Array.from({ length: RUNS }, checkMs);
  const frames: number[] = [];
  for (let run = 0; run < RUNS; run++) frames.push(await firstFrameMs());
  const servers: number[] = [];
  for (let run = 0; run < RUNS; run++) servers.push(await readyMs());
  return [
    figure('slipway check, cold', Math.min(...checks), 'ms', 1500),
    figure('first frame of the screen', Math.min(...frames), 'ms', 1000),
    figure('serve, empty folder, to ready', Math.min(...servers), 'ms', 1000),
  ];
}

export const startCases: readonly Case[] = [{ name: 'starts', run: starts }];
