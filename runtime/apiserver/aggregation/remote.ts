import type { APIService, APIServiceSpec } from '../../../generated/apiregistration/v1/types.ts';
import {
  ApiError,
  isConditionTrue,
  type KubeletAnswer,
  type KubeObject,
} from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { type ProxyRequest, proxied } from '../proxying/index.ts';
import { API_SERVICES } from './registered.ts';

/** A group version for which a service in the cluster answers. */
export interface RemoteVersion {
  readonly group: string;
  readonly version: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
  readonly isAvailable: boolean;
  readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
}

type Stored = APIService & KubeObject & { readonly spec: APIServiceSpec };

/** Where the server tells of the services that answer for it. */
export class RemoteVersions {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Who answers at `/apis/<group>/<version>` and below; undefined where the server does, or nobody. */
  at(path: string): RemoteVersion | undefined {
    const [, root, group = '', version = ''] = path.split('/');
    if (root !== 'apis' || !version) return undefined;
    const stored = this.#core.object(API_SERVICES, `${version}.${group}`);
    return stored && this.#remote(stored as Stored);
  }

  /** All of them; one look at an index where there are none. */
  all(): readonly RemoteVersion[] {
    return this.#core
      .byIndex(API_SERVICES, 'remote', 'true')
      .flatMap((stored) => this.#remote(stored as Stored) ?? []);
  }

  /** What the server has built in it answers itself, whatever is registered: nobody else here could. */
  #remote({ spec, status }: Stored): RemoteVersion | undefined {
    const { group = '', version = '', service } = spec;
    if (!service || group === '' || this.#core.hasBuiltIn(group, version)) return undefined;
    const { namespace = '', name = '', port = 443 } = service;
    return {
      group,
      version,
      groupPriority: spec.groupPriorityMinimum,
      versionPriority: spec.versionPriority,
      isAvailable: isConditionTrue(status?.conditions, 'Available'),
      service: { namespace, name, port },
    };
  }

  /** Hands a request on to a pod of the service. Where that cannot be it answers as a proxy does that reaches nobody. */
  ask(
    { service: { namespace, name, port }, isAvailable }: RemoteVersion,
    request: Pick<ProxyRequest, 'method' | 'parameters'> & { readonly path: string },
  ): KubeletAnswer {
    const services = this.#core.kindById('services');
    if (!isAvailable || !services) return unavailable('service unavailable');
    try {
      const named = { ...request, namespace, name: `https:${name}:${port}` };
      const answer = proxied(this.#core, services, named);
      return answer === 'to root' ? unavailable('service unavailable') : answer;
    } catch (error) {
      if (error instanceof ApiError) return unavailable(error.message);
      throw error;
    }
  }

  /** The resources that a service tells of; undefined where it tells nothing that can be read. */
  resourcesOf(remote: RemoteVersion): readonly RemoteResource[] | undefined {
    const path = `/apis/${remote.group}/${remote.version}`;
    const { code, body } = this.ask(remote, { method: 'GET', path, parameters: {} });
    if (code !== 200) return undefined;
    try {
      const list = JSON.parse(body) as { readonly resources?: readonly RemoteResource[] };
      return Array.isArray(list.resources) ? list.resources : undefined;
    } catch {
      return undefined;
    }
  }
}

/** An entry of a foreign APIResourceList. */
export interface RemoteResource {
  readonly name: string;
  readonly singularName?: string;
  readonly namespaced?: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

function unavailable(text: string): KubeletAnswer {
  return { code: 503, contentType: 'text/plain; charset=utf-8', body: `${text}\n` };
}
