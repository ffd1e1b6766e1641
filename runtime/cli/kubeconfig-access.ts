import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { HttpAccess } from '../client/index.ts';
import { CommandError, EXIT } from './exit-codes.ts';

interface Named<K extends string, T> {
  readonly name: string;
  readonly value: T;
  /** The folder of the file that it is from: paths are relative to it. */
  readonly folder: string;
  readonly key: K;
}

interface ClusterEntry {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
}

interface UserEntry {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly exec?: ExecEntry;
  readonly 'auth-provider'?: unknown;
}

/** A program that knows the credentials. */
interface ExecEntry {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

interface ContextEntry {
  readonly cluster?: string;
  readonly user?: string;
}

interface Kubeconfig {
  readonly current: string | undefined;
  readonly clusters: readonly Named<'cluster', ClusterEntry>[];
  readonly users: readonly Named<'user', UserEntry>[];
  readonly contexts: readonly Named<'context', ContextEntry>[];
}

export interface KubeconfigChoice {
  /** Where kubectl would look when absent. */
  readonly file?: string | undefined;
  /** The current one when absent. */
  readonly context?: string | undefined;
  readonly workingFolder: string;
}

/** How to reach the cluster of a kubeconfig's context, as kubectl reads it. Throws a `CommandError` that says what is missing. */
export function accessOf({ file, context, workingFolder }: KubeconfigChoice): HttpAccess {
  const config = readAll(filesOf(file, workingFolder));
  const wanted = context ?? config.current;
  if (!wanted) throw refusal('the kubeconfig has no current context', 'choose one with --context');
  const chosen = config.contexts.find(({ name }) => name === wanted);
  if (!chosen) {
    const names = config.contexts.map(({ name }) => name).join(', ');
    throw refusal(`the kubeconfig has no context ${wanted}`, names && `there are ${names}`);
  }
  const cluster = config.clusters.find(({ name }) => name === chosen.value.cluster);
  if (!cluster?.value.server)
    throw refusal(`context ${wanted} names no cluster of the kubeconfig that has a server`);
  if (cluster.value['proxy-url']) throw refusal('a proxy-url in a kubeconfig is not supported');
  const user = config.users.find(({ name }) => name === chosen.value.user);
  return {
    url: cluster.value.server,
    ...serverOf(cluster.value, cluster.folder),
    ...(user ? credentialsOf(user.value, user.folder) : {}),
  };
}

function filesOf(file: string | undefined, workingFolder: string): string[] {
  if (file !== undefined) return [resolve(workingFolder, file)];
  const listed = (process.env.KUBECONFIG ?? '').split(delimiter).filter((each) => each !== '');
  return listed.length > 0
    ? listed.map((each) => resolve(workingFolder, each))
    : [join(homedir(), '.kube', 'config')];
}

/** Of several files, the first that names something has the say; a missing one counts only if it is the only one. */
function readAll(files: readonly string[]): Kubeconfig {
  const contents = files.flatMap((file) => {
    try {
      const content = parse(readFileSync(file, 'utf8')) as Record<string, unknown> | null;
      return [{ folder: dirname(file), content: content ?? {} }];
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' && files.length > 1) return [];
      throw refusal(
        code === 'ENOENT'
          ? `there is no kubeconfig ${file}`
          : `cannot read ${file}: ${message.split('\n')[0]}`,
        'choose one with --kubeconfig',
      );
    }
  });
  const entries = <K extends string, T>(list: string, key: K): Named<K, T>[] =>
    contents.flatMap(({ folder, content }) =>
      ((content[list] ?? []) as readonly Record<string, unknown>[]).map((entry) => ({
        name: String(entry['name']),
        value: (entry[key] ?? {}) as T,
        folder,
        key,
      })),
    );
  const current = contents.map(({ content }) => content['current-context']).find(Boolean);
  return {
    current: current as string | undefined,
    clusters: entries('clusters', 'cluster'),
    users: entries('users', 'user'),
    contexts: entries('contexts', 'context'),
  };
}

function serverOf(cluster: ClusterEntry, folder: string): Partial<HttpAccess> {
  const authority = pem(cluster, 'certificate-authority', folder);
  const serverName = cluster['tls-server-name'];
  return {
    ...(authority === undefined ? {} : { authority }),
    ...(cluster['insecure-skip-tls-verify'] ? { insecure: true } : {}),
    ...(serverName ? { serverName } : {}),
  };
}

function credentialsOf(user: UserEntry, folder: string): Partial<HttpAccess> {
  if (user['auth-provider'])
    throw refusal('the auth-provider of a kubeconfig is no longer supported', 'use exec');
  if (user.exec) return { ...certificateOf(user, folder), ...executed(user.exec, folder) };
  const { tokenFile, username, password } = user;
  const token = tokenFile ? fileText(tokenFile, folder).trim() : user.token;
  return {
    ...certificateOf(user, folder),
    ...(token ? { token } : {}),
    ...(username ? { username, password: password ?? '' } : {}),
  };
}

function certificateOf(user: UserEntry, folder: string): Partial<HttpAccess> {
  const certificate = pem(user, 'client-certificate', folder);
  const key = pem(user, 'client-key', folder);
  return certificate !== undefined && key !== undefined ? { certificate, key } : {};
}

function executed({ apiVersion, command, args = [], env = [] }: ExecEntry, folder: string) {
  const about = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...Object.fromEntries(env.map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: JSON.stringify(about),
    },
  });
  if (error || status !== 0)
    throw refusal(
      `${command}, which gives the credentials, failed: ${error?.message ?? stderr.trim()}`,
    );
  const credential = (JSON.parse(stdout) as { status?: Record<string, string> }).status ?? {};
  const { token, clientCertificateData: certificate, clientKeyData: key } = credential;
  return {
    ...(token ? { token } : {}),
    ...(certificate && key ? { certificate, key } : {}),
  };
}

/** What stands in the file itself, base64, goes before what it names. */
function pem<K extends string>(
  entry: Partial<Record<K | `${K}-data`, unknown>>,
  name: K,
  folder: string,
): string | undefined {
  const data = entry[`${name}-data`];
  if (typeof data === 'string' && data !== '') return Buffer.from(data, 'base64').toString();
  const path = entry[name];
  return typeof path === 'string' && path !== '' ? fileText(path, folder) : undefined;
}

function fileText(path: string, folder: string): string {
  try {
    return readFileSync(resolve(folder, path), 'utf8');
  } catch (error) {
    throw refusal(`cannot read ${path}: ${(error as Error).message}`);
  }
}

function refusal(message: string, help?: string): CommandError {
  return new CommandError(message, EXIT.failed, help || undefined);
}
