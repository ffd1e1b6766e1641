import type { KubernetesVersion } from '../../generator/model/index.ts';
import { type ApiServer, insideAnswer } from '../apiserver/index.ts';
import type { NodesConfig } from '../node/index.ts';

type Api = NonNullable<NodesConfig['api']>;

const SERVER_ADDRESS = 'kubernetes.default.svc';
const NEWEST = '1.36';
/** Who speaks without encryption to a port that wants it. */
const PLAIN = 'Client sent an HTTP request to an HTTPS server.\n';

/** How programs in pods reach the API server. */
export function apiForPods(
  server: ApiServer,
  version: KubernetesVersion | undefined,
  call: Parameters<Api>[0],
): ReturnType<Api> {
  const afterMs = 1;
  if (!call.secure) return { kind: 'page', status: 400, headers: {}, body: PLAIN, afterMs };
  const { code, headers, body } = insideAnswer(
    { server, version: version ?? NEWEST, serverAddress: SERVER_ADDRESS },
    call,
  );
  const bytes = Buffer.from(body as string).toString('latin1');
  const said = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return { kind: 'page', status: code, headers: Object.fromEntries(said), body: bytes, afterMs };
}
