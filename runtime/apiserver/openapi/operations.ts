import type { KindDescriptor } from '../../../generator/model/schema.ts';
import type { ApiVersion } from '../discovery/groups.ts';
import { type GroupVersionKind, type Subresource, subresourcesOf } from '../discovery/resources.ts';
import type { Components } from './components.ts';
import type { Json } from './definitions.ts';
import {
  capitalised,
  DELETE_OPTIONS,
  operationGroup,
  STATUS,
  tagOf,
  WATCH_EVENT,
} from './names.ts';
import {
  BELOW,
  DELETING,
  LISTING,
  NAMESPACE,
  nameOf,
  PATCHING,
  type Parameter,
  PRETTY,
  WRITING,
} from './parameters.ts';
import type { World } from './world.ts';

export type Method = 'delete' | 'get' | 'patch' | 'post' | 'put';

/** One operation, in terms that both versions of OpenAPI have. Schemas are references. */
export interface Operation {
  readonly id: string;
  readonly description: string;
  readonly tag: string;
  readonly action?: string;
  readonly kind?: GroupVersionKind;
  readonly parameters: readonly Parameter[];
  readonly body?: {
    readonly types: readonly string[];
    readonly schema: Json;
    readonly required: boolean;
  };
  readonly produces: readonly string[];
  /** By status code. */
  readonly responses: Readonly<Record<string, Json>>;
}

export interface PathItem {
  readonly path: string;
  /** Of all its operations. */
  readonly parameters: readonly Parameter[];
  readonly operations: Readonly<Partial<Record<Method, Operation>>>;
}

const OBJECT_TYPES = ['application/json', 'application/yaml'];
const LIST_TYPES = [...OBJECT_TYPES, 'application/json;stream=watch'];
const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
];
const STRATEGIC = 'application/strategic-merge-patch+json';
const ANY = ['*/*'];
const TEXT: Json = { type: 'string' };

/** `/api/v1`, `/apis/apps/v1` */
export function rootOf({ group, version }: Pick<ApiVersion, 'group' | 'version'>): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** Every path below a kind's resource, with what can be done there. */
export function pathsOf(
  world: World,
  components: Components,
  version: ApiVersion,
  kind: KindDescriptor,
): PathItem[] {
  const paths = new KindPaths(components, version, kind);
  const subresources = subresourcesOf(world.schemas, kind);
  return [
    ...paths.collections(),
    ...paths.item(),
    ...subresources.flatMap((each) => paths.subresource(each)),
    ...paths.watches(),
  ].filter(({ operations }) => Object.keys(operations).length > 0);
}

class KindPaths {
  readonly #components: Components;
  readonly #version: ApiVersion;
  readonly #kind: KindDescriptor;
  readonly #object: Json;

  constructor(components: Components, version: ApiVersion, kind: KindDescriptor) {
    this.#components = components;
    this.#version = version;
    this.#kind = kind;
    this.#object = components.of(kind.schema);
  }

