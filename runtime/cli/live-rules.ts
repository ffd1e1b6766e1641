import { parse } from 'yaml';
import { configmaps, nodes } from '../../generated/core/v1/resources.ts';
import type { Node } from '../../generated/core/v1/types.ts';
import type { KubernetesVersion } from '../../generator/model/index.ts';
import { afterWall } from '../base/index.ts';
import { createClient, HttpTransport } from '../client/index.ts';
import { PROXY_NEEDS, PROXY_READS, RuleFeed, type RuleText } from '../cluster/index.ts';
import { isApiError, isNotFound } from '../meta/index.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import { type Io, interruption } from './io.ts';
import { accessOf } from './kubeconfig-access.ts';

type FeedOptions = ConstructorParameters<typeof RuleFeed>[0];

export interface LiveOptions extends Pick<FeedOptions, 'mode'> {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly kubernetesVersion?: KubernetesVersion | undefined;
  /** Says whose rules are wanted, of the nodes that there are. Throws when none are. */
  choose(nodes: readonly Node[]): Node;
  /** The families whose rules are printed. */
  families(node: Node): FeedOptions['families'];
  /** Takes what is to be loaded: all rules at first, then what changes. */
  print(texts: readonly RuleText[]): void;
}

/** How long changes gather until they are printed, unless the configuration wants more. */
const GATHER_MS = 20;

/** The rules of a node of a running cluster; with `follow`, and what changes in them until a signal. */
export async function printLiveRules(
  io: Io,
  { kubeconfig, context, ...options }: LiveOptions,
  follow: boolean,
): Promise<number> {
  const access = accessOf({ file: kubeconfig, context, workingFolder: io.workingFolder });
  let said = '';
  const transport = new HttpTransport(access, {
    onFailure: (error) => {
      const { message } = error as Error;
      // Every resource is tried again and again; once is enough.
      if (follow && message !== said) io.err(`slipway: ${message}\n`);
      said = message;
    },
  });
  try {
    await transport.synced(PROXY_READS);
    for (const need of PROXY_NEEDS) transport.lister(need);
    let feed: RuleFeed | undefined;
    let cancel: (() => void) | undefined;
    const print = (): void => {
      cancel = undefined;
      if (feed) options.print(feed.take());
    };
    const gather = (): void => {
      if (feed) cancel ??= afterWall(Math.max(GATHER_MS, feed.minSyncPeriodMs), print);
    };
    feed = await openFeed(transport, options, gather);
    print();
    if (!follow) return EXIT.ok;
    const signal = await interruption(io);
    cancel?.();
    return signal === 'SIGINT' ? EXIT.interrupted : EXIT.ok;
  } catch (error) {
    throw isApiError(error) || (error as NodeJS.ErrnoException).code
      ? new CommandError(`cannot read ${access.url}: ${(error as Error).message}`, EXIT.failed)
      : error;
  } finally {
    transport.close();
  }
}

async function openFeed(
  transport: HttpTransport,
  { kubernetesVersion, choose, families, mode }: Omit<LiveOptions, 'print'>,
  notify: () => void,
): Promise<RuleFeed> {
  const node = choose(transport.lister(nodes).list());
  return new RuleFeed({
    transport,
    node,
    mode,
    families: families(node),
    version: kubernetesVersion ?? (await versionOf(transport)),
    config: await kubeadmConfig(transport),
    notify,
  });
}

/** Whose kube-proxy makes rules most like that of the server's release. */
async function versionOf(transport: HttpTransport): Promise<KubernetesVersion> {
  const { minor = '' } = ((await transport.read('/version')) ?? {}) as { minor?: string };
  const number = Number.parseInt(minor, 10);
  if (number < 25) return '1.21';
  return number < 32 ? '1.28' : '1.36';
}

/** kubeadm keeps the configuration of kube-proxy in a ConfigMap, as do those that build on it. */
async function kubeadmConfig(transport: HttpTransport): Promise<FeedOptions['config']> {
  const identity = {
    user: { name: 'slipway', groups: [] },
    cause: { component: 'rules', record: 0 },
  };
  try {
    const map = await createClient(transport, identity).get(
      configmaps,
      'kube-proxy',
      'kube-system',
    );
    const text = map.data?.['config.conf'];
    return text === undefined ? undefined : (parse(text) as FeedOptions['config']);
  } catch (error) {
    if (isNotFound(error) || isApiError(error)) return undefined;
    throw error;
  }
}
