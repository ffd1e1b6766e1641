import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { KubernetesVersion } from '../../../generator/model/index.ts';
import { wallClock } from '../../base/index.ts';
import {
  type AuthorizationMode,
  type Cluster,
  createCluster,
  Pacer,
  servingCertificates,
  undisableable,
} from '../../cluster/index.ts';
import { openApi } from '../api.ts';
import type { Input } from '../commands.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { faultsOf } from '../fault-options.ts';
import { folderNamed } from '../folder.ts';
import { farewell, type Io, interruption } from '../io.ts';
import { type FixedToken, readTokens } from '../token-file.ts';

interface Options {
  readonly port: number;
  readonly kubeconfig?: string;
  readonly clockSpeed: number;
  readonly disableAdmissionPlugins?: readonly string[];
  readonly authorizationMode: AuthorizationMode;
  readonly tokenAuthFile?: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly seed?: number;
  readonly fault?: readonly string[];
  readonly podManifestPath?: string;
}

/** `slipway serve`: an API server and control plane in real time, until a signal. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const chosen = options as unknown as Options;
  const { port, kubeconfig, clockSpeed, kubernetesVersion, seed } = chosen;
  const disable = chosen.disableAdmissionPlugins ?? [];
  const problem = undisableable(disable);
  if (problem !== undefined) throw new CommandError(problem, EXIT.usage);
  const faults = faultsOf(chosen.fault);
  const tokens = chosen.tokenAuthFile ? tokensOf(io, chosen.tokenAuthFile) : [];
  const certificates = await servingCertificates();
  const cluster = await createCluster({
    rootCertificate: certificates.authority,
    issuer: certificates.issuer,
    startMs: wallClock.now(),
    kubernetesVersion,
    admission: { disable },
    faults,
    authorization: chosen.authorizationMode,
    ...(seed === undefined ? {} : { seed }),
  });
  for (const { token, user } of tokens) cluster.server.authenticator.addToken(token, user);
  const pacer = new Pacer(cluster, 'real');
  pacer.setSpeed(clockSpeed);
  pacer.onChange(() => {
    for (const { error } of cluster.failures.splice(0)) complain(io, error);
  });
  pacer.start();
  const api = await openApi(io, cluster, pacer, {
    port,
    kubeconfig,
    certificates,
    onFailure: (error) => complain(io, error),
  });
  io.out(`serving ${api.url}\nkubeconfig ${api.kubeconfig}\nready\n`);
  const manifests = follow(io, args[0]!, cluster, pacer);
  const statics = followStaticPods(io, args[0]!, chosen.podManifestPath, cluster, pacer);
  const signal = await interruption(io);
  await farewell(
    Promise.all([
      api.close(),
      manifests.then((session) => session?.close()),
      statics.then((followed) => followed.close()),
      pacer.stop(),
    ]),
  );
  return signal === 'SIGINT' ? EXIT.interrupted : EXIT.ok;
}

function tokensOf({ workingFolder }: Io, file: string): readonly FixedToken[] {
  try {
    return readTokens(readFileSync(resolve(workingFolder, file), 'utf8'));
  } catch (error) {
    const why = (error as Error).message;
    throw new CommandError(`cannot read the tokens of ${file}: ${why}`, EXIT.usage);
  }
}

/** Brings the folder into the cluster and follows it. The compiler is loaded only where there is something to compile. */
async function follow(
  io: Io,
  folder: string,
  cluster: Cluster,
  pacer: Pacer,
): Promise<{ close(): Promise<void> } | undefined> {
  if (!existsSync(resolve(io.workingFolder, folder))) {
    io.err(`slipway: there is no folder ${folder}: nothing is applied\n`);
    return undefined;
  }
  const { followInto } = await import('../follow-into.ts');
  return followInto(io, folderNamed(folder, io), cluster, pacer);
}

/** Follows the folders from which the nodes run static pods. They are read with what reads manifests, which is loaded only for that. */
async function followStaticPods(
  io: Io,
  folder: string,
  podManifestPath: string | undefined,
  cluster: Cluster,
  pacer: Pacer,
): Promise<{ close(): Promise<void> }> {
  const { workingFolder } = io;
  const manifests = { path: resolve(workingFolder, folder), relativeTo: workingFolder };
  const { followStatics } = await import('../static-pods.ts');
  return followStatics(io, cluster, pacer, { manifests, podManifestPath });
}

function complain(io: Io, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`slipway: ${process.env.SLIPWAY_DEBUG ? text : text.split('\n')[0]}\n`);
}
