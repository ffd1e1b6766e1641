import type { ProbeWindow } from '../../generated/cluster/v1/types.ts';
import type { Container, Probe } from '../../generated/core/v1/types.ts';
import { portOf } from './handlers.ts';
import { signalOf } from './probe-answers.ts';
import type { Signal } from './probe-timeline.ts';
import type { Finding, Outcome, RunOutcome, Server } from './programs/index.ts';

type Serving = RunOutcome['servers'][number];

/**
 * What tries of a probe find in a run of a known program: what its command finds, or what listens at its port. Undefined where nobody
 * knows, as of a port that speaks TLS.
 */
export function playedSignal(
  probe: Probe,
  container: Container,
  findings: readonly Finding[] | undefined,
  {
    outcome,
    sinceMs,
    podIp,
  }: { readonly outcome: Outcome; readonly sinceMs: number; readonly podIp: string },
): Signal | undefined {
  if (probe.exec)
    return findings ? signalOf(probe, container, commandWindows(findings), 0) : undefined;
  const { httpGet, tcpSocket, grpc } = probe;
  if (httpGet?.scheme === 'HTTPS') return undefined;
  const host = httpGet?.host ?? tcpSocket?.host;
  if (host && host !== podIp) return undefined;
  const wanted = httpGet?.port ?? tcpSocket?.port ?? grpc?.port;
  const port = wanted === undefined ? undefined : portOf(wanted, container);
  if (!port || 'wrong' in port) return undefined;
  const serving = servingAt(outcome, port.number);
  const target = httpGet ? (httpGet.path ?? '/') : undefined;
  return signalOf(probe, container, portWindows(serving, target, sinceMs), 0);
}

/** Whoever listens at a port of the pod: its containers share them. */
export function servingAt({ runs }: Outcome, port: number): Serving | undefined {
  const all = [...runs.values()].filter(({ end }) => !end).flatMap(({ servers }) => servers);
  return all.findLast(({ server }) => server.port === port && !server.protocol);
}

function commandWindows(findings: readonly Finding[]): readonly ProbeWindow[] {
  return findings.map(({ fromMs, code, output, takesMs }, at) => ({
    from: `${fromMs}ms`,
    ...(findings[at + 1] ? { until: `${findings[at + 1]!.fromMs}ms` } : {}),
    exitCode: code,
    message: output,
    ...(takesMs > 0 ? { delay: `${Math.min(takesMs, LONGEST_MS)}ms` } : {}),
  }));
}

const LONGEST_MS = 86_400_000;

function portWindows(
  serving: Serving | undefined,
  target: string | undefined,
  sinceMs: number,
): readonly ProbeWindow[] {
  if (!serving) return [{ refused: true }];
  const beginsMs = Math.max(0, serving.sinceMs - sinceMs);
  const windows: ProbeWindow[] = beginsMs > 0 ? [{ until: `${beginsMs}ms`, refused: true }] : [];
  const { server } = serving;
  const edges = [0, ...(server.edgesMs ?? [])];
  for (const [at, edge] of edges.entries()) {
    const next = edges[at + 1];
    const fromMs = Math.max(0, edge + serving.sinceMs - sinceMs);
    const span: Pick<ProbeWindow, 'from' | 'until'> = {
      from: `${fromMs}ms`,
      ...(next === undefined ? {} : { until: `${next + serving.sinceMs - sinceMs}ms` }),
    };
    if (target === undefined) windows.push({ ...span, result: 'Success' });
    else windows.push(...answers(server, target, edge).map((each) => ({ ...span, ...each })));
  }
  return windows;
}

/** What is answered at a path, and at the one on the same host that it sends clients to. */
function answers(server: Server, target: string, elapsedMs: number): readonly ProbeWindow[] {
  const ask = (path: string): ProbeWindow => {
    const request = { method: 'GET', target: path, host: '', clientIp: '', body: '', elapsedMs };
    const { status, location, body } = server.answer(request);
    return { path, status, body, ...(location === undefined ? {} : { location }) };
  };
  const first = ask(target);
  const { location } = first;
  const isLocal = location?.startsWith('/') && !location.startsWith('//') && location !== target;
  return isLocal ? [first, ask(location!)] : [first];
}