  /** kubectl takes the form of its patches from here. */
  get #patchTypes(): readonly string[] {
    return this.#kind.custom ? PATCH_TYPES : [...PATCH_TYPES, STRATEGIC];
  }

  collections(): PathItem[] {
    const { namespaced, plural } = this.#kind;
    const list = this.#ifCan('list', () => this.#list());
    const own: PathItem = {
      path: this.#collectionPath(),
      parameters: [...(namespaced ? [NAMESPACE] : []), PRETTY],
      operations: {
        ...this.#ifCan('deletecollection', () => ({ delete: this.#deleteCollection() })),
        ...list,
        ...this.#ifCan('create', () => ({ post: this.#create() })),
      },
    };
    if (!namespaced) return [own];
    const everywhere = { ...list };
    if (everywhere.get)
      everywhere.get = { ...everywhere.get, id: this.#id('list', 'ForAllNamespaces', false) };
    const path = `${rootOf(this.#version)}/${plural}`;
    return [{ path, parameters: [PRETTY], operations: everywhere }, own];
  }

  item(): PathItem[] {
    const { kind } = this.#kind;
    const object = this.#object;
    const operations = {
      ...this.#ifCan('delete', () => ({
        delete: this.#operation('delete', 'delete', `Delete a ${kind}`, {
          parameters: DELETING,
          body: this.#deleteOptions(),
          responses: { 200: this.#components.of(STATUS), 202: this.#components.of(STATUS) },
        }),
      })),
      ...this.#ifCan('get', () => ({
        get: this.#operation('read', 'get', `Read one ${kind}`, { responses: { 200: object } }),
      })),
      ...this.#ifCan('patch', () => ({ patch: this.#patch(`Change a ${kind} in part`, object) })),
      ...this.#ifCan('update', () => ({ put: this.#replace(`Replace a ${kind}`, object) })),
    };
    return [
      { path: `${this.#collectionPath()}/{name}`, parameters: this.#itemParameters(), operations },
    ];
  }

  /** A proxy has paths of whoever is behind it, too. */
  subresource({ name, kind, definition, verbs }: Subresource): PathItem[] {
    const of = `the ${name} of a ${this.#kind.kind}`;
    const suffix = capitalised(name);
    const object = definition === undefined ? undefined : this.#components.of(definition);
    const operations: Partial<Record<Method, Operation>> = {};
    for (const verb of verbs) {
      const method = METHODS[verb];
      if (!method) continue;
      operations[method] = {
        ...(object ? this.#onSubresource(verb, of, object) : this.#connect(method, of)),
        id: object
          ? this.#id(IDS[verb] ?? verb, suffix)
          : this.#id(`connect`, suffix, this.#kind.namespaced, capitalised(method)),
        kind,
      };
    }
    const path = `${this.#collectionPath()}/{name}/${name}`;
    const parameters = this.#itemParameters();
    const own = { path, parameters, operations };
    if (name !== PROXY) return [own];
    const below = Object.entries(operations).map(([method, each]) => [
      method,
      { ...each, id: `${each.id}WithPath` },
    ]);
    return [
      own,
      {
        path: `${path}/{path}`,
        parameters: [...parameters, BELOW],
        operations: Object.fromEntries(below),
      },
    ];
  }

  /** The older form of watches, in paths of their own. */
  watches(): PathItem[] {
    const { verbs, namespaced, plural, kind } = this.#kind;
    if (!verbs.includes('watch')) return [];
    const root = `${rootOf(this.#version)}/watch`;
    const below = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
    const watch = (id: string, action: string): PathItem['operations'] => ({
      get: {
        ...this.#operation(
          'watch',
          action,
          `Watch changes of ${plural}; the parameter watch of a list does the same`,
          {
            produces: LIST_TYPES,
            responses: { 200: this.#components.of(WATCH_EVENT) },
          },
        ),
        id,
      },
    });
    const scope = namespaced ? [NAMESPACE] : [];
    const list = {
      path: below,
      parameters: [...scope, PRETTY, ...LISTING],
      operations: watch(this.#id('watch', 'List'), 'watchlist'),
    };
    const one = {
      path: `${below}/{name}`,
      parameters: [nameOf(kind), ...scope, PRETTY, ...LISTING],
      operations: watch(this.#id('watch'), 'watch'),
    };
    if (!namespaced) return [list, one];
    const everywhere = this.#id('watch', 'ListForAllNamespaces', false);
    return [
      {
        path: `${root}/${plural}`,
        parameters: [PRETTY, ...LISTING],
        operations: watch(everywhere, 'watchlist'),
      },
      list,
      one,
    ];
  }

  #collectionPath(): string {
    const { namespaced, plural } = this.#kind;
    return `${rootOf(this.#version)}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
  }

  #itemParameters(): Parameter[] {
    const { namespaced, kind } = this.#kind;
    return [nameOf(kind), ...(namespaced ? [NAMESPACE] : []), PRETTY];
  }

  #ifCan<T extends object>(verb: string, make: () => T): T | { readonly [K in keyof T]?: never } {
    return this.#kind.verbs.includes(verb) ? make() : {};
  }

  #list(): { get: Operation } {
    return {
      get: this.#operation(
        'list',
        'list',
        `List objects of kind ${this.#kind.kind}, or watch them`,
        {
          parameters: LISTING,
          produces: LIST_TYPES,
          responses: { 200: this.#components.listOf(this.#kind) },
        },
      ),
    };
  }

  #create(): Operation {
    return this.#operation('create', 'post', `Create a ${this.#kind.kind}`, {
      parameters: WRITING,
      body: { types: ANY, schema: this.#object, required: true },
      responses: { 200: this.#object, 201: this.#object, 202: this.#object },
    });
  }

  #deleteCollection(): Operation {
    const { kind } = this.#kind;
    const made = this.#operation(
      'delete',
      'deletecollection',
      `Delete all of kind ${kind} that match`,
      {
        parameters: [...DELETING, ...LISTING.filter(({ name }) => !WATCH_ONLY.includes(name))],
        body: this.#deleteOptions(),
        responses: { 200: this.#components.of(STATUS) },
      },
    );
    return { ...made, id: this.#id('delete', '', this.#kind.namespaced, 'Collection') };
  }

  #patch(description: string, object: Json): Operation {
    return this.#operation('patch', 'patch', description, {
      parameters: PATCHING,
      body: { types: this.#patchTypes, schema: this.#components.patch(), required: true },
      responses: { 200: object, 201: object },
    });
  }

  #replace(description: string, object: Json): Operation {
    return this.#operation('replace', 'put', description, {
      parameters: WRITING,
      body: { types: ANY, schema: object, required: true },
      responses: { 200: object, 201: object },
    });
  }

  #onSubresource(verb: string, of: string, object: Json): Operation {
    switch (verb) {
      case 'get':
        return this.#operation('read', 'get', `Read ${of}`, { responses: { 200: object } });
      case 'patch':
        return this.#patch(`Change ${of} in part`, object);
      case 'update':
        return this.#replace(`Replace ${of}`, object);
      default:
        return this.#operation(verb, 'post', `Create ${of}`, {
          parameters: WRITING,
          body: { types: ANY, schema: object, required: true },
          responses: { 200: object, 201: object, 202: object },
        });
    }
  }

  #connect(method: Method, of: string): Operation {
    return this.#operation(
      'connect',
      'connect',
      `Connect ${method.toUpperCase()} requests to ${of}`,
      {
        produces: ANY,
        responses: { 200: TEXT },
      },
    );
  }

  #deleteOptions(): NonNullable<Operation['body']> {
    return { types: ANY, schema: this.#components.of(DELETE_OPTIONS), required: false };
  }

  #id(verb: string, suffix = '', namespaced = this.#kind.namespaced, before = ''): string {
    const { group, version } = this.#version;
    const scope = namespaced ? 'Namespaced' : '';
    return `${verb}${operationGroup(group, version)}${before}${scope}${this.#kind.kind}${suffix}`;
  }

  #operation(
    verb: string,
    action: string,
    description: string,
    rest: Partial<Operation> & Pick<Operation, 'responses'>,
  ): Operation {
    const { group, version, kind } = this.#kind;
    return {
      id: this.#id(verb),
      description,
      tag: tagOf(group, version),
      action,
      kind: { group, version, kind },
      parameters: [],
      produces: OBJECT_TYPES,
      ...rest,
    };
  }
}

const METHODS: Readonly<Record<string, Method>> = {
  create: 'post',
  delete: 'delete',
  get: 'get',
  patch: 'patch',
  update: 'put',
};
const IDS: Readonly<Record<string, string>> = { get: 'read', update: 'replace' };
const PROXY = 'proxy';
const WATCH_ONLY = ['allowWatchBookmarks', 'watch'];
