/**
 * The test program of Kubernetes, agnhost: one binary with a sub-command for each thing that a test wants a container to do. What
 * its sub-commands print and answer is interface, which tests read.
 *
 * Left out: those that need other clusters' parts, such as servers of names and of whole APIs, and `nettest`.
 */
import type { Program } from '../process.ts';
import { connect, dnsServerList, dnsSuffix, etcHosts } from './clients.ts';
import { conversionWebhook } from './conversion-webhook.ts';
import { inClusterClient, issuerDiscovery } from './discovery.ts';
import { guestbook } from './guestbook.ts';
import { logsGenerator } from './log-lines.ts';
import { flagsOf, mounttest } from './mounttest.ts';
import { netexec } from './netexec.ts';
import { porter } from './porter.ts';
import { liveness, serveHostname, testWebserver } from './servers.ts';
import { webhook } from './webhook.ts';

export { fileAnswer } from './servers.ts';

const FOREVER = Number.POSITIVE_INFINITY;

const pause: Program = function* ({ out }) {
  out('Paused\n');
  yield { untilMs: FOREVER };
  return 0;
};

const health: Program = function* (task) {
  const { port = '5000' } = flagsOf(task.argv.slice(2));
  task.machine.listen({ port: Number(port), answer: () => ({ status: 200, body: '' }) });
  yield { untilMs: FOREVER };
  return 0;
};

const SUBCOMMANDS: Readonly<Record<string, Program>> = {
  mounttest,
  pause,
  netexec,
  liveness,
  'crd-conversion-webhook': conversionWebhook,
  webhook,
  connect,
  guestbook,
  'dns-suffix': dnsSuffix,
  'dns-server-list': dnsServerList,
  'etc-hosts': etcHosts,
  'serve-hostname': serveHostname,
  'test-webserver': testWebserver,
  'logs-generator': logsGenerator,
  'grpc-health-checking': health,
  'entrypoint-tester': ({ argv, out }) => {
    out(`[${argv.join(' ')}]\n`);
    return 0;
  },
  porter,
  inclusterclient: inClusterClient,
  'test-service-account-issuer-discovery': issuerDiscovery,
};

/** Whether there is such a sub-command, whatever flags stand before it. */
export const isSubcommand = (name: string | undefined): boolean =>
  name !== undefined && name in SUBCOMMANDS;

export const agnhost: Program = (task) => {
  const name = task.argv[1] ?? 'pause';
  const program = SUBCOMMANDS[name];
  if (program) return program(task);
  task.err(`Error: unknown command "${name}" for "app"\n`);
  return 1;
};
