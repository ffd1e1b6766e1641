import {
  createCluster,
  type ForwardingOptions,
  forwardServices,
  Pacer,
} from '../../cluster/index.ts';
import type { Input } from '../commands.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { folderNamed } from '../folder.ts';
import { followInto } from '../follow-into.ts';
import { farewell, type Io, interruption } from '../io.ts';

interface Options {
  readonly node?: string;
  readonly endpointOverride: string;
  readonly healthzPort?: number;
  readonly seed?: number;
  readonly output: 'text' | 'json';
}

type Forward = Parameters<ForwardingOptions['onOpen']>[0];

/** `slipway proxy`: the folder's cluster, and real ports for its services, until a signal. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const { node, endpointOverride, healthzPort, seed, output } = options as unknown as Options;
  const cluster = await createCluster(seed === undefined ? {} : { seed });
  const pacer = new Pacer(cluster, 'eager');
  const say = output === 'json' ? sayJson : sayText;
  const forwarding = orUsage(() =>
    forwardServices(cluster, pacer, {
      node,
      overrides: endpointOverride,
      healthzPort,
      onHealth: (service, host, port) =>
        io.out(
          output === 'json'
            ? `${JSON.stringify({ event: 'health', ...(service ? { service } : {}), host, port })}\n`
            : `health ${service ? `of ${service} ` : ''}at http://${host}:${port}${service ? '/' : '/healthz'}\n`,
        ),
      onOpen: (forward, host) => io.out(say('open', forward, host)),
      onClose: (forward, host) => io.out(say('closed', forward, host)),
      onFailure: (message) => io.err(`slipway: ${message}\n`),
    }),
  );
  const quiet = output === 'json' ? { ...io, out: io.err } : io;
  const session = followInto(quiet, folderNamed(args[0]!, io), cluster, pacer);
  pacer.onChange(() => {
    for (const { error } of cluster.failures.splice(0)) io.err(`slipway: ${String(error)}\n`);
  });
  pacer.start();
  const signal = await interruption(io);
  await farewell(Promise.all([forwarding.close(), session.close(), pacer.stop()]));
  return signal === 'SIGINT' ? EXIT.interrupted : EXIT.ok;
}

function orUsage<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const message = `--endpoint-override cannot be read: ${(error as Error).message}`;
    throw new CommandError(message, EXIT.usage, 'several are separated by commas');
  }
}

type Event = 'closed' | 'open';

function sayText(event: Event, forward: Forward, host: string): string {
  const { name, protocol, clusterIP, servicePort, port } = forward;
  const at = (ip: string, number: number): string =>
    `${ip.includes(':') ? `[${ip}]` : ip}:${number}`;
  return `${event} ${name} ${protocol} ${at(clusterIP, servicePort)} at ${at(host, port)}\n`;
}

function sayJson(event: Event, forward: Forward, host: string): string {
  return `${JSON.stringify({ event, ...forward, host })}\n`;
}
