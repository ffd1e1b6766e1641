import type { Client } from '../client/index.ts';
import {
  ApiError,
  forbidden,
  type KubeObject,
  keyOf,
  notFound,
  type ResourceRef,
  type Status,
} from '../meta/index.ts';
import type { CheckResult, Finding, ManifestResource, Project, SourceRange } from './contract.ts';

const REFS: Readonly<Record<string, ResourceRef>> = {
  Namespace: ref('', 'namespaces', 'Namespace', false),
  ConfigMap: ref('', 'configmaps', 'ConfigMap', true),
  ServiceAccount: ref('', 'serviceaccounts', 'ServiceAccount', true),
  Pod: ref('', 'pods', 'Pod', true),
  CustomResourceDefinition: ref(
    'apiextensions.k8s.io',
    'customresourcedefinitions',
    'CustomResourceDefinition',
    false,
  ),
  Database: ref('shop.example', 'databases', 'Database', true),
  Service: ref('', 'services', 'Service', true),
};

function ref(group: string, resource: string, kind: string, namespaced: boolean): ResourceRef {
  return { group, version: 'v1', resource, kind, namespaced };
}

/** A manifest resource of one line: `ConfigMap shop/web`. */
export function resource(
  kind: string,
  key: string,
  fields: object = {},
  line = 1,
): ManifestResource {
  const of = REFS[kind]!;
  const name = key.split('/').at(-1)!;
  const metadata = of.namespaced ? { name, namespace: key.split('/')[0]! } : { name };
  const range: SourceRange = { file: 'a.ts', line, column: 1, endLine: line, endColumn: 9 };
  const object = { apiVersion: 'v1', kind, metadata, ...fields } as KubeObject;
  return { ref: of, key, object, range, rangeOf: () => range };
}

/** A project whose next looks are set by the test. */
export class FakeProject implements Project {
  readonly folder: string;
  resources: readonly ManifestResource[] = [];
  findings: readonly Finding[] = [];
  checks = 0;
  closed = false;
  /** Awaited by a check before it ends. */
  gate: Promise<void> = Promise.resolve();

  constructor(folder = 'manifests') {
    this.folder = folder;
  }

  async check(): Promise<CheckResult> {
    this.checks++;
    const { resources, findings } = this;
    await this.gate;
    return {
      files: ['a.ts'],
      resources,
      findings,
      printed: '',
      timings: { parseMs: 1, checkMs: 2, evaluateMs: 3 },
    };
  }

  sourceText(): string {
    return '';
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** An API server of a few lines: namespaces must exist, pods need a service account; what it was asked is in `log`. */
export class FakeServer {
  readonly objects = new Map<string, KubeObject>();
  readonly log: string[] = [];
  /** Ids that are refused, with what is said. */
  readonly refuses = new Map<string, Status>();
  /** Ids that are on their way out. */
  readonly leaving = new Set<string>();

  readonly client = {
    apply: async (
      { resource: plural }: ResourceRef,
      object: KubeObject,
      options: { dryRun?: boolean },
    ): Promise<KubeObject> => {
      const id = `${plural}/${keyOf(object)}`;
      this.#note(options.dryRun, 'apply', id);
      this.#check(id, object);
      if (this.leaving.has(id))
        return {
          ...object,
          metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
        };
      if (!options.dryRun) this.objects.set(id, object);
      return object;
    },
    create: async (
      { resource: plural }: ResourceRef,
      object: KubeObject,
      options: { dryRun?: boolean },
    ): Promise<KubeObject> => {
      const { generateName, ...metadata } = object.metadata;
      this.#note(options.dryRun, 'create', `${plural}/${generateName}`);
      const name = `${generateName}${this.objects.size}`;
      const stored = { ...object, metadata: { ...metadata, name } };
      if (!options.dryRun) this.objects.set(`${plural}/${keyOf(stored)}`, stored);
      return stored;
    },
    delete: async (
      { resource: plural }: ResourceRef,
      target: { name: string; namespace?: string },
      options: { dryRun?: boolean },
    ): Promise<void> => {
      const id = `${plural}/${target.namespace ? `${target.namespace}/` : ''}${target.name}`;
      this.#note(options.dryRun, 'delete', id);
      if (!this.objects.has(id)) throw notFound({ group: '', resource: plural, name: target.name });
      if (!options.dryRun) this.objects.delete(id);
    },
  } as unknown as Client;

  /** What was really written since the last call, in order. */
  writes(): string[] {
    return this.log.splice(0).filter((line) => !line.startsWith('dry'));
  }

  #note(dryRun: boolean | undefined, verb: string, id: string): void {
    this.log.push(`${dryRun ? 'dry ' : ''}${verb} ${id}`);
  }

  #check(id: string, object: KubeObject): void {
    const status = this.refuses.get(id);
    if (status) throw new ApiError(status);
    const { namespace } = object.metadata;
    if (namespace && !this.objects.has(`namespaces/${namespace}`))
      throw notFound({ group: '', resource: 'namespaces', name: namespace });
    const account = `serviceaccounts/${namespace}/default`;
    if (object.kind === 'Pod' && !this.objects.has(account))
      throw forbidden(
        { group: '', resource: 'pods', name: object.metadata.name ?? '' },
        `error looking up service account ${namespace}/default: serviceaccount "default" not found`,
      );
  }
}
