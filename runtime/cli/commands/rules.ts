import { isIP } from 'node:net';
import { nodes } from '../../../generated/core/v1/resources.ts';
import type { Node } from '../../../generated/core/v1/types.ts';
import { lookAtProxy, RULE_MODES, type RuleText } from '../../cluster/index.ts';
import { withApplied } from '../applied.ts';
import type { Input } from '../commands.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { folderNamed } from '../folder.ts';
import type { Io } from '../io.ts';
import { type LiveOptions, printLiveRules } from '../live-rules.ts';

interface Options extends Pick<LiveOptions, 'context' | 'kubeconfig' | 'kubernetesVersion'> {
  readonly node?: string;
  readonly mode?: string;
  readonly ipFamily?: Family;
  readonly follow?: boolean;
  readonly seed?: number;
  readonly output: 'text' | 'json';
}

type Proxy = NonNullable<ReturnType<typeof lookAtProxy>>;
type Family = keyof Proxy['models'];

const LISTED_MAX = 10;

/** `slipway rules`: what the proxy of a node loads into its kernel, in a running cluster or the folder's in virtual time. */
export function run(io: Io, { args, options }: Input): Promise<number> {
  const chosen = options as unknown as Options;
  if (chosen.mode !== undefined) assertMode(chosen.mode);
  if (chosen.kubeconfig !== undefined || chosen.context !== undefined) return ofCluster(io, chosen);
  if (chosen.follow)
    throw new CommandError(
      '--follow needs a running cluster',
      EXIT.usage,
      'say which with --kubeconfig or --context',
    );
  return ofFolder(io, args[0]!, chosen);
}

function ofFolder(io: Io, folder: string, chosen: Options): Promise<number> {
  const { seed, kubernetesVersion } = chosen;
  const session = { folder: folderNamed(folder, io), seed, kubernetesVersion };
  return withApplied(io, session, async ({ cluster }) => {
    const { converged } = await cluster.settle();
    const node = nodeNamed(chosen.node, cluster.transport.lister(nodes).list());
    const proxy = lookAtProxy(cluster, node.metadata.name!, chosen.mode as Proxy['mode']);
    io.out(chosen.output === 'json' ? json(proxy!) : text(proxy!, chosen.ipFamily));
    if (!converged) io.err('the cluster has not converged; these are the rules of this moment\n');
    return EXIT.ok;
  });
}

function ofCluster(io: Io, chosen: Options): Promise<number> {
  const { node, ipFamily, follow = false, output, mode, ...live } = chosen;
  const asJson = output === 'json';
  let families: readonly Family[] = [];
  return printLiveRules(
    io,
    {
      ...live,
      mode: mode as Proxy['mode'],
      choose: (nodes) => nodeNamed(node, nodes),
      families: (at) => {
        families = ipFamily === undefined ? familiesOf(at) : [ipFamily];
        return families;
      },
      print: (texts) => {
        for (const each of texts)
          if (asJson) io.out(`${JSON.stringify(each)}\n`);
          // Where each family has a program of its own, the texts of one are for it.
          else if (RULE_MODES.get(each.mode)?.together || each.family === families[0])
            io.out(commented(each));
      },
    },
    follow,
  );
}

/** Those that the node has an address of; both where it has none yet. */
function familiesOf({ status }: Node): readonly Family[] {
  const addresses = (status?.addresses ?? []).map(({ address }) => address);
  const has = (version: number): boolean => addresses.some((each) => isIP(each) === version);
  const found = [...(has(4) ? ['IPv4' as const] : []), ...(has(6) ? ['IPv6' as const] : [])];
  return found.length > 0 ? found : ['IPv4', 'IPv6'];
}

/** A change says in a comment, which every program that loads rules skips, what it is of. */
function commented({ whole, services, text }: RuleText): string {
  if (whole) return text;
  return `# ${services.length > 0 ? services.join(' ') : 'all services'}\n${text}`;
}

function assertMode(mode: string): void {
  if (RULE_MODES.has(mode)) return;
  const modes = [...RULE_MODES.keys()].join(', ');
  throw new CommandError(`there is no mode ${mode}`, EXIT.usage, `modes are ${modes}`);
}

/** The node that is asked for; the only one, if none is. */
function nodeNamed(name: string | undefined, all: readonly Node[]): Node {
  const names = all.map(({ metadata }) => metadata.name ?? '');
  const more = names.length - LISTED_MAX;
  const listed = `${names.slice(0, LISTED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const help = names.length > 0 ? `there are ${listed}` : 'the cluster has no nodes';
  if (name !== undefined) {
    const named = all.find(({ metadata }) => metadata.name === name);
    if (named) return named;
    throw new CommandError(`there is no node ${name}`, EXIT.failed, help);
  }
  if (all.length === 1) return all[0]!;
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
