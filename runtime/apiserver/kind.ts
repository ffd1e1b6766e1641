import {
  compile,
  type Interpreter,
  type KindDescriptor,
  type Schema,
  type SchemaSet,
} from '../../generator/model/index.ts';
import { type KubeObject, type OwnershipSchema, resourceId } from '../meta/index.ts';
import { type KindCache, ResourceCache } from './cache/resource-cache.ts';
import type { ServedVersion } from './conversion/index.ts';
import type { CustomView } from './custom/view.ts';
import { strategyOf } from './strategies/index.ts';
import type { Strategy } from './strategies/strategy.ts';

/** All that the server needs to serve one kind: what its schema says, what only code can say, and its cache. */
export interface ServedKind {
  readonly descriptor: KindDescriptor;
  /** `deployments.apps` */
  readonly id: string;
  /** `apps/v1` */
  readonly apiVersion: string;
  /** Start of its keys in the store. */
  readonly prefix: string;
  readonly strategy: Strategy;
  readonly interpreter: Interpreter;
  readonly schema: Schema;
  readonly ownershipSchema: OwnershipSchema;
  readonly cache: KindCache;
  /** Where requests speak another version than the stored one: that version. All else here is then the stored kind's. */
  readonly version?: ServedVersion;
  /** Of a custom resource: how its version sees what is stored. `cache` shows it so. */
  readonly custom?: CustomView;
}

const interpreters = new WeakMap<SchemaSet, Interpreter>();

/** One interpreter a schema set and process: what it remembers of immutable objects holds for all servers. */
export function interpreterOf(schemas: SchemaSet): Interpreter {
  const known = interpreters.get(schemas) ?? compile(schemas);
  interpreters.set(schemas, known);
  return known;
}

export function serveKind(schemas: SchemaSet, descriptor: KindDescriptor): ServedKind {
  const { group, version, plural } = descriptor;
  const id = resourceId({ group, resource: plural });
  const interpreter = interpreterOf(schemas);
  const schema: Schema = { ref: descriptor.schema };
  return {
    descriptor,
    id,
    apiVersion: group === '' ? version : `${group}/${version}`,
    prefix: `/registry/${id}/`,
    strategy: strategyOf(id),
    interpreter,
    schema,
    ownershipSchema: {
      schema,
      resolve: (each) => interpreter.resolve(each),
      hasStatus: descriptor.subresources.status !== undefined,
    },
    cache: new ResourceCache(descriptor.ttlSeconds),
  };
}

/** The same kind over a copy-on-write copy of its cache. */
export function forkKind(kind: ServedKind): ServedKind {
  return { ...kind, cache: kind.cache.fork() };
}

/** How errors name an object of the kind. */
export function about(
  kind: ServedKind,
  name?: string,
): { group: string; resource: string; name: string } {
  const { group, plural } = kind.descriptor;
  return { group, resource: plural, name: name ?? '' };
}

/** How validation errors name it: by kind. */
export function aboutKind(
  kind: ServedKind,
  name?: string,
): { group: string; resource: string; name: string } {
  return { ...about(kind, name), resource: kind.descriptor.kind };
}

/** With apiVersion and kind first, whatever the client left out. */
export function typed(kind: ServedKind, body: Partial<KubeObject>): KubeObject {
  return { ...body, apiVersion: kind.apiVersion, kind: kind.descriptor.kind } as KubeObject;
}
