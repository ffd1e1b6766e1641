import type { Cluster } from '../../../cluster/index.ts';
import type { ApiRequest, ApiResponse, KubeObject, ResourceRef } from '../../../meta/index.ts';

const USER = { name: 'kubernetes-admin', groups: ['system:masters'] };
const CAUSE = { component: 'oracle', record: 0 };

/** Requests to a cluster by kind and name, answered with codes. */
export class Desk {
  readonly #cluster: Cluster;
  readonly #namespace: string;

  constructor(cluster: Cluster, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  refOf(kind: string): ResourceRef<KubeObject> | undefined {
    const found = this.#cluster.kinds.find(({ ref }) => ref.kind === kind);
    return found?.ref as ResourceRef<KubeObject> | undefined;
  }

  /** `Kind/name`, in the namespace of the case. */
  find(target: string): KubeObject | undefined {
    const [kind = '', name = ''] = target.split('/');
    const resource = this.#need(kind);
    const namespace = resource.namespaced ? this.#namespace : undefined;
    return this.#cluster.transport.lister(resource).get(name, namespace);
  }

  /** Sorted by name. */
  list(kind: string, namespace: string | undefined = this.#namespace): readonly KubeObject[] {
    const resource = this.#need(kind);
    const within = resource.namespaced ? namespace : undefined;
    return this.#cluster.transport.lister(resource).list(within);
  }

  async create(object: KubeObject & { readonly status?: object }): Promise<ApiResponse> {
    const { namespace } = object.metadata;
    const target = `${object.kind}/${object.metadata.name ?? ''}`;
    const answer = await this.#ask(target, { verb: 'create', body: object }, namespace);
    if (answer.code < 400 && object.status)
      await this.merge(target, { status: object.status }, { subresource: 'status' });
    return answer;
  }

  merge(target: string, body: unknown, more: Partial<ApiRequest> = {}): Promise<ApiResponse> {
    return this.#ask(target, {
      verb: 'patch',
      patchType: 'application/merge-patch+json',
      body,
      ...more,
    });
  }

  json(target: string, body: unknown): Promise<ApiResponse> {
    return this.#ask(target, { verb: 'patch', patchType: 'application/json-patch+json', body });
  }

  delete(target: string, options: object = {}): Promise<ApiResponse> {
    return this.#ask(target, { verb: 'delete', options });
  }

  evict(pod: string): Promise<ApiResponse> {
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod } };
    return this.#ask(`Pod/${pod}`, { verb: 'create', subresource: 'eviction', body });
  }

  #need(kind: string): ResourceRef<KubeObject> {
    const found = this.refOf(kind);
    if (!found) throw new Error(`no kind ${kind} is served`);
    return found;
  }

  async #ask(
    target: string,
    request: Pick<ApiRequest, 'verb'> & Partial<ApiRequest>,
    namespace = this.#namespace,
  ): Promise<ApiResponse> {
    const [kind = '', name = ''] = target.split('/');
    const resource = this.#need(kind);
    const isNew = request.verb === 'create' && request.subresource === undefined;
    return await this.#cluster.transport.request({
      resource,
      ...(resource.namespaced ? { namespace } : {}),
      ...(isNew ? {} : { name }),
      user: USER,
      cause: CAUSE,
      ...request,
    });
  }
}
