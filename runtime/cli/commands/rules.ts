import { nodes } from '../../../generated/core/v1/resources.ts';
import type { KubernetesVersion } from '../../../generator/model/index.ts';
import { type Cluster, lookAtProxy, RULE_MODES } from '../../cluster/index.ts';
import type { Input } from '../commands.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { folderNamed } from '../folder.ts';
import type { Io } from '../io.ts';
import { withApplied } from '../session.ts';

interface Options {
  readonly node?: string;
  readonly mode?: string;
  readonly ipFamily?: Family;
  readonly kubernetesVersion?: KubernetesVersion;
  readonly seed?: number;
  readonly output: 'text' | 'json';
}

type Proxy = NonNullable<ReturnType<typeof lookAtProxy>>;
type Family = keyof Proxy['models'];

const LISTED_MAX = 10;

/** `slipway rules`: what the proxy of a node loads into its kernel, with the folder's cluster converged in virtual time. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const chosen = options as unknown as Options;
  if (chosen.mode !== undefined) assertMode(chosen.mode);
  const { seed, kubernetesVersion } = chosen;
  const session = { folder: folderNamed(args[0]!, io), seed, kubernetesVersion };
  return withApplied(io, session, async ({ cluster }) => {
    const { converged } = await cluster.settle();
    const proxy = lookAtProxy(
      cluster,
      nodeNamed(chosen.node, cluster),
      chosen.mode as Proxy['mode'],
    );
    io.out(chosen.output === 'json' ? json(proxy!) : text(proxy!, chosen.ipFamily));
    if (!converged) io.err('the cluster has not converged; these are the rules of this moment\n');
    return EXIT.ok;
  });
}

function assertMode(mode: string): void {
  if (RULE_MODES.has(mode)) return;
  const modes = [...RULE_MODES.keys()].join(', ');
  throw new CommandError(`there is no mode ${mode}`, EXIT.usage, `modes are ${modes}`);
}

/** The node that is asked for; the only one, if none is. */
function nodeNamed(name: string | undefined, cluster: Cluster): string {
  const names = cluster.transport
    .lister(nodes)
    .list()
    .map(({ metadata }) => metadata.name ?? '');
  const more = names.length - LISTED_MAX;
  const listed = `${names.slice(0, LISTED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const help = names.length > 0 ? `there are ${listed}` : 'the cluster has no nodes';
  if (name !== undefined) {
    if (names.includes(name)) return name;
    throw new CommandError(`there is no node ${name}`, EXIT.failed, help);
  }
  if (names.length === 1) return names[0]!;
  throw new CommandError('say whose rules with --node', EXIT.usage, help);
}

/** Both families where one program loads them, else the one that was chosen or that the node has an address of. */
function text({ mode, models }: Proxy, family: Family | undefined): string {
  const emitter = RULE_MODES.get(mode);
  if (!emitter) throw new CommandError(`rules of mode ${mode} cannot be written yet`, EXIT.failed);
  if (emitter.together && family === undefined)
    return emitter.rules(models.IPv4) + emitter.rules(models.IPv6);
  const onlyIPv6 =
    models.IPv4.node.primaryIP === undefined && models.IPv6.node.primaryIP !== undefined;
  return emitter.rules(models[family ?? (onlyIPv6 ? 'IPv6' : 'IPv4')]);
}

/** The model behind the rules, with the services as a list. */
function json({ models, ...proxy }: Proxy): string {
  const listed = Object.values(models).map((model) => ({
    ...model,
    services: [...model.services.values()],
  }));
  return `${JSON.stringify({ ...proxy, models: listed }, null, 2)}\n`;
}
