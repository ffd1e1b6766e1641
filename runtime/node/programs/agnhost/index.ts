/**
 * The test program of Kubernetes, agnhost: one binary with a sub-command for each thing that a test wants a container to do. What
 * its sub-commands print and answer is interface, which tests read.
 *
 * Left out: those that speak to parts of other clusters (webhooks, fake registries), and `nettest`.
 */
import type { Program } from '../process.ts';
import { connect, dnsServerList, dnsSuffix, etcHosts } from './clients.ts';
import { inClusterClient, issuerDiscovery } from './discovery.ts';
import { guestbook } from './guestbook.ts';
import { flagsOf, mounttest } from './mounttest.ts';
import { netexec } from './netexec.ts';
import { porter } from './porter.ts';
import { liveness, serveHostname, testWebserver } from './servers.ts';

export { fileAnswer } from './servers.ts';

const FOREVER = Number.POSITIVE_INFINITY;

const pause: Program = function* ({ out }) {
  out('Paused\n');
  yield { untilMs: FOREVER };
  return 0;
};

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

/** Writes so many lines over so long a time. */
const logsGenerator: Program = function* (task) {
  const flags = flagsOf(task.argv.slice(2));
  const total = Number(flags['log-lines-total'] ?? flags['t'] ?? 0);
  const everyMs = secondsOf(flags['run-duration'] ?? '0s') / Math.max(1, total);
  for (let at = 0; at < total; at++) {
    task.machine.step();
    const when = new Date(task.machine.nowMs()).toISOString().slice(11, 23);
    const path = `/api/v1/namespaces/ns-${at % 7}/pods/${(at * 7919).toString(36).padStart(3, 'x').slice(0, 3)}`;
    task.err(
      `I1231 ${when}000       1 logs_generator.go:76] ${at} ${METHODS[at % METHODS.length]} ${path} ${200 + ((at * 37) % 400)}\n`,
    );
    yield { untilMs: task.machine.nowMs() + Math.max(1, everyMs) };
  }
  return 0;
};

function secondsOf(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  let ms = 0;
  for (const [, number = '0', unit = 's'] of text.matchAll(/([\d.]+)(ms|s|m|h)/g))
    ms += Number(number) * units[unit]!;
  return ms;
}

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
