/**
 * The subresource `proxy` of nodes, pods and services: requests that the API server passes on to whoever has the address that the
 * object stands for.
 *
 * `named-port.ts` reads the name in such a path, `targets.ts` finds the address behind it. The kubelets answer themselves, through
 * `NodeConnection`. Nothing else in the cluster speaks HTTP, as behaviours say nothing of it: what is asked of a pod or a
 * service, or of a port of a node, finds nobody there and says so as a real server does.
 *
 * Who lets somebody in asks first whether he may. Left out: bodies, upgrades, and the rewriting of links in HTML.
 */
import { unavailable } from '../../meta/index.ts';
import type { Core } from '../core.ts';
import type { ServedKind } from '../kind.ts';
import type { KubeletAnswer } from '../nodes.ts';
import { TARGETS } from './targets.ts';

export interface ProxyRequest {
  readonly method: string;
  readonly namespace?: string | undefined;
  /** As in the path: `[scheme:]name[:port]`. */
  readonly name: string;
  /** What stands behind `proxy`, with its first slash; undefined where nothing does. */
  readonly path: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Asks whom the object stands for. Without a path the client is sent to the root. Throws ApiErrors. */
export function proxied(
  core: Core,
  kind: ServedKind,
  request: ProxyRequest,
): KubeletAnswer | 'to root' {
  const target = TARGETS[kind.id]?.(core, request);
  if (!target) throw new Error(`nothing is known of a proxy of ${kind.id}`);
  const { method, path, parameters } = request;
  if (path === undefined) return 'to root';
  const answer = target.isKubelet
    ? core.nodes.answer(target.node, { method, path, parameters })
    : { dialError: core.nodes.dial(target.node) };
  if (!('dialError' in answer)) return answer;
  const { host, port } = target;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  throw unavailable(`error trying to reach service: dial tcp ${address}: ${answer.dialError}`);
}
