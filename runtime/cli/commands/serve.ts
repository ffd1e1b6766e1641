import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { KubernetesVersion } from '../../../generator/model/index.ts';
import { wallClock } from '../../base/index.ts';
import {
  createCluster,
  Pacer,
  type Serving,
  serveApi,
  servingCertificates,
} from '../../cluster/index.ts';
import type { Input } from '../commands.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { folderNamed } from '../folder.ts';
import { farewell, type Io, interruption } from '../io.ts';
import { writeKubeconfig } from '../kubeconfig.ts';

interface Options {
  readonly port: number;
  readonly kubeconfig?: string;
  readonly clockSpeed: number;
  readonly kubernetesVersion: KubernetesVersion;
  readonly seed?: number;
}

/** `slipway serve`: an API server and control plane in real time, until a signal. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const chosen = options as unknown as Options;
  const { port, clockSpeed, kubernetesVersion, seed } = chosen;
  const certificates = await servingCertificates();
  const cluster = await createCluster({
    rootCertificate: certificates.authority,
    startMs: wallClock.now(),
    kubernetesVersion,
    ...(seed === undefined ? {} : { seed }),
  });
  const pacer = new Pacer(cluster, 'real');
  pacer.setSpeed(clockSpeed);
  pacer.onChange(() => {
    for (const { error } of cluster.failures.splice(0)) complain(io, error);
  });
  pacer.start();
  const serving = await serveApi(cluster, pacer, {
    port,
    version: kubernetesVersion,
    certificates,
    onFailure: (error) => complain(io, error),
  }).catch((error: NodeJS.ErrnoException) => {
    throw cannotListen(error, port);
  });
  announce(io, serving, chosen);
  const manifests = follow(io, args[0]!, cluster, pacer);
  const signal = await interruption(io);
  await farewell(
    Promise.all([serving.close(), manifests.then((session) => session?.close()), pacer.stop()]),
  );
  return signal === 'SIGINT' ? EXIT.interrupted : EXIT.ok;
}

function announce(io: Io, serving: Serving, { kubeconfig }: Options): void {
  const port = new URL(serving.url).port;
  const path = resolve(
    io.workingFolder,
    kubeconfig ?? join(tmpdir(), `slipway-${port}.kubeconfig`),
  );
  writeKubeconfig(path, serving);
  io.out(`serving ${serving.url}\n`);
  io.out(`kubeconfig ${path}\n`);
  io.out('ready\n');
}

/** Brings the folder into the cluster and follows it. The compiler is loaded only where there is something to compile. */
async function follow(
  io: Io,
  folder: string,
  cluster: Parameters<typeof serveApi>[0],
  pacer: Pacer,
): Promise<{ close(): Promise<void> } | undefined> {
  if (!existsSync(resolve(io.workingFolder, folder))) {
    io.err(`slipway: there is no folder ${folder}: nothing is applied\n`);
    return undefined;
  }
  const { followInto } = await import('../follow-into.ts');
  return followInto(io, folderNamed(folder, io), cluster, pacer);
}

function cannotListen({ code, message }: NodeJS.ErrnoException, port: number): CommandError {
  const why =
    code === 'EADDRINUSE'
      ? `port ${port} is taken`
      : code === 'EACCES'
        ? `port ${port} may not be used`
        : message;
  return new CommandError(
    `cannot serve: ${why}`,
    EXIT.failed,
    'choose another with --port, or --port 0 for any that is free',
  );
}

function complain(io: Io, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`slipway: ${process.env.SLIPWAY_DEBUG ? text : text.split('\n')[0]}\n`);
}
