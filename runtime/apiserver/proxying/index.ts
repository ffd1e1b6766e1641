/**
 * The subresource `proxy` of nodes, pods and services: requests that the API server passes on to whoever has the address that the
 * object stands for.
 *
 * `named-port.ts` reads the name in such a path, `targets.ts` finds the address behind it. The kubelets answer themselves, through
 * `NodeConnection`. A pod answers what its Behaviour says of its ports; where that says nothing, and at other ports of a node, nobody
 * is found and that is said as a real server does.
 *
 * Who lets somebody in asks first whether he may. Links in pages lead through the proxy again (`links.ts`). Left out: upgrades, and headers
 * of either side.
 */
import { type KubeletAnswer, unavailable } from '../../meta/index.ts';
import type { Core } from '../core.ts';
import type { ServedKind } from '../kind.ts';
import { answerTo } from '../port-answer.ts';
import { withLinksBelow } from './links.ts';
import { type ProxyTarget, TARGETS } from './targets.ts';

export interface ProxyRequest {
  readonly method: string;
  readonly namespace?: string | undefined;
  /** As in the path: `[scheme:]name[:port]`. */
  readonly name: string;
  /** What stands behind `proxy`, with its first slash; undefined where nothing does. */
  readonly path: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The path of the proxy itself, which links in pages are to lead through; absent where nobody follows them. */
  readonly prefix?: string;
}

/** Asks whom the object stands for. Without a path who reads is sent to the root. Throws ApiErrors. */
export function proxied(
  core: Core,
  kind: ServedKind,
  request: ProxyRequest,
): KubeletAnswer | 'to root' {
  const target = TARGETS[kind.id]?.(core, request);
  if (!target) throw new Error(`nothing is known of a proxy of ${kind.id}`);
  const { method, parameters } = request;
  const isReading = method === 'GET' || method === 'HEAD';
  if (request.path === undefined && isReading) return 'to root';
  const { path = '/' } = request;
  const answer = target.isKubelet
    ? core.nodes.answer(target.node, { method, path, parameters })
    : answerAt(core, target, { ...request, path });
  if (!('dialError' in answer)) return answer;
  const { host, port } = target;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  throw unavailable(`error trying to reach service: dial tcp ${address}: ${answer.dialError}`);
}

/** What whoever listens at an address says, or how the connection fails. */
function answerAt(
  { nodes }: Core,
  { node, port, pod }: ProxyTarget,
  { method, path, parameters, body: sent = '', prefix }: ProxyRequest & { readonly path: string },
): KubeletAnswer | { readonly dialError: string } {
  const dialError = nodes.dial(node);
  if (dialError !== undefined) return { dialError };
  const answers = pod && nodes.port(pod, Number(port));
  if (!answers) return { dialError: 'connect: connection refused' };
  const query = new URLSearchParams(parameters).toString();
  const { status, contentType, body } = answerTo(answers, path, query, { method, body: sent });
  const isPage = prefix !== undefined && contentType.startsWith('text/html');
  return { code: status, contentType, body: isPage ? withLinksBelow(body, prefix) : body };
}
