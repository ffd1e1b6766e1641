import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { KubernetesVersion } from '../../generator/model/index.ts';
import type { ApiAccess } from '../client/index.ts';
import {
  type Cluster,
  type Pacer,
  type Serving,
  type ServingOptions,
  serveApi,
} from '../cluster/index.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { writeKubeconfig } from './kubeconfig.ts';

/** Taken unless another is asked for: a real API server's. */
export const DEFAULT_PORT = 6443;
const NEWEST: KubernetesVersion = '1.36';

export interface ApiOptions {
  readonly certificates?: ServingOptions['certificates'] | undefined;
  /** As asked for: it or none; 0 is any. When absent, the default one, or any other if that is taken. */
  readonly port?: number | undefined;
  /** Where to write how to connect; beside other temporary files when absent. */
  readonly kubeconfig?: string | undefined;
  onFailure(error: unknown): void;
}

/** The API on loopback, for as long as it is open. */
export interface OpenApi extends ApiAccess {
  close(): Promise<void>;
}

/** Serves a cluster's API on loopback, and writes down for kubectl how to connect. Refuses with a `CommandError`. */
export async function openApi(
  { workingFolder }: Pick<Io, 'workingFolder'>,
  cluster: Cluster,
  pacer: Pacer,
  { port, kubeconfig, certificates, onFailure }: ApiOptions,
): Promise<OpenApi> {
  const version = cluster.options.kubernetesVersion ?? NEWEST;
  const at = (chosen: number): Promise<Serving> =>
    serveApi(cluster, pacer, {
      port: chosen,
      version,
      onFailure,
      ...(certificates ? { certificates } : {}),
    });
  const serving = await at(port ?? DEFAULT_PORT)
    .catch((error: NodeJS.ErrnoException) => {
      if (port !== undefined || error.code !== 'EADDRINUSE') throw error;
      return at(0);
    })
    .catch((error: NodeJS.ErrnoException) => {
      throw cannotListen(error, port ?? DEFAULT_PORT);
    });
  const { url } = serving;
  const name = `slipway-${new URL(url).port}.kubeconfig`;
  const path = resolve(workingFolder, kubeconfig ?? join(tmpdir(), name));
  try {
    writeKubeconfig(path, serving);
  } catch (error) {
    await serving.close();
    const why = (error as Error).message;
    throw new CommandError(
      `cannot write ${path}: ${why}`,
      EXIT.failed,
      'choose another with --kubeconfig',
    );
  }
  return { url, kubeconfig: path, close: () => serving.close() };
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
