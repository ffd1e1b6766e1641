import type { Endpoints, Node, Pod, Service } from '../../../generated/core/v1/types.ts';
import {
  badRequest,
  internalError,
  type KubeObject,
  notFound,
  unavailable,
} from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { type NamedPort, namedPort } from './named-port.ts';

/** An address in the cluster, and the node on which it is. */
export interface ProxyTarget {
  readonly node: string;
  readonly host: string;
  readonly port: string;
  /** The node's kubelet listens there. */
  readonly isKubelet?: true;
  /** Whose address it is; absent where nobody knows. */
  readonly pod?: KubeObject;
}

interface Asked {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The addresses by which kubelets are reached, the better first. Their names nobody resolves here. */
const ADDRESSES = ['InternalIP', 'ExternalIP'];
const PORTS: Readonly<Record<string, string>> = { '': '80', http: '80', https: '443' };

/** Finds whom an object stands for, by the resources that have a proxy. Throws where it stands for nobody. */
export const TARGETS: Readonly<Record<string, (core: Core, asked: Asked) => ProxyTarget>> = {
  nodes: nodeTarget,
  pods: podTarget,
  services: serviceTarget,
};

function read({ name }: Asked, what: string): NamedPort {
  const found = namedPort(name);
  if (!found) throw badRequest(`invalid ${what} request ${JSON.stringify(name)}`);
  return found;
}

function find<T>(core: Core, resource: string, { namespace }: Asked, name: string): T & KubeObject {
  const object = core.object(resource, namespace ? `${namespace}/${name}` : name);
  if (!object) throw notFound({ group: '', resource, name });
  return object as T & KubeObject;
}

function nodeTarget(core: Core, asked: Asked): ProxyTarget {
  const { name, port } = read(asked, 'node');
  const { status } = find<Node>(core, 'nodes', asked, name);
  const { addresses = [], daemonEndpoints } = status ?? {};
  const own = String(daemonEndpoints?.kubeletEndpoint?.Port || 10_250);
  const [host] = ADDRESSES.flatMap((type) =>
    addresses.filter((each) => each.type === type).map(({ address }) => address),
  );
  if (host === undefined) throw internalError(`no preferred addresses found; known addresses: []`);
  const target = { node: name, host, port: port || own };
  return target.port === own ? { ...target, isKubelet: true } : target;
}

function podTarget(core: Core, asked: Asked): ProxyTarget {
  const { scheme, name, port } = read(asked, 'pod');
  const pod = find<Pod>(core, 'pods', asked, name);
  const { spec, status } = pod;
  const host = status?.podIPs?.[0]?.ip ?? status?.podIP;
  if (!host || !spec?.nodeName) throw badRequest('address not allowed');
  const first = spec.containers.find(({ ports }) => ports?.length)?.ports?.[0]?.containerPort;
  return { node: spec.nodeName, host, port: port || String(first ?? PORTS[scheme]), pod };
}

/** The first address of the service's endpoints; upstream takes any. */
function serviceTarget(core: Core, asked: Asked): ProxyTarget {
  const { name, port } = read(asked, 'service');
  const { spec } = find<Service>(core, 'services', asked, name);
  const quoted = JSON.stringify(name);
  const number = /^\d+$/.test(port) ? Number(port) : undefined;
  const byNumber = spec?.ports?.find((each) => each.port === number);
  if (number !== undefined && !byNumber)
    throw unavailable(`no service port ${number} found for service ${quoted}`);
  const wanted = number === undefined ? port : (byNumber?.name ?? '');
  const { subsets = [] } = find<Endpoints>(core, 'endpoints', asked, name);
  if (subsets.length === 0) throw unavailable(`no endpoints available for service ${quoted}`);
  for (const { addresses = [], ports = [] } of subsets) {
    const found = ports.find((each) => (each.name ?? '') === wanted);
    const [address] = addresses;
    if (!found || !address) continue;
    const { ip: host, nodeName: node = '', targetRef } = address;
    const pod =
      targetRef?.kind === 'Pod'
        ? core.object('pods', `${asked.namespace}/${targetRef.name}`)
        : undefined;
    return { node, host, port: String(found.port), ...(pod ? { pod } : {}) };
  }
  throw unavailable(`no endpoints available for service ${JSON.stringify(asked.name)}`);
}
